"""Glyphs to words to lines: cut at column gaps, engine-blind.

A row is what stands on one baseline. A row is cut into segments where the gap between two words is a column gap:
wide in itself, or moderately wide and in line with the starts of other rows. Segments that are shifted off the
baseline but touch a neighbour (superscripts, bullets of another font) join it.
"""

import re
import unicodedata
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.extraction.glyphs import Floats, Glyphs, Page, font_style
from pipeline.extraction.order import reading_order

Index = NDArray[np.int64]

HARD_GAP = 1.8  # em: cuts by itself unless the whole row is stretched as wide
SOFT_GAP = 0.75  # em: cuts when other rows start at the same place
TIGHT_GAP = 0.42  # em: cuts only when many other rows do (the longest name of a margin list nearly touches the body)
WORD_GAP = 0.17  # em, beyond the row's own letter spacing
ASCENT, DESCENT = 0.8, 0.2  # em: a line's box around its baseline, the same for every engine

_ENUMERATOR = re.compile(r"^(?:[•●▪◦‣·○■□➢✓*–—\-\uf000-\uf0ff]|\(?(?:\d{1,2}|[a-zA-Z]|[IVX]{1,4})[.)°/])$")
_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
_CHARS = str.maketrans({**{chr(k): v for k, v in _LIGATURES.items()}, "\uf0b7": "•", "\uf0a7": "▪", "\ufffe": "-"})
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|\(cid:\d+\)")


@dataclass(frozen=True)
class Line:
    """A line of text; box in points from the page's top left. `colors` holds the fill colour of each glyph."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    font: str
    size: float
    bold: bool
    italic: bool
    colors: tuple[int, ...] = ()


@dataclass
class _Turned:
    """Glyphs of one text direction in coordinates along (u) and across (v) that direction."""

    glyphs: Glyphs
    which: Index
    u0: Floats
    u1: Floats
    v: Floats
    size: Floats


def page_lines(page: Page) -> list[Line]:
    """The lines of a page in reading order, text normalised (NFC, ligatures split, soft hyphens resolved)."""
    glyphs = page.glyphs
    kept = _on_page(page)
    lines: list[Line] = []
    for angle in np.unique(np.round(glyphs.angle[kept])):
        turned = _turn(glyphs, kept[np.round(glyphs.angle[kept]) == angle], float(angle))
        for segment in _merge_shifted(turned, _segments(turned)):
            line = _line(page, turned, segment)
            if line.text:
                lines.append(line)
    if not lines:
        return []
    boxes = np.array([(line.x0, line.top, line.x1, line.bottom) for line in lines])
    return [lines[index] for index in reading_order(boxes)]


def _on_page(page: Page) -> Index:
    glyphs = page.glyphs
    x, y = (glyphs.x0 + glyphs.x1) / 2, (glyphs.top + glyphs.bottom) / 2
    inside = (x >= 0) & (x <= page.width) & (y >= 0) & (y <= page.height) & (glyphs.size > 0.5)
    return np.flatnonzero(inside)


def _turn(glyphs: Glyphs, which: Index, angle: float) -> _Turned:
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    x, y = glyphs.x[which], glyphs.baseline[which]
    corners = [(glyphs.x0, glyphs.top), (glyphs.x1, glyphs.top), (glyphs.x0, glyphs.bottom), (glyphs.x1, glyphs.bottom)]
    along = np.stack([cos * cx[which] + sin * cy[which] for cx, cy in corners])
    return _Turned(glyphs, which, along.min(0), along.max(0), cos * y - sin * x, glyphs.size[which])


def _segments(t: _Turned) -> list[Index]:
    """Rows cut at column gaps; each segment lists glyphs (positions in `t`) from left to right."""
    rows = [_without_doubles(t, row) for row in _rows(t)]
    starts = np.array([(t.u0[row[0]], t.v[row[0]]) for row in rows] + _candidates(t, rows)).reshape(-1, 2)
    segments: list[Index] = []
    for row in rows:
        segments.extend(np.split(row, _cuts(t, row, starts)))
    return segments


def _rows(t: _Turned) -> list[Index]:
    order = np.lexsort((t.u0, t.v))
    tolerance = max(0.3, 0.08 * float(np.median(t.size)))
    breaks = np.flatnonzero(np.diff(t.v[order]) > tolerance) + 1
    return [row[np.argsort(t.u0[row], kind="stable")] for row in np.split(order, breaks)]


def _without_doubles(t: _Turned, row: Index) -> Index:
    """Drops the second of two equal glyphs at one place (bold made by printing twice); keeps split ligatures."""
    if len(row) < 2:
        return row
    left, right = row[:-1], row[1:]
    near = (t.u0[right] - t.u0[left] < 0.08 * t.size[left]) & (np.abs(np.diff(t.which[row])) > 1)
    text = t.glyphs.text
    keep = [True] + [
        not (close and text[t.which[a]] == text[t.which[b]]) for close, a, b in zip(near, left, right, strict=True)
    ]
    return row[np.array(keep)]


def _gaps(t: _Turned, row: Index) -> Floats:
    """Gap before each glyph but the first, in em of the larger neighbour."""
    left, right = row[:-1], row[1:]
    return (t.u0[right] - np.maximum.accumulate(t.u1[left])) / np.maximum(t.size[left], t.size[right])


def _candidates(t: _Turned, rows: list[Index]) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    for row in rows:
        found += [(t.u0[row[at]], t.v[row[at]]) for at in np.flatnonzero(_gaps(t, row) >= SOFT_GAP) + 1]
    return found


def _cuts(t: _Turned, row: Index, starts: Floats) -> Index:
    gaps = _gaps(t, row)
    wide = np.flatnonzero(gaps >= TIGHT_GAP)
    if not len(wide):
        return wide
    word_gaps = gaps[gaps > WORD_GAP]
    usual = float(np.median(word_gaps[word_gaps < HARD_GAP])) if (word_gaps < HARD_GAP).any() else 0.25
    stretched = len(word_gaps) >= 4 and usual >= 0.5
    cuts: list[int] = []
    for at in wide:
        begin = cuts[-1] if cuts else 0
        if gaps[at] < 3 and _is_enumerator(t, row[begin : at + 1]):
            continue
        hard = gaps[at] >= HARD_GAP and not (stretched and gaps[at] < 2.2 * usual)
        if hard or (gaps[at] >= 1.5 * min(usual, 0.5) and _aligned(t, row[at + 1], starts, gaps[at])):
            cuts.append(int(at) + 1)
    return np.array(cuts, dtype=np.int64)


def _is_enumerator(t: _Turned, piece: Index) -> bool:
    return len(piece) <= 4 and bool(_ENUMERATOR.match("".join(t.glyphs.text[t.which[g]] for g in piece)))


def _aligned(t: _Turned, glyph: int, starts: Floats, gap: float) -> bool:
    """Whether other rows nearby start at this glyph's place: the narrower the gap, the more of them it takes."""
    size = t.size[glyph]
    near = np.abs(starts[:, 1] - t.v[glyph]) <= 15 * size
    same = near & (np.abs(starts[:, 0] - t.u0[glyph]) <= max(0.8, 0.08 * size))
    others = same & (np.abs(starts[:, 1] - t.v[glyph]) > 0.3 * size)
    needed = 2 if gap >= 1.2 else 3 if gap >= SOFT_GAP else 5
    return int(others.sum()) >= needed


