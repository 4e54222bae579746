"""An EHR source and the mentions in documents to one stream of MEDS events."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from chartline.core.tables import Events, cast_to
from chartline.history.sources.common import EHR, ROW, Source, faults, subject_id

DOCUMENT = "document"
STATIC = r"^(MEDS_|GENDER|SEX|SITE|RACE|ETHNICITY)"  # facts about a person, not concepts of care
VOCABULARIES = {
    "ICD10",
    "ICD10CM",
    "ICD10PCS",
    "ICD10PROC",
    "ICD9",
    "ICD9CM",
    "ICD9PROC",
    "ICD9Proc",
    "ATC",
    "RxNorm",
    "RxNormExtension",
    "SNOMED",
    "LOINC",
    "CPT4",
    "HCPCS",
    "NDC",
    "CCAM",
    "OPS",
    "OPCS4",
    "OMOP",
    "SOURCE",
    "VISIT",
    "Visit",
    "ENCOUNTER",
    "GENDER",
    "SEX",
    "SITE",
    "RACE",
    "ETHNICITY",
    "CVX",
    "UCUM",
}
_EVERY = (-(2**63), 2**63 - 1)
_ORDER = [
    "subject_id",
    "time",
    "code",
    "source",
    "document_id",
    "encounter_id",
    "numeric_value",
    "text_value",
]  # total: no ties


def document_events(mentions: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Mentions as events at their document's date for its patient; one a code and document.

    Left out: what is negated, hypothetical or of the family; drugs and procedures of the past, whose date is not the
    document's; documents without a patient or a date.
    """
    dated = documents.filter(pl.col("patient_id").is_not_null(), pl.col("written_at").is_not_null())
    subjects = dated.select(
        "document_id",
        "encounter_id",
        pl.col("written_at").alias("time"),
        pl.col("patient_id").map_elements(subject_id, pl.Int64).alias("subject_id"),
    )
    stated = mentions.filter(
        ~(pl.col("negated") | pl.col("hypothetical") | pl.col("family")),
        ~pl.col("past") | (pl.col("vocabulary") == "ICD10"),
    ).select("document_id", "vocabulary", "code")
    rows = stated.join(subjects, on="document_id").select(
        "subject_id",
        "time",
        pl.concat_str("vocabulary", "code", separator="//").alias("code"),
        numeric_value=pl.lit(None, pl.Float32),
        text_value=pl.lit(None, pl.String),
        source=pl.lit(DOCUMENT),
        document_id="document_id",
        encounter_id="encounter_id",
    )
    return cast_to(rows.unique(["document_id", "code"], keep="first", maintain_order=True), Events)


def ranges(events: Sequence[pl.LazyFrame], size: int) -> list[tuple[int, int]]:
    """Ranges of subjects, first and last, that hold some `size` events each and together all; one range that holds every subject where
    there are no more. Where files are sorted by subject, a range is read without the rest.
    """
    counted = [
        frame.group_by("subject_id").agg(count=pl.len()).collect(engine="streaming")
        for frame in events
    ]
    total = pl.concat(counted).group_by("subject_id").agg(pl.col("count").sum()).sort("subject_id")
    if total.is_empty() or total["count"].sum() <= size:
        return [_EVERY]
    number = (total["count"].cum_sum() - 1) // size
    cut = (
        total.with_columns(number=number)
        .group_by("number", maintain_order=True)
        .agg(pl.col("subject_id").max())["subject_id"]
        .to_list()
    )
    return list(
        zip([_EVERY[0], *(last + 1 for last in cut[:-1])], [*cut[:-1], _EVERY[1]], strict=True)
    )


def within(subjects: tuple[int, int]) -> pl.Expr:
    """Whether `subject_id` is in a range."""
    return pl.lit(True) if subjects == _EVERY else pl.col("subject_id").is_between(*subjects)


def shard(source: Source, documents: pl.DataFrame, subjects: tuple[int, int]) -> pl.DataFrame:
    """Both streams joined: a range of subjects, in MEDS order (subject, then time, facts without a time first)."""
    parts = [frame.filter(within(subjects)) for frame in source.events]
    ehr = pl.concat(parts).collect(engine="streaming") if parts else documents.clear()
    return cast_to(join(ehr, documents.filter(within(subjects))), Events)


def join(ehr: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Both streams as one, in MEDS order."""
    return pl.concat([ehr, documents]).sort(_ORDER, nulls_last=False)


def suspicious(events: pl.DataFrame, name: str) -> pl.DataFrame:
    """What is odd in events that were read: births after care, subjects with two births or sexes, unknown vocabularies. Nothing is removed.

    `rows` are subjects here, not rows; `name` stands for the source.
    """
    care = events.filter(pl.col("time").is_not_null(), ~pl.col("code").str.contains(STATIC))
    first = care.group_by("subject_id").agg(first=pl.col("time").min())
    births = (
        events.filter(pl.col("code") == "MEDS_BIRTH")
        .group_by("subject_id")
        .agg(born=pl.col("time").max(), births=pl.col("time").n_unique())
    )
    sexes = (
        events.filter(pl.col("code").str.contains("^(GENDER|SEX)//"))
        .group_by("subject_id")
        .agg(sexes=pl.col("code").n_unique())
    )
    early = births.join(first, on="subject_id").filter(pl.col("born") > pl.col("first"))
    nobody = (
        first.join(births, on="subject_id", how="anti")
        .vstack(first.join(sexes, on="subject_id", how="anti"))
        .unique()
    )
    strange = care.filter(~pl.col("code").str.split("//").list.first().is_in(list(VOCABULARIES)))
    found = [
        (early, "care before birth"),
        (nobody, "a subject without a birth or a sex: in no cohort"),
        (births.filter(pl.col("births") > 1), "a subject with several births"),
        (sexes.filter(pl.col("sexes") > 1), "a subject with several sexes"),
        (
            strange.select(
                pl.col("subject_id").first().over(pl.col("code").str.split("//").list.first())
            ),
            "a vocabulary that is not known",
        ),
    ]
    frames = [
        frame.select(pl.col("subject_id").alias(ROW), fault=pl.lit(fault)).lazy()
        for frame, fault in found
    ]
    return faults([(Path(name), frame) for frame in frames], lost=False)


__all__ = [
    "DOCUMENT",
    "EHR",
    "STATIC",
    "document_events",
    "join",
    "ranges",
    "shard",
    "subject_id",
    "suspicious",
    "within",
]
