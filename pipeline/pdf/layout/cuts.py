"""Rows to segments: a row is cut where the gap between two glyphs is a column gap.

That is one wide in itself, or moderately wide where other rows begin at the same place or leave the same corridor white.
Small pieces off the baseline that touch a neighbour (superscripts, bullets of another font) join it.
"""

import re

import numpy as np

from chartline.pdf.glyphs import Flags, Floats, Index
from chartline.pdf.layout.rows import HARD_GAP, Run, gaps, grouped_median
from chartline.pdf.layout.white import (
    CELL_GAP,
    SOFT_GAP,
    TIGHT_GAP,
    White,
    corridor,
    in_parts,
    shared_edges,
    white,
)

COLUMN = 6  # other rows that share an edge: a column, however narrow the gap

_SIGN = re.compile(r"^[*>–—\-]$")  # a bullet, or a table's cell
_ENUMERATOR = re.compile(
    r"^(?:[•●▪◦‣·○■□◊◆◇❖►▶➔→✔➢✓*>–—\-\uf000-\uf0ff]|\[\d{1,2}\]|\(?(?:\d{1,2}|[a-zA-Z]|[IVX]{1,4})[.)°/])$"
)
_NUMBER = re.compile(
    r"^[1-9]\d?(?:\.\d{1,2}){0,2}$"
)  # of a heading; of a table's row where others go on there


def segments(run: Run, text: list[str]) -> Index:
    """The number of each glyph's segment, rising along the run."""
    gap = gaps(run)
    start = np.isinf(gap)
    found = white(run, gap, text)
    if len(found.at):
        cuts = np.flatnonzero(_cuts(run, gap, found))
        start[_but_after_enumerators(run, gap, text, found, cuts)] = True
    return np.cumsum(start) - 1


def _cuts(run: Run, gap: Floats, w: White) -> Flags:
    """Which gaps are cuts."""
    hard = _hard(w)
    typed = w.spaced & (w.size < 3.2 * w.common)  # typists put up to three spaces
    alone = hard | _apart(w) | _open(run, gap, w, hard)
    return alone & ~typed | _column(w) | _cell(w) | _unwritten(run, gap, w)


def _hard(w: White) -> Flags:
    """Wide in itself, in a row that is not stretched as wide."""
    stretched = (w.many & (w.usual >= 0.5) & (w.size < 2.2 * w.usual)) | (w.even & (w.begins < 2))
    return (w.size >= HARD_GAP) & ~stretched & ~((w.alike > 3) & (w.size < 3))


def _column(w: White) -> Flags:
    """Where other rows begin or end at the same places: the narrower the gap, the more of them."""
    needed = np.select([w.size >= 1.2, w.size >= SOFT_GAP], [2, 3], 5)
    shared = (w.begins >= needed - (w.jump > 1)) | (w.ends > needed)
    widened = w.size >= 1.5 * np.where(w.many, w.usual, np.minimum(w.usual, 0.5))
    many = (w.begins >= COLUMN) | (w.ends > COLUMN)
    return (w.size >= TIGHT_GAP) & ~w.even & (widened & shared | many)


def _cell(w: White) -> Flags:
    """In a table's row, where wide gaps of other rows end."""
    return w.tabular & (w.cells >= 3) & (w.size >= CELL_GAP) & ~(w.spaced & (w.size < SOFT_GAP))


def _apart(w: White) -> Flags:
    """Not one of several alike, and told from a space between words by its width, by the space that was not written, by
    other rows: in a table's row, in one squeezed so that its cells nearly touch, or where the writing comes back after
    some other text."""
    lone, stands_out, edges = w.alike <= 2, w.size >= 3 * w.common, w.begins + w.ends
    wider = stands_out | ~w.even & (w.size >= max(0.6, 1.5 * w.common))
    in_table = w.tabular & (w.bare & ~w.dot & wider | stands_out & (edges >= 2))
    label = w.colon & stands_out & ~w.even & ~w.spaced & (w.usual < 0.5)
    squeezed = w.many & (w.usual > 0.61) & (w.size > 0.61) & w.continued
    return lone & ~w.filled & (in_table | label | squeezed | stands_out & (w.jump > 5))


