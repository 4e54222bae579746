"""The main job: documents and an EHR in; tables, risk and a report out. Read this first: it is the whole flow."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from chartline.core import paths, worker_pool
from chartline.core.errors import ChartlineError, UsageError
from chartline.core.settings import EhrSettings, Settings
from chartline.core.tables import Events
from chartline.history import events, plausibility
from chartline.history.faults import merge_faults
from chartline.history.sources import Source, read_source
from chartline.store import Store, runs
from chartline.work import planning, processing

Progress = Callable[[str, int, int], None]
_ALL = "events"  # the file that faults of the whole stream are told of
ORACLE = "truth/risk.parquet"  # a simulated cohort brings its own best possible risk


@dataclass
class Outcome:
    """What a run did; counts of documents, the identities of those it read, and why later stages were left out."""

    seen: int = 0
    read: int = 0
    unchanged: int = 0
    removed: list[str] = field(default_factory=list)
    moved: int = 0
    documents: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


def run(
    folder: Path,
    out: Path,
    *,
    ehr: Path | None,
    manifest: Path | None,
    settings: Settings,
    progress: Progress,
) -> Outcome:
    """All stages, in order. Running again with nothing new reads no PDF and writes no table but `runs`.

    Raises:
        UsageError: an input is wrong. ChartlineError: the run cannot go on. What was written stays.
    """
    source = read_source(ehr, settings.ehr) if ehr else None
    paths.find(folder)  # a wrong folder makes no tables
    store = Store(out, settings.tables)
    with runs.recorded(store, "run") as row:
        outcome = read_documents(
            folder, store, manifest=manifest, settings=settings, progress=progress
        )
        row |= counts(store, outcome)
        if join_events(store, source, settings.ehr):
            progress("events", 1, 1)
        learn_and_predict(store, settings, outcome, progress, ehr / ORACLE if ehr else None)
        store.vacuum(settings.keep_days)
    return outcome


def read_documents(
    folder: Path, store: Store, *, manifest: Path | None, settings: Settings, progress: Progress
) -> Outcome:
    """PDFs to documents, lines, sections and mentions: what is new, changed or done by another version, and only that."""
    found = planning.plan(folder, store, manifest, settings)
    if len(found.todo):
        progress("documents", 0, len(found.todo))
        pool = processing.new_pool(settings.reading)
        try:
            read_batch(
                found.todo,
                folder,
                store,
                settings,
                lambda done: progress("documents", done, len(found.todo)),
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
    tick: Callable[[int], None],
    pool: worker_pool.Pool,
) -> None:
    """Some of a plan's documents to tables."""
    version = planning.processing_version(settings)
    processing.process(todo, folder, store, settings.reading, version, tick, pool)


def finish(store: Store, found: planning.Plan) -> Outcome:
    """What a plan came to, once its documents are read: rows of moved files are dropped, those of removed ones kept and told."""
    moved = planning.moved(found, store.read("documents"))
    store.remove_documents(moved["document_id"].to_list())
    gone = found.gone.join(moved, on="document_id", how="anti")["path"].sort().to_list()
    read = found.todo["document_id"].to_list()
    return Outcome(found.seen, len(read), found.unchanged, gone, len(moved), read)


def counts(store: Store, outcome: Outcome) -> dict[str, int]:
    """The counts of the runs table for what was read."""
    mine = store.read("documents").filter(pl.col("document_id").is_in(outcome.documents))
    return {
        "seen": outcome.seen,
        "read": outcome.read,
        "unchanged": outcome.unchanged,
        "removed": len(outcome.removed),
        "pages": int(mine["pages"].sum()),
        **{status: int((mine["status"] == status).sum()) for status in ("partial", "quarantined")},
    }


def join_events(store: Store, source: Source | None, settings: EhrSettings) -> bool:
    """EHR events and mentions to the events table; what the source says of splits, codes and faults to theirs. Says whether anything changed.

    Raises:
        UsageError: the source has rows, but none that is an event.
    """
    mentioned = events.document_events(store.read("mentions"), store.read("documents"))
    from_documents = mentioned if settings.documents else mentioned.clear()
    given = source or _stored(store)
    if source is not None:
        _tell_of_source(store, source)
    parts = events.ranges([*given.events, from_documents.lazy()], settings.shard_events)
    if len(parts) == 1:
        whole = events.shard(given, from_documents, parts[0])
        odd, changed = [plausibility.implausible(whole, _ALL)], store.overwrite("events", whole)
    else:
        odd, changed = _join_large(store, given, from_documents, parts)
    store.overwrite("event_faults", merge_faults([given.faults, *odd]))
    return changed


def _join_large(
    store: Store, source: Source, from_documents: pl.DataFrame, parts: list[tuple[int, int]]
) -> tuple[list[pl.DataFrame], bool]:
    """Range by range, and one in memory: first to see whether anything changed, then, if so, to write."""
    odd, told = [], 0
    for part in parts:
        found = events.shard(source, from_documents, part)
        odd.append(plausibility.implausible(found, _ALL))
        told = (told + int(found.hash_rows(1).sum() or 0)) % 2**64
    if store.note("events_digest") == json.dumps(
        {"rows": told, "version": store.version("events")}
    ):
        return odd, False
    store.overwrite_parts("events", (events.shard(source, from_documents, part) for part in parts))
    store.set_note("events_digest", json.dumps({"rows": told, "version": store.version("events")}))
    return odd, True


def _stored(store: Store) -> Source:
    """The EHR's events of an earlier run."""
    kept = store.lazy("events").filter(pl.col("source") != events.DOCUMENT)
    return Source(
        [kept.select(list(Events.columns()))],
        store.read("event_faults").filter(pl.col("file") != _ALL),
    )


def _tell_of_source(store: Store, source: Source) -> None:
    if not any(len(frame.head(1).collect()) for frame in source.events):
        first = f", the first: {source.faults['fault'][0]}" if len(source.faults) else ""
        raise UsageError(
            f"the EHR source holds no event; {int(source.faults['count'].sum())} rows were refused{first}"
        )
    for name, table in (("splits", source.splits), ("codes", source.codes)):
        if table is not None:
            store.overwrite(name, table)


def learn_and_predict(
    store: Store,
    settings: Settings,
    outcome: Outcome,
    progress: Progress,
    oracle: Path | None = None,
) -> None:
    """Embeddings, features and onset from the events table; left out, with the reason, where there is too little to learn."""
    from chartline.work import stages  # seconds: late

    parts = (settings.embedding, settings.features, settings.onset, settings.rollup)
    told = hashlib.sha256("".join(part.model_dump_json() for part in parts).encode()).hexdigest()
    state = json.dumps({"events": store.version("events"), "settings": told})
    if store.has("predictions") and store.note("learned") == state:
        return
    try:
        stages.embed(store, settings, progress)
        stages.build_features(store, settings, progress)
        stages.predict_onset(store, settings, progress, oracle)
        store.set_note("learned", state)
    except ChartlineError as error:
        outcome.skipped.append(str(error))
