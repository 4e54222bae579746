"""Lines to numbers: hashed words and letter triples, the shape of the text, the place among the other lines.

Input is a frame with the columns of the lines table, sorted by document, page and line. Nothing here reads a label.
"""

import re
import zlib
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Ids = NDArray[np.int64]

MAX_WORDS, MAX_GRAMS = 24, 96
FEATURES = 40
_DIGITS = re.compile(r"\d")
_WORD = re.compile(r"[^\W_]+|[^\w\s]")
_BULLET = re.compile(r"^[•●▪◦‣·○■□*>–—-]|^\d{1,2}[.)]\s")
_PHONE = re.compile(r"(?:\d{2}[ .-]?){4,}\d{2}|\(\d{3}\)|\+\d{2}|\d{3}[ .-]\d{3,4}[ .-]?\d{3,4}")
_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\b(?:19|20)\d\d\b")
_ADDRESS = re.compile(r"@|www\.|https?:|\.(?:fr|com|org|net|example)\b")
_DOCTOR = re.compile(r"\b(?:Dr|Pr|Prof|Docteur|Professeur|Doctor|Professor|MD|FRCP)\b\.?", re.IGNORECASE)


@dataclass(frozen=True)
class Encoded:
    """N lines of P pages. `words` and `grams` are flat, line i holding `words[word_at[i]:word_at[i + 1]]`."""

    words: Ids
    word_at: Ids
    grams: Ids
    gram_at: Ids
    first: Ids
    last: Ids
    features: Floats  # N x FEATURES
    boxes: Floats  # N x 4, shares of the page's width and height
    pages: Ids  # P + 1 offsets into the lines


@lru_cache(maxsize=100_000)
def _hashed(word: str, words: int, grams: int) -> tuple[int, tuple[int, ...]]:
    framed = f"<{word}>"
    triples = {framed[i : i + 3] for i in range(max(1, len(framed) - 2))}
    return _bucket(word, words), tuple(sorted(_bucket(triple, grams) for triple in triples))


def _bucket(text: str, buckets: int) -> int:
    return 1 + zlib.crc32(text.encode()) % (buckets - 1)


def encode(lines: pl.DataFrame, word_buckets: int, gram_buckets: int) -> Encoded:
    """The numbers of every line, pages in the order of the frame."""
    keys = lines.select(change=pl.struct("document_id", "page").rle_id())["change"].to_numpy()
    pages = (
        np.concatenate([[0], np.flatnonzero(np.diff(keys)) + 1, [len(lines)]]) if len(lines) else np.zeros(1, np.int64)
    )
    words, word_at, grams, gram_at, first, last = _tokens(lines["text"].to_list(), word_buckets, gram_buckets)
    boxes = lines.select(
        pl.col("x0") / pl.col("page_width"), pl.col("top") / pl.col("page_height"),
        pl.col("x1") / pl.col("page_width"), pl.col("bottom") / pl.col("page_height"),
    ).to_numpy().astype(np.float32)  # fmt: skip
    features = np.concatenate([_shape(lines), _style(lines), _neighbours(lines, pages), _repeats(lines)], axis=1)
    assert features.shape[1] == FEATURES, features.shape
    return Encoded(
        words, word_at, grams, gram_at, first, last, features.astype(np.float32), boxes, pages.astype(np.int64)
    )


def _tokens(texts: list[str], word_buckets: int, gram_buckets: int) -> tuple[Ids, ...]:
    words: list[int] = []
    grams: list[int] = []
    word_at, gram_at, first, last = [0], [0], [], []
    for text in texts:
        found = _WORD.findall(_DIGITS.sub("0", text.lower()))
        kept = found[:MAX_WORDS] or ["?"]
        hashed = [_hashed(word, word_buckets, gram_buckets) for word in kept]
        words += [word for word, _ in hashed]
        grams += [gram for _, triples in hashed for gram in triples][:MAX_GRAMS]
        word_at.append(len(words))
        gram_at.append(len(grams))
        first.append(hashed[0][0])
        last.append(_hashed(found[-1] if found else "?", word_buckets, gram_buckets)[0])
    return tuple(np.array(column, dtype=np.int64) for column in (words, word_at, grams, gram_at, first, last))


def _shape(lines: pl.DataFrame) -> Floats:
    """What kinds of characters a line holds (18 columns)."""
    text = pl.col("text")
    chars = text.str.len_chars().cast(pl.Float32)
    letters = text.str.count_matches(r"\p{L}").clip(1).cast(pl.Float32)
    frame = lines.select(
        a=chars.log1p() / 5, b=text.str.count_matches(" ").log1p() / 3, c=text.str.count_matches(r"\d") / chars.clip(1),
        d=text.str.count_matches(r"\p{Lu}") / letters, e=text.str.count_matches(r"[^\w\s]") / chars.clip(1),
        f=text.str.ends_with("."), g=text.str.contains(r":\s*$"), h=text.str.contains(r"[,;-]$"),
        i=text.str.contains(r"^\p{Lu}"), j=text.str.contains(r"^\p{Ll}"), k=text.str.contains(r"^\d"),
        l=(text.str.count_matches(r"\p{Ll}") == 0) & (text.str.count_matches(r"\p{Lu}") > 1),
        m=text.str.contains(":"), n=(pl.col("x1") - pl.col("x0")) / (pl.col("size") * chars.clip(1)).clip(0.1),
    ).cast(pl.Float32)  # fmt: skip
    patterns = (_BULLET, _PHONE, _DATE, _ADDRESS)
    matched = np.array([[bool(p.search(t)) for p in patterns] for t in lines["text"].to_list()], np.float32).reshape(
        -1, 4
    )
    return np.concatenate([np.clip(frame.to_numpy(), 0, 3), matched], axis=1)


