"""Encoded lines to batches of pages."""

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.line_classifier.encoding import Encoded
from models.line_classifier.modeling import Batch

MAX_LINES = 256  # a longer page is read in stretches of this length


def stretches(encoded: Encoded) -> list[tuple[int, int]]:
    """(begin, end) of every page, long pages cut."""
    return [
        (start, min(start + MAX_LINES, int(end)))
        for begin, end in zip(encoded.pages[:-1], encoded.pages[1:], strict=True)
        for start in range(int(begin), int(end), MAX_LINES)
    ]


def plan(
    spans: list[tuple[int, int]], budget: int, rng: np.random.Generator | None = None
) -> list[list[tuple[int, int]]]:
    """Spans of like length together, at most `budget` cells (pages x longest page) a batch; shuffled with `rng`."""
    noise = rng.normal(0, 4, len(spans)) if rng is not None else np.zeros(len(spans))
    order = sorted(range(len(spans)), key=lambda i: (spans[i][1] - spans[i][0] + noise[i], i))
    batches: list[list[tuple[int, int]]] = []
    longest = 0
    for index in order:
        length = spans[index][1] - spans[index][0]
        longest = max(longest, length)
        if not batches or longest * (len(batches[-1]) + 1) > budget:
            batches.append([])
            longest = length
        batches[-1].append(spans[index])
    if rng is not None:
        rng.shuffle(batches)  # type: ignore[arg-type]
    return batches


def _flat(values: NDArray[np.int64], at: NDArray[np.int64], rows: NDArray[np.int64]) -> tuple[Tensor, Tensor]:
    lengths = at[rows + 1] - at[rows]
    offsets = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    index = np.arange(lengths.sum()) + np.repeat(at[rows] - offsets, lengths)
    return torch.from_numpy(values[index]), torch.from_numpy(offsets)


def collate(encoded: Encoded, spans: list[tuple[int, int]], labels: NDArray[np.int64] | None = None) -> Batch:
    """One batch; its lines are those of `spans`, in order."""
    rows = np.concatenate([np.arange(begin, end) for begin, end in spans])
    tokens = encoded.tokens
    words, word_at = _flat(tokens.words, tokens.word_at, rows)
    grams, gram_at = _flat(tokens.grams, tokens.gram_at, rows)
    return Batch(
        words, word_at, grams, gram_at,
        torch.from_numpy(tokens.first[rows]), torch.from_numpy(tokens.last[rows]),
        torch.from_numpy(encoded.features[rows]), torch.from_numpy(encoded.boxes[rows]),
        torch.from_numpy(np.concatenate([np.full(end - begin, i) for i, (begin, end) in enumerate(spans)])),
        torch.from_numpy(np.concatenate([np.arange(end - begin) for begin, end in spans])),
        tuple(map(encoded.texts.__getitem__, rows.tolist())),
        None if labels is None else torch.from_numpy(labels[rows]),
    )  # fmt: skip


def batches(encoded: Encoded, budget: int) -> Iterator[tuple[list[tuple[int, int]], Batch]]:
    """Batches in a fixed order, for prediction."""
    for spans in plan(stretches(encoded), budget):
        yield spans, collate(encoded, spans)
