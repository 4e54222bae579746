"""Encoded lines to batches of whole pages."""

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from chartline.models.line_classifier.encoding import EncodedLines
from chartline.models.line_classifier.network import Batch

Span = tuple[int, int]  # the lines from the first number to before the second
MAX_LINES = 256  # a longer page is divided: attention costs the square of its length


def page_spans(encoded: EncodedLines) -> list[Span]:
    """The lines of every page; a page of more than MAX_LINES is divided."""
    return [
        (start, min(start + MAX_LINES, int(end)))
        for begin, end in zip(encoded.pages[:-1], encoded.pages[1:], strict=True)
        for start in range(int(begin), int(end), MAX_LINES)
    ]


def plan_batches(
    spans: list[Span], lines_per_batch: int, rng: np.random.Generator | None = None
) -> list[list[Span]]:
    """Spans grouped into batches of at most `lines_per_batch` lines.

    A span that is longer is a batch of its own. The spans keep their order, or are shuffled with
    `rng` where one is given.

    >>> plan_batches([(0, 3), (3, 5), (5, 9)], lines_per_batch=5)
    [[(0, 3), (3, 5)], [(5, 9)]]
    """
    planned: list[list[Span]] = []
    room = 0
    for index in range(len(spans)) if rng is None else rng.permutation(len(spans)).tolist():
        begin, end = spans[index]
        room -= end - begin
        if not planned or room < 0:
            planned.append([])
            room = lines_per_batch - (end - begin)
        planned[-1].append((begin, end))
    return planned


def collate(
    encoded: EncodedLines, spans: list[Span], labels: NDArray[np.int64] | None = None
) -> Batch:
    """One batch with the lines of `spans`, in that order.

    Args:
        encoded: all lines.
        spans: which of them; each is a page of the batch.
        labels: the class number of each of all lines, for training.
    """
    rows = np.concatenate([np.arange(begin, end) for begin, end in spans])
    page = np.concatenate(
        [np.full(end - begin, number) for number, (begin, end) in enumerate(spans)]
    )
    tokens = encoded.tokens
    words, word_at = _select(tokens.words, tokens.word_at, rows)
    grams, gram_at = _select(tokens.grams, tokens.gram_at, rows)
    return Batch(
        words=words,
        word_at=word_at,
        grams=grams,
        gram_at=gram_at,
        first=torch.from_numpy(tokens.first[rows]),
        last=torch.from_numpy(tokens.last[rows]),
        features=torch.from_numpy(encoded.features[rows]),
        boxes=torch.from_numpy(encoded.boxes[rows]),
        page=torch.from_numpy(page),
        texts=tuple(map(encoded.texts.__getitem__, rows.tolist())),
        labels=None if labels is None else torch.from_numpy(labels[rows]),
    )


def _select(
    values: NDArray[np.int64], at: NDArray[np.int64], rows: NDArray[np.int64]
) -> tuple[Tensor, Tensor]:
    """The values of some lines, one line after the other, and where each line's begin.

    Args:
        values: those of all lines, one line after the other.
        at: line i has values[at[i]:at[i + 1]].
        rows: the lines wanted.
    """
    lengths = at[rows + 1] - at[rows]
    offsets = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    index = np.arange(lengths.sum()) + np.repeat(at[rows] - offsets, lengths)
    return torch.from_numpy(values[index]), torch.from_numpy(offsets)


def batches(encoded: EncodedLines, lines_per_batch: int) -> Iterator[tuple[list[Span], Batch]]:
    """All lines in batches, in their order, each with the spans of its lines."""
    for spans in plan_batches(page_spans(encoded), lines_per_batch):
        yield spans, collate(encoded, spans)
