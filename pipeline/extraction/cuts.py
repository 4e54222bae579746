"""Rows to segments: a row is cut where the gap between two glyphs is a column gap.

That is one wide in itself, or moderately wide where other rows begin at the same place or leave the same corridor white.
Small pieces off the baseline that touch a neighbour (superscripts, bullets of another font) join it.
"""

import re
from collections.abc import Callable

import numpy as np

from pipeline.extraction.glyphs import Flags, Floats, Index
from pipeline.extraction.rows import HARD_GAP, WORD_GAP, Run, gaps, grouped_median

SOFT_GAP = 0.75  # em: cuts when other rows start at the same place
TIGHT_GAP = 0.42  # em: cuts only when many other rows do (the longest name of a margin list nearly touches the body)
CELL_GAP = 0.3  # em: cuts in a table, and where a page that writes its spaces wrote none
COLUMN = 6  # other rows that share an edge: a column, however narrow the gap
CORRIDOR = 0.5  # em: white that a gap shares with the row above or below, for both to be of one column

_CELLS = 1 << 22  # of a matrix in hand: a page of glyphs that each stand alone would fill gigabytes

_SIGN = re.compile(r"^[*>–—\-]$")  # a bullet, or a table's cell
_ENUMERATOR = re.compile(r"^(?:[•●▪◦‣·○■□➢✓*>–—\-\uf000-\uf0ff]|\[\d{1,2}\]|\(?(?:\d{1,2}|[a-zA-Z]|[IVX]{1,4})[.)°/])$")


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
    common = _common_gap(gap)
    bare = inner & (gap >= CELL_GAP) & ~run.spaced & _writes_spaces(run, gap, common)
    wide = np.flatnonzero(inner & ((gap >= TIGHT_GAP) | (tabular[run.row] & (gap >= CELL_GAP)) | bare))
    if not len(wide):
        return wide
    size = gap[wide]
    usual, many = _usual_gaps(run, gap)
    usual, many = usual[run.row[wide]], many[run.row[wide]]
    support, before = _support(run, gap, wide, SOFT_GAP), _support_before(run, gap, wide, SOFT_GAP)
    columns = _support(run, np.where(inner, gap, 0), wide, HARD_GAP)
    alike = _alike(run, gap, wide)
    even = alike > 1
    stretched = (many & (usual >= 0.5) & (size < 2.2 * usual)) | (even & (support < 2)) | ((alike > 3) & (size < 3))
    hard = (size >= HARD_GAP) & ~stretched
    jump = np.abs(run.glyph[wide] - run.glyph[wide - 1]) > 1  # not written one after the other
    needed = np.select([size >= 1.2, size >= SOFT_GAP], [2, 3], 5)
    shared = (support >= needed - jump) | (before > needed)
    cell = tabular[run.row[wide]] & (columns >= 3) & (size >= CELL_GAP) & ~(run.spaced[wide] & (size < SOFT_GAP))
    widened = size >= 1.5 * np.where(many, usual, np.minimum(usual, 0.5))
    column = (support >= COLUMN) | (before > COLUMN)
    soft = (size >= TIGHT_GAP) & ~even & (widened & shared | column)
    unwritten = bare[wide] & (_support(run, np.where(bare, gap, np.where(inner, 0, np.inf)), wide, CELL_GAP) >= 1)
    sentence = even & (
        np.bincount(run.row[bare], minlength=len(tabular))[run.row[wide]] >= 5
    )  # justified by moving words
    stands_out = size >= 2.2 * np.where(many, usual, common)  # typists put two spaces after a sentence
    doubtful = np.flatnonzero((size >= np.where(stands_out, 0.5, SOFT_GAP)) & ~even & ~hard)
    open_rows = np.zeros(len(wide), np.int64)
    open_rows[doubtful] = _corridor(run, gap, wide[doubtful])
    corridor = (size >= SOFT_GAP) & (open_rows >= np.where(size >= 1.2, 1, 2)) | (open_rows >= 3) & (support >= 3)
    corridor &= stands_out | (open_rows >= 4)
    return _but_after_enumerators(run, gap, text, wide[hard | soft | cell | corridor | (unwritten & ~sentence)])


