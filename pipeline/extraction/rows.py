"""Glyphs to segments: rows of one baseline, cut at column gaps. Whole pages at once, no loop over glyphs.

A row is cut where the gap between two glyphs is a column gap: wide in itself, or moderately wide where other rows
begin at the same place or leave the same corridor white. Small pieces off the baseline that touch a neighbour
(superscripts, bullets of another font) join it.
"""

import re
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.extraction.glyphs import Flags, Floats, Glyphs, Index

HARD_GAP = 1.8  # em: cuts by itself unless the whole row is stretched as wide
SOFT_GAP = 0.75  # em: cuts when other rows start at the same place
TIGHT_GAP = 0.42  # em: cuts only when many other rows do (the longest name of a margin list nearly touches the body)
CELL_GAP = 0.3  # em: cuts in a table, and where a page that writes its spaces wrote none
WORD_GAP = 0.17  # em, beyond the row's own letter spacing
OVERLAP = -0.2  # em: glyphs of one text do not lie over each other as much, accents aside
_FAR = 1e6  # points: farther than any page is wide

_COLUMN = 4  # letters
_VERTICAL = "、。，．・ー︵︶（）「」|-"

_ENUMERATOR = re.compile(r"^(?:[•●▪◦‣·○■□➢✓*>–—\-\uf000-\uf0ff]|\(?(?:\d{1,2}|[a-zA-Z]|[IVX]{1,4})[.)°/])$")


@dataclass(frozen=True)
class Run:
    """Glyphs of one text direction, by row and from left to right, in points along (u) and across (v) the direction.

    `glyph` says where each stands among the page's glyphs, `spaced` whether a space was written before it; `row` is
    the number of its row.
    """

    glyph: Index
    u0: Floats
    u1: Floats
    v: Floats
    size: Floats
    spaced: Flags
    row: Index

    def __len__(self) -> int:
        return len(self.glyph)

    def take(self, which: Index) -> "Run":
        return Run(*(getattr(self, column.name)[which] for column in fields(self)))


def upright_columns(glyphs: Glyphs, which: Index) -> Run | None:
    """Upright letters written one below the other (vertical writing, a word down the margin), or None.

    A column is four letters or more, each written right after the one above it and centred under it.
    """
    if len(which) < _COLUMN:
        return None
    centre, size = (glyphs.x0[which] + glyphs.x1[which]) / 2, glyphs.size[which]
    step = np.diff(glyphs.baseline[which]) / size[1:]
    below = (np.abs(np.diff(centre)) < 0.25 * size[1:]) & (step > 0.5) & (step < 1.8) & (np.diff(which) == 1)
    column = np.concatenate([[0], np.cumsum(~below)])
    long = np.bincount(column)[column] >= _COLUMN
    if not long.any():
        return None
    letters = np.array(
        [text[:1].isalpha() or text in _VERTICAL for text in map(glyphs.text.__getitem__, which.tolist())]
    )
    share = np.bincount(column, weights=letters)[column] / np.bincount(column)[column]
    kept = np.flatnonzero(long & (share > 0.8))
    if not len(kept):
        return None
    at = which[kept]
    row = np.unique(column[kept], return_inverse=True)[1].reshape(-1)
    return Run(at, glyphs.top[at], glyphs.bottom[at], -centre[kept], size[kept], glyphs.spaced[at], row)


