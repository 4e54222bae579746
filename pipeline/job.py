"""The main job: documents and an EHR in; tables, risk and a report out. Read this first: it is the whole flow."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version as package_version
from pathlib import Path

import polars as pl

from models.line_classifier.prediction import WEIGHTS
from pipeline import documents, embeddings, events, features, onset, processing
from pipeline.errors import ChartlineError, UsageError
from pipeline.settings import Settings
from pipeline.store import Store

Progress = Callable[[str, int, int], None]
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
    source = events.read_source(ehr) if ehr else None
    outcome = read_documents(folder, out, manifest=manifest, settings=settings, progress=progress)
    store = Store(out)
    if join_events(store, source):
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


def join_events(store: Store, source: events.Source | None) -> bool:
    """EHR events and mentions to the events table (and the source's splits). Says whether anything changed."""
    from_documents = events.document_events(store.read("mentions"), store.read("documents"))
    if source is None:
        from_ehr = store.read("events").filter(pl.col("source") != events.DOCUMENT)
    else:
        from_ehr = source.events
        for name, table in (("splits", source.splits), ("codes", source.codes)):
            if table is not None:
                store.overwrite(name, table)
    return store.overwrite("events", events.join(from_ehr, from_documents))


def learn_and_predict(
    store: Store, settings: Settings, outcome: Outcome, progress: Progress, oracle: Path | None = None
) -> None:
    """Embeddings, features and onset from the events table; left out, with the reason, where there is too little to learn."""
    told = hashlib.sha256(
        (settings.embedding.model_dump_json() + settings.onset.model_dump_json()).encode()
    ).hexdigest()
    state = json.dumps({"events": store.version("events"), "settings": told})
    if store.has("predictions") and store.note("learned") == state:
        return
    try:
        embed(store, settings, progress)
        build_features(store, settings, progress)
        predict_onset(store, settings, progress, oracle)
        store.set_note("learned", state)
    except ChartlineError as error:
        outcome.skipped.append(str(error))


def embed(store: Store, settings: Settings, progress: Progress) -> pl.DataFrame:
    """events -> concept_vectors, and the same in word2vec format."""
    progress("concept vectors", 0, 1)
    stream = store.read("events")
    splits = _splits(store, stream, settings)
    train = splits.filter(pl.col("split") == features.TRAIN)["subject_id"]
    table = embeddings.concept_vectors(stream, train, settings.embedding)
    store.overwrite("concept_vectors", table)
    embeddings.export(table, store.root / "concept_vectors.word2vec.txt")
    progress("concept vectors", 1, 1)
    return table


def build_features(store: Store, settings: Settings, progress: Progress) -> pl.DataFrame:
    """events and concept_vectors -> features."""
    progress("features", 0, 1)
    stream, vectors = store.read("events"), _needed(store, "concept_vectors", "embed")
    rows = features.cohort(stream, _splits(store, stream, settings), settings.onset)
    table = features.features(stream, vectors, rows, settings.onset)
    store.overwrite("features", table)
    progress("features", 1, 1)
    return table


def predict_onset(store: Store, settings: Settings, progress: Progress, oracle: Path | None = None) -> pl.DataFrame:
    """features -> predictions, onset_scores and onset_curves; the scores by input and classifier are returned."""
    progress("onset risk", 0, 1)
    table, vectors = _needed(store, "features", "features"), _needed(store, "concept_vectors", "embed")
    found = onset.predict(table, store.read("events"), vectors, settings.onset)
    scores = found.scores
    if oracle is not None and oracle.is_file():
        best = onset.best_reachable(found.curves, pl.read_parquet(oracle), settings.onset.seed)
        row = (
            "best reachable",
            "the simulation's own risk",
            best.auc,
            best.low,
            best.high,
            best.brier,
            int(scores["rows"][0]),
        )
        scores = pl.concat([scores, pl.DataFrame([row], schema=scores.schema, orient="row")])
    store.overwrite("predictions", found.predictions)
    store.overwrite("onset_scores", scores)
    store.overwrite("onset_curves", found.curves)
    progress("onset risk", 1, 1)
    return scores


def _splits(store: Store, stream: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    declared = store.read("splits") if store.has("splits") else None
    return features.splits_of(stream, declared, settings.onset.seed)


def _needed(store: Store, table: str, command: str) -> pl.DataFrame:
    if not store.has(table):
        raise UsageError(f"{store.root / table}: no such table yet; run `chartline {command}` first")
    return store.read(table)
