"""Lines to labelled lines, by the classifier in models/line_classifier."""

from pathlib import Path

import polars as pl

from models.line_classifier import prediction
from models.line_classifier.modeling import LineClassifier
from pipeline.errors import UsageError
from pipeline.tables import Lines, shape


def load(weights: Path | None = None) -> LineClassifier:
    """The classifier; `weights` replaces the shipped folder.

    Raises:
        UsageError: the folder holds no line classifier.
    """
    try:
        return prediction.load(weights)
    except prediction.WeightsError as error:
        raise UsageError(str(error)) from None


def label(model: LineClassifier, lines: pl.DataFrame) -> pl.DataFrame:
    """The lines table with `label` and `confidence` filled."""
    return shape(prediction.classify(model, lines), Lines)