def rows(glyphs: Glyphs, which: Index) -> Run:
    """The glyphs `which`, all of one direction, sorted into rows."""
    angle = float(np.median(glyphs.angle[which]))
    turn = np.radians(angle)
    cos, sin = np.cos(turn), np.sin(turn)
    x, y, size = glyphs.x[which], glyphs.baseline[which], glyphs.size[which]
    v = cos * y - sin * x
    order = np.argsort(v, kind="stable")
    tolerance = max(0.3, 0.08 * float(np.median(size)))
    row = np.empty(len(order), np.int64)
    row[order] = np.cumsum(np.diff(v[order], prepend=v[order[0]]) > tolerance)
    if angle % 90:  # boxes along the page's edges say little of slanted glyphs
        u0, u1 = _slanted(cos * x + sin * y, size, row)
    else:
        corners = [(glyphs.x0, glyphs.top), (glyphs.x1, glyphs.bottom)]
        along = [cos * cx[which] + sin * cy[which] for cx, cy in corners]
        u0, u1 = np.minimum(*along), np.maximum(*along)
    run = Run(which, u0, u1, v, size, glyphs.spaced[which], row)
    return run.take(np.lexsort((u0, row)))


def _slanted(origin: Floats, size: Floats, row: Index) -> tuple[Floats, Floats]:
    """Extents along the writing from the origins alone: a glyph reaches to the next one, if that is near."""
    order = np.lexsort((origin, row))
    reach = origin[order] + 0.5 * size[order]
    following, near = origin[order][1:], np.diff(row[order]) == 0
    near &= np.diff(origin[order]) < 1.1 * size[order][:-1]
    reach[:-1][near] = following[near]
    out = np.empty_like(reach)
    out[order] = reach
    return origin, out


def _of_ligature(run: Run) -> Flags:
    """Whether a glyph is a further letter of the ligature before it: engines give both the same place."""
    out = np.zeros(len(run), np.bool_)
    out[1:] = (np.abs(np.diff(run.glyph)) == 1) & (np.abs(np.diff(run.u0)) < 0.005 * run.size[:-1])
    return out


def without_doubles(run: Run, codes: NDArray[np.str_]) -> Run:
    """Drops the second of two equal glyphs at one place (bold made by printing twice); keeps split ligatures."""
    shift = np.diff(run.u0)
    near = (shift < 0.08 * run.size[:-1]) & (np.diff(run.row) == 0)
    if not near.any():
        return run
    same = codes[run.glyph[1:]] == codes[run.glyph[:-1]]
    double = np.concatenate([[False], near & same]) & ~_of_ligature(run)
    return run.take(np.flatnonzero(~double))


def gaps(run: Run, part: Index | None = None) -> Floats:
    """White space before each glyph in em of the larger neighbour; infinite at the start of a `part` (a row by default)."""
    part = run.row if part is None else part
    out = np.full(len(run), np.inf)
    lift = part * _FAR
    reach = np.maximum.accumulate(run.u1 + lift) - lift
    inner = np.diff(part) == 0
    gap = (run.u0[1:] - reach[:-1]) / np.maximum(run.size[1:], run.size[:-1])
    out[1:][inner] = gap[inner]
    return out


def grouped_median(values: Floats, group: Index, count: int) -> Floats:
    """The median (of two middle values the lower one) of each group `0 … count - 1`; NaN where a group is empty."""
    order = np.lexsort((values, group))
    sizes = np.bincount(group, minlength=count)
    ends = np.cumsum(sizes)
    middle = ends - sizes + (sizes - 1) // 2
    out = np.full(count, np.nan)
    out[sizes > 0] = values[order][middle[sizes > 0]]
    return out


def untangled(run: Run) -> Run:
    """Rows in which two texts overlap (a note that runs into the body) told apart by the order of writing."""
    tangled = np.unique(run.row[(gaps(run) < OVERLAP) & ~_of_ligature(run)])
    if not len(tangled):
        return run
    row = run.row * 2
    for number in tangled.tolist():
        here = np.flatnonzero(run.row == number)
        row[here[_second_text(run, here)]] += 1
    order = np.lexsort((run.u0, row))
    return replace(run, row=np.unique(row, return_inverse=True)[1].reshape(-1)).take(order)


