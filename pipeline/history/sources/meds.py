"""MEDS datasets (Medical Event Data Standard 0.4): sharded Parquet, subject splits, code metadata.

https://medical-event-data-standard.github.io
"""

from datetime import date
from pathlib import Path

import polars as pl

from chartline.core.errors import UsageError
from chartline.core.settings import EhrSettings
from chartline.history.faults import fault_row, merge_faults
from chartline.history.sources.files import require, scan
from chartline.history.sources.source import Source, SourceTable
from chartline.history.sources.typed_events import events_of

# MEDS declares no column for encounters; these names are those of datasets in use (MIMIC: hadm_id)
_ENCOUNTER = ("encounter_id", "visit_id", "hadm_id", "stay_id")

_VALUES = {  # columns of MEDS, or of our own events -> columns of a source table
    "numeric_value": "numeric_value",
    "text_value": "text_value",
    "unit": "unit",
    "end_time": "end",
    "known_at": "known",
    "certain": "certain",
}


def is_source(path: Path) -> bool:
    """Whether `path` is a MEDS dataset: a folder with Parquet files under `data`."""
    return (
        path.is_dir()
        and (path / "data").is_dir()
        and next((path / "data").rglob("*.parquet"), None) is not None
    )


def read(path: Path, settings: EhrSettings, today: date | None = None) -> Source:
    """Events of all shards, splits and codes of `metadata/` where its files are there.

    Raises:
        UsageError: a file cannot be read or lacks a column.
    """
    shards = sorted((path / "data").rglob("*.parquet"))
    events, faults = events_of([source_table(file) for file in shards], today)
    others = [
        fault_row(file, "file not read")
        for file in sorted((path / "data").rglob("*"))
        if file.is_file() and file not in shards and not file.name.startswith(".")
    ]
    splits = _metadata(
        path / "metadata" / "subject_splits.parquet", {"subject_id": pl.Int64, "split": pl.String}
    )
    codes = _metadata(
        path / "metadata" / "codes.parquet",
        {"code": pl.String, "description": pl.String, "parent_codes": pl.List(pl.String)},
        optional="parent_codes",
    )
    return Source(events, merge_faults([faults, *others]), splits, codes)


def source_table(file: Path) -> SourceTable:
    """A Parquet file with the columns of MEDS's data schema.

    Raises:
        UsageError: the file cannot be read or lacks a column.
    """
    rows = scan(file)
    require(file, rows, "subject_id", "time", "code")
    names = rows.collect_schema().names()
    encounter = [
        pl.col(name).cast(pl.String).alias("encounter") for name in _ENCOUNTER if name in names
    ][:1]
    values = [pl.col(name).alias(ours) for name, ours in _VALUES.items() if name in names]
    kept = rows.select("row", "time", "code", *values, *encounter, subject="subject_id")
    return SourceTable(file, kept, timeless=True)


def _metadata(
    file: Path, columns: dict[str, pl.DataType | type[pl.DataType]], optional: str | None = None
) -> pl.DataFrame | None:
    """A metadata file, sorted by its first column; None where there is no such file."""
    if not file.is_file():
        return None
    try:
        frame = pl.read_parquet(file)
        if optional and optional not in frame.columns:
            frame = frame.with_columns(pl.lit(None, columns[optional]).alias(optional))
        return frame.select(pl.col(name).cast(dtype) for name, dtype in columns.items()).sort(
            next(iter(columns))
        )
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UsageError(
            f"{file}: cannot be read; it needs the columns {', '.join(columns)} "
            f"({type(error).__name__})"
        ) from None
