"""Labels for lines with a calibrated confidence."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import torch
from numpy.typing import NDArray
from transformers.utils import logging as transformers_logging

from models.line_classifier import WEIGHTS
from models.line_classifier.batching import batches
from models.line_classifier.encoding import encode
from models.line_classifier.modeling import LineClassifier


class WeightsError(Exception):
    """A weights folder is missing, damaged or of another model."""


def load(folder: Path | None = None) -> LineClassifier:
    """The classifier in `folder` (the shipped one by default), ready to predict.

    Raises:
        WeightsError: the folder does not hold a whole line classifier.
    """
    folder = folder or WEIGHTS
    if not (folder / "model.safetensors").is_file():
        raise WeightsError(f"{folder}: no model.safetensors")
    transformers_logging.disable_progress_bar()
    try:
        loaded: Any = LineClassifier.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, output_loading_info=True, dtype=torch.float32
        )
    except Exception as error:
        raise WeightsError(f"{folder}: not the weights of a line classifier ({type(error).__name__})") from None
    model, info = loaded
    if info["missing_keys"] or info["unexpected_keys"]:
        raise WeightsError(f"{folder}: weights and configuration do not belong together")
    return model.eval()


def probabilities(model: LineClassifier, lines: pl.DataFrame, budget: int = 1024) -> NDArray[np.float32]:
    """N x labels, calibrated by the configuration's temperature. `budget` bounds the lines of a batch."""
    config: Any = model.config
    out = np.zeros((len(lines), len(config.id2label)), dtype=np.float32)
    if not len(lines):
        return out
    encoded = encode(lines, config.word_buckets, config.gram_buckets)
    with torch.inference_mode():
        for spans, batch in batches(encoded, budget):
            logits = model(batch).logits / config.confidence_temperature
            found, at = logits.softmax(-1).float().numpy(), 0
            for begin, end in spans:
                out[begin:end] = found[at : at + end - begin]
                at += end - begin
    return out


def classify(model: LineClassifier, lines: pl.DataFrame) -> pl.DataFrame:
    """`lines` with `label` and `confidence` filled in."""
    found = probabilities(model, lines)
    names_of: Any = model.config.id2label
    names = np.array([names_of[index] for index in range(found.shape[1])])
    return lines.with_columns(
        label=pl.Series(names[found.argmax(1)], dtype=pl.String), confidence=pl.Series(found.max(1), dtype=pl.Float32)
    )
