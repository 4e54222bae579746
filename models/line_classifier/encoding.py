"""Lines to numbers: hashed words and letter triples, the shape of the text, the place among the other lines.

Input is a frame with the columns of the lines table, sorted by document, page and line. Nothing here reads a label.
Arrays throughout: on the few lines of a document a frame's expressions cost ten times as much.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from chartline.models.line_classifier.tokens import COUNTS, Tokens, Vocabulary

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Ids = NDArray[np.int64]

NEIGHBOUR_PAGES = slice(33, 38)  # the columns of `features` that look at other pages
FEATURES = 43
_BULLET = re.compile(r"[•●▪◦‣·○■□☐☒✓*>–—-]|\[[ xX]?\]|\d{1,2}[.)]\s|[a-z]\)\s")
_DIGITS, _NUMBER = re.compile(r"\d"), re.compile(r"\d+")
_PHONE = re.compile(r"(?:\d{2}[ .-]?){4,}\d{2}|\(\d{3}\)|\+\d{2}|\d{3}[ .-]\d{3,4}[ .-]?\d{3,4}")
_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\b(?:19|20)\d\d\b")
_ADDRESS = re.compile(r"@|www\.|https?:|\.(?:fr|com|org|net|example)\b")
_SHORT = 30  # characters: a longer line is no page number
_FAR = 6.0  # em: white space beyond counts as this


@dataclass(frozen=True)
class Encoded:
    """N lines of P pages."""

    texts: list[str]
    tokens: Tokens
    features: Floats  # N x FEATURES
    boxes: Floats  # N x 4, shares of the page's width and height
    pages: Ids  # P + 1 offsets into the lines


@dataclass(frozen=True)
class _Lines:
    """The columns of a frame as arrays, and where pages and documents begin (with the end of the last one)."""

    text: list[str]
    page: Ids
    x0: Doubles
    top: Doubles
    x1: Doubles
    bottom: Doubles
    size: Doubles
    bold: Doubles
    italic: Doubles
    pages: Ids
    documents: Ids


@cache
def vocabulary(words: int, grams: int) -> Vocabulary:
    """The one vocabulary of this size in the process: it remembers words."""
    return Vocabulary(words, grams)


def encode(lines: pl.DataFrame, word_buckets: int, gram_buckets: int) -> Encoded:
    """The numbers of every line, pages in the order of the frame."""
    found = _columns(lines)
    tokens = vocabulary(word_buckets, gram_buckets).tokens(found.text)
    wide, high = lines["page_width"].to_numpy(), lines["page_height"].to_numpy()
    boxes = np.stack(
        [found.x0 / wide, found.top / high, found.x1 / wide, found.bottom / high], axis=1
    )
    shape, style = _shape(found, tokens), _style(found, tokens)
    features = np.concatenate(
        [shape, style, _neighbours(found), _repeats(found), _alignment(found), _numbers(found)],
        axis=1,
    )
    assert features.shape[1] == FEATURES, features.shape
    return Encoded(
        found.text, tokens, features.astype(np.float32), boxes.astype(np.float32), found.pages
    )


def _columns(lines: pl.DataFrame) -> _Lines:
    page, documents = lines["page"].to_numpy().astype(np.int64), lines["document_id"].to_list()
    new = np.array(
        [True, *(one != other for one, other in pairwise(documents))][: len(documents)], np.bool_
    )
    turned = new | (np.diff(page, prepend=-1) != 0)
    x0, top, x1, bottom, size, bold, italic = (
        lines[name].to_numpy().astype(np.float64)
        for name in ("x0", "top", "x1", "bottom", "size", "bold", "italic")
    )
    ends = [len(lines)]
    return _Lines(
        lines["text"].to_list(),
        page,
        x0,
        top,
        x1,
        bottom,
        size,
        bold,
        italic,
        np.concatenate([np.flatnonzero(turned), ends]),
        np.concatenate([np.flatnonzero(new), ends]),
    )


def _shape(lines: _Lines, tokens: Tokens) -> Doubles:
    """What kinds of characters a line holds (18 columns)."""
    texts = lines.text
    length = np.fromiter(map(len, texts), np.float64, len(texts))
    inked, digits, upper, lower, letters, signs, _ = tokens.counts.T.astype(np.float64)
    chars, some = np.maximum(length, 1), np.maximum(letters, 1)
    starts = [text[:1] for text in texts]
    flags = [
        [text.endswith(".") for text in texts],
        [text.rstrip().endswith(":") for text in texts],
        [text.endswith((",", ";", "-")) for text in texts],
        [char.isupper() for char in starts],
        [char.islower() for char in starts],
        [char.isdigit() for char in starts],
        (lower == 0) & (upper > 1),
        [":" in text for text in texts],
        [bool(_BULLET.match(text)) for text in texts],
        [many > 6 and bool(_PHONE.search(text)) for many, text in zip(digits, texts, strict=True)],
        [many > 2 and bool(_DATE.search(text)) for many, text in zip(digits, texts, strict=True)],
        [bool(_ADDRESS.search(text)) for text in texts],
    ]
    amounts = [
        np.log1p(length) / 5,
        np.log1p(np.maximum(length - inked, 0)) / 3,
        digits / chars,
        upper / some,
        signs / chars,
        (lines.x1 - lines.x0) / np.maximum(lines.size * chars, 0.1),
    ]
    return np.clip(
        np.stack([*amounts, *(np.asarray(flag, np.float64) for flag in flags)], axis=1), 0, 3
    )


def _style(lines: _Lines, tokens: Tokens) -> Doubles:
    """Size against the page and the document, weight, the page's place in the document (10 columns)."""
    weight = np.fromiter(map(len, lines.text), np.float64, len(lines.text)) + 1
    last = np.maximum.reduceat(lines.page, lines.documents[:-1]) if len(lines.text) else lines.page
    pages = np.repeat(last, np.diff(lines.documents)).astype(np.float64)
    columns = [
        lines.size / 12,
        lines.size / _mean(lines.size, weight, lines.pages),
        lines.size / _mean(lines.size, weight, lines.documents),
        lines.bold,
        lines.italic,
        lines.page == 1,
        lines.page == pages,
        np.log1p(pages) / 3,
        lines.page / np.maximum(pages, 1),
        tokens.counts[:, COUNTS.index("doctors")] > 0,
    ]
    return np.clip(np.stack([np.asarray(column, np.float64) for column in columns], axis=1), 0, 4)


