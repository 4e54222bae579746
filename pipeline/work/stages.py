"""The stages that learn, each from tables of the store to tables of the store.

The table that says what a stage's tables were made from is written last, so that a stage which was
killed half-way is run again.
"""

from dataclasses import asdict
from pathlib import Path

import polars as pl

from chartline.core import lineage
from chartline.core.errors import TooLittleError, UsageError
from chartline.core.progress import Progress
from chartline.core.settings import Settings
from chartline.history import rollup
from chartline.history.rollup import rolled
from chartline.mentions.names import names_of_codes
from chartline.mentions.own_terms import read_own_terms
from chartline.risk import embeddings, features, inputs, leaks, onset, onset_model, tasks
from chartline.risk.leaks_columns import no_telling_column, without_left_out
from chartline.risk.leaks_people import no_code_of_future_cases
from chartline.risk.record import until
from chartline.risk.splits import TRAIN
from chartline.risk.tasks import Task
from chartline.store import MODEL, Store
from chartline.work import clock, made_from, outcome

CARD = "card.json"  # of the model
LEARNED = (
    "concept_vectors",
    "vector_subjects",
    "features",
    "feature_dictionary",
    "outcome_synonyms",
    "cohort_counts",
    "predictions",
    "onset_scores",
    "onset_curves",
    "onset_learning",
)


def check(settings: Settings) -> None:
    """Checks what the stages that learn will ask for, before anything is read.

    Raises:
        UsageError: the cohort, a list of terms or the roll-up file cannot be read, or settings
            exclude each other.
    """
    read_own_terms(*settings.reading.terms)
    tasks.asked(settings.onset)
    embeddings.learner_of(settings.embedding)
    rollup.groups(pl.Series([], dtype=pl.String), settings.rollup, None)


def learn(
    store: Store, settings: Settings, progress: Progress, oracle: Path | None = None
) -> str | None:
    """Runs the stages that learn whose inputs have changed, in order.

    Returns why they were left out where there is too little to learn from; the tables that they
    made earlier, of other inputs, are then emptied.

    Raises:
        LeakError: something that a prediction must not know would have entered it.
    """
    try:
        if _stale(store, "concept_vectors", made_from.vectors(store, settings)):
            embed(store, settings, progress)
        if _stale(store, "features", made_from.features(store, settings)):
            build_features(store, settings, progress)
        if _stale(store, "predictions", made_from.predictions(store, settings)):
            predict_onset(store, settings, progress, oracle)
    except TooLittleError as error:
        for table in LEARNED:
            if _made_of_others(store, settings, table):
                store.clear(table)
        return str(error)
    return None


def embed(store: Store, settings: Settings, progress: Progress) -> pl.DataFrame:
    """Events to concept_vectors (also in word2vec's format) and vector_subjects.

    Raises:
        TooLittleError: too few events to learn from.
    """
    progress("concept vectors", 0, 1)
    events = until(store.lazy("events"), settings.onset.today or clock.run_date())
    stream = rolled(events, settings.rollup, _codes(store))
    splits = outcome.splits(store.lazy("events"), store.read("splits"), settings)
    train = splits.filter(pl.col("split") == TRAIN)["subject_id"].sort()
    table = embeddings.concept_vectors(stream, train, settings.embedding, settings.ehr.shard_events)
    embeddings.export(table, store.root / "concept_vectors.word2vec.txt")
    store.overwrite("vector_subjects", train.to_frame())
    store.overwrite("concept_vectors", table, made_from.vectors(store, settings))
    progress("concept vectors", 1, 1)
    return table


def build_features(
    store: Store, settings: Settings, progress: Progress, vectors_version: int | None = None
) -> pl.DataFrame:
    """Events and concept_vectors to features, feature_dictionary and outcome_synonyms.

    The concept vectors are the newest, or those of a Delta version.

    Raises:
        LeakError: see `leaks`. TooLittleError: there is no case, or no control for any.
    """
    progress("features", 0, 1)
    vectors = store.needed("concept_vectors", "embed")
    if vectors_version is not None:
        vectors = store.read("concept_vectors", version=vectors_version)
    raw, codes = store.read("events"), _codes(store)
    asked = outcome.asked(raw, codes, settings)
    task = asked.task
    # the outcome is named by codes, not by groups: it is taken out before codes are rolled up
    rolled_up = rolled(raw.filter(~task.hidden), settings.rollup, codes)
    stream = rolled_up.filter(~task.left_out)
    drawn = outcome.drawn(asked, raw, store.read("splits"), settings, clock.run_date())
    rows = drawn.rows
    known = _observed(stream, rows, task, settings)
    leaks.check(known, rows, task, store.read("documents"), _vector_subjects(store))
    leaks.check_codes(known, rows, raw, task)
    no_code_of_future_cases(until(raw, settings.onset.today or clock.run_date()), task)
    built = features.features(stream, vectors, rows, task, settings.features, names_of_codes(codes))
    table = without_left_out(built.table, task)
    no_telling_column(table, inputs.columns_of(table), task)
    dictionary = built.dictionary.filter(pl.col("name").is_in(table.columns))
    store.overwrite("feature_dictionary", dictionary)
    store.overwrite("outcome_synonyms", outcome.synonyms(asked, raw, rows, settings))
    store.overwrite("cohort_counts", drawn.counts)
    came_from = made_from.features(store, settings, vectors_version)
    store.overwrite("features", table, came_from)
    progress("features", 1, 1)
    return table


