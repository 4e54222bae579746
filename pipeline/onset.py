"""Features to heart-failure-onset risk: our vectors against raw code counts, judged on subjects never seen."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from models.onset import classifiers
from pipeline.errors import ChartlineError
from pipeline.features import HELD_OUT, TRAIN, code_counts
from pipeline.settings import Onset
from pipeline.tables import Predictions, conform

RAW, VECTORS = "raw code counts", "concept vectors"
_MIN_CASES = 10


@dataclass(frozen=True)
class Onsets:
    """`predictions` of every row by the vector model that cross-validation prefers; `scores` a row an input and classifier; `curves` held-out risks."""

    predictions: pl.DataFrame
    scores: pl.DataFrame
    curves: pl.DataFrame


def predict(features: pl.DataFrame, events: pl.DataFrame, vectors: pl.DataFrame, settings: Onset) -> Onsets:
    """Fits every classifier on both inputs with the training rows and judges it on the held-out ones.

    Predictions of training rows come from cross-validation, so that no row is predicted by a model that saw it.

    Raises:
        ChartlineError: a split has fewer than 10 cases or controls.
    """
    train, held = (features.filter(pl.col("split") == split) for split in (TRAIN, HELD_OUT))
    for name, part in ((TRAIN, train), (HELD_OUT, held)):
        cases = int(part["boolean_value"].sum() or 0)
        if min(cases, len(part) - cases) < _MIN_CASES:
            raise ChartlineError(
                f"onset: {name} has {cases} cases and {len(part) - cases} controls; {_MIN_CASES} of each are needed"
            )
    inputs = {RAW: _raw(features, events, vectors, settings), VECTORS: _vectors(features)}
    truth = features["boolean_value"].fill_null(False).to_numpy()
    is_train, is_held = (features["split"] == TRAIN).to_numpy(), (features["split"] == HELD_OUT).to_numpy()
    scores, curves, fitted = [], [], {}
    for source, x in inputs.items():
        for name in classifiers.CLASSIFIERS:
            model = classifiers.fit(name, x[is_train], truth[is_train], settings.seed)
            judged = classifiers.judge(truth[is_held], classifiers.risk(model, x[is_held]), settings.seed)
            fitted[source, name] = model
            scores.append((source, name, judged.auc, judged.low, judged.high, judged.brier, int(is_held.sum())))
            curves.append(
                held.select(
                    "subject_id",
                    "prediction_time",
                    "boolean_value",
                    source=pl.lit(source),
                    model=pl.lit(name),
                    risk=pl.Series(judged.risk),
                )
            )
    table = pl.DataFrame(scores, schema=["source", "model", "auc", "low", "high", "brier", "rows"], orient="row")
    x, y = inputs[VECTORS], truth[is_train]
    folds = {name: classifiers.out_of_fold(name, x[is_train], y, settings.seed) for name in classifiers.CLASSIFIERS}
    best = max(folds, key=lambda name: classifiers.auc(y, folds[name]))
    risk = classifiers.risk(fitted[VECTORS, best], x)
    risk[is_train] = folds[best]
    predictions = features.select(
        "subject_id", "prediction_time", "boolean_value", predicted_boolean_probability=pl.Series(risk)
    )
    return Onsets(conform(predictions, Predictions), table, pl.concat(curves))


def _demographics(features: pl.DataFrame) -> np.ndarray:
    return features.select("age", "male").to_numpy().astype(np.float64)


def _vectors(features: pl.DataFrame) -> np.ndarray:
    names = [name for name in features.columns if name.startswith("v") and name[1:].isdigit()]
    return np.concatenate([_demographics(features), features.select(names).to_numpy().astype(np.float64)], axis=1)


def _raw(features: pl.DataFrame, events: pl.DataFrame, vectors: pl.DataFrame, settings: Onset) -> np.ndarray:
    counts = code_counts(events, features, settings, vectors["code"].to_list())
    return np.concatenate([_demographics(features), counts.to_numpy().astype(np.float64)], axis=1)


def best_reachable(curves: pl.DataFrame, oracle: pl.DataFrame, seed: int) -> classifiers.Judged:
    """The AUC of the simulation's own risk (subject_id, time, risk) on the held-out rows; no model should beat it."""
    rows = (
        curves.select("subject_id", "prediction_time", "boolean_value")
        .unique(maintain_order=True)
        .sort("prediction_time", "subject_id")
    )
    known = rows.join_asof(
        oracle.sort("time"),
        left_on="prediction_time",
        right_on="time",
        by="subject_id",
        strategy="backward",
        check_sortedness=False,
    )
    known = known.filter(pl.col("risk").is_not_null())
    return classifiers.judge(known["boolean_value"].to_numpy(), known["risk"].to_numpy().astype(np.float64), seed)