def _mean(values: Doubles, weight: Doubles, at: Ids) -> Doubles:
    """The weighted mean of each group (offsets `at`), for each of its members."""
    if len(at) < 2:
        return np.ones_like(values)
    mean = np.add.reduceat(values * weight, at[:-1]) / np.add.reduceat(weight, at[:-1])
    return np.repeat(np.maximum(mean, 0.1), np.diff(at))


def _neighbours(lines: _Lines) -> Doubles:
    """White space around a line in em, and its place between the text's edges (5 columns)."""
    weight = np.fromiter(map(len, lines.text), np.float64, len(lines.text)) + 1
    out = np.zeros((len(lines.text), 5))
    for begin, end in pairwise(lines.pages.tolist()):
        s = slice(begin, end)
        out[s] = _page_neighbours(
            *(
                column[s]
                for column in (lines.x0, lines.top, lines.x1, lines.bottom, lines.size, weight)
            )
        )
    return out


def _page_neighbours(
    x0: Doubles, top: Doubles, x1: Doubles, bottom: Doubles, size: Doubles, weight: Doubles
) -> Doubles:
    left_to = x0[None, :] - x1[:, None]  # white from line i's end to line j's start
    down_to = top[None, :] - bottom[:, None]
    over = (left_to < 0) & (left_to.T < 0)
    beside = (down_to < -0.4 * size[:, None]) & (-0.4 * size[:, None] > down_to.T)
    stacked, beside = over & ~beside, beside & ~over

    def nearest(white: Doubles, allowed: NDArray[np.bool_]) -> Doubles:
        return (
            np.clip(
                np.where(allowed & (white > -0.5 * size[:, None]), white, np.inf).min(1) / size,
                0,
                _FAR,
            )
            / _FAR
        )

    body_left, body_right = _weighted_mode(x0, weight), _weighted_mode(x1, weight)
    span = max(50.0, body_right - body_left)
    return np.stack(
        [
            nearest(down_to, stacked & (top[None, :] > top[:, None])),
            nearest(down_to.T, stacked & (top[None, :] < top[:, None])),
            nearest(left_to, beside),
            nearest(left_to.T, beside),
            np.clip((x0 - body_left) / span, -1, 1.5),
        ],
        axis=1,
    )


