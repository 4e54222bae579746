"""The PDFs of a folder: how they are found, identified and shown."""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from chartline.core.errors import UsageError
from chartline.core.tables import UTC as UTC_TIME

_COLUMNS: dict[str, Any] = {
    "document_id": pl.String,
    "path": pl.String,
    "size": pl.Int64,
    "modified_at": UTC_TIME,
}

_ESCAPES = {"\\": "\\\\"} | {
    chr(code): f"\\x{code & 0xFF:02x}" for code in (*range(32), 127, *range(0xDC80, 0xDD00))
}
_PLAIN = {escape: char for char, escape in _ESCAPES.items()}
_ESCAPED = re.compile(r"\\(?:\\|x[0-9a-f]{2})")


def document_id(path: str) -> str:
    """The identity of a document: the SHA-256 of its path, its first 16 hexadecimal digits.

    Args:
        path: the real path relative to the folder of documents.

    >>> document_id("ward-3/letter.pdf")
    'cfb6e3e961f21da5'
    """
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]


def shown_path(path: str) -> str:
    r"""A path as the tables hold it: valid Unicode on one line.

    Bytes that are not UTF-8 and control characters are escaped.

    >>> shown_path("a\nb.pdf"), real_path(shown_path("a\nb.pdf")) == "a\nb.pdf"
    ('a\\x0ab.pdf', True)
    """
    return "".join(_ESCAPES.get(char, char) for char in path)


def real_path(shown: str) -> str:
    """The path by which a file is opened; the inverse of `shown_path`."""
    return _ESCAPED.sub(lambda match: _PLAIN[match.group()], shown)


@dataclass(frozen=True)
class Listing:
    """The PDFs of a folder (see `find`), and the paths below it that could not be looked at."""

    files: pl.DataFrame
    unreadable: list[str]


def find(folder: Path) -> pl.DataFrame:
    """The files of a folder and of those below it whose names end in .pdf, sorted by path.

    Links to files outside the folder are left out, and links to folders are not followed.

    Returns:
        document_id, path (as `shown_path` has it), size in bytes, modified_at.

    Raises:
        UsageError: the folder cannot be read or holds no PDF.
    """
    return listing(folder).files


def listing(folder: Path) -> Listing:
    """As `find`, with the folders below that cannot be listed and files without a size or time.

    Raises:
        UsageError: the folder cannot be read or holds no PDF.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder")
    if not os.access(folder, os.R_OK | os.X_OK):
        raise UsageError(f"{folder}: the folder cannot be read")
    unreadable: list[str] = []
    rows = list(_files(folder, "", str(folder.resolve()), unreadable))
    if not rows:
        raise UsageError(f"{folder}: no PDF in this folder")
    return Listing(pl.DataFrame(rows, schema=_COLUMNS, orient="row"), unreadable)


def _files(
    folder: Path | str, below: str, root: str, unreadable: list[str]
) -> Iterator[tuple[str, str, int, datetime]]:
    """The PDFs of a folder and below, as rows of `find`.

    Args:
        folder: where to look.
        below: the path of `folder` relative to the root, ending in a slash; empty for the root.
        root: the resolved path of the folder of documents.
        unreadable: paths that cannot be looked at are added to it.
    """
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:
        unreadable.append(shown_path(below.rstrip("/")))
        return
    for entry in entries:
        relative = below + entry.name
        try:
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path, f"{relative}/", root, unreadable)
            elif entry.name.lower().endswith(".pdf") and entry.is_file() and _within(entry, root):
                status = entry.stat()
                changed = datetime.fromtimestamp(status.st_mtime, UTC)
                yield document_id(relative), shown_path(relative), status.st_size, changed
        except OSError:
            unreadable.append(shown_path(relative))


def _within(entry: os.DirEntry[str], root: str) -> bool:
    """Whether a file is no link, or a link to a file below the root."""
    return not entry.is_symlink() or os.path.realpath(entry.path).startswith(root.rstrip("/") + "/")
