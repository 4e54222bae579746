"""Mentions in their sections to phenotypes of documents."""

from functools import reduce
from operator import or_
from typing import Any

import polars as pl

from chartline.core.tables import UNKNOWN_LANGUAGE
from chartline.mentions.phenotypes.declaring import Criterion, Phenotype

_COLUMNS: dict[str, Any] = {
    "document_id": pl.String,
    "present": pl.Boolean,  # null: no section of the document is in a language that is read
    "evidence": pl.List(
        pl.Struct({"section": pl.Int32, "begin": pl.Int32, "end": pl.Int32, "code": pl.String})
    ),
}
JUDGED: Any = pl.Schema(_COLUMNS)
_AT = ["document_id", "section", "begin", "end", "code"]


def judge(phenotype: Phenotype, sections: pl.DataFrame, mentions: pl.DataFrame) -> pl.DataFrame:
    """Whether each document shows a phenotype, and the mentions that say so.

    Args:
        phenotype: from `declaring.load`.
        sections: the sections table.
        mentions: the mentions table of the same documents.

    Returns:
        A row a document of `sections`, in the columns of `JUDGED`.
    """
    facts = (
        mentions.filter(~(pl.col("negated") | pl.col("hypothetical") | pl.col("family")))
        .join(
            sections.select("document_id", "section", section_kind="kind"),
            on=["document_id", "section"],
        )
        .with_columns(code=pl.concat_str("vocabulary", "code", separator="//"))
    )
    found = [facts.filter(_holds(criterion)).select(_AT) for criterion in phenotype.any]
    found += [_all_of(facts, group) for group in phenotype.together]
    evidence = (
        pl.concat(found)
        .unique(maintain_order=True)
        .group_by("document_id", maintain_order=True)
        .agg(evidence=pl.struct("section", "begin", "end", "code"))
    )
    known = (pl.col("language") != UNKNOWN_LANGUAGE).fill_null(False)
    documents = sections.group_by("document_id", maintain_order=True).agg(known=known.any())
    joined = documents.join(evidence, on="document_id", how="left", maintain_order="left")
    present = pl.col("evidence").is_not_null()
    return joined.select(
        "document_id",
        pl.when(present | pl.col("known")).then(present).alias("present"),
        pl.col("evidence").fill_null([]),
    ).cast(JUDGED)


def _all_of(facts: pl.DataFrame, group: list[Criterion]) -> pl.DataFrame:
    """The facts of documents in which every criterion of a group holds."""
    found = [facts.filter(_holds(criterion)) for criterion in group]
    for one in found:
        found = [other.join(one, on="document_id", how="semi") for other in found]
    return pl.concat(found).select(_AT)


def _holds(criterion: Criterion) -> pl.Expr:
    """Whether a fact is one of a criterion's."""
    expr = _begins(criterion.codes)
    if criterion.but_not:
        expr &= ~_begins(criterion.but_not)
    if criterion.only_sections:
        expr &= pl.col("section_kind").is_in(criterion.only_sections)
    expr &= ~pl.col("section_kind").is_in(criterion.except_sections)
    if not criterion.past:
        expr &= ~pl.col("past")
    if criterion.statuses:
        expr &= pl.col("status").is_in(criterion.statuses)
    if criterion.above is not None:
        expr &= pl.col("value") > criterion.above
    if criterion.below is not None:
        expr &= pl.col("value") < criterion.below
    return expr.fill_null(False)


def _begins(codes: list[str]) -> pl.Expr:
    return reduce(or_, (pl.col("code").str.starts_with(code) for code in codes))