def _weighted_mode(values: Doubles, weight: Doubles) -> float:
    buckets = np.round(values / 3).astype(np.int64)
    low = buckets.min()
    return float((np.bincount(buckets - low, weights=weight).argmax() + low) * 3)


def _repeats(lines: _Lines) -> Doubles:
    """Whether the same place on the page before and after, and on all pages, holds a line, or this very text (5 columns)."""
    out = np.zeros((len(lines.text), 5))
    x, y = (np.round(column / 4).astype(np.int64).tolist() for column in (lines.x0, lines.top))
    for begin, end in pairwise(lines.documents.tolist()):
        pages = lines.page[begin:end].tolist()
        if len(set(pages)) > 1:
            texts = [_DIGITS.sub("0", text) for text in lines.text[begin:end]]
            out[begin:end] = _document_repeats(pages, texts, x[begin:end], y[begin:end])
    return out


def _document_repeats(pages: list[int], texts: list[str], x: list[int], y: list[int]) -> Doubles:
    """Sets of tuples: on the few lines of a document they are ten times as fast as joins of frames.

    A place is a square of 4 points; what stands in the one above or below counts as the same.
    """
    said, held = {*zip(pages, texts, y, strict=True)}, {*zip(pages, x, y, strict=True)}
    often = Counter((text, at) for _, text, at in said)
    near_said = {(page, text, at + step) for page, text, at in said for step in (-1, 0, 1)}
    near_held = {(page, left, at + step) for page, left, at in held for step in (-1, 0, 1)}
    others = len(set(pages)) - 1
    return np.array(
        [
            (
                (page - 1, text, at) in near_said,
                (page - 1, left, at) in near_held,
                (page + 1, text, at) in near_said,
                (page + 1, left, at) in near_held,
                (often[text, at] - 1) / others,
            )
            for page, text, left, at in zip(pages, texts, x, y, strict=True)
        ],
        np.float64,
    )


def _alignment(lines: _Lines) -> Doubles:
    """How many lines of the page begin where this one does, end where it does, stand on its row (3 columns)."""
    out = np.zeros((len(lines.text), 3))
    for begin, end in pairwise(lines.pages.tolist()):
        s = slice(begin, end)
        for column, values in enumerate((lines.x0[s], lines.x1[s], lines.bottom[s])):
            order = np.sort(values)
            out[s, column] = (
                np.searchsorted(order, values + 1.5) - np.searchsorted(order, values - 1.5) - 1
            )
    return np.log1p(out) / 4


def _numbers(lines: _Lines) -> Doubles:
    """Whether a short line holds one number, its page's; or two, its page's and the number of pages (2 columns)."""
    out = np.zeros((len(lines.text), 2))
    last = np.maximum.reduceat(lines.page, lines.documents[:-1]) if len(lines.text) else lines.page
    total = np.repeat(last, np.diff(lines.documents)).tolist()
    for row, (text, page, pages) in enumerate(
        zip(lines.text, lines.page.tolist(), total, strict=True)
    ):
        if len(text) <= _SHORT and (found := _NUMBER.findall(text)) and len(found) <= 2:
            out[row, 0] = found == [str(page)]
            out[row, 1] = found == [str(page), str(pages)]
    return out
