"""How good the labels are: precision, recall and F1 by label, and how honest the confidence is."""

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from chartline.models.line_classifier.labels import CLINICAL, LABELS


def scores(truth: pl.Series, found: pl.Series) -> pl.DataFrame:
    """One row a label that occurs, `clinical` (body, title and table as one) and `macro`: precision, recall, f1, lines."""
    present = set(truth.unique()) | set(found.unique())
    rows: list[dict[str, Any]] = [
        {"label": label, **_row(truth == label, found == label)}
        for label in LABELS
        if label in present
    ]
    f1 = [row["f1"] for row in rows if row["lines"]]
    rows.append(
        {"label": "clinical", **_row(truth.is_in(list(CLINICAL)), found.is_in(list(CLINICAL)))}
    )
    rows.append(
        {
            "label": "macro",
            "precision": None,
            "recall": None,
            "f1": float(np.mean(f1)),
            "lines": len(truth),
        }
    )
    return pl.DataFrame(
        rows,
        schema={
            "label": pl.String,
            "precision": pl.Float64,
            "recall": pl.Float64,
            "f1": pl.Float64,
            "lines": pl.Int64,
        },
    )


def _row(true: pl.Series, found: pl.Series) -> dict[str, float | int]:
    hit = int((true & found).sum())
    precision, recall = hit / max(1, int(found.sum())), hit / max(1, int(true.sum()))
    f1 = 2 * precision * recall / max(1e-12, precision + recall)
    return {"precision": precision, "recall": recall, "f1": f1, "lines": int(true.sum())}


def calibration_error(
    right: NDArray[np.bool_], confidence: NDArray[np.float32], bins: int = 15
) -> float:
    """Expected calibration error over equal-width bins (Guo et al., 2017)."""
    bucket = np.clip((confidence * bins).astype(int), 0, bins - 1)
    total = 0.0
    for index in range(bins):
        inside = bucket == index
        if inside.any():
            total += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    return float(total)
