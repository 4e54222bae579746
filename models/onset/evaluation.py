"""How good predicted risks are: discrimination, precision, error and calibration, with bootstrap intervals over patients."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Truth = NDArray[np.bool_]
Risk = NDArray[np.float64]


@dataclass(frozen=True)
class RiskScores:
    """Areas under the ROC curve and the precision-recall curve and the Brier score, each with its 95% interval; calibration:
    observed over expected outcomes, and the slope of the logit."""

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
    """Judges risks; patients are drawn with all their rows."""
    rng = np.random.default_rng(seed)
    risk = np.clip(risk, 0, 1)
    order = np.argsort(patients, kind="stable")
    _, starts, sizes = np.unique(patients[order], return_index=True, return_counts=True)
    areas = []
    for _ in range(draws):
        drawn = rng.integers(0, len(starts), len(starts))
        offsets = np.arange(sizes[drawn].sum()) - np.repeat(
            np.cumsum(sizes[drawn]) - sizes[drawn], sizes[drawn]
        )
        rows = order[np.repeat(starts[drawn], sizes[drawn]) + offsets]
        if y[rows].any() and not y[rows].all():
            areas.append(
                (
                    auc(y[rows], risk[rows]),
                    average_precision(y[rows], risk[rows]),
                    np.mean((y[rows] - risk[rows]) ** 2),
                )
            )
    low, high = np.percentile(areas, [2.5, 97.5], axis=0) if areas else np.full((2, 3), np.nan)
    points = (auc(y, risk), average_precision(y, risk), float(np.mean((y - risk) ** 2)))
    measures = zip(("auc", "auprc", "brier"), points, low, high, strict=True)
    found = {
        name + end: float(value)
        for name, *values in measures
        for end, value in zip(("", "_low", "_high"), values, strict=True)
    }
    expected = float(y.sum() / max(risk.sum(), 1e-12))
    return RiskScores(
        **found, observed_expected=expected, slope=slope(y, risk), rows=len(y), cases=int(y.sum())
    )


def auc(y: Truth, found: Risk) -> float:
    """Area under the ROC curve by ranks, ties shared."""
    _, place, count = np.unique(found, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    cases = int(y.sum())
    return float((ranks[y].sum() - cases * (cases + 1) / 2) / (cases * (len(y) - cases)))


def average_precision(y: Truth, found: Risk) -> float:
    """Area under the precision-recall curve: the mean precision at each case, ties at one threshold."""
    order = np.argsort(-found, kind="stable")
    hits = np.cumsum(y[order])
    last = np.flatnonzero(np.diff(found[order], append=-np.inf))  # of each stretch of equal risks
    gained = np.diff(hits[last], prepend=0)
    return float((gained * hits[last] / (last + 1)).sum() / max(int(hits[-1]), 1))


def slope(y: Truth, risk: Risk) -> float:
    """Slope of the outcome on the logit of the risk (Cox, 1958): 1 is calibrated, below 1 too extreme; NaN where all risks
    are alike. By Newton's method."""
    logit = np.log(np.clip(risk, 1e-6, 1 - 1e-6) / (1 - np.clip(risk, 1e-6, 1 - 1e-6)))
    if np.ptp(logit) < 1e-3:
        return float("nan")
    x = np.stack([np.ones(len(y)), logit], axis=1)
    beta = np.array([0.0, 1.0])
    for _ in range(25):
        p = 1 / (1 + np.exp(-np.clip(x @ beta, -30, 30)))
        step = np.linalg.lstsq(
            (x * (p * (1 - p))[:, None]).T @ x + 1e-9 * np.eye(2), x.T @ (y - p), rcond=None
        )[0]
        beta = beta + step
        if np.abs(step).max() < 1e-8:
            break
    return float(beta[1])
