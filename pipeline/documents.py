"""A folder and its manifest to the documents table: identity, patient, date; what is new, changed or gone."""

import hashlib
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.errors import UsageError
from pipeline.tables import UTC as UTC_TIME
from pipeline.times import iso_times

MANIFEST = "manifest.csv"
MANIFEST_COLUMNS = ("path", "patient_id", "encounter_id", "kind", "written_at", "language")
_FOUND: dict[str, Any] = {
    "document_id": pl.String, "path": pl.String, "size": pl.Int64, "modified_at": UTC_TIME,
}  # fmt: skip

_ESCAPES = {"\\": "\\\\"} | {chr(code): f"\\x{code & 0xFF:02x}" for code in (*range(32), 127, *range(0xDC80, 0xDD00))}
_PLAIN = {escape: char for char, escape in _ESCAPES.items()}
_ESCAPED = re.compile(r"\\(?:\\|x[0-9a-f]{2})")


def document_id(path: str) -> str:
    """The identity of a document: its path below the folder, hashed (SHA-256, 16 hexadecimal digits)."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]


def shown_path(path: str) -> str:
    r"""A path as the tables hold it: valid text on one line. Bytes that are no UTF-8 and control characters are escaped.

    >>> shown_path("a\nb.pdf"), real_path(shown_path("a\nb.pdf")) == "a\nb.pdf"
    ('a\\x0ab.pdf', True)
    """
    return "".join(_ESCAPES.get(char, char) for char in path)


def real_path(shown: str) -> str:
    """The inverse of `shown_path`: the name to open the file by."""
    return _ESCAPED.sub(lambda found: _PLAIN[found.group()], shown)


def find(folder: Path) -> pl.DataFrame:
    """Every file of the folder whose name ends in .pdf, by path; links that lead out of the folder are left out.

    Raises:
        UsageError: the folder cannot be read or holds no PDF.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder")
    if not os.access(folder, os.R_OK | os.X_OK):
        raise UsageError(f"{folder}: the folder cannot be read")
    rows = list(_files(folder, "", str(folder.resolve())))
    if not rows:
        raise UsageError(f"{folder}: no PDF in this folder")
    return pl.DataFrame(rows, schema=_FOUND, orient="row")


def _files(folder: Path | str, below: str, root: str) -> Iterator[tuple[str, str, int, datetime]]:
    """The PDFs of a folder and those below it; a folder that cannot be read, or is a link, is passed over."""
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        relative = below + entry.name
        try:
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path, f"{relative}/", root)
            elif entry.name.lower().endswith(".pdf") and entry.is_file() and _within(entry, root):
                status = entry.stat()
                changed = datetime.fromtimestamp(status.st_mtime, UTC)
                yield document_id(relative), shown_path(relative), status.st_size, changed
        except OSError:
            continue


def _within(entry: os.DirEntry[str], root: str) -> bool:
    return not entry.is_symlink() or os.path.realpath(entry.path).startswith(root.rstrip("/") + "/")


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
        pl.col(name) if name in table.columns else pl.lit(None, pl.String).alias(name) for name in MANIFEST_COLUMNS
    )
    times = iso_times(table["written_at"])
    bad = table["written_at"].is_not_null() & times.is_null()
    if bad.any():
        raise UsageError(f"{file}: row {int(bad.arg_max() or 0) + 2}: written_at is not an ISO 8601 time")
    twice = table["path"].is_duplicated()
    if twice.any():
        raise UsageError(f"{file}: row {int(twice.arg_max() or 0) + 2}: this path stands there more than once")
    return table.with_columns(
        pl.Series("path", [*map(shown_path, table["path"].fill_null("").to_list())]), written_at=times
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
    told = ["document_id", "size", "modified_at", "patient_id", "encounter_id", "kind", "written_at"]
    done = known.filter(pl.col("version") == version).select(told)
    return seen.join(done, on=told, how="anti", nulls_equal=True, maintain_order="left")


def removed(seen: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Documents in the tables whose file is gone."""
    return known.join(seen, on="document_id", how="anti")


def content_hash(file: Path) -> str:
    """SHA-256 of a file's bytes."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
