"""MEDS datasets (Medical Event Data Standard 0.4): sharded Parquet, subject splits, code metadata."""

from pathlib import Path

import polars as pl

from chartline.core.errors import UsageError
from chartline.core.settings import EhrSettings
from chartline.history.sources.common import Part, Source, events_of, need, scan

_ENCOUNTER = (
    "encounter_id",
    "visit_id",
    "hadm_id",
    "stay_id",
)  # extensions that datasets in use carry


def is_dataset(path: Path) -> bool:
    return (
        path.is_dir()
        and (path / "data").is_dir()
        and next((path / "data").rglob("*.parquet"), None) is not None
    )


def read(path: Path, settings: EhrSettings) -> Source:
    """Events of all shards, `metadata/subject_splits.parquet` and `metadata/codes.parquet` where they are."""
    events, faults = events_of([part(file) for file in sorted((path / "data").rglob("*.parquet"))])
    splits = _metadata(
        path / "metadata" / "subject_splits.parquet", {"subject_id": pl.Int64, "split": pl.String}
    )
    codes = _metadata(
        path / "metadata" / "codes.parquet",
        {"code": pl.String, "description": pl.String, "parent_codes": pl.List(pl.String)},
        optional="parent_codes",
    )
    return Source(events, faults, splits, codes)


def part(file: Path) -> Part:
    """A file with the columns of MEDS's data schema.

    Raises:
        UsageError: a column is missing.
    """
    rows = scan(file)
    need(file, rows, "subject_id", "time", "code")
    names = rows.collect_schema().names()
    encounter = next(
        (pl.col(name).cast(pl.String).alias("encounter") for name in _ENCOUNTER if name in names),
        None,
    )
    carried = [name for name in ("numeric_value", "text_value") if name in names]
    kept = rows.select(
        "row",
        "time",
        "code",
        *carried,
        *([] if encounter is None else [encounter]),
        subject="subject_id",
    )
    return Part(file, kept, timeless=True)


def _metadata(
    file: Path, columns: dict[str, pl.DataType | type[pl.DataType]], optional: str | None = None
) -> pl.DataFrame | None:
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
            f"{file}: cannot be read; it needs the columns {', '.join(columns)} ({type(error).__name__})"
        ) from None
