"""The white between the glyphs of a row, measured against its row, its page and the rows around it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from chartline.pdf.glyphs import Flags, Floats, Index
from chartline.pdf.layout.rows import HARD_GAP, WORD_GAP, Run, grouped_median

SOFT_GAP = 0.75  # em: cuts when other rows start at the same place
TIGHT_GAP = 0.42  # em: cuts only when many other rows do (the longest name of a margin list nearly touches the body)
CELL_GAP = 0.3  # em: cuts in a table, and where a page that writes its spaces wrote none
BARE_GAP = 0.2  # em: cuts where none was written and a column goes on
CORRIDOR = (
    0.5  # em: white that a gap shares with the row above or below, for both to be of one column
)

_CELLS = 1 << 22  # of a matrix in hand: a page of glyphs that each stand alone would fill gigabytes


@dataclass(frozen=True)
class White:
    """The k gaps of a run that may be cuts, in its order; arrays of length k."""

    at: Index  # the glyph behind each gap
    row: Index
    size: Floats  # em
    spaced: Flags  # whether a space is written there
    bare: Flags  # whether none is, though the page writes its spaces
    filled: Flags  # whether a smaller text off the baseline, a superscript, was written into it
    colon: Flags  # whether a colon stands before it
    dot: Flags  # whether a dot stands behind it, as of a leader
    jump: Index  # steps in the order of writing between the glyphs beside it
    usual: Floats  # the median gap between words of its row, in em
    many: Flags  # whether the row has enough of them to tell
    common: float  # that of the whole run
    wide: Index  # gaps of its row that are wide enough to cut by themselves
    begins: Index  # other rows nearby that start where the glyph behind the gap does, or again after some white
    ends: Index  # other rows nearby that end, or pause, where the glyph before it ends
    cells: Index  # other rows nearby that go on there after a gap that cuts by itself
    alike: Index  # gaps of the row that are as wide, see `_alike`

    @property
    def tabular(self) -> Flags:
        """Whether its row is parted anyway."""
        return self.wide > 0

    @property
    def even(self) -> Flags:
        """Whether others in the row are as wide to a hair, as in justified prose."""
        return self.alike > 1

    @property
    def continued(self) -> Flags:
        """Whether other rows go on there: three, or two where the gap is wider than most."""
        return self.begins >= np.where(self.size >= 1.3 * self.common, 2, 3)


def white(run: Run, gap: Floats, text: list[str]) -> White:
    """Measures what may be a cut; `gap` as `rows.gaps` gives it."""
    inner, count = np.isfinite(gap), int(run.row[-1]) + 1
    wide = np.bincount(run.row[inner & (gap >= HARD_GAP)], minlength=count)
    common = _common_gap(gap)
    bare = inner & (gap >= BARE_GAP) & ~run.spaced & _writes_spaces(run, gap, common)
    at = np.flatnonzero(
        inner & ((gap >= TIGHT_GAP) | ((wide[run.row] > 0) & (gap >= CELL_GAP)) | bare)
    )
    row = run.row[at]
    colon = np.array([text[glyph] == ":" for glyph in run.glyph[at - 1].tolist()], np.bool_)
    dot = np.array([text[glyph] == "." for glyph in run.glyph[at].tolist()], np.bool_)
    usual, many = _usual_gaps(run, gap, count)
    order, place = _writing(run)
    return White(
        at,
        row,
        gap[at],
        run.spaced[at],
        bare[at],
        _filled(run, at, order, place),
        colon,
        dot,
        np.abs(place[at] - place[at - 1]),
        usual[row],
        many[row],
        common,
        wide[row],
        begins=shared_edges(
            run, run.u0, at, np.flatnonzero(gap >= SOFT_GAP)
        ),  # the starts of rows are infinite gaps
        ends=shared_edges(
            run, run.u1, at - 1, np.flatnonzero(np.append(gap[1:], np.inf) >= SOFT_GAP)
        ),
        cells=shared_edges(run, run.u0, at, np.flatnonzero(inner & (gap >= HARD_GAP))),
        alike=in_parts(lambda part: _alike(gap, part), at, len(run)),
    )


def _writing(run: Run) -> tuple[Index, Index]:
    """The glyphs of a run in the order of writing, and the place of each in it; bold made by printing twice leaves no hole."""
    order = np.argsort(run.glyph)
    place = np.empty(len(run), np.int64)
    place[order] = np.arange(len(run))
    return order, place


def _filled(run: Run, at: Index, order: Index, place: Index) -> Flags:
    """Whether what was written between the glyphs beside a gap stands in it, a little higher or lower, and leaves no more
    white than a wide space. A footnote's number in a table leaves more."""
    between = place[at] - place[at - 1] > 1
    first, last = (
        order[np.where(between, place[at - 1] + 1, 0)],
        order[np.where(between, place[at] - 1, 0)],
    )
    inside = (run.u0[first] > run.u0[at - 1]) & (run.u1[last] < run.u1[at])
    near = np.abs(run.v[first] - run.v[at]) < 0.8 * run.size[at]
    return between & inside & near & (run.u0[at] - run.u1[last] < SOFT_GAP * run.size[at])


