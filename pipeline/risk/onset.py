"""Features to onset risk: classifiers are fitted and compared on held-out subjects."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from chartline.core.errors import TooLittleError
from chartline.core.settings import OnsetSettings, Settings
from chartline.models.onset import classifiers, evaluation, population
from chartline.risk.inputs import VECTORS, Matrix, columns_of
from chartline.risk.onset_model import Fitted, predictions
from chartline.risk.splits import HELD_OUT, TRAIN
from chartline.risk.tasks import Task

LOGISTIC = "logistic regression"
POPULATION = (
    "patients of this source at times that fit the cohort's windows, each counted once in each of "
    "the cohort's bands of time, not those of the matched sample"
)
_MIN_CASES = 10  # and controls, in each split: fewer give no AUC worth its name
_SIZES = (250, 500, 1000, 2000)  # training rows of the learning curve, beside all of them
Scores = list[dict[str, Any]]


@dataclass(frozen=True)
class Onsets:
    """What `predict` gives.

    Attributes:
        predictions: The table predictions, of every row, by the best model; its risks are those of
            the population.
        scores: The table onset_scores without `outcome`: a row an input and classifier, of risks
            of the matched sample.
        curves: The table onset_curves: risks of the held-out rows.
        learning: The table onset_learning: AUC by the number of training rows.
        fitted: The best model.
    """

    predictions: pl.DataFrame
    scores: pl.DataFrame
    curves: pl.DataFrame
    learning: pl.DataFrame
    fitted: Fitted


@dataclass(frozen=True)
class _Rows:
    """Rows of the table features: `truth` (false where not known), `train`, `held`: row by row.

    `weights` are the sampling weights; NaN where a row is only scored.
    """

    table: pl.DataFrame
    truth: NDArray[np.bool_]
    train: NDArray[np.bool_]
    held: NDArray[np.bool_]
    weights: NDArray[np.float64]

    @classmethod
    def of(cls, table: pl.DataFrame) -> "_Rows":
        truth = table["boolean_value"].fill_null(False).to_numpy()
        split = table["split"]
        train, held = (split == TRAIN).to_numpy(), (split == HELD_OUT).to_numpy()
        weights = table["sampling_weight"].cast(pl.Float64).fill_null(np.nan).to_numpy()
        return cls(table, truth, train, held, weights)


def predict(
    table: pl.DataFrame, inputs: dict[str, Matrix], settings: Settings, task: Task
) -> Onsets:
    """Fits every classifier on every input with the training rows, evaluates it on held-out ones.

    The model that predicts is the one on concept vectors with the highest AUC in cross-validation
    within the training rows. The predictions of training rows are those of cross-validation, so
    that no row is predicted by a model that saw it. They also show by how much the log odds of all
    predictions are moved, so that risks are those of the population and not of the matched sample
    (see `population.log_odds_shift`).

    Args:
        table: The table features.
        inputs: As of `inputs_of`.
        settings: The group `onset`.
        task: What is predicted.

    Raises:
        TooLittleError: A split has fewer than 10 cases or controls.
    """
    _check_enough(table, task)
    rows, seed = _Rows.of(table), settings.onset.seed
    models, scores, curves = _compared(rows, inputs, settings.onset)
    on_vectors = {name: model for (source, name), model in models.items() if source == VECTORS}
    best, risk = _chosen(rows, inputs[VECTORS], on_vectors, seed)
    score = next(row for row in scores if row["source"] == VECTORS and row["model"] == best)
    curve = learning(table, inputs, seed)
    whole = [
        (int(rows.train.sum()), row["source"], row["auc"])
        for row in scores
        if row["model"] == LOGISTIC
    ]
    log_odds = population.log_odds_shift(
        rows.truth[rows.train], risk[rows.train], rows.weights[rows.train]
    )
    risk = population.shifted(risk, log_odds)
    return Onsets(
        predictions(table, risk),
        pl.DataFrame(scores),
        pl.concat(curves),
        pl.concat([curve, pl.DataFrame(whole, schema=curve.schema, orient="row")]),
        Fitted(on_vectors[best], columns_of(table), log_odds, _card(task, rows, score, risk)),
    )


def _compared(
    rows: _Rows, inputs: dict[str, Matrix], settings: OnsetSettings
) -> tuple[dict[tuple[str, str], classifiers.Model], Scores, list[pl.DataFrame]]:
    """Models by input and classifier, their scores, and their risks of the held-out rows."""
    models: dict[tuple[str, str], classifiers.Model] = {}
    scores: Scores = []
    curves: list[pl.DataFrame] = []
    subjects, held = rows.table["subject_id"].to_numpy(), rows.table.filter(rows.held)
    for source, x in inputs.items():
        for name in settings.classifiers if source == VECTORS else settings.baselines:
            model = classifiers.fit(name, x[rows.train], rows.truth[rows.train], settings.seed)
            risk = classifiers.predict_risk(model, x[rows.held])
            quality = evaluation.evaluate(
                rows.truth[rows.held], risk, subjects[rows.held], settings.seed
            )
            models[source, name] = model
            scores.append({"source": source, "model": name, **asdict(quality)})
            curves.append(_curve(held, source, name, risk))
    return models, scores, curves


def _chosen(
    rows: _Rows, x: Matrix, models: dict[str, classifiers.Model], seed: int
) -> tuple[str, NDArray[np.float64]]:
    """The best classifier's name by cross-validation, and its risk of each row."""
    truth = rows.truth[rows.train]
    folds = {
        name: classifiers.out_of_fold_risk(model, x[rows.train], truth, seed)
        for name, model in models.items()
    }
    best = max(folds, key=lambda name: evaluation.auc(truth, folds[name]))
    risk = classifiers.predict_risk(models[best], x)
    risk[rows.train] = folds[best]
    return best, risk