def _merge_shifted(t: _Turned, segments: list[Index]) -> list[Index]:
    """Joins a small piece that is off the baseline (superscript, subscript, bullet) to the segment it touches."""
    if len(segments) < 2:
        return segments
    u0 = np.array([t.u0[s].min() for s in segments])
    u1 = np.array([t.u1[s].max() for s in segments])
    v = np.array([np.median(t.v[s]) for s in segments])
    em = np.array([np.median(t.size[s]) for s in segments])
    length = np.array([len(s) for s in segments])
    owner = np.arange(len(segments))
    for small in np.argsort(length, kind="stable"):
        shift = np.abs(v - v[small])
        fits = (shift < 0.5 * em) & (em * 0.45 <= em[small]) & (em[small] <= em * 1.25) & (length >= length[small])
        touches = (u0[small] <= u1 + 0.3 * em) & (u1[small] >= u0 - 0.3 * em) & (u1[small] - u0[small] < 5 * em)
        fits &= touches & (shift > 0) & (owner == np.arange(len(segments)))
        fits[small] = False
        if fits.any():
            owner[small] = int(np.flatnonzero(fits)[np.argmin(shift[fits])])
    merged: dict[int, list[Index]] = {}
    for index in range(len(segments)):
        root = index
        while owner[root] != root:
            root = int(owner[root])
        merged.setdefault(root, []).append(segments[index])
    joined = (np.concatenate(parts) for parts in merged.values())
    return [part[np.argsort(t.u0[part], kind="stable")] for part in joined]


def _line(page: Page, t: _Turned, segment: Index) -> Line:
    glyphs, which = t.glyphs, t.which[segment]
    sizes = t.size[segment]
    size = float(np.median(sizes))
    font, bold, italic = font_style(page.fonts[int(np.bincount(glyphs.font[which]).argmax())])
    x0, x1 = float(glyphs.x0[which].min()), float(glyphs.x1[which].max())
    if round(glyphs.angle[which[0]]) == 0:
        baseline = float(np.median(glyphs.baseline[which]))
        top, bottom = baseline - ASCENT * size, baseline + DESCENT * size
    else:
        top, bottom = float(glyphs.top[which].min()), float(glyphs.bottom[which].max())
    colors = tuple(int(c) for c in glyphs.color[which]) if glyphs.color[which[0]] >= 0 else ()
    return Line(_text(t, segment), x0, top, max(x1, x0 + 0.1), max(bottom, top + 0.1), font, size, bold, italic, colors)


def _text(t: _Turned, segment: Index) -> str:
    glyphs, which = t.glyphs, t.which[segment]
    if len(segment) > 1:
        gaps = _gaps(t, segment)
        spacing = float(np.median(gaps)) if len(gaps) > 3 else 0.0
        apart = (gaps > WORD_GAP + max(0.0, min(spacing, 0.5))) | (glyphs.spaced[which[1:]] & (gaps > -0.3))
        pieces = [glyphs.text[which[0]]]
        for gap, glyph in zip(apart, which[1:], strict=True):
            pieces.append(" " + glyphs.text[glyph] if gap else glyphs.text[glyph])
        text = "".join(pieces)
    else:
        text = glyphs.text[which[0]]
    return normalise(text)


def normalise(text: str) -> str:
    """Text as a person reads it: NFC, ligatures split, no control characters, surrogate pairs joined, single spaces.

    A soft hyphen at the end becomes a hyphen, elsewhere it vanishes.

    >>> normalise("e\\u0301\\ufb01\\u00adn  d'hospi\\u00ad")
    "éfin d'hospi-"
    """
    if _SURROGATE.search(text):  # pdfium tells characters beyond the basic plane in two halves
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if text.endswith("\u00ad"):
        text = text[:-1] + "-"
    text = _CONTROL.sub("", text.translate(_CHARS).replace("\u00ad", ""))
    return " ".join(unicodedata.normalize("NFC", text).split())