def predict_onset(
    store: Store, settings: Settings, progress: Progress, oracle: Path | None = None
) -> pl.DataFrame:
    """Features to predictions, the onset tables and the model in OUT/onset_model.

    Features that were made for another cohort, or from other events, are made anew first.
    `oracle` is a file with a simulation's own risks. Returns the scores.

    Raises:
        LeakError: see `leaks`. TooLittleError: too few cases or controls.
    """
    if _stale(store, "features", made_from.features(store, settings)):
        build_features(store, settings, progress)
    progress("onset risk", 0, 1)
    table = store.needed("features", "features")
    task = outcome.asked(store.lazy("events"), _codes(store), settings).task
    found = onset.predict(table, _inputs(store, settings, table, task), settings, task)
    scores = found.scores
    if oracle is not None and oracle.is_file():
        best = onset.best_reachable(found.curves, pl.read_parquet(oracle), settings.onset.seed)
        row = {"source": "best reachable", "model": "the simulation's own risk", **asdict(best)}
        scores = pl.concat([scores, pl.DataFrame([row | {"kept": False}])], how="diagonal")
    with store.writing():
        onset_model.save(found.fitted, store.root / MODEL, _bound_to(store, settings))
    # a model that gives all the same risk has no slope
    scores = scores.with_columns(pl.col("slope").fill_nan(None), outcome=pl.lit(task.name))
    store.overwrite("onset_scores", scores)
    store.overwrite("onset_curves", found.curves)
    store.overwrite("onset_learning", found.learning)
    store.overwrite("predictions", found.predictions, made_from.predictions(store, settings))
    progress("onset risk", 1, 1)
    return scores


def score_onset(store: Store, settings: Settings, progress: Progress) -> pl.DataFrame:
    """Events to features and predictions, by the model of an earlier `predict_onset`.

    Features are made with the concept vectors that the model was fitted on.

    Raises:
        UsageError: there is no model, or it predicts the outcome of another cohort.
    """
    fitted, bound = onset_model.load(store.root / MODEL)
    asked = _bound_to(store, settings)
    if bound.get("cohort") != asked["cohort"]:
        name = tasks.load(settings.onset.cohort).name
        raise UsageError(
            f"{store.root / MODEL}: fitted for {fitted.card['task']}, by a cohort file other than "
            f"that of {name} now; fit it again (`chartline onset`), or name its cohort"
        )
    version = bound["concept_vectors"]
    if _stale(store, "features", made_from.features(store, settings, version)):
        build_features(store, settings, progress, version)
    table = store.read("features")
    task = outcome.asked(store.lazy("events"), _codes(store), settings).task
    known = {} if fitted.source == inputs.VECTORS else _known(store, settings, table, task)
    found = onset_model.score(table, fitted, known)
    card = lineage.of_file(store.root / MODEL / CARD)
    store.overwrite("predictions", found, made_from.scores(store, settings, card))
    return found


def fitted(store: Store) -> bool:
    """Whether there is a model to score by."""
    return (store.root / MODEL / CARD).is_file()


def _stale(store: Store, table: str, inputs: lineage.Inputs) -> bool:
    return bool(lineage.changed(inputs, store.made_from(table)))


def _made_of_others(store: Store, settings: Settings, table: str) -> bool:
    """Whether a table that was learned earlier no longer fits what there is now."""
    if table in ("concept_vectors", "vector_subjects"):
        return _stale(store, "concept_vectors", made_from.vectors(store, settings))
    if table in ("features", "feature_dictionary", "outcome_synonyms", "cohort_counts"):
        return _stale(store, "features", made_from.features(store, settings))
    return _stale(store, "predictions", made_from.predictions(store, settings))


def _inputs(
    store: Store, settings: Settings, table: pl.DataFrame, task: Task
) -> dict[str, inputs.Input]:
    known = _known(store, settings, table, task)
    window = max(settings.features.windows_days)
    return inputs.inputs_of(table, known, settings.embedding.min_count, window)


def _known(store: Store, settings: Settings, table: pl.DataFrame, task: Task) -> inputs.Codes:
    """Raw and grouped codes that classifiers may see; they pass the guards as features do."""
    events, codes = store.read("events"), _codes(store)
    observed = _observed(events, table, task, settings, inputs.EVER_DAYS)
    known = inputs.known_codes(observed, events, codes)
    documents, subjects = store.read("documents"), _vector_subjects(store)
    known = {name: (within.filter(~task.left_out), all_) for name, (within, all_) in known.items()}
    for within, _ in known.values():
        leaks.check(within, table, task, documents, subjects)
        for window in inputs.WINDOWS:
            seen = within.filter(pl.col("age_days") <= window)
            leaks.check_codes(seen, table, events, task)
    no_telling_column(table, inputs.columns_of(table), task)
    return known


def _observed(
    events: pl.DataFrame,
    rows: pl.DataFrame,
    task: Task,
    settings: Settings,
    days: int | None = None,
) -> pl.DataFrame:
    """What predictions may know: in so many days, or in the longest window of the features."""
    window = days or max(settings.features.windows_days)
    return features.observed(events, rows, task, window, settings.features.provisional)


def _bound_to(store: Store, settings: Settings) -> dict[str, object]:
    """What a model is bound to: the version of its concept vectors, and its cohort."""
    return {
        "concept_vectors": store.version("concept_vectors"),
        "cohort": made_from.features(store, settings)["cohort"],
    }


def _codes(store: Store) -> pl.DataFrame | None:
    """What the source says of codes, where it says anything."""
    codes = store.read("codes")
    return None if codes.is_empty() else codes


def _vector_subjects(store: Store) -> pl.Series:
    """The subjects whose events shaped the concept vectors."""
    return store.read("vector_subjects")["subject_id"]
