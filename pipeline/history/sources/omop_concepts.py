"""OMOP's vocabulary tables: concept numbers to codes, their descriptions, drugs' ingredients."""

from pathlib import Path

import polars as pl

from chartline.history.sources.files import find, first_filled, require, scan, whole_number


def concept_codes(file: Path | None) -> pl.LazyFrame | None:
    """The table `concept` as concept_id, code (`vocabulary//code`), description; None without it.

    Raises:
        UsageError: the file cannot be read or lacks a column.
    """
    if file is None:
        return None
    rows = scan(file)
    require(file, rows, "concept_id", "concept_code", "vocabulary_id")
    vocabulary = first_filled(rows, "vocabulary_id").str.replace_all(" ", "")
    return rows.select(
        whole_number(rows, "concept_id").alias("concept_id"),
        code=pl.concat_str([vocabulary, first_filled(rows, "concept_code")], separator="//"),
        description=first_filled(rows, "concept_name"),
    ).unique("concept_id", keep="first", maintain_order=True)


def with_codes(rows: pl.LazyFrame, concepts: pl.LazyFrame, *columns: str) -> pl.LazyFrame:
    """`rows` with the code of each of these columns of concepts, in a column `…_code`."""
    for column in columns:
        names = pl.col("concept_id").alias(column), pl.col("code").alias(f"{column}_code")
        rows = rows.join(concepts.select(names), on=column, how="left")
    return rows


def code_table(path: Path, concepts: pl.LazyFrame | None) -> pl.DataFrame | None:
    """The table codes; None without concepts. A drug's parents are its ingredients.

    Ingredients need the table `concept_ancestor` and the column `concept_class_id`.
    """
    if concepts is None:
        return None
    ingredients = _ingredients(path, concepts)
    codes = (
        concepts.with_columns(parent_codes=pl.lit(None, pl.List(pl.String)))
        if ingredients is None
        else concepts.join(ingredients, on="concept_id", how="left")
    )
    return (
        codes.select("code", "description", "parent_codes")
        .unique("code", keep="first")
        .sort("code")
        .collect()
    )


def _ingredients(path: Path, concepts: pl.LazyFrame) -> pl.LazyFrame | None:
    """concept_id, parent_codes: the codes of each drug's ingredients; None where not known."""
    file, ancestors = find(path, "concept"), find(path, "concept_ancestor")
    if file is None or ancestors is None:
        return None
    rows, links = scan(file), scan(ancestors)
    if "concept_class_id" not in rows.collect_schema().names():
        return None
    ingredients = rows.filter(pl.col("concept_class_id").cast(pl.String) == "Ingredient").select(
        parent=whole_number(rows, "concept_id")
    )
    pairs = links.select(
        concept_id=whole_number(links, "descendant_concept_id"),
        parent=whole_number(links, "ancestor_concept_id"),
    )
    named = concepts.select(parent="concept_id", parent_code="code")
    return (
        pairs.filter(pl.col("concept_id") != pl.col("parent"))
        .join(ingredients, on="parent")
        .join(named, on="parent")
        .group_by("concept_id")
        .agg(parent_codes=pl.col("parent_code").sort())
    )
