"""A folder of documents against the documents table: what is new, changed, touched or gone."""

import hashlib
from pathlib import Path

import polars as pl

from chartline.core.paths import real_path
from chartline.core.reasons import Reason
from chartline.core.tables import Documents, types_of
from chartline.work.manifest import COLUMNS

_FROM_MANIFEST = COLUMNS[1:]
_STATED = ["document_id", "patient_id", "encounter_id", "kind", "written_at"]  # not by Chartline
_FILE = ["size", "modified_at"]


def describe(found: pl.DataFrame, manifest: pl.DataFrame | None) -> pl.DataFrame:
    """The files (`core.paths.find`) with what the manifest says of them.

    A file that it does not name keeps nulls.
    """
    if manifest is None:
        types = types_of(Documents)
        return found.with_columns(pl.lit(None, types[name]).alias(name) for name in _FROM_MANIFEST)
    return found.join(manifest, on="path", how="left", maintain_order="left")


def pending(seen: pl.DataFrame, known: pl.DataFrame, version: str) -> pl.DataFrame:
    """The described files to read, in their order.

    These are new ones, ones that changed in size, time or manifest, ones that could not be opened,
    and ones that were read by another version. `known` is the documents table.
    """
    same = [*_STATED, *_FILE]
    opened = pl.col("reason").ne_missing(Reason.UNREADABLE.value)
    done = known.filter(_read_by(version), opened).select(*same, known_language="language")
    joined = seen.join(
        done.with_columns(done=True), on=same, how="left", nulls_equal=True, maintain_order="left"
    )
    other_language = pl.col("language").is_not_null() & (
        pl.col("language") != pl.col("known_language")
    )
    todo = joined.filter(pl.col("done").is_null() | other_language)
    return todo.select(seen.columns)


def touched(todo: pl.DataFrame, folder: Path, known: pl.DataFrame, version: str) -> pl.DataFrame:
    """Rows of `known` whose file has another time and nothing else, with the new time.

    Such a document has the same bytes, manifest row and version, and is not read again.
    """
    hashes = [content_hash(folder / real_path(path)) for path in todo["path"].to_list()]
    hashed = todo.with_columns(content_hash=pl.Series(hashes, dtype=pl.String))
    current = known.filter(_read_by(version), pl.col("content_hash") != "")
    fresh = hashed.select(
        *_STATED, "content_hash", stated_language="language", new_time="modified_at"
    )
    joined = current.join(fresh, on=[*_STATED, "content_hash"], nulls_equal=True).filter(
        pl.col("stated_language").is_null() | (pl.col("stated_language") == pl.col("language"))
    )
    return joined.with_columns(modified_at="new_time").drop("new_time", "stated_language")


def removed(seen: pl.DataFrame, known: pl.DataFrame, unreadable: list[str]) -> pl.DataFrame:
    """Documents in the tables whose file is gone; not those below a path that is unreadable now."""
    hidden = [pl.col("path") == path for path in unreadable]
    hidden += [pl.col("path").str.starts_with(f"{path}/") for path in unreadable]
    gone = known.join(seen, on="document_id", how="anti")
    return gone.filter(~pl.any_horizontal(hidden)) if hidden else gone


def content_hash(file: Path) -> str:
    """SHA-256 of a file's bytes; empty where it cannot be read."""
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""


def _read_by(version: str) -> pl.Expr:
    """Whether a document was read by this version: what it depends on, not the package's number."""
    return pl.col("version").str.split("+").list.last() == version.split("+")[-1]