def _in_parts(measure: Callable[[Index], Index], which: Index, width: int) -> Index:
    """`measure(which)`, which compares each of `which` with some `width` others, in parts that bound its memory."""
    if not len(which):
        return np.zeros(0, np.int64)
    step = max(1, _CELLS // max(1, width))
    return np.concatenate([measure(which[at : at + step]) for at in range(0, len(which), step)])


def _but_after_enumerators(run: Run, gap: Floats, text: list[str], cut: Index) -> Index:
    """The cuts without those between a bullet or number and its text."""
    firsts = np.maximum.accumulate(np.where(np.isinf(gap), np.arange(len(run)), 0))
    cuts: list[int] = []
    for at in cut.tolist():
        begin = max(int(firsts[at]), cuts[-1] if cuts else 0)
        opens = begin == firsts[at] or gap[begin] >= HARD_GAP  # a cell is no bullet
        if gap[at] < 3 and opens and at - begin <= 4:
            mark = "".join(text[g] for g in run.glyph[begin:at].tolist())
            if _ENUMERATOR.match(mark) and not (_SIGN.match(mark) and begin != firsts[at] and gap[at] >= 1.2):
                continue
        cuts.append(at)
    return np.array(cuts, dtype=np.int64)


def _writes_spaces(run: Run, gap: Floats, common: float) -> bool:
    """Whether words are parted by space glyphs here, so that white without one parts cells. On typewritten pages, where cells may be
    as far apart as words, the gaps as wide as a space tell."""
    words = (gap > WORD_GAP) & (gap < TIGHT_GAP)
    if common > TIGHT_GAP:
        words = np.abs(gap - common) < 0.02 * common
    return bool(words.sum() >= 20 and run.spaced[words].mean() > 0.9)


def _usual_gaps(run: Run, gap: Floats) -> tuple[Floats, Flags]:
    """The median word gap of each row in em, and whether the row has enough of them to tell."""
    words = (gap > WORD_GAP) & np.isfinite(gap)
    count = int(run.row[-1]) + 1
    narrow = words & (gap < HARD_GAP)
    usual = grouped_median(gap[narrow], run.row[narrow], count)
    usual[np.isnan(usual)] = 0.25
    return usual, np.bincount(run.row[narrow], minlength=count) >= 3


def _common_gap(gap: Floats) -> float:
    """The median gap between words of the whole run, in em: 0.6 where letters are all as wide."""
    words = gap[(gap > WORD_GAP) & (gap < HARD_GAP)]
    return float(np.median(words)) if len(words) >= 20 else 0.25


def _alike(run: Run, gap: Floats, wide: Index) -> Index:
    return _in_parts(lambda part: _alike_of(run, gap, part), wide, len(run))


def _alike_of(run: Run, gap: Floats, wide: Index) -> Index:
    """How many gaps are as wide as each to a hair, itself among them: those of a justified line, not of columns. Looked for
    between gaps much wider than it; 0 where one there is much narrower, or so wide that no line is stretched to it."""
    words = np.flatnonzero(gap > WORD_GAP)  # the starts of rows among them, infinite
    size, mine, theirs = gap[wide][:, None], wide[:, None], words[None, :]
    ends = gap[words][None, :] > 1.5 * size
    begin = np.where(ends & (theirs < mine), theirs, 0).max(1)[:, None]
    end = np.where(ends & (theirs > mine), theirs, len(run)).min(1)[:, None]
    share = np.where((theirs > begin) & (theirs < end), gap[words][None, :] / size, np.inf)
    return (np.abs(share - 1) < 0.03).sum(1) * ((share.min(1) >= 0.5) & (gap[wide] < 8))


def _corridor(run: Run, gap: Floats, wide: Index) -> Index:
    return _in_parts(lambda part: _corridor_of(run, gap, part), wide, len(run))


def _corridor_of(run: Run, gap: Floats, wide: Index) -> Index:
    """Through how many rows on end, above and below, the white of each gap goes on; rows that do not reach across are passed over."""
    rows = int(run.row[-1]) + 1
    begin = np.flatnonzero(np.diff(run.row, prepend=-1))
    left, right = np.minimum.reduceat(run.u0, begin), np.maximum.reduceat(run.u1, begin)
    v = run.v[begin]
    order = np.argsort(v, kind="stable")
    place = np.empty(rows, np.int64)
    place[order] = np.arange(rows)

    white = np.flatnonzero(np.isfinite(gap) & (gap >= CELL_GAP))
    x1 = run.u0[white]
    x0 = x1 - gap[white] * np.maximum(run.size[white], run.size[white - 1])
    which = np.searchsorted(white, wide)
    a, b, size, row = x0[which], x1[which], run.size[wide], run.row[wide]
    shared = np.minimum(b[:, None], x1[None, :]) - np.maximum(a[:, None], x0[None, :])
    one, other = np.nonzero(shared >= CORRIDOR * size[:, None])
    open_ = np.zeros((len(wide), rows), np.bool_)
    open_[one, run.row[white[other]]] = True

    found = np.zeros(len(wide), np.int64)
    every = np.arange(len(wide))
    for way in (-1, 1):
        on = np.ones(len(wide), np.bool_)
        for step in range(1, 6):
            at = place[row] + way * step
            on &= (at >= 0) & (at < rows)
            there = order[np.clip(at, 0, rows - 1)]
            apart = np.abs(v[there] - run.v[wide])
            on &= apart <= 6 * size
            across = on & (apart > 0.3 * size) & (left[there] < a) & (right[there] > b)
            found += across & open_[every, there]
            on &= ~across | open_[every, there]
    return found


def _support(run: Run, gap: Floats, wide: Index, least: float) -> Index:
    """How many other rows nearby start where these glyphs do, or begin again there after a gap of `least` em."""
    return _shared_edges(run, run.u0, wide, np.flatnonzero(gap >= least))  # the starts of rows are infinite gaps


def _support_before(run: Run, gap: Floats, wide: Index, least: float) -> Index:
    """How many other rows nearby end where the glyphs before these do, or pause there for `least` em: columns set flush right."""
    return _shared_edges(run, run.u1, wide - 1, np.flatnonzero(np.append(gap[1:], np.inf) >= least))


def _shared_edges(run: Run, edge: Floats, which: Index, anchors: Index) -> Index:
    """How many of the anchors, on other rows nearby, have their edge where each of `which` has its own."""

    def count(part: Index) -> Index:
        size = run.size[part][:, None]
        apart = np.abs(run.v[anchors][None, :] - run.v[part][:, None])
        same = np.abs(edge[anchors][None, :] - edge[part][:, None]) <= np.maximum(0.8, 0.08 * size)
        return (same & (apart <= 15 * size) & (apart > 0.3 * size)).sum(1)

    return _in_parts(count, which, len(anchors))


def merge_shifted(run: Run, segment: Index) -> Index:
    """Segments with small pieces off the baseline (superscript, subscript, bullet) given to the one they touch."""
    count = int(segment[-1]) + 1
    begin = np.flatnonzero(np.diff(segment, prepend=-1))
    u0, u1 = np.minimum.reduceat(run.u0, begin), np.maximum.reduceat(run.u1, begin)
    v, em = grouped_median(run.v, segment, count), grouped_median(run.size, segment, count)
    length = np.diff(begin, append=len(run))
    narrow = np.flatnonzero(u1 - u0 < 5 * em.max())

    def nearest(part: Index) -> Index:
        """The segment that each of a part touches and is least shifted from, or -1."""
        shift = np.abs(v[None, :] - v[part][:, None])
        small = em[part][:, None]
        fits = (shift < 0.5 * em) & (shift > 0) & (em * 0.45 <= small) & (small <= em * 1.25)
        fits &= (length >= length[part][:, None]) & ((u1 - u0)[part][:, None] < 5 * em)
        fits &= (length[part][:, None] <= 4) | (small < 0.85 * em) | (shift < 0.15 * em)  # else a text of its own
        fits &= (u0[part][:, None] <= u1 + 0.3 * em) & (u1[part][:, None] >= u0 - 0.3 * em)
        return np.where(fits.any(1), np.where(fits, shift, np.inf).argmin(1), -1)

    owner = np.arange(count)
    best = _in_parts(nearest, narrow, count)
    found = np.flatnonzero(best >= 0)
    if not len(found):
        return segment
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
