"""The stages that learn, each from tables of the store to tables of the store."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import polars as pl

from chartline.core.settings import Settings
from chartline.history.rollup import rolled
from chartline.mentions.names import names_of_codes
from chartline.risk import cohort, embeddings, features, leaks, onset
from chartline.store import Store

Progress = Callable[[str, int, int], None]
MODEL = "onset_model"


def embed(store: Store, settings: Settings, progress: Progress) -> pl.DataFrame:
    """events -> concept_vectors (also in word2vec format), vector_subjects: those who shaped them."""
    progress("concept vectors", 0, 1)
    stream = rolled(store.lazy("events"), settings.rollup, _codes(store))
    train = _splits(store, settings).filter(pl.col("split") == cohort.TRAIN)["subject_id"].sort()
    table = embeddings.concept_vectors(stream, train, settings.embedding, settings.ehr.shard_events)
    came_from = {
        "events": store.version("events"),
        "embedding": settings.embedding.model_dump(),
        "rollup": settings.rollup.model_dump(mode="json"),
    }
    store.overwrite("vector_subjects", train.to_frame())
    store.overwrite("concept_vectors", table, came_from)
    embeddings.export(table, store.root / "concept_vectors.word2vec.txt")
    progress("concept vectors", 1, 1)
    return table


def build_features(
    store: Store, settings: Settings, progress: Progress, vectors_version: int | None = None
) -> pl.DataFrame:
    """events and concept_vectors (as they are, or were at a version) -> features, feature_dictionary.

    Raises:
        LeakError: see `guards`. ChartlineError: there is no case, or no control for any.
    """
    progress("features", 0, 1)
    task = cohort.load(settings.onset.cohort)
    vectors = store.needed("concept_vectors", "embed")
    if vectors_version is not None:
        vectors = store.read("concept_vectors", version=vectors_version)
    raw, told = store.read("events"), _codes(store)
    # the outcome is told by codes, not by groups: what may be known is settled before codes are rolled up
    stream = rolled(raw.filter(~task.outcome, ~task.synonyms), settings.rollup, told)
    rows = cohort.cohort(raw, _splits(store, settings), task, settings.onset.seed)
    names = names_of_codes(told)
    leaks.check(
        features.observed(stream, rows, task, max(settings.features.windows_days)),
        rows,
        task,
        store.read("documents"),
        _taught(store),
    )
    built = features.features(stream, vectors, rows, task, settings.features, names)
    came_from = {
        "events": store.version("events"),
        "concept_vectors": vectors_version
        if vectors_version is not None
        else store.version("concept_vectors"),
        "features": settings.features.model_dump(),
        "onset": settings.onset.model_dump(),
    }
    store.overwrite("features", built.table, came_from)
    store.overwrite("feature_dictionary", built.dictionary)
    store.overwrite("outcome_synonyms", leaks.near_synonyms(raw, task))
    progress("features", 1, 1)
    return built.table


def predict_onset(
    store: Store, settings: Settings, progress: Progress, oracle: Path | None = None
) -> pl.DataFrame:
    """features -> predictions, onset_scores, onset_curves, onset_learning and the model in OUT/onset_model; the scores are returned."""
    progress("onset risk", 0, 1)
    table, task = store.needed("features", "features"), cohort.load(settings.onset.cohort)
    codes = _codes(store)
    inputs = onset.inputs_of(
        table,
        store.read("events"),
        codes,
        settings.embedding.min_count,
        task,
        max(settings.features.windows_days),
    )
    found = onset.predict(table, inputs, settings, task)
    scores = found.scores
    if oracle is not None and oracle.is_file():
        best = onset.best_reachable(found.curves, pl.read_parquet(oracle), settings.onset.seed)
        row = {"source": "best reachable", "model": "the simulation's own risk", **asdict(best)}
        scores = pl.concat([scores, pl.DataFrame([row])])
    store.overwrite("predictions", found.predictions, {"features": store.version("features")})
    scores = scores.with_columns(outcome=pl.lit(task.name))
    store.overwrite("onset_scores", scores)
    store.overwrite("onset_curves", found.curves)
    store.overwrite("onset_learning", found.learning)
    onset.save(found.fitted, store.root / MODEL, store.provenance("features"))
    progress("onset risk", 1, 1)
    return scores


def score_onset(store: Store, settings: Settings, progress: Progress) -> pl.DataFrame:
    """events -> features, predictions by the model of an earlier `predict_onset`, with the concept vectors that it was fitted on."""
    fitted, provenance = onset.load(store.root / MODEL)
    build_features(store, settings, progress, provenance.get("concept_vectors"))
    found = onset.score(store.read("features"), fitted)
    store.overwrite(
        "predictions", found, {"features": store.version("features"), "model": provenance}
    )
    return found


def fitted(store: Store) -> bool:
    """Whether there is a model to score by."""
    return (store.root / MODEL / "card.json").is_file()


def _codes(store: Store) -> pl.DataFrame | None:
    """What the source says of codes, where it says anything."""
    return store.read("codes") if store.has("codes") else None


def _splits(store: Store, settings: Settings) -> pl.DataFrame:
    declared = store.read("splits") if store.has("splits") else None
    return cohort.splits_of(
        store.lazy("events", ["subject_id"]).unique().collect(), declared, settings.onset.seed
    )


def _taught(store: Store) -> pl.Series:
    return (
        store.read("vector_subjects")["subject_id"]
        if store.has("vector_subjects")
        else pl.Series("subject_id", [], pl.Int64)
    )
