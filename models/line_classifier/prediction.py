"""Labels of lines with a calibrated confidence."""

from pathlib import Path

import numpy as np
import polars as pl
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file

from chartline.models.line_classifier import WEIGHTS
from chartline.models.line_classifier.batching import batches
from chartline.models.line_classifier.encoding import encode
from chartline.models.line_classifier.hyperparameters import Hyperparameters
from chartline.models.line_classifier.network import Network


class WeightsError(Exception):
    """A folder of weights is missing, damaged or of another model."""


def load(folder: Path | None = None) -> Network:
    """The classifier saved in `folder` (by default the one of the package), ready to predict.

    Raises:
        WeightsError: the folder does not hold a whole line classifier.
    """
    folder = folder or WEIGHTS
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise WeightsError(f"{folder}: no model.safetensors")
    try:
        network, state = Network(Hyperparameters.read(folder)), load_file(weights)
    except Exception as error:  # a damaged file fails in many ways
        raise WeightsError(
            f"{folder}: not the weights of a line classifier ({type(error).__name__})"
        ) from None
    try:
        network.load_state_dict(state)
    except RuntimeError:
        raise WeightsError(f"{folder}: weights and configuration do not belong together") from None
    return network.eval()


def probabilities(
    model: Network, lines: pl.DataFrame, lines_per_batch: int = 1024
) -> NDArray[np.float32]:
    """The calibrated probability of each label: lines x labels.

    Args:
        model: a line classifier.
        lines: as `encoding.encode` takes them.
        lines_per_batch: bounds memory; a page is never divided among batches.
    """
    config = model.config
    out = np.zeros((len(lines), len(config.id2label)), dtype=np.float32)
    if not len(lines):
        return out
    encoded = encode(lines, config.word_buckets, config.gram_buckets)
    with torch.inference_mode():
        for spans, batch in batches(encoded, lines_per_batch):
            logits = model(batch).logits / config.confidence_temperature
            of_batch, at = logits.softmax(-1).float().numpy(), 0
            for begin, end in spans:
                out[begin:end] = of_batch[at : at + end - begin]
                at += end - begin
    return out


def classify(model: Network, lines: pl.DataFrame) -> pl.DataFrame:
    """`lines` with the columns `label` (the most probable) and `confidence` (its probability)."""
    by_label = probabilities(model, lines)
    names = np.array([model.config.id2label[number] for number in range(by_label.shape[1])])
    return lines.with_columns(
        label=pl.Series(names[by_label.argmax(1)], dtype=pl.String),
        confidence=pl.Series(by_label.max(1), dtype=pl.Float32),
    )
