"""Synthea's CSV export.

https://github.com/synthetichealth/synthea/wiki/CSV-File-Data-Dictionary
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
)
from chartline.history.sources.source import Source, SourceTable
from chartline.history.sources.typed_events import events_of

_VOCABULARY = {  # table -> vocabulary of its codes, where its column `system` does not name one
    "encounters": "SNOMED",
    "conditions": "SNOMED",
    "medications": "RxNorm",
    "procedures": "SNOMED",
    "observations": "LOINC",
    "immunizations": "CVX",
    "allergies": "SNOMED",
    "devices": "SNOMED",
}
_SYSTEMS = {
    "SNOMED-CT": "SNOMED",
    "http://snomed.info/sct": "SNOMED",
    "SNOMED": "SNOMED",
    "RxNorm": "RxNorm",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "RxNorm",
    "LOINC": "LOINC",
    "http://loinc.org": "LOINC",
    "CVX": "CVX",
}
_ALLERGY = "ALLERGY//"  # before the code of what a person is allergic to: it is no exposure
_PATIENT = ("patient", "patientid")  # a table with one of these holds rows of patients


def is_source(path: Path) -> bool:
    """Whether `path` is a folder with the tables `patients` and `encounters`."""
    return (
        path.is_dir()
        and find(path, "patients") is not None
        and find(path, "encounters") is not None
    )


def read(path: Path, settings: EhrSettings, today: date | None = None) -> Source:
    """Patients, and the coded tables of `_VOCABULARY`; other tables are counted as not read.

    Raises:
        UsageError: a file cannot be read or lacks a column.
    """
    tables = [table for file in find_all(path, "patients") for table in _patients(file)]
    described = []
    for name in _VOCABULARY:
        for file in find_all(path, name):
            rows = _coded(file, name)
            tables.append(SourceTable(file, rows))
            described.append(rows.select("code", "description"))
    events, faults = events_of(tables, today)
    faults = merge_faults([faults, unread(path, [table.file for table in tables], _PATIENT)])
    return Source(events, faults, None, _code_table(described))


def _coded(file: Path, name: str) -> pl.LazyFrame:
    """Rows of the table `name`, with codes and values; `description` beside them."""
    rows = scan(file)
    require(file, rows, "patient", "code")
    vocabulary = first_filled(rows, "system").replace_strict(
        _SYSTEMS, default=_VOCABULARY[name], return_dtype=pl.String
    )
    code = pl.concat_str([vocabulary, first_filled(rows, "code")], separator="//")
    return rows.select(
        "row",
        subject=first_filled(rows, "patient"),
        time=first_filled(rows, "start", "date"),
        end=first_filled(rows, "stop"),
        encounter=first_filled(rows, "id" if name == "encounters" else "encounter"),
        code=pl.lit(_ALLERGY) + code if name == "allergies" else code,
        description=first_filled(rows, "description"),
        **(_values(rows) if name == "observations" else {}),
    )


def _values(rows: pl.LazyFrame) -> dict[str, pl.Expr]:
    """Numbers, texts and units of observations; those of the type `text` are no numbers."""
    value = first_filled(rows, "value")
    text = value.cast(pl.Float32, strict=False).is_null()
    text |= first_filled(rows, "type").str.to_lowercase().eq_missing(pl.lit("text"))
    return {
        "numeric_value": pl.when(~text).then(value),
        "text_value": pl.when(text).then(value),
        "unit": first_filled(rows, "units"),
    }


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


def _patients(file: Path) -> list[SourceTable]:
    """Births, deaths and sexes."""
    rows = scan(file)
    require(file, rows, "id", "birthdate", "gender")

    def facts(time: pl.Expr, code: pl.Expr) -> pl.LazyFrame:
        return rows.select("row", subject=first_filled(rows, "id"), time=time, code=code)

    births = facts(first_filled(rows, "birthdate"), pl.lit("MEDS_BIRTH"))
    deaths = facts(first_filled(rows, "deathdate"), pl.lit("MEDS_DEATH"))
    stated = sex(first_filled(rows, "gender"))
    # the same row gives the birth, so nothing of it is lost where the sex is not known
    sexes = facts(pl.lit(None, pl.String), pl.lit("GENDER//") + stated).with_columns(lost=False)
    unknown = pl.when(pl.col("code").is_null()).then(pl.lit(UNKNOWN_SEX))
    return [
        SourceTable(file, births),
        SourceTable(file, deaths.filter(pl.col("time").is_not_null())),
        SourceTable(file, sexes, refused=unknown, timeless=True),
    ]
