"""Learns the line classifier from labelled lines: seeded, on a CPU or a GPU."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from chartline.models.line_classifier.augmentation import augment
from chartline.models.line_classifier.batching import collate, plan, stretches
from chartline.models.line_classifier.configuration import LineClassifierConfig
from chartline.models.line_classifier.encoding import encode
from chartline.models.line_classifier.labels import LABELS
from chartline.models.line_classifier.modeling import LineClassifier
from chartline.models.line_classifier.network import Batch, Network
from chartline.models.line_classifier.prediction import probabilities
from chartline.models.line_classifier.recipe import Recipe

Progress = Callable[[int, int, float], None]


def train(
    lines: pl.DataFrame,
    recipe: Recipe,
    progress: Progress = lambda done, total, loss: None,
    start: Network | None = None,
) -> Network:
    """A classifier learned from `lines` with their true `label`; `start` is fine-tuned where given."""
    torch.manual_seed(recipe.seed)
    rng = np.random.default_rng(recipe.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = (start or LineClassifier(LineClassifierConfig())).to(device).train()  # type: ignore[arg-type]
    encoded = encode(lines, model.config.word_buckets, model.config.gram_buckets)
    truth = label_ids(lines)
    spans = stretches(encoded)
    decay = [p for p in model.parameters() if p.dim() > 1]
    plain = [p for p in model.parameters() if p.dim() <= 1]
    groups = [
        {"params": decay, "weight_decay": recipe.weight_decay},
        {"params": plain, "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=recipe.learning_rate, betas=(0.9, 0.98))
    total = recipe.epochs * len(plan(spans, recipe.lines_per_batch, np.random.default_rng(0)))
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, recipe.learning_rate, total_steps=total + 20 * recipe.epochs, pct_start=0.08
    )
    done, smooth = 0, 0.0
    for _ in range(recipe.epochs):
        for batch_spans in plan(spans, recipe.lines_per_batch, rng):
            batch = _to(collate(encoded, batch_spans, truth), device)
            batch = augment(batch, recipe, model.config.word_buckets)
            loss = model(batch).loss
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            done, smooth = done + 1, 0.98 * smooth + 0.02 * loss.item() if done else loss.item()
            progress(done, total, smooth)
    return model.to("cpu").eval()  # type: ignore[arg-type]


def average_weights(one: Network, other: Network, share: float) -> Network:
    """`other` with the mean of both weights, of which its own have `share`: steadier than either where it was learned
    from `one` (weight averaging, arXiv 2203.05482)."""
    first, second = one.state_dict(), other.state_dict()
    other.load_state_dict(
        {name: (1 - share) * first[name] + share * value for name, value in second.items()}
    )
    return other


def label_ids(lines: pl.DataFrame) -> NDArray[np.int64]:
    """The labels of lines as class numbers; a line without a label gets the number that cross entropy leaves out."""
    numbers = {label: index for index, label in enumerate(LABELS)}
    return (
        lines["label"]
        .replace_strict(numbers, default=-100, return_dtype=pl.Int64)
        .to_numpy()
        .copy()
    )


def calibrate(model: Network, lines: pl.DataFrame) -> float:
    """Sets and returns the temperature that minimises the log loss on `lines` (Guo et al., 2017)."""
    model.config.confidence_temperature = 1.0
    logits = torch.from_numpy(np.log(np.clip(probabilities(model, lines), 1e-9, 1))).double()
    truth = torch.from_numpy(label_ids(lines))
    grid = np.geomspace(0.3, 4, 80)
    losses = [float(F.cross_entropy(logits / t, truth)) for t in grid]
    model.config.confidence_temperature = round(float(grid[int(np.argmin(losses))]), 4)
    return float(model.config.confidence_temperature)


def _to(batch: Batch, device: str) -> Batch:
    moved: dict[str, Any] = {
        name: value.to(device) for name, value in vars(batch).items() if isinstance(value, Tensor)
    }
    return replace(batch, **moved)
