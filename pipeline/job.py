"""The main job: documents and an EHR in; tables, risk and a report out. Read this first: it is the whole flow."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version as package_version
from pathlib import Path

import polars as pl

from models.line_classifier import WEIGHTS
from pipeline import documents, events, processing
from pipeline.errors import ChartlineError, UsageError
from pipeline.settings import Ehr, Settings
from pipeline.sources import Source, read_source
from pipeline.sources.common import merged
from pipeline.store import Store
from pipeline.tables import Events

Progress = Callable[[str, int, int], None]
_ALL = "events"  # the file that faults of the whole stream are told of
ORACLE = "truth/risk.parquet"  # a simulated cohort brings its own best possible risk


@dataclass
class Outcome:
    """What a run did; counts of documents, and why later stages were left out."""

    seen: int = 0
    read: int = 0
    unchanged: int = 0
    removed: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


def run(
    folder: Path, out: Path, *, ehr: Path | None, manifest: Path | None, settings: Settings, progress: Progress
) -> Outcome:
    """All stages, in order. Running again with nothing new reads no PDF and writes no table.

    Raises:
        UsageError: an input is wrong. ChartlineError: the run cannot go on. What was written stays.
    """
    source = read_source(ehr, settings.ehr) if ehr else None
    outcome = read_documents(folder, out, manifest=manifest, settings=settings, progress=progress)
    store = Store(out)
    if join_events(store, source, settings.ehr):
        progress("events", 1, 1)
    learn_and_predict(store, settings, outcome, progress, ehr / ORACLE if ehr else None)
    return outcome


def read_documents(
    folder: Path, out: Path, *, manifest: Path | None, settings: Settings, progress: Progress, limit: int | None = None
) -> Outcome:
    """PDFs to documents, lines, sections and mentions: what is new, changed or done by another version, and only that.

    `limit` reads that many documents at most; the rest is left for the next call.
    """
    seen = documents.find(folder)
    if manifest is None and (folder / documents.MANIFEST).is_file():
        manifest = folder / documents.MANIFEST
    described = documents.describe(seen, documents.read_manifest(manifest) if manifest else None)
    store, version = Store(out), processing_version(settings)
    known = store.read("documents")
    todo = documents.pending(described, known, version)
    touched = processing.still_true(todo, folder, known, version) if len(known) and len(todo) else known.clear()
    if len(touched):
        store.update_documents(touched)
        todo = todo.join(touched, on="document_id", how="anti", maintain_order="left")
    unchanged = len(seen) - len(todo)
    todo = todo.head(limit) if limit else todo
    store.set_note("source", str(folder.resolve()))
    if len(todo):
        progress("documents", 0, len(todo))
        processing.process(
            todo, folder, store, settings.reading, version, lambda done: progress("documents", done, len(todo))
        )
    gone = documents.removed(seen, known)["path"].to_list()
    return Outcome(seen=len(seen), read=len(todo), unchanged=unchanged, removed=sorted(gone))


def processing_version(settings: Settings) -> str:
    """What the tables of a document depend on besides its file: this package, the weights, how it is read."""
    weights = (settings.reading.weights or WEIGHTS) / "model.safetensors"
    if not weights.is_file():
        raise UsageError(f"{weights}: no such file")
    told = settings.reading.model_dump_json(include={"engine", "limits"}).encode() + weights.read_bytes()
    return f"{package_version('chartline')}+{hashlib.sha256(told).hexdigest()[:10]}"


def join_events(store: Store, source: Source | None, settings: Ehr) -> bool:
    """EHR events and mentions to the events table; what the source says of splits, codes and faults to theirs. Says whether anything changed.

    Raises:
        UsageError: the source has rows, but none that is an event.
    """
    mentioned = events.document_events(store.read("mentions"), store.read("documents"))
    from_documents = mentioned if settings.documents else mentioned.clear()
    given = source or _stored(store)
    total = events.size(given)
    if source is not None:
        _tell_of_source(store, source, total)
    count = -(-(total + len(from_documents)) // settings.shard_events) or 1
    if count == 1:
        whole = events.shard(given, from_documents, 0, 1)
        odd, changed = [events.suspicious(whole, _ALL)], store.overwrite("events", whole)
    else:
        odd, changed = _join_large(store, given, from_documents, count)
    store.overwrite("event_faults", merged([given.faults, *odd]))
    return changed


def _join_large(
    store: Store, source: Source, from_documents: pl.DataFrame, count: int
) -> tuple[list[pl.DataFrame], bool]:
    """Shard by shard, and one shard in memory: first to see whether anything changed, then, if so, to write."""
    odd, told = [], 0
    for number in range(count):
        part = events.shard(source, from_documents, number, count)
        odd.append(events.suspicious(part, _ALL))
        told = (told + int(part.hash_rows(1).sum() or 0)) % 2**64
    digest = json.dumps({"rows": told, "version": store.version("events")})
    if store.note("events_digest") == digest:
        return odd, False
    store.overwrite_parts("events", (events.shard(source, from_documents, number, count) for number in range(count)))
    store.set_note("events_digest", json.dumps({"rows": told, "version": store.version("events")}))
    return odd, True


def _stored(store: Store) -> Source:
    """The EHR's events of an earlier run."""
    kept = store.lazy("events").filter(pl.col("source") != events.DOCUMENT)
    return Source([kept.select(list(Events.columns()))], store.read("event_faults").filter(pl.col("file") != _ALL))


def _tell_of_source(store: Store, source: Source, total: int) -> None:
    if total == 0:
        first = f": {source.faults['fault'][0]} ({source.faults['file'][0]})" if len(source.faults) else ""
        raise UsageError(f"the EHR source holds no event; {int(source.faults['count'].sum())} rows were refused{first}")
    for name, table in (("splits", source.splits), ("codes", source.codes)):
        if table is not None:
            store.overwrite(name, table)


def learn_and_predict(
    store: Store, settings: Settings, outcome: Outcome, progress: Progress, oracle: Path | None = None
) -> None:
    """Embeddings, features and onset from the events table; left out, with the reason, where there is too little to learn."""
    from pipeline import learning  # seconds: late

    parts = (settings.embedding, settings.features, settings.onset, settings.rollup)
    told = hashlib.sha256("".join(part.model_dump_json() for part in parts).encode()).hexdigest()
    state = json.dumps({"events": store.version("events"), "settings": told})
    if store.has("predictions") and store.note("learned") == state:
        return
    try:
        learning.embed(store, settings, progress)
        learning.build_features(store, settings, progress)
        learning.predict_onset(store, settings, progress, oracle)
        store.set_note("learned", state)
    except ChartlineError as error:
        outcome.skipped.append(str(error))
