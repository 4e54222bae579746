"""The manifest: what a hospital says of its documents, a row a path."""

import posixpath
import unicodedata
from pathlib import Path

import polars as pl

from chartline.core.errors import UsageError
from chartline.core.paths import real_path, shown_path
from chartline.core.times import iso_times

MANIFEST = "manifest.csv"
COLUMNS = ("path", "patient_id", "encounter_id", "kind", "written_at", "language")
_NEEDED = ("path", "patient_id")
_FIRST_ROW = 2  # as an editor numbers a CSV's lines: the first is the header


def read_manifest(file: Path) -> pl.DataFrame:
    """Patient, encounter, kind, date and language by path; columns that are absent hold nulls.

    Raises:
        UsageError: the file cannot be read, a column is wrong, a time does not parse, or a path
            is named twice.
    """
    try:
        table = pl.read_csv(file, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UsageError(f"{file}: not a readable CSV file ({type(error).__name__})") from None
    _check_columns(file, table.columns)
    table = table.select(
        pl.col(name) if name in table.columns else pl.lit(None, pl.String).alias(name)
        for name in COLUMNS
    )
    times = iso_times(table["written_at"])
    _check_rows(
        file,
        table["written_at"].is_not_null() & times.is_null(),
        "written_at is not an ISO 8601 time",
    )
    _check_rows(file, table["path"].is_duplicated(), "this path stands there more than once")
    names = [*map(shown_path, table["path"].fill_null("").to_list())]
    return table.with_columns(pl.Series("path", names), written_at=times)


def match_paths(manifest: pl.DataFrame, paths: list[str]) -> tuple[pl.DataFrame, list[str]]:
    """The manifest with the paths of the files that its rows mean, and the paths of no file.

    A row means a file that no other row names where the paths differ in `./`, in backslashes for
    slashes, or in how accents are composed (Unicode's NFC and NFD), and in nothing else.

    Args:
        manifest: see `read_manifest`.
        paths: of the files, as `core.paths.find` gives them.
    """
    present, named = set(paths), set(manifest["path"])
    free: dict[str, list[str]] = {}
    for path in paths:
        if path not in named:
            free.setdefault(_plain(path), []).append(path)
    meant, unmatched = [], []
    for path in manifest["path"].to_list():
        candidates = [] if path in present else free.get(_plain(path), [])
        if len(candidates) == 1:
            path = candidates.pop()
        elif path not in present:
            unmatched.append(path)
        meant.append(path)
    return manifest.with_columns(path=pl.Series(meant, dtype=pl.String)), unmatched


def _plain(path: str) -> str:
    """A path by which spellings of the same file are found."""
    slashes = real_path(path).replace("\\", "/")
    return unicodedata.normalize("NFC", posixpath.normpath(slashes))


def _check_columns(file: Path, columns: list[str]) -> None:
    unknown = [name for name in columns if name not in COLUMNS]
    missing = [name for name in _NEEDED if name not in columns]
    if unknown or missing:
        fault = f"no column {missing[0]!r}" if missing else f"unknown column {unknown[0]!r}"
        raise UsageError(f"{file}: {fault}; columns are {', '.join(COLUMNS)}")


def _check_rows(file: Path, wrong: pl.Series, fault: str) -> None:
    if wrong.any():
        raise UsageError(f"{file}: row {int(wrong.arg_max() or 0) + _FIRST_ROW}: {fault}")
