"""A complete index in a folder of its own, which is never changed once it can be found."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl
import tantivy

from chartline.core.errors import ChartlineError
from chartline.core.lineage import Inputs
from chartline.core.progress import Progress
from chartline.search.rows import Mentions, by_section
from chartline.search.schema import SCHEMA, engine_document

_ENGINE, _NOTES, _DIGESTS = "engine", "notes.json", "digests.parquet"
_MEMORY = 128_000_000  # bytes that the engine fills before it writes a segment
_THREADS = 1  # so that equal scores come in the order of the tables
_SLICE = 5_000  # sections between two reports of progress


@dataclass(frozen=True)
class Notes:
    """What an index says of itself: what it was made from, and the values that filters may have."""

    inputs: Inputs
    language: list[str]
    kind: list[str]
    document_kind: list[str]


class Generation:
    """An index that can be searched.

    Raises:
        OSError, ValueError: it is not there, or damaged.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.notes = Notes(**json.loads((folder / _NOTES).read_text("utf-8")))
        self.searcher = tantivy.Index.open(str(folder / _ENGINE)).searcher()

    def digests(self) -> pl.DataFrame:
        """The digests of the rows that it was made of (`rows.digests`)."""
        return pl.read_parquet(self.folder / _DIGESTS)


def make(
    folder: Path,
    base: Generation | None,
    new: pl.DataFrame,
    mentions: pl.DataFrame,
    progress: Progress,
) -> None:
    """Writes the engine's files of an index.

    Args:
        folder: where, an empty folder.
        base: an index whose sections are taken over; its files are linked, since the engine
            replaces files and never changes them.
        new: the sections to add.
        mentions: their mentions.
        progress: called with the number of sections that are done.

    Raises:
        ChartlineError: it cannot be written.
    """
    engine = folder / _ENGINE
    with writing(folder):
        if base:
            _link(base.folder / _ENGINE, engine)
        else:
            engine.mkdir(mode=0o700)
        index = tantivy.Index(SCHEMA, str(engine), reuse=True)
        writer = index.writer(_MEMORY, _THREADS)
        _add(writer, new, by_section(mentions), progress)
        writer.commit()
        writer.wait_merging_threads()


def _add(
    writer: tantivy.IndexWriter, new: pl.DataFrame, mentions: Mentions, progress: Progress
) -> None:
    done = 0
    for part in new.iter_slices(_SLICE):
        for row in part.iter_rows(named=True):
            key = row["document_id"], row["section"]
            writer.add_document(engine_document(row, mentions.get(key, ())))
        done += len(part)
        progress("search index", done, len(new))


def finish(folder: Path, notes: Notes, digests: pl.DataFrame) -> None:
    """Writes what belongs to the engine's files; what lies in the folder is its owner's alone.

    Raises:
        ChartlineError: it cannot be written.
    """
    with writing(folder):
        digests.write_parquet(folder / _DIGESTS)
        (folder / _NOTES).write_text(json.dumps(asdict(notes)), "utf-8")
        for path in folder.rglob("*"):
            path.chmod(0o700 if path.is_dir() else 0o600)


def take_over(base: Generation, folder: Path) -> None:
    """Links the engine's files of another index, whose sections are the same.

    Raises:
        ChartlineError: it cannot be written.
    """
    with writing(folder):
        _link(base.folder / _ENGINE, folder / _ENGINE)


def _link(base: Path, engine: Path) -> None:
    own = shutil.ignore_patterns("*.lock")  # a lock goes with its file
    shutil.copytree(base, engine, copy_function=os.link, ignore=own)


def values(sections: pl.DataFrame) -> dict[str, Any]:
    """The values that filters may have, in order."""
    return {
        name: sections[name].drop_nulls().unique().sort().to_list()
        for name in ("language", "kind", "document_kind")
    }


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turns what goes wrong while an index is written into one line without text.

    Raises:
        ChartlineError: something did.
    """
    try:
        yield
    except OSError as error:
        cause = os.strerror(error.errno or 0)
        raise ChartlineError(f"{folder.parent}: cannot be written ({cause})") from None
    except ValueError as error:  # the engine's; its message is not shown
        cause = "no space left on the disk" if "os error 28" in str(error) else "its engine failed"
        raise ChartlineError(f"{folder.parent}: cannot be written ({cause})") from None
