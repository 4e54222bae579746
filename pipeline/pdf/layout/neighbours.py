"""What a gap has in common with other gaps: of its row, and of the rows above and below."""

from collections.abc import Callable

import numpy as np

from chartline.pdf.glyphs import Flags, Floats, Index
from chartline.pdf.layout.rows import WORD_GAP, Run

_NEARBY = 15.0  # em up or down: a paragraph or a table, not the whole page
_OTHER_ROW = 0.3  # em up or down: less is the same row, or a superscript of it
_SAME_EDGE_POINTS, _SAME_EDGE = 0.8, 0.08  # points, em: edges at one place, after rounding

CORRIDOR = 0.5  # em: white that two rows share at one place, so that it is of one column
_CORRIDOR_START = 0.3  # em: narrower white is a word space, and no part of a corridor
_CORRIDOR_ROWS = 5  # rows looked at in each direction
_CORRIDOR_NEAR = 6.0  # em up or down: rows farther away belong to something else

_ALIKE = 0.03  # share of the width: gaps of a justified line differ by rounding only
_MUCH_WIDER = 1.5  # times as wide: a gap where a stretched line ends
_MUCH_NARROWER = 0.5  # times as wide: a row that holds such a gap is not stretched
_NEVER_STRETCHED = 8.0  # em: no justified line is stretched so far

_MATRIX_CELLS = 1 << 22  # of a matrix at once: gigabytes on pages where every glyph stands alone


def shared_edges(run: Run, edge: Floats, which: Index, anchors: Index) -> Index:
    """How many of the glyphs `anchors`, on other rows nearby, have their edge at the same place.

    Args:
        run: the glyphs.
        edge: the edge of each glyph of the run, `run.u0` or `run.u1`.
        which: the glyphs to count for; the result has their length.
        anchors: the glyphs that are counted.
    """

    def count(part: Index) -> Index:
        size = run.size[part][:, None]
        apart = np.abs(run.v[anchors][None, :] - run.v[part][:, None])
        near = np.maximum(_SAME_EDGE_POINTS, _SAME_EDGE * size)
        same = np.abs(edge[anchors][None, :] - edge[part][:, None]) <= near
        return (same & (apart <= _NEARBY * size) & (apart > _OTHER_ROW * size)).sum(1)

    return in_parts(count, which, len(anchors))


def alike_in_row(before: Floats, which: Index) -> Index:
    """How many gaps of its row are as wide as each of the gaps `which`, itself among them.

    Gaps of a justified line are alike; so the row is looked at up to the next gap that is much
    wider on either side. 0 where that stretch holds a gap that is much narrower, or where the gap
    is wider than any justified line is stretched.
    """
    words = np.flatnonzero(before > WORD_GAP)  # the starts of rows among them, which are infinite
    size, mine, theirs = before[which][:, None], which[:, None], words[None, :]
    ends = before[words][None, :] > _MUCH_WIDER * size
    begin = np.where(ends & (theirs < mine), theirs, 0).max(1)[:, None]
    end = np.where(ends & (theirs > mine), theirs, len(before)).min(1)[:, None]
    share = np.where((theirs > begin) & (theirs < end), before[words][None, :] / size, np.inf)
    stretched = (share.min(1) >= _MUCH_NARROWER) & (before[which] < _NEVER_STRETCHED)
    return (np.abs(share - 1) < _ALIKE).sum(1) * stretched


def corridor(run: Run, before: Floats, which: Index) -> Index:
    """Through how many rows in succession, above and below, the white of each gap goes on.

    Rows that do not reach across the gap are passed over: they neither count nor end it.
    """
    return in_parts(lambda part: _corridor(run, before, part), which, len(run))


def _corridor(run: Run, before: Floats, which: Index) -> Index:
    row_begin = np.flatnonzero(np.diff(run.row, prepend=-1))
    left = np.minimum.reduceat(run.u0, row_begin)
    right = np.maximum.reduceat(run.u1, row_begin)
    v = run.v[row_begin]
    order = np.argsort(v, kind="stable")
    rows, count = len(order), len(which)
    place = np.empty(rows, np.int64)
    place[order] = np.arange(rows)
    x0, x1, shares_white = _shared_white(run, before, which, rows)

    found = np.zeros(count, np.int64)
    every, size, row = np.arange(count), run.size[which], run.row[which]
    for way in (-1, 1):
        going = np.ones(count, np.bool_)
        for step in range(1, _CORRIDOR_ROWS + 1):
            at = place[row] + way * step
            going &= (at >= 0) & (at < rows)
            other = order[np.clip(at, 0, rows - 1)]
            apart = np.abs(v[other] - run.v[which])
            going &= apart <= _CORRIDOR_NEAR * size
            across = going & (apart > _OTHER_ROW * size) & (left[other] < x0) & (right[other] > x1)
            found += across & shares_white[every, other]
            going &= ~across | shares_white[every, other]
    return found


def _shared_white(
    run: Run, before: Floats, which: Index, rows: int
) -> tuple[Floats, Floats, Flags]:
    """The edges of the gaps `which`, and which rows share enough of their white (gaps x rows)."""
    blank = np.flatnonzero(np.isfinite(before) & (before >= _CORRIDOR_START))
    x1 = run.u0[blank]
    x0 = x1 - before[blank] * np.maximum(run.size[blank], run.size[blank - 1])
    mine = np.searchsorted(blank, which)
    begin, end = x0[mine], x1[mine]
    shared = np.minimum(end[:, None], x1[None, :]) - np.maximum(begin[:, None], x0[None, :])
    one, other = np.nonzero(shared >= CORRIDOR * run.size[which][:, None])
    flags = np.zeros((len(which), rows), np.bool_)
    flags[one, run.row[blank[other]]] = True
    return begin, end, flags


def in_parts(measure: Callable[[Index], Index], which: Index, width: int) -> Index:
    """`measure(which)`, which compares each of `which` with some `width` others, computed in parts
    that bound its memory."""
    if not len(which):
        return np.zeros(0, np.int64)
    step = max(1, _MATRIX_CELLS // max(1, width))
    return np.concatenate([measure(which[at : at + step]) for at in range(0, len(which), step)])
