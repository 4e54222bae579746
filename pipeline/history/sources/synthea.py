"""Synthea's CSV export.

https://github.com/synthetichealth/synthea/wiki/CSV-File-Data-Dictionary
"""

from pathlib import Path

import polars as pl

from chartline.core.settings import EhrSettings
from chartline.history.sources.files import find, first_filled, require, scan
from chartline.history.sources.source import Source, SourceTable
from chartline.history.sources.typed_events import events_of

_VOCABULARY = {  # table -> vocabulary of its codes, where it has no column `system`
    "encounters": "SNOMED",
    "conditions": "SNOMED",
    "medications": "RxNorm",
    "procedures": "SNOMED",
    "observations": "LOINC",
}
_SYSTEMS = {"SNOMED-CT": "SNOMED", "http://snomed.info/sct": "SNOMED"}


def is_source(path: Path) -> bool:
    """Whether `path` is a folder with the tables `patients` and `encounters`."""
    return (
        path.is_dir()
        and find(path, "patients") is not None
        and find(path, "encounters") is not None
    )


def read(path: Path, settings: EhrSettings) -> Source:
    """Patients, encounters, conditions, medications, procedures and observations.

    Raises:
        UsageError: a file cannot be read or lacks a column.
    """
    tables, described = _patients(path), []
    for name, vocabulary in _VOCABULARY.items():
        if (file := find(path, name)) is not None:
            rows = _coded(file, name, vocabulary)
            tables.append(SourceTable(file, rows))
            described.append(rows.select("code", "description"))
    events, faults = events_of(tables)
    return Source(events, faults, None, _code_table(described))


def _coded(file: Path, name: str, vocabulary: str) -> pl.LazyFrame:
    """Rows of the table `name`, with codes and values; `description` beside them."""
    rows = scan(file)
    require(file, rows, "patient", "code")
    system = (
        first_filled(rows, "system").replace(_SYSTEMS)
        if "system" in rows.collect_schema().names()
        else pl.lit(vocabulary)
    )
    value = first_filled(rows, "value") if name == "observations" else pl.lit(None, pl.String)
    number = value.cast(pl.Float32, strict=False)
    return rows.select(
        "row",
        subject=first_filled(rows, "patient"),
        time=first_filled(rows, "start", "date"),
        encounter=first_filled(rows, "id" if name == "encounters" else "encounter"),
        code=pl.concat_str(
            [system.fill_null(vocabulary), first_filled(rows, "code")], separator="//"
        ),
        numeric_value=number,
        text_value=pl.when(number.is_null()).then(value),
        description=first_filled(rows, "description"),
    )


def _code_table(described: list[pl.LazyFrame]) -> pl.DataFrame | None:
    if not described:
        return None
    return (
        pl.concat(described)
        .drop_nulls()
        .unique("code", keep="first")
        .sort("code")
        .with_columns(parent_codes=pl.lit(None, pl.List(pl.String)))
        .collect()
    )


def _patients(path: Path) -> list[SourceTable]:
    """Births, deaths and sexes."""
    file = find(path, "patients")
    assert file is not None
    rows = scan(file)
    require(file, rows, "id", "birthdate", "gender")

    def facts(time: pl.Expr, code: pl.Expr) -> pl.LazyFrame:
        return rows.select("row", subject=first_filled(rows, "id"), time=time, code=code)

    births = facts(first_filled(rows, "birthdate"), pl.lit("MEDS_BIRTH"))
    deaths = facts(first_filled(rows, "deathdate"), pl.lit("MEDS_DEATH"))
    sexes = facts(pl.lit(None, pl.String), pl.lit("GENDER//") + first_filled(rows, "gender"))
    unknown = pl.when(pl.col("code").is_null()).then(pl.lit("sex unknown"))
    return [
        SourceTable(file, births),
        SourceTable(file, deaths.filter(pl.col("time").is_not_null())),
        SourceTable(file, sexes, refused=unknown, timeless=True),
    ]