def _style(lines: pl.DataFrame) -> Floats:
    """Size against the page and the document, weight, the page's place in the document (10 columns)."""
    chars = pl.col("text").str.len_chars() + 1
    by_page, by_document = ["document_id", "page"], ["document_id"]

    def weighted(column: str, over: list[str]) -> pl.Expr:
        return (pl.col(column) * chars).sum().over(over) / chars.sum().over(over)

    pages = pl.col("page").max().over(by_document)
    doctor = pl.Series("doctor", [bool(_DOCTOR.search(text)) for text in lines["text"].to_list()], dtype=pl.Float32)
    frame = lines.with_columns(doctor).select(
        a=pl.col("size") / 12, b=pl.col("size") / weighted("size", by_page), c=pl.col("size") / weighted("size", by_document),
        d=pl.col("bold"), e=pl.col("italic"), f=pl.col("page") == 1, g=pl.col("page") == pages, h=pages.log1p() / 3,
        i=pl.col("page") / pages, j=pl.col("doctor"),
    ).cast(pl.Float32)  # fmt: skip
    return np.clip(frame.to_numpy(), 0, 4)


def _neighbours(lines: pl.DataFrame, pages: Ids) -> Floats:
    """White space around a line and its place among the page's lines (7 columns)."""
    x0, top, x1, bottom, size = (
        lines[name].to_numpy().astype(np.float64) for name in ("x0", "top", "x1", "bottom", "size")
    )
    width = lines["text"].str.len_chars().to_numpy().astype(np.float64) + 1
    out = np.zeros((len(lines), 7))
    for begin, end in pairwise(pages):
        s = slice(begin, end)
        out[s] = _page_neighbours(x0[s], top[s], x1[s], bottom[s], size[s], width[s])
    return out.astype(np.float32)


def _page_neighbours(
    x0: Doubles, top: Doubles, x1: Doubles, bottom: Doubles, size: Doubles, weight: Doubles
) -> Doubles:
    beside = (np.minimum(bottom[:, None], bottom) - np.maximum(top[:, None], top)) > 0.4 * size[:, None]
    over = (np.minimum(x1[:, None], x1) - np.maximum(x0[:, None], x0)) > 0
    np.fill_diagonal(beside, False)
    stacked = over & ~beside
    np.fill_diagonal(stacked, False)
    big = 6.0

    def nearest(distance: Doubles, allowed: NDArray[np.bool_]) -> Doubles:
        gap = np.where(allowed & (distance > -0.5), distance, np.inf).min(1, initial=np.inf) / size
        return np.clip(gap, 0, big) / big

    above = nearest(top[:, None] - bottom[None, :] + 0.3 * size[:, None], stacked & (top[None, :] < top[:, None]))
    below = nearest(top[None, :] - bottom[:, None] + 0.3 * size[:, None], stacked & (top[None, :] > top[:, None]))
    left = nearest(x0[:, None] - x1[None, :], beside & (x0[None, :] < x0[:, None]))
    right = nearest(x0[None, :] - x1[:, None], beside & (x0[None, :] > x0[:, None]))
    body_left = _weighted_mode(x0, weight)
    body_right = _weighted_mode(x1, weight)
    count = len(x0)
    rank = np.argsort(np.argsort(top, kind="stable")) / max(1, count - 1)
    span = max(50.0, body_right - body_left)
    inside = np.clip((x0 - body_left) / span, -1, 1.5)
    return np.stack([above, below, left, right, inside, np.clip((x1 - body_right) / span, -1.5, 1), rank], axis=1)


def _weighted_mode(values: Doubles, weight: Doubles) -> float:
    buckets = np.round(values / 3).astype(np.int64)
    low = buckets.min()
    return float((np.bincount(buckets - low, weights=weight).argmax() + low) * 3)


def _repeats(lines: pl.DataFrame) -> Floats:
    """Whether the same place on the page before and after, and on all pages, holds a line, or this very text (5 columns).

    Sets of tuples: on the few lines of a document they are ten times as fast as joins of frames.
    """
    documents, pages = lines["document_id"].to_list(), lines["page"].to_list()
    masked = [_DIGITS.sub("0", text) for text in lines["text"].to_list()]
    x, y = (np.round(lines[name].to_numpy() / 4).astype(np.int64).tolist() for name in ("x0", "top"))
    texts = set(zip(documents, pages, masked, y, strict=True))
    places = set(zip(documents, pages, x, y, strict=True))
    out = np.zeros((len(documents), 5), np.float32)
    for row, (document, page) in enumerate(zip(documents, pages, strict=True)):
        for column, shift in ((0, -1), (2, 1)):
            other = page + shift
            # a place is a 4-point square: look in the square itself and in those above and below it
            near = (y[row] - 1, y[row], y[row] + 1)
            out[row, column] = any((document, other, masked[row], at) in texts for at in near)
            out[row, column + 1] = any((document, other, x[row], at) in places for at in near)
    out[:, 4] = _shares(documents, pages, list(zip(documents, masked, y, strict=True)))
    return out


def _shares(documents: list[str], pages: list[int], keys: list[tuple[str, str, int]]) -> Doubles:
    """For each line the share of its document's other pages that hold a line of its key."""
    on: dict[tuple[str, str, int], set[int]] = {}
    of: dict[str, set[int]] = {}
    for document, page, key in zip(documents, pages, keys, strict=True):
        on.setdefault(key, set()).add(page)
        of.setdefault(document, set()).add(page)
    return np.array([(len(on[key]) - 1) / max(1, len(of[key[0]]) - 1) for key in keys], np.float64)
