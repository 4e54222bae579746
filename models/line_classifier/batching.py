"""Encoded lines to batches of pages."""

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from chartline.models.line_classifier.encoding import Encoded
from chartline.models.line_classifier.network import Batch

MAX_LINES = 256  # a longer page is read in stretches of this length


def stretches(encoded: Encoded) -> list[tuple[int, int]]:
    """(begin, end) of every page, long pages cut."""
    return [
        (start, min(start + MAX_LINES, int(end)))
        for begin, end in zip(encoded.pages[:-1], encoded.pages[1:], strict=True)
        for start in range(int(begin), int(end), MAX_LINES)
    ]


def plan(
    spans: list[tuple[int, int]], lines_per_batch: int, rng: np.random.Generator | None = None
) -> list[list[tuple[int, int]]]:
    """Spans to batches of at most `lines_per_batch` lines, or of one span that is longer; in their order, or shuffled with `rng`."""
    batches: list[list[tuple[int, int]]] = []
    room = 0
    for index in range(len(spans)) if rng is None else rng.permutation(len(spans)).tolist():
        begin, end = spans[index]
        room -= end - begin
        if not batches or room < 0:
            batches.append([])
            room = lines_per_batch - (end - begin)
        batches[-1].append((begin, end))
    return batches


def _flat(
    values: NDArray[np.int64], at: NDArray[np.int64], rows: NDArray[np.int64]
) -> tuple[Tensor, Tensor]:
    lengths = at[rows + 1] - at[rows]
    offsets = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    index = np.arange(lengths.sum()) + np.repeat(at[rows] - offsets, lengths)
    return torch.from_numpy(values[index]), torch.from_numpy(offsets)


def collate(
    encoded: Encoded, spans: list[tuple[int, int]], labels: NDArray[np.int64] | None = None
) -> Batch:
    """One batch; its lines are those of `spans`, in order."""
    rows = np.concatenate([np.arange(begin, end) for begin, end in spans])
    tokens = encoded.tokens
    words, word_at = _flat(tokens.words, tokens.word_at, rows)
    grams, gram_at = _flat(tokens.grams, tokens.gram_at, rows)
    return Batch(
        words,
        word_at,
        grams,
        gram_at,
        torch.from_numpy(tokens.first[rows]),
        torch.from_numpy(tokens.last[rows]),
        torch.from_numpy(encoded.features[rows]),
        torch.from_numpy(encoded.boxes[rows]),
        torch.from_numpy(
            np.concatenate([np.full(end - begin, i) for i, (begin, end) in enumerate(spans)])
        ),
        tuple(map(encoded.texts.__getitem__, rows.tolist())),
        None if labels is None else torch.from_numpy(labels[rows]),
    )


def batches(
    encoded: Encoded, lines_per_batch: int
) -> Iterator[tuple[list[tuple[int, int]], Batch]]:
    """Batches in a fixed order, for prediction."""
    for spans in plan(stretches(encoded), lines_per_batch):
        yield spans, collate(encoded, spans)