def _second_text(run: Run, here: Index) -> Flags:
    """Which glyphs of a row belong to pieces of writing that lie over an earlier, longer piece."""
    written = here[np.argsort(run.glyph[here], kind="stable")]
    text = run.take(written)
    step = (text.u0[1:] - text.u1[:-1]) / text.size[1:]
    resized = np.abs(np.diff(text.size)) > 0.05 * text.size[1:]
    back = (step < -2) | ((step < OVERLAP) & resized)  # an accent goes back by less, and keeps its size
    ends = back | (step > HARD_GAP) | (np.diff(text.glyph) > 1)
    piece = np.concatenate([[0], np.cumsum(ends)])
    begin = np.flatnonzero(np.diff(piece, prepend=-1))
    u0, u1 = np.minimum.reduceat(text.u0, begin), np.maximum.reduceat(text.u1, begin)
    taken: list[int] = []
    second = np.zeros(len(begin), np.bool_)
    for index in np.argsort(u0 - u1, kind="stable").tolist():
        over = [min(u1[index], u1[other]) - max(u0[index], u0[other]) for other in taken]
        second[index] = any(width > 0.3 * text.size[0] for width in over)
        if not second[index]:
            taken.append(index)
    flags = np.zeros(len(here), np.bool_)
    flags[np.searchsorted(here, written)] = second[piece]
    return flags


def segments(run: Run, text: list[str]) -> Index:
    """The number of each glyph's segment, rising along the run."""
    gap = gaps(run)
    start = np.isinf(gap)
    start[_cuts(run, gap, text)] = True
    return np.cumsum(start) - 1


def _cuts(run: Run, gap: Floats, text: list[str]) -> Index:
    """Positions of glyphs before which a row is cut."""
    inner = np.isfinite(gap)
    tabular = np.zeros(int(run.row[-1]) + 1, np.bool_)
    tabular[run.row[inner & (gap >= HARD_GAP)]] = True
    bare = inner & (gap >= CELL_GAP) & ~run.spaced & _writes_spaces(run, gap)
    wide = np.flatnonzero(inner & ((gap >= TIGHT_GAP) | (tabular[run.row] & (gap >= CELL_GAP)) | bare))
    if not len(wide):
        return wide
    size = gap[wide]
    usual, many = _usual_gaps(run, gap)
    usual, many = usual[run.row[wide]], many[run.row[wide]]
    support, columns = _support(run, gap, wide, SOFT_GAP), _support(run, np.where(inner, gap, 0), wide, HARD_GAP)
    even = _even(run, gap, wide)
    hard = (size >= HARD_GAP) & ~(many & (usual >= 0.5) & (size < 2.2 * usual)) & ~(even & (support < 2))
    jump = np.abs(run.glyph[wide] - run.glyph[wide - 1]) > 1  # not written one after the other
    needed = np.select([size >= 1.2, size >= SOFT_GAP], [2, 3], 5) - jump
    cell = tabular[run.row[wide]] & (columns >= 3) & (size >= CELL_GAP) & ~(run.spaced[wide] & (size < SOFT_GAP))
    soft = (
        (size >= TIGHT_GAP)
        & (size >= 1.5 * np.where(many, usual, np.minimum(usual, 0.5)))
        & (support >= needed)
        & ~even
    )
    unwritten = bare[wide] & (_support(run, np.where(bare, gap, np.where(inner, 0, np.inf)), wide, CELL_GAP) >= 1)
    sentence = even & (
        np.bincount(run.row[bare], minlength=len(tabular))[run.row[wide]] >= 5
    )  # justified by moving words
    cut = hard | soft | cell | (unwritten & ~sentence)
    firsts = np.maximum.accumulate(np.where(~inner, np.arange(len(run)), 0))
    cuts: list[int] = []
    for at, close in zip(wide[cut].tolist(), (size[cut] < 3).tolist(), strict=True):
        begin = max(int(firsts[at]), cuts[-1] if cuts else 0)
        opens = begin == firsts[at] or gap[begin] >= HARD_GAP  # a cell is no bullet
        if (
            close
            and opens
            and at - begin <= 4
            and _ENUMERATOR.match("".join(text[g] for g in run.glyph[begin:at].tolist()))
        ):
            continue
        cuts.append(at)
    return np.array(cuts, dtype=np.int64)


