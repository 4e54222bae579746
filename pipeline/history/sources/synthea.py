"""Synthea's CSV export (https://github.com/synthetichealth/synthea/wiki/CSV-File-Data-Dictionary)."""

from pathlib import Path

import polars as pl

from chartline.core.settings import EhrSettings
from chartline.history.sources.common import Part, Source, events_of, find, first_of, need, scan

_VOCABULARY = {
    "encounters": "SNOMED",
    "conditions": "SNOMED",
    "medications": "RxNorm",
    "procedures": "SNOMED",
    "observations": "LOINC",
}
_SYSTEMS = {"SNOMED-CT": "SNOMED", "http://snomed.info/sct": "SNOMED"}


def is_source(path: Path) -> bool:
    return (
        path.is_dir()
        and find(path, "patients") is not None
        and find(path, "encounters") is not None
    )


def read(path: Path, settings: EhrSettings) -> Source:
    """Patients, encounters, conditions, medications, procedures and observations."""
    parts, descriptions = _people(path), []
    for name, vocabulary in _VOCABULARY.items():
        if (file := find(path, name)) is not None:
            rows = scan(file)
            need(file, rows, "patient", "code")
            system = (
                first_of(rows, "system").replace(_SYSTEMS)
                if "system" in rows.collect_schema().names()
                else pl.lit(vocabulary)
            )
            encounter = (
                first_of(rows, "id") if name == "encounters" else first_of(rows, "encounter")
            )
            value = first_of(rows, "value") if name == "observations" else pl.lit(None, pl.String)
            number = value.cast(pl.Float32, strict=False)
            table = rows.select(
                "row",
                subject=first_of(rows, "patient"),
                time=first_of(rows, "start", "date"),
                encounter=encounter,
                code=pl.concat_str(
                    [system.fill_null(vocabulary), first_of(rows, "code")], separator="//"
                ),
                numeric_value=number,
                text_value=pl.when(number.is_null()).then(value),
                description=first_of(rows, "description"),
            )
            parts.append(Part(file, table))
            descriptions.append(table.select("code", "description"))
    events, faults = events_of(parts)
    codes = (
        pl.concat(descriptions).drop_nulls().unique("code", keep="first").sort("code")
        if descriptions
        else None
    )
    return Source(
        events,
        faults,
        None,
        None
        if codes is None
        else codes.with_columns(parent_codes=pl.lit(None, pl.List(pl.String))).collect(),
    )


def _people(path: Path) -> list[Part]:
    file = find(path, "patients")
    assert file is not None
    rows = scan(file)
    need(file, rows, "id", "birthdate", "gender")
    subject, nothing = first_of(rows, "id"), pl.lit(None, pl.String)
    births = rows.select(
        "row", subject=subject, time=first_of(rows, "birthdate"), code=pl.lit("MEDS_BIRTH")
    )
    deaths = rows.select(
        "row", subject=subject, time=first_of(rows, "deathdate"), code=pl.lit("MEDS_DEATH")
    )
    sexes = rows.select(
        "row", subject=subject, time=nothing, code=pl.lit("GENDER//") + first_of(rows, "gender")
    )
    unknown = pl.when(pl.col("code").is_null()).then(pl.lit("sex unknown"))
    return [
        Part(file, births),
        Part(file, deaths.filter(pl.col("time").is_not_null())),
        Part(file, sexes, refused=unknown, timeless=True),
    ]
