"""What is to be read: new, changed or done by another version; in batches that a flow hands out."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import polars as pl

from chartline.core import paths
from chartline.core.settings import Settings
from chartline.store import Store
from chartline.work import inventory, made_from, processing

_BYTES_A_PAGE = 60_000  # where a document was never read


@dataclass(frozen=True)
class Plan:
    """`todo`: rows of `inventory.describe`; how many files were seen and are unchanged; `gone`: known documents whose file is not there."""

    todo: pl.DataFrame
    seen: int
    unchanged: int
    gone: pl.DataFrame
    version: str


def plan(folder: Path, store: Store, manifest: Path | None, settings: Settings) -> Plan:
    """Compares the folder with the documents table. What a killed run left half done is taken away; rows of files that were only touched
    get the new time.

    Raises:
        UsageError: the folder, the manifest or the weights cannot be read.
    """
    seen = paths.find(folder)
    if manifest is None and (folder / inventory.MANIFEST).is_file():
        manifest = folder / inventory.MANIFEST
    described = inventory.describe(seen, inventory.read_manifest(manifest) if manifest else None)
    version = made_from.reading(settings)
    store.settle()
    known = store.read("documents")
    todo = inventory.pending(described, known, version)
    touched = (
        processing.still_true(todo, folder, known, version)
        if len(known) and len(todo)
        else known.clear()
    )
    if len(touched):
        store.update_documents(touched)
        todo = todo.join(touched, on="document_id", how="anti", maintain_order="left")
    store.set_note("source", str(folder.resolve()))
    return Plan(todo, len(seen), len(seen) - len(todo), inventory.removed(seen, known), version)


def batches(todo: pl.DataFrame, known: pl.DataFrame, pages: int) -> list[tuple[int, int]]:
    """Stretches of `todo` worth some `pages` pages each: as many as a document had, or as its size suggests."""
    before = todo.join(
        known.select("document_id", "pages"), on="document_id", how="left", maintain_order="left"
    )["pages"]
    guessed = (todo["size"] // _BYTES_A_PAGE).clip(1, pages)
    number = (
        before.fill_null(0)
        .clip(0, pages)
        .zip_with(before.fill_null(0) > 0, guessed.cast(pl.Int32))
        .cum_sum()
        - 1
    ) // pages
    edges = [0, *number.rle().struct.field("len").cum_sum().to_list()]
    return list(pairwise(edges))


def moved(plan: Plan, now: pl.DataFrame) -> pl.DataFrame:
    """Of the documents whose file is gone, those whose content stands under another path now."""
    there = now.join(plan.gone, on="document_id", how="anti").filter(pl.col("content_hash") != "")
    return plan.gone.join(there, on="content_hash", how="semi")
