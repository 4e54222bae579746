"""Plausibility checks of events, in the sense of Kahn et al. (eGEMs 2016): nothing is removed."""

from pathlib import Path

import polars as pl

from chartline.history.events import STATIC
from chartline.history.faults import ROW, count_faults
from chartline.history.sex import SEX_CODE, UNKNOWN_SEX, sex_of_code

VOCABULARIES = {
    *("ICD10", "ICD10CM", "ICD10PCS", "ICD10PROC"),
    *("ICD9", "ICD9CM", "ICD9PROC", "ICD9Proc"),
    *("ATC", "RxNorm", "RxNormExtension", "NDC", "CVX"),
    *("SNOMED", "LOINC", "UCUM"),
    *("CPT4", "HCPCS", "CCAM", "OPS", "OPCS4"),
    *("OMOP", "SOURCE", "VISIT", "Visit", "ENCOUNTER", "ALLERGY", "STOPPED"),
    *("CHARTLINE", "DOID", "HPO"),
    *("GENDER", "SEX", "SITE", "RACE", "ETHNICITY"),
}  # what stands before // in a code, as MEDS datasets, OMOP and our readers write it


def implausible(events: pl.DataFrame, name: str) -> pl.DataFrame:
    """Events to look at, as the table event_faults under the file name `name`.

    Care before birth, several births or sexes or none, vocabularies that are not known.
    `count` and `rows` are subjects here, not rows of a file.
    """
    care = events.filter(pl.col("time").is_not_null(), ~pl.col("code").str.contains(STATIC))
    vocabulary = pl.col("code").str.split("//").list.first()
    unknown = care.filter(~vocabulary.is_in(list(VOCABULARIES))).select(
        pl.col("subject_id").first().over(vocabulary)
    )
    found = [*_of_people(events, care), (unknown, "a vocabulary that is not known")]
    frames = [
        (Path(name), frame.select(pl.col("subject_id").alias(ROW), fault=pl.lit(fault)).lazy())
        for frame, fault in found
    ]
    return count_faults(frames, lost=False)


def _of_people(events: pl.DataFrame, care: pl.DataFrame) -> list[tuple[pl.DataFrame, str]]:
    """Subjects whose birth or sex is implausible, and why."""
    first = care.group_by("subject_id").agg(first=pl.col("time").min())
    births = (
        events.filter(pl.col("code") == "MEDS_BIRTH")
        .group_by("subject_id")
        .agg(born=pl.col("time").max(), births=pl.col("time").n_unique())
    )
    sexes = (
        events.filter(pl.col("code").str.contains(SEX_CODE))
        .group_by("subject_id")
        .agg(sexes=sex_of_code(pl.col("code")).drop_nulls().n_unique())
    )
    early = births.join(first, on="subject_id").filter(pl.col("born") > pl.col("first"))
    unborn = first.join(births, on="subject_id", how="anti")
    known = sexes.filter(pl.col("sexes") > 0)
    return [
        (early, "care before birth"),
        (unborn, "a subject without a birth: in no cohort"),
        (first.join(known, on="subject_id", how="anti"), UNKNOWN_SEX),
        (births.filter(pl.col("births") > 1), "a subject with several births"),
        (sexes.filter(pl.col("sexes") > 1), "a subject with several sexes"),
    ]