def shared_edges(run: Run, edge: Floats, which: Index, anchors: Index) -> Index:
    """How many of the anchors, on other rows nearby, have their edge where each of `which` has its own."""

    def count(part: Index) -> Index:
        size = run.size[part][:, None]
        apart = np.abs(run.v[anchors][None, :] - run.v[part][:, None])
        same = np.abs(edge[anchors][None, :] - edge[part][:, None]) <= np.maximum(0.8, 0.08 * size)
        return (same & (apart <= 15 * size) & (apart > 0.3 * size)).sum(1)

    return in_parts(count, which, len(anchors))


def corridor(run: Run, gap: Floats, wide: Index) -> Index:
    """Through how many rows on end, above and below, the white of each gap goes on; rows that do not reach across are passed over."""
    return in_parts(lambda part: _corridor(run, gap, part), wide, len(run))


def _writes_spaces(run: Run, gap: Floats, common: float) -> bool:
    """Whether words are parted by space glyphs here, so that white without one parts cells. On typewritten pages, where cells may be
    as far apart as words, the gaps as wide as a space tell."""
    words = (gap > WORD_GAP) & (gap < TIGHT_GAP)
    if common > TIGHT_GAP:
        words = np.abs(gap - common) < 0.02 * common
    return bool(words.sum() >= 20 and run.spaced[words].mean() > 0.9)


def _usual_gaps(run: Run, gap: Floats, count: int) -> tuple[Floats, Flags]:
    """The median word gap of each row in em, and whether the row has enough of them to tell."""
    narrow = (gap > WORD_GAP) & (gap < HARD_GAP)
    usual = grouped_median(gap[narrow], run.row[narrow], count)
    usual[np.isnan(usual)] = 0.25
    return usual, np.bincount(run.row[narrow], minlength=count) >= 3


def _common_gap(gap: Floats) -> float:
    """The median gap between words of the whole run, in em: 0.6 where letters are all as wide."""
    words = gap[(gap > WORD_GAP) & (gap < HARD_GAP)]
    return float(np.median(words)) if len(words) >= 20 else 0.25


def _alike(gap: Floats, wide: Index) -> Index:
    """How many gaps are as wide as each to a hair, itself among them: those of a justified line, not of columns. Looked for
    between gaps much wider than it; 0 where one there is much narrower, or so wide that no line is stretched to it."""
    words = np.flatnonzero(gap > WORD_GAP)  # the starts of rows among them, infinite
    size, mine, theirs = gap[wide][:, None], wide[:, None], words[None, :]
    ends = gap[words][None, :] > 1.5 * size
    begin = np.where(ends & (theirs < mine), theirs, 0).max(1)[:, None]
    end = np.where(ends & (theirs > mine), theirs, len(gap)).min(1)[:, None]
    share = np.where((theirs > begin) & (theirs < end), gap[words][None, :] / size, np.inf)
    return (np.abs(share - 1) < 0.03).sum(1) * ((share.min(1) >= 0.5) & (gap[wide] < 8))


def _corridor(run: Run, gap: Floats, wide: Index) -> Index:
    """`corridor` of a part of the gaps."""
    rows = int(run.row[-1]) + 1
    begin = np.flatnonzero(np.diff(run.row, prepend=-1))
    left, right = np.minimum.reduceat(run.u0, begin), np.maximum.reduceat(run.u1, begin)
    v = run.v[begin]
    order = np.argsort(v, kind="stable")
    place = np.empty(rows, np.int64)
    place[order] = np.arange(rows)

    blank = np.flatnonzero(np.isfinite(gap) & (gap >= CELL_GAP))
    x1 = run.u0[blank]
    x0 = x1 - gap[blank] * np.maximum(run.size[blank], run.size[blank - 1])
    which = np.searchsorted(blank, wide)
    a, b, size, row = x0[which], x1[which], run.size[wide], run.row[wide]
    shared = np.minimum(b[:, None], x1[None, :]) - np.maximum(a[:, None], x0[None, :])
    one, other = np.nonzero(shared >= CORRIDOR * size[:, None])
    open_ = np.zeros((len(wide), rows), np.bool_)
    open_[one, run.row[blank[other]]] = True

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


def in_parts(measure: Callable[[Index], Index], which: Index, width: int) -> Index:
    """`measure(which)`, which compares each of `which` with some `width` others, in parts that bound its memory."""
    if not len(which):
        return np.zeros(0, np.int64)
    step = max(1, _CELLS // max(1, width))
    return np.concatenate([measure(which[at : at + step]) for at in range(0, len(which), step)])
