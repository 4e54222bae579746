"""Lines to labelled lines, by the classifier in models/line_classifier."""

from pathlib import Path

import polars as pl

from chartline.core.errors import UsageError
from chartline.core.tables import Lines, cast_to
from chartline.models.line_classifier import prediction
from chartline.models.line_classifier.network import Network

WINDOW = 64  # pages labelled at a time, so that the memory for a long document stays bounded


def load(weights: Path | None = None) -> Network:
    """The line classifier in the folder `weights`, by default the one of the package.

    Raises:
        UsageError: the folder holds no line classifier.
    """
    try:
        return prediction.load(weights)
    except prediction.WeightsError as error:
        raise UsageError(str(error)) from None


def label(model: Network, lines: pl.DataFrame) -> pl.DataFrame:
    """The lines table with `label` and `confidence` filled in.

    Args:
        model: as `load` returns it.
        lines: the lines table, sorted by document, page and line.
    """
    if lines.is_empty():
        return cast_to(lines, Lines)
    if lines["page"].max() <= WINDOW:  # type: ignore[operator]
        return cast_to(prediction.classify(model, lines), Lines)
    windows = lines.with_columns(window=(pl.col("page") - 1) // WINDOW).partition_by(
        "window", maintain_order=True, include_key=False
    )
    labelled = pl.concat(prediction.classify(model, window) for window in windows)
    return cast_to(labelled.sort("document_id", "page", "line", maintain_order=True), Lines)