def _unwritten(run: Run, gap: Floats, w: White) -> Flags:
    """Without the space that the page writes between words, where another row has the same (three, where it is narrower
    than a space); not in a sentence that is justified by moving words."""
    if not w.bare.any():
        return w.bare
    sentence = w.even & (np.bincount(w.row[w.bare], minlength=int(w.row[-1]) + 1)[w.row] >= 5)
    starts = np.isinf(gap)
    starts[w.at[w.bare & (w.size >= CELL_GAP)]] = True
    others = shared_edges(run, run.u0, w.at, np.flatnonzero(starts))
    return w.bare & ~sentence & (others >= np.where(w.size >= CELL_GAP, 1, 3))


def _open(run: Run, gap: Floats, w: White, hard: Flags) -> Flags:
    """Of a white corridor that goes on above or below."""
    stands_out = w.size >= 2.2 * np.where(
        w.many, w.usual, w.common
    )  # typists put two spaces after a sentence
    doubtful = np.flatnonzero((w.size >= np.where(stands_out, 0.5, SOFT_GAP)) & ~w.even & ~hard)
    rows = np.zeros(len(w.at), np.int64)
    rows[doubtful] = corridor(run, gap, w.at[doubtful])
    found = (w.size >= SOFT_GAP) & (rows >= np.where(w.size >= 1.2, 1, 2)) | (
        rows >= 3
    ) & w.continued
    return found & (stands_out | (rows >= 4))


def _but_after_enumerators(run: Run, gap: Floats, text: list[str], w: White, cut: Index) -> Index:
    """The glyphs behind the gaps `cut`, without those between a bullet or number and its text."""
    firsts = np.maximum.accumulate(np.where(np.isinf(gap), np.arange(len(run)), 0))
    heads = (
        (w.size < 2) & (w.begins < 2) & (w.wide < 2)
    )  # what parts a number from its heading, not a table's cells
    cuts: list[int] = []
    for at, head in zip(w.at[cut].tolist(), heads[cut].tolist(), strict=True):
        begin = max(int(firsts[at]), cuts[-1] if cuts else 0)
        first = begin == firsts[at]
        opens = first or gap[begin] >= HARD_GAP  # a cell is no bullet
        if gap[at] < 3 and opens and at - begin <= 8:
            mark = "".join(text[g] for g in run.glyph[begin:at].tolist())
            sign = _SIGN.match(mark) and not first
            if _ENUMERATOR.match(mark) and not (
                sign and (gap[at] >= 1.2 or _among_cells(run, gap, text, begin))
            ):
                continue
            if first and head and _NUMBER.match(mark) and text[run.glyph[at]].isupper():
                continue
        cuts.append(at)
    return np.array(cuts, dtype=np.int64)


def _among_cells(run: Run, gap: Floats, text: list[str], at: int) -> bool:
    """Whether other rows nearby mostly hold something else where this sign stands: a table's column, not bullets."""
    starts, near = np.flatnonzero(gap >= SOFT_GAP), max(0.8, 0.08 * run.size[at])
    same = (np.abs(run.u0[starts] - run.u0[at]) <= near) & (
        np.abs(run.v[starts] - run.v[at]) <= 15 * run.size[at]
    )
    signs = [bool(_SIGN.match(text[glyph])) for glyph in run.glyph[starts[same]].tolist()]
    return 2 * sum(signs) <= len(signs)


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
        fits &= (
            (length[part][:, None] <= 4) | (small < 0.85 * em) | (shift < 0.15 * em)
        )  # else a text of its own
        fits &= (u0[part][:, None] <= u1 + 0.3 * em) & (u1[part][:, None] >= u0 - 0.3 * em)
        return np.where(fits.any(1), np.where(fits, shift, np.inf).argmin(1), -1)

    owner = np.arange(count)
    best = in_parts(nearest, narrow, count)
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
