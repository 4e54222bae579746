"""The main job: documents and an EHR in; tables and risk out. Read this first: the whole flow."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from chartline.core import paths, worker_pool
from chartline.core.progress import Progress
from chartline.core.reasons import Reason
from chartline.core.settings import Settings
from chartline.history.sources import read_source
from chartline.store import Store, runs
from chartline.work import made_from, planning, processing
from chartline.work.event_table import join_events

ORACLE = "truth/risk.parquet"  # a simulated cohort brings its own best possible risk


@dataclass
class RunSummary:
    """What a run did.

    Counts of documents; `documents`, the identities of those it read; `removed`, the paths of
    those whose file is gone; `skipped`, why stages that learn were left out; `unreadable`, the
    paths of files and folders that could not be read and are tried again in the next run;
    `unmatched`, the paths in the manifest that are no file's.
    """

    seen: int = 0
    read: int = 0
    unchanged: int = 0
    removed: list[str] = field(default_factory=list)
    moved: int = 0
    documents: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)


def run(
    folder: Path,
    out: Path,
    *,
    ehr: Path | None,
    manifest: Path | None,
    settings: Settings,
    progress: Progress,
    rebuild: bool = False,
) -> RunSummary:
    """All stages, in order. Running again with nothing new writes no table but `runs`.

    `rebuild` sets aside the tables of earlier runs, and makes all of them anew.

    Raises:
        UsageError: an input is wrong; nothing was read or written.
        LeakError: something that a prediction must not know would have entered it.
        ChartlineError: the run cannot go on. What was written stays.
    """
    from chartline.work import stages  # takes seconds to import

    source = read_source(ehr, settings.ehr, runs.run_date()) if ehr else None
    paths.find(folder)  # a wrong folder makes no tables
    stages.check(settings)
    store = Store(out, settings.tables, rebuild)
    with runs.recorded(store, "run") as row:
        summary = read_documents(
            folder, store, manifest=manifest, settings=settings, progress=progress
        )
        row |= counts(store, summary)
        if join_events(store, source, settings.ehr):
            progress("events", 1, 1)
        if reason := stages.learn(store, settings, progress, ehr / ORACLE if ehr else None):
            summary.skipped.append(reason)
        store.vacuum(settings.keep_days)
    return summary


def read_documents(
    folder: Path, store: Store, *, manifest: Path | None, settings: Settings, progress: Progress
) -> RunSummary:
    """PDFs to documents, lines, sections and mentions.

    Read is what is new, changed, or was read by another version; and only that.
    """
    found = planning.plan(folder, store, manifest, settings)
    total = len(found.todo)
    if total:
        progress("documents", 0, total)
        pool = processing.new_pool(settings.reading)
        try:
            read_batch(
                found.todo,
                folder,
                store,
                settings,
                lambda done: progress("documents", done, total),
                pool,
            )
        finally:
            pool.close()
    return finish(store, found)


def read_batch(
    todo: pl.DataFrame,
    folder: Path,
    store: Store,
    settings: Settings,
    done: Callable[[int], None],
    pool: worker_pool.Pool,
) -> None:
    """Some of a plan's documents to tables."""
    version = made_from.reading(settings)
    processing.process(todo, folder, store, settings.reading, version, done, pool)


def finish(store: Store, found: planning.Plan) -> RunSummary:
    """The summary of a plan whose documents were read.

    Rows of moved files are dropped; rows of removed ones are kept, and their paths named.
    """
    known = store.read("documents")
    moved = planning.moved(found, known)
    store.remove_documents(moved["document_id"].to_list())
    gone = found.gone.join(moved, on="document_id", how="anti")["path"].sort().to_list()
    read = found.todo["document_id"].to_list()
    shut = known.filter(
        pl.col("document_id").is_in(read), pl.col("reason") == Reason.UNREADABLE.value
    )
    return RunSummary(
        seen=found.seen,
        read=len(read),
        unchanged=found.unchanged,
        removed=gone,
        moved=len(moved),
        documents=read,
        unreadable=[*found.unreadable, *shut["path"].sort()],
        unmatched=found.unmatched,
    )


def counts(store: Store, summary: RunSummary) -> dict[str, int]:
    """The counts of the runs table for what was read."""
    mine = store.read("documents").filter(pl.col("document_id").is_in(summary.documents))
    return {
        "seen": summary.seen,
        "read": summary.read,
        "unchanged": summary.unchanged,
        "removed": len(summary.removed),
        "pages": int(mine["pages"].sum()),
        **{status: int((mine["status"] == status).sum()) for status in ("partial", "quarantined")},
    }
