"""Learns the line classifier from labelled lines: seeded, on a CPU or a GPU."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from models.line_classifier.batching import collate, plan, stretches
from models.line_classifier.configuration import LineClassifierConfig
from models.line_classifier.encoding import encode
from models.line_classifier.labels import LABELS
from models.line_classifier.modeling import Batch, LineClassifier
from models.line_classifier.prediction import probabilities


@dataclass(frozen=True)
class Recipe:
    """How to train. `budget` is lines a batch; the drop rates blind the model to single cues; `strange_pages` is the
    share of pages on which words are replaced by ones that say nothing."""

    epochs: int = 4
    budget: int = 3072
    learning_rate: float = 1.5e-3
    weight_decay: float = 0.01
    drop_page_text: float = 0.08
    drop_line_text: float = 0.12
    drop_words: float = 0.12
    drop_feature: float = 0.05
    strange_pages: float = 0.15
    shift: float = 0.03
    zoom: float = 0.08
    seed: int = 7


Progress = Callable[[int, int, float], None]


def train(
    lines: pl.DataFrame,
    recipe: Recipe,
    progress: Progress = lambda done, total, loss: None,
    start: LineClassifier | None = None,
) -> LineClassifier:
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
    groups = [{"params": decay, "weight_decay": recipe.weight_decay}, {"params": plain, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=recipe.learning_rate, betas=(0.9, 0.98))
    total = recipe.epochs * len(plan(spans, recipe.budget, np.random.default_rng(0)))
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, recipe.learning_rate, total_steps=total + 20 * recipe.epochs, pct_start=0.08
    )
    done, smooth = 0, 0.0
    for _ in range(recipe.epochs):
        for batch_spans in plan(spans, recipe.budget, rng):
            batch = _to(collate(encoded, batch_spans, truth), device)
            batch = _blind(_strange(batch, recipe.strange_pages, model.config.word_buckets), recipe)
            loss = model(batch).loss
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            done, smooth = done + 1, 0.98 * smooth + 0.02 * loss.item() if done else loss.item()
            progress(done, total, smooth)
    return model.to("cpu").eval()  # type: ignore[arg-type]


def mean(one: LineClassifier, other: LineClassifier, share: float) -> LineClassifier:
    """`other` with the mean of both weights, of which its own have `share`: steadier than either where it was learned
    from `one` (weight averaging, arXiv 2203.05482)."""
    first, second = one.state_dict(), other.state_dict()
    other.load_state_dict({name: (1 - share) * first[name] + share * value for name, value in second.items()})
    return other


def label_ids(lines: pl.DataFrame) -> NDArray[np.int64]:
    """The labels of lines as class numbers; a line without a label gets the number that cross entropy leaves out."""
    numbers = {label: index for index, label in enumerate(LABELS)}
    return lines["label"].replace_strict(numbers, default=-100, return_dtype=pl.Int64).to_numpy().copy()


def calibrate(model: LineClassifier, lines: pl.DataFrame) -> float:
    """Sets and returns the temperature that minimises the log loss on `lines` (Guo et al., 2017)."""
    model.config.confidence_temperature = 1.0
    logits = torch.from_numpy(np.log(np.clip(probabilities(model, lines), 1e-9, 1))).double()
    truth = torch.from_numpy(label_ids(lines))
    grid = np.geomspace(0.3, 4, 80)
    losses = [float(F.cross_entropy(logits / t, truth)) for t in grid]
    model.config.confidence_temperature = round(float(grid[int(np.argmin(losses))]), 4)
    return float(model.config.confidence_temperature)


def _to(batch: Batch, device: str) -> Batch:
    moved: dict[str, Any] = {name: value.to(device) for name, value in vars(batch).items() if isinstance(value, Tensor)}
    return replace(batch, **moved)


def _strange(batch: Batch, pages: float, buckets: int) -> Batch:
    """Replaces a share of the words on some pages, and any letter triples as many, by others at random, as words look
    that training never saw: what a hospital calls things must not matter too much."""
    device, count = batch.boxes.device, int(batch.page.max()) + 1
    share = torch.rand(count, device=device) * (torch.rand(count, device=device) < pages)
    of_line = share[batch.page]

    def replaced(values: Tensor, share: Tensor, others: Tensor) -> Tensor:
        return torch.where(torch.rand(len(values), device=device) < share, others, values)

    def any_words(values: Tensor) -> Tensor:
        return torch.randint(1, buckets, values.shape, device=device)

    lengths = torch.diff(batch.word_at, append=torch.tensor([len(batch.words)], device=device))
    gram_lengths = torch.diff(batch.gram_at, append=torch.tensor([len(batch.grams)], device=device))
    shuffled = batch.grams[torch.randperm(len(batch.grams), device=device)]
    return replace(
        batch,
        words=replaced(batch.words, of_line.repeat_interleave(lengths), any_words(batch.words)),
        grams=replaced(batch.grams, of_line.repeat_interleave(gram_lengths), shuffled),
        first=replaced(batch.first, of_line, any_words(batch.first)),
        last=replaced(batch.last, of_line, any_words(batch.last)),
    )


def _blind(batch: Batch, recipe: Recipe) -> Batch:
    """Hides the text of some pages and lines, some words and features, shifts and stretches whole pages, so that no cue is indispensable."""
    device, pages = batch.boxes.device, int(batch.page.max()) + 1
    no_text = (torch.rand(pages, device=device) < recipe.drop_page_text)[batch.page]
    no_text = no_text | (torch.rand(len(batch.page), device=device) < recipe.drop_line_text)
    lengths = torch.diff(batch.word_at, append=torch.tensor([len(batch.words)], device=device))
    gram_lengths = torch.diff(batch.gram_at, append=torch.tensor([len(batch.grams)], device=device))
    hide_words = torch.rand(len(batch.words), device=device) < recipe.drop_words
    hide_words |= no_text.repeat_interleave(lengths)
    hide_grams = no_text.repeat_interleave(gram_lengths) | (
        torch.rand(len(batch.grams), device=device) < recipe.drop_words / 2
    )
    shift = (torch.rand(pages, 1, 4, device=device)[:, 0] - 0.5) * 2 * recipe.shift
    shift[:, 2], shift[:, 3] = shift[:, 0], shift[:, 1]
    zoom = 1 + (torch.rand(pages, 2, device=device) - 0.5).repeat(1, 2) * 2 * recipe.zoom
    keep = (torch.rand(pages, batch.features.shape[1], device=device) >= recipe.drop_feature)[batch.page]
    return replace(
        batch,
        texts=tuple("" if hidden else text for text, hidden in zip(batch.texts, no_text.tolist(), strict=True)),
        words=batch.words.masked_fill(hide_words, 0), grams=batch.grams.masked_fill(hide_grams, 0),
        first=batch.first.masked_fill(no_text, 0), last=batch.last.masked_fill(no_text, 0),
        boxes=(batch.boxes - 0.5) * zoom[batch.page] + 0.5 + shift[batch.page], features=batch.features * keep,
    )  # fmt: skip
