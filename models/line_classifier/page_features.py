"""Features that compare a line with its page and document: style, repetition, page numbers."""

import re
from collections import Counter
from itertools import pairwise

import numpy as np

from chartline.models.line_classifier.columns import Doubles, Ids, LineColumns
from chartline.models.line_classifier.tokens import COUNTS, Tokens

_DIGIT, _NUMBER = re.compile(r"\d"), re.compile(r"\d+")
_LARGEST = 4  # features are clipped to this
_GRID = 4  # points: places on two pages are compared to within a square of this side
_PAGE_NUMBER_LENGTH = 30  # characters: a longer line is no page number


def style(lines: LineColumns, tokens: Tokens) -> Doubles:
    """Size against the page and the document, weight, the page's place in the document: N x 10."""
    weight = lines.lengths() + 1
    pages = lines.page_counts().astype(np.float64)
    columns = [
        lines.size / 12,
        lines.size / _group_mean(lines.size, weight, lines.pages),
        lines.size / _group_mean(lines.size, weight, lines.documents),
        lines.bold,
        lines.italic,
        lines.page == 1,
        lines.page == pages,
        np.log1p(pages) / 3,
        lines.page / np.maximum(pages, 1),
        tokens.counts[:, COUNTS.index("doctors")] > 0,
    ]
    stacked = np.stack([np.asarray(column, np.float64) for column in columns], axis=1)
    return np.clip(stacked, 0, _LARGEST)


def _group_mean(values: Doubles, weight: Doubles, at: Ids) -> Doubles:
    """For each member the weighted mean of its group; group i is at[i]:at[i + 1]."""
    if len(at) < 2:
        return np.ones_like(values)
    mean = np.add.reduceat(values * weight, at[:-1]) / np.add.reduceat(weight, at[:-1])
    return np.repeat(np.maximum(mean, 0.1), np.diff(at))


def repetition(lines: LineColumns) -> Doubles:
    """Whether a line's place holds the same text, or any line, on other pages: N x 5.

    The same text on the page before, any line there, the same text on the page after, any line
    there; the share of the other pages with the same text. Texts that differ in their digits only
    are the same, so that page numbers repeat.
    """
    out = np.zeros((len(lines.text), 5))
    x, y = (np.round(column / _GRID).astype(np.int64).tolist() for column in (lines.x0, lines.top))
    for begin, end in pairwise(lines.documents.tolist()):
        pages = lines.page[begin:end].tolist()
        if len(set(pages)) > 1:
            texts = [_DIGIT.sub("0", text) for text in lines.text[begin:end]]
            out[begin:end] = _repetition_in_document(pages, texts, x[begin:end], y[begin:end])
    return out


def _repetition_in_document(
    pages: list[int], texts: list[str], x: list[int], y: list[int]
) -> Doubles:
    """The same for one document, from places on the grid; a row above or below is the same place.

    Sets of tuples: on the few lines of a document they are ten times as fast as joins of frames.
    """
    with_text, with_line = {*zip(pages, texts, y, strict=True)}, {*zip(pages, x, y, strict=True)}
    count = Counter((text, at) for _, text, at in with_text)
    text_near = {(page, text, at + step) for page, text, at in with_text for step in (-1, 0, 1)}
    line_near = {(page, left, at + step) for page, left, at in with_line for step in (-1, 0, 1)}
    other_pages = len(set(pages)) - 1
    return np.array(
        [
            (
                (page - 1, text, at) in text_near,
                (page - 1, left, at) in line_near,
                (page + 1, text, at) in text_near,
                (page + 1, left, at) in line_near,
                (count[text, at] - 1) / other_pages,
            )
            for page, text, left, at in zip(pages, texts, x, y, strict=True)
        ],
        np.float64,
    )


def page_numbers(lines: LineColumns) -> Doubles:
    """Whether a short line holds the page's number alone, or that and the page count: N x 2."""
    out = np.zeros((len(lines.text), 2))
    pages, counts = lines.page.tolist(), lines.page_counts().tolist()
    for row, (text, page, count) in enumerate(zip(lines.text, pages, counts, strict=True)):
        if len(text) > _PAGE_NUMBER_LENGTH:
            continue
        numbers = _NUMBER.findall(text)
        out[row, 0] = numbers == [str(page)]
        out[row, 1] = numbers == [str(page), str(count)]
    return out
