"""What is known of subjects apart from their care: birth, sex, site, the span of their record."""

import polars as pl

from chartline.history.events import STATIC
from chartline.history.sex import SEX_CODE, sex_of_code
from chartline.risk.record import reported_later

YEAR = 365.25  # days


def people_of(events: pl.DataFrame) -> pl.DataFrame:
    """One row a subject that has care and a birth; others cannot be in a cohort.

    Columns: subject_id, first and last (time of care), birth, male and site (null where unknown).
    Statements of both sexes leave the sex unknown.
    """
    care = events.filter(
        pl.col("time").is_not_null(), ~pl.col("code").str.contains(STATIC), ~reported_later()
    )
    spans = care.group_by("subject_id").agg(first=pl.col("time").min(), last=pl.col("time").max())
    facts = events.filter(pl.col("code").str.contains(STATIC))
    births = (
        facts.filter(pl.col("code") == "MEDS_BIRTH")
        .group_by("subject_id")
        .agg(birth=pl.col("time").min())
    )
    sexes = (
        facts.filter(pl.col("code").str.contains(SEX_CODE))
        .with_columns(male=sex_of_code(pl.col("code")) == "M")
        .drop_nulls("male")
        .group_by("subject_id")
        .agg(pl.col("male").unique())
        .filter(pl.col("male").list.len() == 1)
        .with_columns(pl.col("male").list.first())
    )
    sites = (
        facts.filter(pl.col("code").str.starts_with("SITE//"))
        .group_by("subject_id")
        .agg(site=pl.col("code").min())
    )
    return (
        spans.join(births, on="subject_id")
        .join(sexes, on="subject_id", how="left")
        .join(sites, on="subject_id", how="left")
        .drop_nulls("birth")
        .sort("subject_id")
    )


def age_years(time: pl.Expr, birth: pl.Expr) -> pl.Expr:
    """Age at a time, in years."""
    return (time - birth).dt.total_days() / YEAR
