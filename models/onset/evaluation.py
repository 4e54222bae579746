"""How good predicted risks are: discrimination, precision, error and calibration."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Truth = NDArray[np.bool_]
Risk = NDArray[np.float64]
_INTERVAL = (2.5, 97.5)  # percentiles of the bootstrap: a 95% interval
_NEWTON_STEPS = 25  # a regression of two coefficients needs fewer than ten
_CONVERGED = 1e-8  # change of the coefficients
_RIDGE = 1e-9  # keeps the Newton step solvable where the two columns are nearly alike


@dataclass(frozen=True)
class RiskScores:
    """Scores of predicted risks.

    Attributes:
        auc: area under the ROC curve, with its 95% interval.
        auprc: area under the precision-recall curve, with its 95% interval.
        brier: mean squared error of the risk (Brier score), with its 95% interval.
        observed_expected: number of cases over the sum of risks; 1 is calibrated.
        slope: slope of the outcome on the logit of the risk; 1 is calibrated.
        rows: number of predictions.
        cases: how many of them had the outcome.
    """

    auc: float
    auc_low: float
    auc_high: float
    auprc: float
    auprc_low: float
    auprc_high: float
    brier: float
    brier_low: float
    brier_high: float
    observed_expected: float
    slope: float
    rows: int
    cases: int


def evaluate(
    y: Truth, risk: Risk, patients: NDArray[np.int64], seed: int, draws: int = 500
) -> RiskScores:
    """Scores of predicted risks, with bootstrap intervals over patients.

    Args:
        y: whether each row had the outcome.
        risk: the predicted probability of each row.
        patients: the patient of each row; the bootstrap draws patients with all their rows.
        seed: of the bootstrap.
        draws: bootstrap samples.
    """
    risk = np.clip(risk, 0, 1)
    samples = [
        _areas_and_error(y[rows], risk[rows])
        for rows in _bootstrap(patients, seed, draws)
        if y[rows].any() and not y[rows].all()
    ]
    nothing = np.full((2, 3), np.nan)
    low, high = np.percentile(samples, _INTERVAL, axis=0) if samples else nothing
    measures = zip(("auc", "auprc", "brier"), _areas_and_error(y, risk), low, high, strict=True)
    with_intervals = {
        name + end: float(value)
        for name, *values in measures
        for end, value in zip(("", "_low", "_high"), values, strict=True)
    }
    return RiskScores(
        **with_intervals,
        observed_expected=float(y.sum() / max(risk.sum(), 1e-12)),
        slope=slope(y, risk),
        rows=len(y),
        cases=int(y.sum()),
    )


def _areas_and_error(y: Truth, risk: Risk) -> tuple[float, float, float]:
    return auc(y, risk), average_precision(y, risk), float(np.mean((y - risk) ** 2))


def _bootstrap(patients: NDArray[np.int64], seed: int, draws: int) -> Iterator[NDArray[np.int64]]:
    """Row numbers of `draws` samples of patients with replacement, each with all its rows."""
    rng = np.random.default_rng(seed)
    order = np.argsort(patients, kind="stable")
    _, starts, sizes = np.unique(patients[order], return_index=True, return_counts=True)
    for _ in range(draws):
        drawn = rng.integers(0, len(starts), len(starts))
        before = np.repeat(np.cumsum(sizes[drawn]) - sizes[drawn], sizes[drawn])
        offsets = np.arange(sizes[drawn].sum()) - before
        yield order[np.repeat(starts[drawn], sizes[drawn]) + offsets]


def auc(y: Truth, risk: Risk) -> float:
    """Area under the ROC curve, from ranks; ties count one half.

    >>> auc(np.array([False, True, True]), np.array([0.1, 0.1, 0.9]))
    0.75
    """
    _, place, count = np.unique(risk, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    cases = int(y.sum())
    return float((ranks[y].sum() - cases * (cases + 1) / 2) / (cases * (len(y) - cases)))


def average_precision(y: Truth, risk: Risk) -> float:
    """Area under the precision-recall curve: mean precision over the cases.

    Rows of equal risk share one threshold.

    >>> average_precision(np.array([True, False, True, False]), np.array([0.9, 0.5, 0.5, 0.5]))
    0.75
    """
    order = np.argsort(-risk, kind="stable")
    hits = np.cumsum(y[order])
    last = np.flatnonzero(np.diff(risk[order], append=-np.inf))  # of each run of equal risks
    gained = np.diff(hits[last], prepend=0)
    return float((gained * hits[last] / (last + 1)).sum() / max(int(hits[-1]), 1))


def slope(y: Truth, risk: Risk) -> float:
    """Slope of the outcome on the logit of the risk, by logistic regression (Cox, 1958).

    Returns:
        1 is calibrated, below 1 the risks are too extreme; NaN where all risks are alike.
    """
    bounded = np.clip(risk, 1e-6, 1 - 1e-6)
    logit = np.log(bounded / (1 - bounded))
    if np.ptp(logit) < 1e-3:
        return float("nan")
    x = np.stack([np.ones(len(y)), logit], axis=1)
    beta = np.array([0.0, 1.0])
    for _ in range(_NEWTON_STEPS):
        p = 1 / (1 + np.exp(-np.clip(x @ beta, -30, 30)))
        hessian = (x * (p * (1 - p))[:, None]).T @ x + _RIDGE * np.eye(2)
        step = np.linalg.lstsq(hessian, x.T @ (y - p), rcond=None)[0]
        beta = beta + step
        if np.abs(step).max() < _CONVERGED:
            break
    return float(beta[1])
