"""What the tables of each stage are made from: the inputs whose change makes them out of date."""

from importlib.metadata import version

import polars as pl

from chartline.core import lineage
from chartline.core.errors import UsageError
from chartline.core.lineage import Inputs
from chartline.core.settings import Settings
from chartline.models.line_classifier import WEIGHTS
from chartline.risk import tasks
from chartline.store import Store
from chartline.work import clock

# What lets a stage cost more or less and changes none of its results.
_COSTS = frozenset(
    {"workers", "commit_every", "batch_pages", "alarm_share", "alarm_documents", "weights", "terms"}
)
_READS = ("chartline.work.worker",)
_LEARNS_VECTORS = (
    "chartline.risk.embeddings",
    "chartline.history.rollup",
    "chartline.risk.leaks_duplicates",
)
_BUILDS_FEATURES = (
    "chartline.risk.features",
    "chartline.risk.cohort",
    "chartline.risk.leaks",
    "chartline.risk.leaks_columns",
    "chartline.risk.leaks_duplicates",
    "chartline.risk.leaks_people",
    "chartline.risk.leaks_synonyms",
)
_PREDICTS = ("chartline.risk.onset", "chartline.risk.inputs", "chartline.risk.leaks")


def reading(settings: Settings) -> str:
    """The version of what reads documents: this package's, then a digest of all it depends on.

    These are its code, the classifier's weights and the settings of reading.

    Raises:
        UsageError: there are no weights.
    """
    weights = (settings.reading.weights or WEIGHTS) / "model.safetensors"
    if not weights.is_file():
        raise UsageError(f"{weights}: no such file")
    parts = (
        lineage.of_code(*_READS),
        lineage.of_file(weights),
        *(lineage.of_file(file) for file in settings.reading.terms),
        lineage.of_settings(settings.reading, leave_out=_COSTS),
    )
    return f"{version('chartline')}+{lineage.digest(*parts)}"


def vectors(store: Store, settings: Settings) -> Inputs:
    """The inputs of concept_vectors and vector_subjects."""
    return {
        **_codes(store, settings),
        "events": store.identity("events"),
        "splits": _splits(store, settings),
        "settings": lineage.of_settings(settings.embedding),
        "time": _today(store, settings),
        "code": lineage.of_code(*_LEARNS_VECTORS),
    }


def features(store: Store, settings: Settings, vectors_version: int | None = None) -> Inputs:
    """The inputs of features, feature_dictionary and outcome_synonyms.

    `vectors_version` is the Delta version of the concept vectors; the newest when absent.
    """
    onset = settings.onset
    return {
        **_codes(store, settings),
        "events": store.identity("events"),
        "splits": _splits(store, settings),
        "concept vectors": store.identity("concept_vectors", vectors_version),
        "cohort": _cohort(settings),
        "settings": lineage.of_settings(settings.features),
        "time": lineage.digest(_today(store, settings), onset.death, str(onset.min_follow_up)),
        "code": lineage.of_code(*_BUILDS_FEATURES),
    }


def predictions(store: Store, settings: Settings) -> Inputs:
    """The inputs of predictions, of the onset tables and of the model that is kept."""
    window, provisional = max(settings.features.windows_days), settings.features.provisional
    learned = lineage.of_settings(settings.onset)
    return {
        "features": store.identity("features"),
        "events": store.identity("events"),
        "codes": store.identity("codes"),
        "cohort": _cohort(settings),
        "settings": lineage.digest(
            learned, str(settings.embedding.min_count), str(window), str(provisional)
        ),
        "code": lineage.of_code(*_PREDICTS),
    }


def scores(store: Store, settings: Settings, model: str) -> Inputs:
    """The inputs of predictions that a kept model made; `model` is a digest of its card."""
    return {"features": store.identity("features"), "cohort": _cohort(settings), "model": model}


def _codes(store: Store, settings: Settings) -> Inputs:
    """How codes are rolled up: the settings, the file that they name, the source's own parents."""
    file = settings.rollup.file
    return {
        "codes": store.identity("codes"),
        "roll-up": lineage.of_settings(settings.rollup),
        "roll-up file": lineage.of_file(file) if file else "",
    }


def _splits(store: Store, settings: Settings) -> str:
    """The declared splits; the seed of the hash that splits where the source declares nothing.

    And what becomes of patients under two ids.
    """
    onset = settings.onset
    return lineage.digest(store.identity("splits"), str(onset.seed), onset.duplicates)


def _today(store: Store, settings: Settings) -> str:
    """What decides which events count by their date.

    Without the setting `onset.today` the run's date counts only by how many events lie after it,
    so that nothing is made anew merely because a day has passed.
    """
    today = str(settings.onset.today)
    if settings.onset.today is None:
        after = pl.col("time").dt.date() > clock.run_date()
        times = store.lazy("events", ["time"])
        today = str(times.filter(after).select(pl.len()).collect(engine="streaming").item())
    return today


def _cohort(settings: Settings) -> str:
    """The cohort's file, and the lists of codes that the settings add."""
    onset = settings.onset
    lists = (str(one) for one in (onset.synonyms, onset.left_out, onset.accepted))
    return lineage.digest(lineage.of_file(tasks.path_of(onset.cohort)), *lists)
