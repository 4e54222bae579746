"""OMOP Common Data Model 5.3 and 5.4: one CSV or Parquet file a table.

https://ohdsi.github.io/CommonDataModel/cdm54.html
"""

from datetime import date
from pathlib import Path

import polars as pl

from chartline.core.settings import EhrSettings
from chartline.history.faults import merge_faults
from chartline.history.sex import UNKNOWN_SEX, sex
from chartline.history.sources.files import (
    find,
    find_all,
    first_filled,
    require,
    scan,
    unread,
    whole_number,
)
from chartline.history.sources.omop_concepts import code_table, concept_codes, with_codes
from chartline.history.sources.omop_tables import CLINICAL_TABLES, DEATHS, VISITS, ClinicalTable
from chartline.history.sources.omop_values import named_values, value_columns
from chartline.history.sources.source import Source, SourceTable
from chartline.history.sources.typed_events import events_of

_NO_CONCEPT = "0"  # OMOP's number for a source value that has no concept
_VOCABULARY_TABLES = ("concept", "concept_ancestor")
_PATIENT = ("person_id", "subject_id")  # a table with one of these holds rows of patients


def is_source(path: Path) -> bool:
    """Whether `path` is a folder with a table `person`."""
    return path.is_dir() and find(path, "person") is not None


def read(path: Path, settings: EhrSettings, today: date | None = None) -> Source:
    """Persons, and the events of `CLINICAL_TABLES`; other tables are counted as not read.

    A code is, in this order: the source concept (what the hospital coded), the standard concept,
    the source value marked `SOURCE`. With the table `concept`, concepts are codes of their
    vocabularies; without it, `OMOP//` and the concept's number.

    Raises:
        UsageError: a file cannot be read or lacks a column.
    """
    concepts = concept_codes(find(path, "concept"))
    persons = find_all(path, "person")
    tables = [table for file in persons for table in _persons(file)]
    for clinical in CLINICAL_TABLES:
        files = find_all(path, clinical.name)
        tables += [_events_of_table(file, clinical, concepts) for file in files]
    events, faults = events_of(tables, today)
    known = [table.file for table in tables]
    known += [file for name in _VOCABULARY_TABLES if (file := find(path, name))]
    faults = merge_faults([faults, unread(path, known, _PATIENT)])
    return Source(events, faults, None, code_table(path, concepts))


def _persons(file: Path) -> list[SourceTable]:
    """Births, sexes and care sites."""
    rows = scan(file)
    require(file, rows, "person_id", "gender_concept_id")
    year, month, day = (whole_number(rows, f"{part}_of_birth") for part in ("year", "month", "day"))
    born = pl.concat_str(
        [year, month.fill_null("1").str.zfill(2), day.fill_null("1").str.zfill(2)], separator="-"
    )
    births = pl.coalesce(first_filled(rows, "birth_datetime"), born)
    stated = pl.coalesce(
        sex(whole_number(rows, column))
        for column in ("gender_concept_id", "gender_source_value")
        if column in rows.collect_schema().names()
    )
    site = whole_number(rows, "care_site_id")

    def facts(time: pl.Expr, code: pl.Expr) -> pl.LazyFrame:
        return rows.select("row", subject=first_filled(rows, "person_id"), time=time, code=code)

    no_time = pl.lit(None, pl.String)
    # the same row gives the birth, so nothing of it is lost where the sex is not known
    sexes = facts(no_time, pl.lit("GENDER//") + stated).with_columns(lost=False)
    unknown = pl.when(pl.col("code").is_null()).then(pl.lit(UNKNOWN_SEX))
    sites = facts(no_time, pl.lit("SITE//") + site).filter(pl.col("code").is_not_null())
    return [
        SourceTable(file, facts(births, pl.lit("MEDS_BIRTH"))),
        SourceTable(file, sexes, refused=unknown, timeless=True),
        SourceTable(file, sites, timeless=True),
    ]


def _events_of_table(
    file: Path, table: ClinicalTable, concepts: pl.LazyFrame | None
) -> SourceTable:
    """Rows of a table of events with their codes; `concepts` as of `concept_codes`."""
    rows = scan(file)
    require(file, rows, "person_id")
    kept = rows.select(
        "row",
        _concept(rows, table.source_concept).alias("source"),
        _concept(rows, table.concept).alias("standard"),
        value=first_filled(rows, table.source_value),
        subject=first_filled(rows, "person_id"),
        time=first_filled(rows, *table.times),
        end=first_filled(rows, *table.ends),
        encounter=whole_number(rows, "visit_occurrence_id"),
        **(value_columns(rows) if table.values else {}),
    )
    if table is DEATHS:
        return SourceTable(file, kept.with_columns(code=pl.lit("MEDS_DEATH")))
    if concepts is None:
        prefix = f"OMOP//{table.prefix}//" if table is VISITS else "OMOP//"
        coded = pl.lit(prefix) + pl.coalesce("source", "standard")
    else:
        kept = with_codes(kept, concepts, "source", "standard")
        coded = pl.coalesce("source_code", "standard_code")
    uncoded = pl.lit(f"SOURCE//{table.prefix}//") + pl.col("value")
    coded_rows = kept.with_columns(code=pl.coalesce(coded, uncoded))
    return SourceTable(file, named_values(coded_rows, concepts) if table.values else coded_rows)


def _concept(rows: pl.LazyFrame, column: str) -> pl.Expr:
    """The number of a concept, null where there is none."""
    number = whole_number(rows, column)
    return pl.when(number != _NO_CONCEPT).then(number)
