"""A folder and its manifest to the documents table: identity, patient, date; what is new, changed or gone."""

import hashlib
from pathlib import Path
from typing import Any

import polars as pl

from chartline.core.errors import UsageError
from chartline.core.paths import shown_path
from chartline.core.tables import UTC as UTC_TIME
from chartline.core.times import iso_times

MANIFEST = "manifest.csv"
MANIFEST_COLUMNS = ("path", "patient_id", "encounter_id", "kind", "written_at", "language")


def read_manifest(file: Path) -> pl.DataFrame:
    """Patient, encounter, kind, date and language by path.

    Raises:
        UsageError: the file cannot be read, a column is wrong or a time does not parse.
    """
    try:
        table = pl.read_csv(file, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UsageError(f"{file}: not a readable CSV file ({type(error).__name__})") from None
    wrong = [name for name in table.columns if name not in MANIFEST_COLUMNS]
    missing = [name for name in ("path", "patient_id") if name not in table.columns]
    if wrong or missing:
        fault = f"no column {missing[0]!r}" if missing else f"unknown column {wrong[0]!r}"
        raise UsageError(f"{file}: {fault}; columns are {', '.join(MANIFEST_COLUMNS)}")
    table = table.select(
        pl.col(name) if name in table.columns else pl.lit(None, pl.String).alias(name)
        for name in MANIFEST_COLUMNS
    )
    times = iso_times(table["written_at"])
    bad = table["written_at"].is_not_null() & times.is_null()
    if bad.any():
        raise UsageError(
            f"{file}: row {int(bad.arg_max() or 0) + 2}: written_at is not an ISO 8601 time"
        )
    twice = table["path"].is_duplicated()
    if twice.any():
        raise UsageError(
            f"{file}: row {int(twice.arg_max() or 0) + 2}: this path stands there more than once"
        )
    return table.with_columns(
        pl.Series("path", [*map(shown_path, table["path"].fill_null("").to_list())]),
        written_at=times,
    )


def describe(found: pl.DataFrame, manifest: pl.DataFrame | None) -> pl.DataFrame:
    """The files with what the manifest says of them; a file it does not name keeps nulls."""
    if manifest is None:
        extra: dict[str, Any] = {
            "patient_id": pl.String,
            "encounter_id": pl.String,
            "kind": pl.String,
            "written_at": UTC_TIME,
            "language": pl.String,
        }
        return found.with_columns(pl.lit(None, dtype).alias(name) for name, dtype in extra.items())
    return found.join(manifest, on="path", how="left", maintain_order="left")


def pending(seen: pl.DataFrame, known: pl.DataFrame, version: str) -> pl.DataFrame:
    """The documents to process: new, changed in size, time or manifest, or done by another version."""
    told = [
        "document_id",
        "size",
        "modified_at",
        "patient_id",
        "encounter_id",
        "kind",
        "written_at",
    ]
    done = known.filter(pl.col("version") == version).select(told)
    return seen.join(done, on=told, how="anti", nulls_equal=True, maintain_order="left")


def removed(seen: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Documents in the tables whose file is gone."""
    return known.join(seen, on="document_id", how="anti")


def content_hash(file: Path) -> str:
    """SHA-256 of a file's bytes."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
