"""OMOP Common Data Model 5.3 and 5.4: one CSV or Parquet file a table.

https://ohdsi.github.io/CommonDataModel/cdm54.html
"""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from chartline.core.settings import EhrSettings
from chartline.history.sources.files import find, first_filled, require, scan
from chartline.history.sources.omop_concepts import code_table, concept_codes
from chartline.history.sources.source import Source, SourceTable
from chartline.history.sources.typed_events import events_of

_SEX = {"8507": "M", "8532": "F"}  # OMOP's standard concepts of gender
_NO_CONCEPT = "0"  # OMOP's number for a source value that has no concept


@dataclass(frozen=True)
class _ClinicalTable:
    """Columns of an OMOP table of events; `prefix` marks its codes where no vocabulary is known.

    `concept` is the standard concept, `source_concept` what the hospital coded, `times` the
    columns of the start, the most precise first.
    """

    name: str
    concept: str
    source_concept: str
    times: tuple[str, ...]
    prefix: str


_VISITS = _ClinicalTable(
    "visit_occurrence",
    "visit_concept_id",
    "visit_source_concept_id",
    ("visit_start_datetime", "visit_start_date"),
    "VISIT",
)
_DEATHS = _ClinicalTable(
    "death",
    "cause_concept_id",
    "cause_source_concept_id",
    ("death_datetime", "death_date"),
    "DEATH",
)
_TABLES = (
    _VISITS,
    _ClinicalTable(
        "condition_occurrence",
        "condition_concept_id",
        "condition_source_concept_id",
        ("condition_start_datetime", "condition_start_date"),
        "CONDITION",
    ),
    _ClinicalTable(
        "drug_exposure",
        "drug_concept_id",
        "drug_source_concept_id",
        ("drug_exposure_start_datetime", "drug_exposure_start_date"),
        "DRUG",
    ),
    _ClinicalTable(
        "procedure_occurrence",
        "procedure_concept_id",
        "procedure_source_concept_id",
        ("procedure_datetime", "procedure_date"),
        "PROCEDURE",
    ),
    _DEATHS,
)


def is_source(path: Path) -> bool:
    """Whether `path` is a folder with a table `person`."""
    return path.is_dir() and find(path, "person") is not None


def read(path: Path, settings: EhrSettings) -> Source:
    """Persons, visits, conditions, drugs, procedures and deaths.

    A code is, in this order: the source concept (what the hospital coded), the standard concept,
    the source value marked `SOURCE`. With the table `concept`, concepts are codes of their
    vocabularies; without it, `OMOP//` and the concept's number.

    Raises:
        UsageError: a file cannot be read or lacks a column.
    """
    concepts = concept_codes(find(path, "concept"))
    tables = _persons(path)
    for table in _TABLES:
        if (file := find(path, table.name)) is not None:
            tables.append(_events_of_table(file, table, concepts))
    events, faults = events_of(tables)
    return Source(events, faults, None, code_table(path, concepts))


def _persons(path: Path) -> list[SourceTable]:
    """Births, sexes and care sites."""
    file = find(path, "person")
    assert file is not None
    rows = scan(file)
    require(file, rows, "person_id", "gender_concept_id")
    year, month, day = (first_filled(rows, f"{part}_of_birth") for part in ("year", "month", "day"))
    date = pl.concat_str(
        [year, month.fill_null("1").str.zfill(2), day.fill_null("1").str.zfill(2)], separator="-"
    )
    births = pl.coalesce(first_filled(rows, "birth_datetime"), date)
    sex = first_filled(rows, "gender_concept_id").replace_strict(
        _SEX, default=None, return_dtype=pl.String
    )
    site = first_filled(rows, "care_site_id")

    def facts(time: pl.Expr, code: pl.Expr) -> pl.LazyFrame:
        return rows.select("row", subject=first_filled(rows, "person_id"), time=time, code=code)

    no_time = pl.lit(None, pl.String)
    sexes = facts(no_time, pl.lit("GENDER//") + sex)
    unknown = pl.when(pl.col("code").is_null()).then(pl.lit("sex unknown"))
    tables = [
        SourceTable(file, facts(births, pl.lit("MEDS_BIRTH"))),
        SourceTable(file, sexes, refused=unknown, timeless=True),
    ]
    if "care_site_id" in rows.collect_schema().names():
        sites = facts(no_time, pl.lit("SITE//") + site).filter(pl.col("code").is_not_null())
        tables.append(SourceTable(file, sites, timeless=True))
    return tables


def _events_of_table(
    file: Path, table: _ClinicalTable, concepts: pl.LazyFrame | None
) -> SourceTable:
    """Rows of a table of events with their codes; `concepts` as of `concept_codes`."""
    rows = scan(file)
    require(file, rows, "person_id")
    source_value = table.concept.replace("_concept_id", "_source_value")
    kept = rows.select(
        "row",
        *(
            pl.when(first_filled(rows, column) != _NO_CONCEPT)
            .then(first_filled(rows, column))
            .alias(name)
            for name, column in (("source", table.source_concept), ("standard", table.concept))
        ),
        value=first_filled(rows, source_value),
        subject=first_filled(rows, "person_id"),
        time=first_filled(rows, *table.times),
        encounter=first_filled(rows, "visit_occurrence_id"),
    )
    if table is _DEATHS:
        return SourceTable(file, kept.with_columns(code=pl.lit("MEDS_DEATH")))
    if concepts is None:
        prefix = f"OMOP//{table.prefix}//" if table is _VISITS else "OMOP//"
        coded = pl.lit(prefix) + pl.coalesce("source", "standard")
    else:
        for column in ("source", "standard"):
            names = pl.col("concept_id").alias(column), pl.col("code").alias(f"{column}_code")
            kept = kept.join(concepts.select(names), on=column, how="left")
        coded = pl.coalesce("source_code", "standard_code")
    uncoded = pl.lit(f"SOURCE//{table.prefix}//") + pl.col("value")
    return SourceTable(file, kept.with_columns(code=pl.coalesce(coded, uncoded)))
