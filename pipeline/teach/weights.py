"""Weights of the line classifier: judged, and saved."""

from pathlib import Path

import polars as pl

from chartline.models.line_classifier import evaluation
from chartline.models.line_classifier.modeling import to_transformers
from chartline.models.line_classifier.network import Network
from chartline.models.line_classifier.prediction import classify

REPLAY = "replay.parquet"  # lines that the weights were learned from, kept beside them


def evaluate(model: Network, lines: pl.DataFrame) -> tuple[pl.DataFrame, float]:
    """Scores by label, and the expected calibration error."""
    found = classify(model, lines)
    right = (found["label"] == lines["label"]).to_numpy()
    return evaluation.scores(lines["label"], found["label"]), evaluation.calibration_error(
        right, found["confidence"].to_numpy()
    )


def save_weights(model: Network, out: Path) -> None:
    """The weights in half precision (safetensors) and their configuration."""
    out.mkdir(parents=True, exist_ok=True)
    to_transformers(model).half().save_pretrained(out, safe_serialization=True)
