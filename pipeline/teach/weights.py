"""Weights of the line classifier: scored, and saved."""

from pathlib import Path

import polars as pl

from chartline.models.line_classifier import evaluation
from chartline.models.line_classifier.modeling import to_transformers
from chartline.models.line_classifier.network import Network
from chartline.models.line_classifier.prediction import classify

REPLAY = "replay.parquet"  # some lines that the weights were learned from, kept beside them


def evaluate(model: Network, lines: pl.DataFrame) -> tuple[pl.DataFrame, float]:
    """The scores of a model on labelled lines, and its expected calibration error.

    The scores are those of `evaluation.scores`.
    """
    predicted = classify(model, lines)
    correct = (predicted["label"] == lines["label"]).to_numpy()
    error = evaluation.calibration_error(correct, predicted["confidence"].to_numpy())
    return evaluation.scores(lines["label"], predicted["label"]), error


def save_weights(model: Network, out: Path) -> None:
    """Saves the weights in half precision (safetensors) and their configuration to a folder."""
    out.mkdir(parents=True, exist_ok=True)
    to_transformers(model).half().save_pretrained(out, safe_serialization=True)
