"""OMOP Common Data Model 5.3 and 5.4: one CSV or Parquet file a table.

https://ohdsi.github.io/CommonDataModel/cdm54.html
"""

from pathlib import Path

import polars as pl

from chartline.core.settings import EhrSettings
from chartline.history.sources.common import Part, Source, events_of, find, first_of, need, scan

_SEX = {"8507": "M", "8532": "F"}
_TABLES = {  # table -> its concept, time and prefix where no vocabulary is known
    "visit_occurrence": (
        "visit_concept_id",
        "visit_source_concept_id",
        ("visit_start_datetime", "visit_start_date"),
        "VISIT",
    ),
    "condition_occurrence": (
        "condition_concept_id",
        "condition_source_concept_id",
        ("condition_start_datetime", "condition_start_date"),
        "CONDITION",
    ),
    "drug_exposure": (
        "drug_concept_id",
        "drug_source_concept_id",
        ("drug_exposure_start_datetime", "drug_exposure_start_date"),
        "DRUG",
    ),
    "procedure_occurrence": (
        "procedure_concept_id",
        "procedure_source_concept_id",
        ("procedure_datetime", "procedure_date"),
        "PROCEDURE",
    ),
    "death": (
        "cause_concept_id",
        "cause_source_concept_id",
        ("death_datetime", "death_date"),
        "DEATH",
    ),
}


def is_source(path: Path) -> bool:
    return path.is_dir() and find(path, "person") is not None


def read(path: Path, settings: EhrSettings) -> Source:
    """Persons, visits, conditions, drugs, procedures and deaths; codes by the `concept` table where there is one.

    A source concept (what the hospital coded) goes before the standard concept; without a concept table a code is
    `OMOP//` and the concept's number. A concept of 0 falls back to the source value, marked `SOURCE`.
    """
    concepts = _concepts(find(path, "concept"))
    parts = _people(path)
    for name, (concept, source, times, prefix) in _TABLES.items():
        if (file := find(path, name)) is not None:
            parts.append(_table(file, concept, source, times, prefix, concepts))
    events, faults = events_of(parts)
    return Source(events, faults, None, _codes(path, concepts))


def _people(path: Path) -> list[Part]:
    file = find(path, "person")
    assert file is not None
    rows = scan(file)
    need(file, rows, "person_id", "gender_concept_id")
    year, month, day = (first_of(rows, f"{name}_of_birth") for name in ("year", "month", "day"))
    pieces = pl.concat_str(
        [year, month.fill_null("1").str.zfill(2), day.fill_null("1").str.zfill(2)], separator="-"
    )
    subject = first_of(rows, "person_id")
    births = rows.select(
        "row",
        subject=subject,
        time=pl.coalesce(first_of(rows, "birth_datetime"), pieces),
        code=pl.lit("MEDS_BIRTH"),
    )
    sex = first_of(rows, "gender_concept_id").replace_strict(
        _SEX, default=None, return_dtype=pl.String
    )
    nothing = pl.lit(None, pl.String)
    sexes = rows.select("row", subject=subject, time=nothing, code=pl.lit("GENDER//") + sex)
    sites = rows.select(
        "row", subject=subject, time=nothing, code=pl.lit("SITE//") + first_of(rows, "care_site_id")
    )
    unknown = pl.when(pl.col("code").is_null()).then(pl.lit("sex unknown"))
    found = [Part(file, births), Part(file, sexes, refused=unknown, timeless=True)]
    if "care_site_id" in rows.collect_schema().names():
        found.append(Part(file, sites.filter(pl.col("code").is_not_null()), timeless=True))
    return found


def _table(
    file: Path,
    concept: str,
    source: str,
    times: tuple[str, ...],
    prefix: str,
    concepts: pl.LazyFrame | None,
) -> Part:
    rows = scan(file)
    need(file, rows, "person_id")
    given, standard = first_of(rows, source), first_of(rows, concept)
    written = first_of(rows, concept.replace("_concept_id", "_source_value"))
    known = [pl.when(number != "0").then(number) for number in (given, standard)]
    kept = rows.select(
        "row",
        given=known[0],
        standard=known[1],
        written=written,
        subject=first_of(rows, "person_id"),
        time=first_of(rows, *times),
        encounter=first_of(rows, "visit_occurrence_id"),
    )
    if concepts is None:
        number = pl.coalesce("given", "standard")
        named = pl.lit(f"OMOP//{prefix}//" if prefix == "VISIT" else "OMOP//") + number
    else:
        for column in ("given", "standard"):
            kept = kept.join(
                concepts.select(
                    pl.col("concept_id").alias(column), pl.col("code").alias(f"{column}_code")
                ),
                on=column,
                how="left",
            )
        named = pl.coalesce("given_code", "standard_code")
    if prefix == "DEATH":
        return Part(file, kept.with_columns(code=pl.lit("MEDS_DEATH")))
    return Part(
        file,
        kept.with_columns(
            code=pl.coalesce(named, pl.lit(f"SOURCE//{prefix}//") + pl.col("written"))
        ),
    )


def _concepts(file: Path | None) -> pl.LazyFrame | None:
    """concept_id, code (vocabulary//code), description."""
    if file is None:
        return None
    rows = scan(file)
    need(file, rows, "concept_id", "concept_code", "vocabulary_id")
    return rows.select(
        first_of(rows, "concept_id").alias("concept_id"),
        code=pl.concat_str(
            [
                first_of(rows, "vocabulary_id").str.replace_all(" ", ""),
                first_of(rows, "concept_code"),
            ],
            separator="//",
        ),
        description=first_of(rows, "concept_name"),
    ).unique("concept_id", keep="first", maintain_order=True)


def _codes(path: Path, concepts: pl.LazyFrame | None) -> pl.DataFrame | None:
    """Descriptions of codes; a drug's ingredients as its parents where `concept_ancestor` tells them."""
    if concepts is None:
        return None
    codes = concepts
    file, ancestors = find(path, "concept"), find(path, "concept_ancestor")
    if (
        ancestors is not None
        and file is not None
        and "concept_class_id" in scan(file).collect_schema().names()
    ):
        rows, links = scan(file), scan(ancestors)
        ingredients = rows.filter(
            pl.col("concept_class_id").cast(pl.String) == "Ingredient"
        ).select(parent=first_of(rows, "concept_id"))
        pairs = links.select(
            concept_id=first_of(links, "descendant_concept_id"),
            parent=first_of(links, "ancestor_concept_id"),
        )
        named = concepts.select(parent="concept_id", parent_code="code")
        parents = (
            pairs.filter(pl.col("concept_id") != pl.col("parent"))
            .join(ingredients, on="parent")
            .join(named, on="parent")
            .group_by("concept_id")
            .agg(parent_codes=pl.col("parent_code").sort())
        )
        codes = concepts.join(parents, on="concept_id", how="left")
    else:
        codes = concepts.with_columns(parent_codes=pl.lit(None, pl.List(pl.String)))
    return (
        codes.select("code", "description", "parent_codes")
        .unique("code", keep="first")
        .sort("code")
        .collect()
    )
