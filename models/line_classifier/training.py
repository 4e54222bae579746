"""Training of the line classifier from labelled lines: seeded, on a CPU or a GPU."""

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
from chartline.models.line_classifier.batching import collate, page_spans, plan_batches
from chartline.models.line_classifier.configuration import LineClassifierConfig
from chartline.models.line_classifier.encoding import encode
from chartline.models.line_classifier.labels import LABELS
from chartline.models.line_classifier.modeling import LineClassifier
from chartline.models.line_classifier.network import Batch, Network
from chartline.models.line_classifier.prediction import probabilities
from chartline.models.line_classifier.recipe import Recipe

StepDone = Callable[[int, int, float], None]  # steps done, steps in all, smoothed loss

_NO_LABEL = -100  # the class number that torch's cross entropy leaves out
_BETAS = (0.9, 0.98)  # of AdamW
_WARM_UP = 0.08  # share of the steps in which the learning rate rises
_SPARE_STEPS = 20  # an epoch; another shuffle of the pages may make a few batches more
_LARGEST_GRADIENT = 1.0  # norm to which gradients are clipped
_LOSS_MEMORY = 0.98  # share of the old value in the smoothed loss
_TEMPERATURES = np.geomspace(0.3, 4, 80)  # those that `calibrate` tries


def train(
    lines: pl.DataFrame,
    recipe: Recipe,
    progress: StepDone = lambda done, total, loss: None,
    start: Network | None = None,
) -> Network:
    """A line classifier learned from labelled lines.

    Args:
        lines: as `encoding.encode` takes them, with the true `label`; null where it is not known.
            Lines without a label are seen beside the others, but nothing is learned from them.
        recipe: hyperparameters of training.
        progress: called after each step.
        start: the network to fine-tune, which is changed; a new one where None.
    """
    torch.manual_seed(recipe.seed)
    rng = np.random.default_rng(recipe.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model: Network = start or LineClassifier(LineClassifierConfig())
    model.to(device).train()
    encoded = encode(lines, model.config.word_buckets, model.config.gram_buckets)
    truth, spans = label_ids(lines), page_spans(encoded)
    first_epoch = plan_batches(spans, recipe.lines_per_batch, np.random.default_rng(0))
    total, done, smooth = recipe.epochs * len(first_epoch), 0, 0.0
    optimizer, schedule = _optimizer(model, recipe, total + _SPARE_STEPS * recipe.epochs)
    for _ in range(recipe.epochs):
        for batch_spans in plan_batches(spans, recipe.lines_per_batch, rng):
            batch = _to(collate(encoded, batch_spans, truth), device)
            loss = model(augment(batch, recipe, model.config.word_buckets)).loss
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), _LARGEST_GRADIENT)
            optimizer.step()
            schedule.step()
            memory = _LOSS_MEMORY if done else 0.0
            done, smooth = done + 1, memory * smooth + (1 - memory) * loss.item()
            progress(done, total, smooth)
    return model.to("cpu").eval()


def _optimizer(
    model: Network, recipe: Recipe, steps: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    """AdamW with weight decay on matrices only, and a one-cycle schedule of its learning rate."""
    matrices = [parameter for parameter in model.parameters() if parameter.dim() > 1]
    vectors = [parameter for parameter in model.parameters() if parameter.dim() <= 1]
    groups = [
        {"params": matrices, "weight_decay": recipe.weight_decay},
        {"params": vectors, "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=recipe.learning_rate, betas=_BETAS)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, recipe.learning_rate, total_steps=steps, pct_start=_WARM_UP
    )
    return optimizer, schedule


def average_weights(before: Network, after: Network, share: float) -> Network:
    """`after` with the average of both networks' weights.

    Where `after` was fine-tuned from `before` the average is steadier than either (weight
    averaging, arXiv 2203.05482) and forgets less (arXiv 2109.01903).

    Args:
        before: the network that training started from.
        after: the network that training made; changed in place.
        share: the weight of `after` in the average, 0 to 1.
    """
    first, second = before.state_dict(), after.state_dict()
    after.load_state_dict(
        {name: (1 - share) * first[name] + share * value for name, value in second.items()}
    )
    return after


def label_ids(lines: pl.DataFrame) -> NDArray[np.int64]:
    """The class number of each line's label; -100, which the loss leaves out, where it has none.

    >>> label_ids(pl.DataFrame({"label": ["title", None, "body"]})).tolist()
    [1, -100, 0]
    """
    numbers = {label: number for number, label in enumerate(LABELS)}
    ids = lines["label"].replace_strict(numbers, default=_NO_LABEL, return_dtype=pl.Int64)
    return ids.to_numpy().copy()


def calibrate(model: Network, lines: pl.DataFrame) -> float:
    """Sets and returns the confidence temperature that is best on labelled lines.

    Best is the one of the least log loss (temperature scaling, Guo et al., 2017).
    """
    model.config.confidence_temperature = 1.0
    logits = torch.from_numpy(np.log(np.clip(probabilities(model, lines), 1e-9, 1))).double()
    truth = torch.from_numpy(label_ids(lines))
    losses = [float(F.cross_entropy(logits / t, truth)) for t in _TEMPERATURES]
    best = round(float(_TEMPERATURES[int(np.argmin(losses))]), 4)
    model.config.confidence_temperature = best
    return best


def _to(batch: Batch, device: str) -> Batch:
    """The batch with its tensors on `device`."""
    moved: dict[str, Any] = {
        name: value.to(device) for name, value in vars(batch).items() if isinstance(value, Tensor)
    }
    return replace(batch, **moved)
