"""Features to onset risk: classifiers are fitted and compared on held-out subjects."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from chartline.core.errors import TooLittleError
from chartline.core.settings import Settings
from chartline.models.onset import classifiers, evaluation, population
from chartline.models.onset.selection import choose, folds_of
from chartline.risk.comparison import Candidate, Rows, best_of, compared, reason
from chartline.risk.inputs import GROUPED, RAW, VECTORS, Input
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
_CURVE_FOLDS = 3  # that choose a configuration at each point: nothing is compared by them
_LEARNING = (RAW, GROUPED, VECTORS)  # inputs of the learning curve


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


def predict(
    table: pl.DataFrame, inputs: dict[str, Input], settings: Settings, task: Task
) -> Onsets:
    """Fits every classifier on every input with the training rows, evaluates it on held-out ones.

    The model that predicts is the one with the highest AUC in folds of the training people,
    whatever its input. The predictions of training rows are those of these folds, so
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
    rows, seed = Rows.of(table), settings.onset.seed
    candidates = compared(rows, inputs, settings.onset)
    best = best_of(candidates)
    log_odds = population.log_odds_shift(
        rows.truth[rows.train], best.risk[rows.train], rows.weights[rows.train]
    )
    risk = population.shifted(best.risk, log_odds)
    scores = pl.DataFrame([one.score(rows, seed) | {"kept": one is best} for one in candidates])
    card = _card(task, rows, scores, risk) | {"why": reason(candidates, best)}
    fitted = Fitted(
        best.chosen.model, best.source.source, best.source.columns, log_odds, best.title, card
    )
    return Onsets(
        predictions(table, risk, best.title),
        scores,
        pl.concat([one.curve(rows) for one in candidates]),
        pl.concat([learning(table, inputs, seed), _whole(rows, candidates)]),
        fitted,
    )


def _whole(rows: Rows, candidates: list[Candidate]) -> pl.DataFrame:
    """The end of the learning curve: all training rows."""
    held = rows.held
    found = [
        (
            int(rows.train.sum()),
            one.source.source,
            evaluation.auc(rows.truth[held], one.risk[held]),
        )
        for one in candidates
        if one.name == LOGISTIC and one.source.source in _LEARNING
    ]
    return _curve_of(found)


def learning(
    table: pl.DataFrame, inputs: dict[str, Input], seed: int, sizes: tuple[int, ...] = _SIZES
) -> pl.DataFrame:
    """The learning curve of logistic regression: patients (training rows), source, auc.

    Sizes with fewer than 10 cases or controls, and those of all training rows or more, are left
    out.
    """
    rows = Rows.of(table)
    shuffled = np.random.default_rng(seed).permutation(np.flatnonzero(rows.train))
    held = np.flatnonzero(rows.held)
    found = []
    for some in [shuffled[:size] for size in sizes if size < len(shuffled)]:
        truth = rows.truth[some]
        if min(truth.sum(), (~truth).sum()) < _MIN_CASES:
            continue
        folds = folds_of(truth, rows.subjects[some], seed, _CURVE_FOLDS)
        for source in [inputs[name] for name in _LEARNING if name in inputs]:
            model = choose(LOGISTIC, source.x[some], truth, folds, seed).model
            risk = classifiers.predict_risk(model, source.x[held])
            found.append((len(some), source.source, evaluation.auc(rows.truth[held], risk)))
    return _curve_of(found)


def _curve_of(found: list[tuple[int, str, float]]) -> pl.DataFrame:
    schema = {"patients": pl.Int64, "source": pl.String, "auc": pl.Float64}
    return pl.DataFrame(found, schema=schema, orient="row")


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


def _card(
    task: Task, rows: Rows, scores: pl.DataFrame, risk: NDArray[np.float64]
) -> dict[str, object]:
    """The model card.

    Args:
        task: What is predicted.
        rows: Of the table features.
        scores: The table onset_scores.
        risk: Of each row, corrected.
    """
    truth, weights, held = rows.truth, rows.weights, rows.held
    expected = float(weights[held] @ risk[held])
    (score,) = scores.filter("kept").to_dicts()
    compared_by = ("source", "model", "configuration", "training_auc", "training_auc_sd", "auc")
    unscored = ("source", "model", "configuration", "kept")
    return {
        "task": task.name,
        "question": task.description,
        "classifier": score["model"],
        "configuration": score["configuration"],
        "input": score["source"],
        "training_rows": int(rows.train.sum()),
        "training_cases": int(rows.truth[rows.train].sum()),
        "population": {
            "who": POPULATION,
            "share_with_outcome": float(np.average(truth[rows.train], weights=weights[rows.train])),
            "held_out_observed_expected": float(weights[held] @ truth[held]) / expected,
        },
        "held_out": {key: value for key, value in score.items() if key not in unscored},
        "compared": scores.select(compared_by).to_dicts(),
        "limits": (
            f"Fitted on a matched sample ({task.matching.controls} controls a case), which the "
            "figures under held_out are of; predictions are corrected for it, by one shift of all "
            "log odds. Evaluated on this source's own held-out patients alone."
        ),
    }