def learning(
    table: pl.DataFrame, inputs: dict[str, Matrix], seed: int, sizes: tuple[int, ...] = _SIZES
) -> pl.DataFrame:
    """The learning curve of logistic regression: patients (training rows), source, auc.

    Sizes with fewer than 10 cases or controls, and those of all training rows or more, are left
    out.
    """
    rows = _Rows.of(table)
    shuffled = np.random.default_rng(seed).permutation(np.flatnonzero(rows.train))
    held = np.flatnonzero(rows.held)
    found = []
    for some in [shuffled[:size] for size in sizes if size < len(shuffled)]:
        truth = rows.truth[some]
        if min(truth.sum(), (~truth).sum()) < _MIN_CASES:
            continue
        for source, x in inputs.items():
            model = classifiers.fit(LOGISTIC, x[some], truth, seed)
            risk = classifiers.predict_risk(model, x[held])
            found.append((len(some), source, evaluation.auc(rows.truth[held], risk)))
    return pl.DataFrame(
        found, schema={"patients": pl.Int64, "source": pl.String, "auc": pl.Float64}, orient="row"
    )


def best_reachable(curves: pl.DataFrame, oracle: pl.DataFrame, seed: int) -> evaluation.RiskScores:
    """How good a simulation's own risk is on the held-out rows; no model should beat it.

    Args:
        curves: The table onset_curves, or any with its keys and labels.
        oracle: subject_id, time, risk from that time on.
        seed: Of the bootstrap.
    """
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
    ).filter(pl.col("risk").is_not_null())
    return evaluation.evaluate(
        known["boolean_value"].to_numpy(),
        known["risk"].to_numpy().astype(np.float64),
        known["subject_id"].to_numpy(),
        seed,
    )


def _check_enough(table: pl.DataFrame, task: Task) -> None:
    for name in (TRAIN, HELD_OUT):
        part = table.filter(pl.col("split") == name)
        cases = int(part["boolean_value"].sum() or 0)
        controls = len(part) - cases
        if min(cases, controls) < _MIN_CASES:
            raise TooLittleError(
                f"{task.name}: {name} has {cases} cases and {controls} controls; "
                f"{_MIN_CASES} of each are needed"
            )


def _curve(held: pl.DataFrame, source: str, name: str, risk: NDArray[np.float64]) -> pl.DataFrame:
    """Rows of the table onset_curves."""
    return held.select(
        "subject_id",
        "prediction_time",
        "boolean_value",
        source=pl.lit(source),
        model=pl.lit(name),
        risk=pl.Series(risk),
    )


def _card(
    task: Task, rows: _Rows, score: dict[str, object], risk: NDArray[np.float64]
) -> dict[str, object]:
    """The model card.

    Args:
        task: What is predicted.
        rows: Of the table features.
        score: The model's row of the table onset_scores.
        risk: Of each row, corrected.
    """
    truth, weights, held = rows.truth, rows.weights, rows.held
    expected = float(weights[held] @ risk[held])
    return {
        "task": task.name,
        "question": task.description,
        "classifier": score["model"],
        "input": VECTORS,
        "training_rows": int(rows.train.sum()),
        "training_cases": int(rows.truth[rows.train].sum()),
        "population": {
            "who": POPULATION,
            "share_with_outcome": float(np.average(truth[rows.train], weights=weights[rows.train])),
            "held_out_observed_expected": float(weights[held] @ truth[held]) / expected,
        },
        "held_out": {key: value for key, value in score.items() if key not in ("source", "model")},
        "limits": (
            f"Fitted on a matched sample ({task.matching.controls} controls a case), which the "
            "figures under held_out are of; predictions are corrected for it, by one shift of all "
            "log odds. Evaluated on this source's own held-out patients alone."
        ),
    }
