"""Quality of labels (precision, recall, F1) and of their confidence (calibration error)."""

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from chartline.models.line_classifier.labels import CLINICAL, LABELS

_SCORES = {
    "label": pl.String,
    "precision": pl.Float64,
    "recall": pl.Float64,
    "f1": pl.Float64,
    "lines": pl.Int64,
}


def scores(truth: pl.Series, predicted: pl.Series) -> pl.DataFrame:
    """Precision, recall and F1 of each label that occurs, and of all together.

    Args:
        truth: the true label of each line.
        predicted: the label that the classifier gave it.

    Returns:
        label, precision, recall, f1, lines (with that true label). Two rows stand for several
        labels: `clinical` (body, title and table taken as one label) and `macro` (the mean F1 of
        the labels that are true of any line; no precision, no recall).
    """
    present = set(truth.unique()) | set(predicted.unique())
    rows: list[dict[str, Any]] = [
        {"label": label, **_score(truth == label, predicted == label)}
        for label in LABELS
        if label in present
    ]
    f1 = [row["f1"] for row in rows if row["lines"]]
    clinical = _score(truth.is_in(list(CLINICAL)), predicted.is_in(list(CLINICAL)))
    rows.append({"label": "clinical", **clinical})
    rows.append({"label": "macro", "f1": float(np.mean(f1)), "lines": len(truth)})
    return pl.DataFrame(rows, schema=_SCORES)


def _score(true: pl.Series, predicted: pl.Series) -> dict[str, float | int]:
    hits = int((true & predicted).sum())
    precision, recall = hits / max(1, int(predicted.sum())), hits / max(1, int(true.sum()))
    f1 = 2 * precision * recall / max(1e-12, precision + recall)
    return {"precision": precision, "recall": recall, "f1": f1, "lines": int(true.sum())}


def calibration_error(
    correct: NDArray[np.bool_], confidence: NDArray[np.float32], bins: int = 15
) -> float:
    """Expected calibration error over bins of equal width (Guo et al., 2017).

    Args:
        correct: whether each line's label is the true one.
        confidence: the probability of that label.
        bins: number of bins of confidence.

    >>> calibration_error(np.array([True, False]), np.array([0.75, 0.75], np.float32), bins=2)
    0.25
    """
    index = np.clip((confidence * bins).astype(int), 0, bins - 1)
    total = 0.0
    for number in range(bins):
        inside = index == number
        if inside.any():
            total += inside.mean() * abs(correct[inside].mean() - confidence[inside].mean())
    return float(total)
