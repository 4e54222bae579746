"""What a run is to read: new and changed documents, in batches that a flow hands out."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import polars as pl

from chartline.core import paths
from chartline.core.settings import Settings
from chartline.store import Store
from chartline.work import inventory, made_from
from chartline.work.manifest import MANIFEST, match_paths, read_manifest

_BYTES_A_PAGE = 60_000  # guess for a document that was never read: sample_docs has 30 to 90 kB


@dataclass(frozen=True)
class Plan:
    """What a run is to do with a folder.

    Attributes:
        todo: the files to read, as `inventory.describe` gives them.
        seen: how many documents are in the folder.
        unchanged: how many of them need not be read.
        gone: rows of the documents table whose file is not there.
        version: what reads them (`made_from.reading`).
        unreadable: paths in the folder that could not be looked at.
        unmatched: paths in the manifest that are no file's.
    """

    todo: pl.DataFrame
    seen: int
    unchanged: int
    gone: pl.DataFrame
    version: str
    unreadable: list[str]
    unmatched: list[str]


def plan(folder: Path, store: Store, manifest: Path | None, settings: Settings) -> Plan:
    """Compares the folder with the documents table.

    What a killed run left half done is taken away; rows of files that were only touched get the
    new time. The manifest is the folder's own (manifest.csv) when absent.

    Raises:
        UsageError: the folder, the manifest or the weights cannot be read.
    """
    found = paths.listing(folder)
    seen = found.files
    if manifest is None and (folder / MANIFEST).is_file():
        manifest = folder / MANIFEST
    stated: pl.DataFrame | None = None
    unmatched: list[str] = []
    if manifest is not None:
        stated, unmatched = match_paths(read_manifest(manifest), seen["path"].to_list())
    described = inventory.describe(seen, stated)
    version = made_from.reading(settings)
    store.settle()
    known = store.read("documents")
    todo = inventory.pending(described, known, version)
    if len(known) and len(todo):
        touched = inventory.touched(todo, folder, known, version)
        if len(touched):
            store.update_documents(touched)
            todo = todo.join(touched, on="document_id", how="anti", maintain_order="left")
    store.set_note("source", str(folder.resolve()))
    gone = inventory.removed(seen, known, found.unreadable)
    unchanged = len(seen) - len(todo)
    return Plan(todo, len(seen), unchanged, gone, version, found.unreadable, unmatched)


def batches(todo: pl.DataFrame, known: pl.DataFrame, pages: int) -> list[tuple[int, int]]:
    """Ranges of rows of `todo` (begin, end) worth about `pages` pages each.

    A document counts the pages that it had when it was last read, else a guess by its size.
    """
    before = todo.join(
        known.select("document_id", "pages"), on="document_id", how="left", maintain_order="left"
    )["pages"].fill_null(0)
    guessed = (todo["size"] // _BYTES_A_PAGE).clip(1, pages).cast(pl.Int32)
    expected = before.clip(0, pages).zip_with(before > 0, guessed)
    number = (expected.cum_sum() - 1) // pages
    edges = [0, *number.rle().struct.field("len").cum_sum().to_list()]
    return list(pairwise(edges))


def moved(plan: Plan, now: pl.DataFrame) -> pl.DataFrame:
    """Of the documents whose file is gone, those whose content is under another path now.

    `now` is the documents table after reading.
    """
    present = now.join(plan.gone, on="document_id", how="anti")
    return plan.gone.join(
        present.filter(pl.col("content_hash") != ""), on="content_hash", how="semi"
    )