def _writes_spaces(run: Run, gap: Floats) -> bool:
    """Whether words are parted by space glyphs here, so that white without one parts cells."""
    words = (gap > WORD_GAP) & (gap < TIGHT_GAP)
    return bool(words.sum() >= 20 and run.spaced[words].mean() > 0.9)


def _usual_gaps(run: Run, gap: Floats) -> tuple[Floats, Flags]:
    """The median word gap of each row in em, and whether the row has enough of them to tell."""
    words = (gap > WORD_GAP) & np.isfinite(gap)
    count = int(run.row[-1]) + 1
    narrow = words & (gap < HARD_GAP)
    usual = grouped_median(gap[narrow], run.row[narrow], count)
    usual[np.isnan(usual)] = 0.25
    return usual, np.bincount(run.row[words], minlength=count) >= 4


def _even(run: Run, gap: Floats, wide: Index) -> Flags:
    """Whether another gap of the row is as wide to a hair: a justified line, not two columns."""
    same = np.abs(gap[wide][None, :] / gap[wide][:, None] - 1) < 0.03
    same &= run.row[wide][None, :] == run.row[wide][:, None]
    return same.sum(1) > 1


def _support(run: Run, gap: Floats, wide: Index, least: float) -> Index:
    """How many other rows nearby start where these glyphs do, or begin again there after a gap of `least` em."""
    anchors = np.flatnonzero(gap >= least)  # the starts of rows are infinite gaps
    size = run.size[wide][:, None]
    apart = np.abs(run.v[anchors][None, :] - run.v[wide][:, None])
    same = np.abs(run.u0[anchors][None, :] - run.u0[wide][:, None]) <= np.maximum(0.8, 0.08 * size)
    return (same & (apart <= 15 * size) & (apart > 0.3 * size)).sum(1)


def merge_shifted(run: Run, segment: Index) -> Index:
    """Segments with small pieces off the baseline (superscript, subscript, bullet) given to the one they touch."""
    count = int(segment[-1]) + 1
    begin = np.flatnonzero(np.diff(segment, prepend=-1))
    u0, u1 = np.minimum.reduceat(run.u0, begin), np.maximum.reduceat(run.u1, begin)
    v, em = grouped_median(run.v, segment, count), grouped_median(run.size, segment, count)
    length = np.diff(begin, append=len(run))
    narrow = np.flatnonzero(u1 - u0 < 5 * em.max())
    shift = np.abs(v[None, :] - v[narrow][:, None])
    small = em[narrow][:, None]
    fits = (shift < 0.5 * em) & (shift > 0) & (em * 0.45 <= small) & (small <= em * 1.25)
    fits &= (length >= length[narrow][:, None]) & ((u1 - u0)[narrow][:, None] < 5 * em)
    fits &= (length[narrow][:, None] <= 4) | (small < 0.85 * em) | (shift < 0.15 * em)  # else a text of its own
    fits &= (u0[narrow][:, None] <= u1 + 0.3 * em) & (u1[narrow][:, None] >= u0 - 0.3 * em)
    owner = np.arange(count)
    found = np.flatnonzero(fits.any(1))
    if not len(found):
        return segment
    best = np.where(fits, shift, np.inf).argmin(1)
    for at in found[np.argsort(length[narrow[found]], kind="stable")].tolist():
        owner[narrow[at]] = _root(owner, int(best[at]), int(narrow[at]))
    roots = np.array([_root(owner, index, -1) for index in range(count)])
    return np.unique(roots, return_inverse=True)[1].reshape(-1)[segment]


def _root(owner: Index, index: int, unless: int) -> int:
    """The segment that owns `index` in the end; `unless` where that would close a ring."""
    while owner[index] != index:
        if index == unless:
            return unless
        index = int(owner[index])
    return index
