"""The gaps between the glyphs of a row, measured against their row, their page and other rows.

A gap is the white space between two neighbouring glyphs of one row. Its width is given in em of the
larger neighbour. Only gaps that a rule of `cut_rules` may cut at are measured.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from chartline.pdf.glyphs import Flags, Floats, Index
from chartline.pdf.layout.neighbours import alike_in_row, corridor, in_parts, shared_edges
from chartline.pdf.layout.rows import HARD_GAP, WORD_GAP, Run, grouped_median

SOFT_GAP = 0.75  # em: white that other rows can share; no word space is as wide in plain prose
TIGHT_GAP = 0.42  # em: the longest name of a margin list leaves no more before the body
CELL_GAP = 0.3  # em: cells of squeezed tables; the word space of most fonts is 0.25 to 0.3
BARE_GAP = 0.2  # em: white without a space glyph, on a page that writes them between words
OUTSTANDING = 3.0  # times the page's word gap: two typed spaces are twice as wide
PLAIN_WORD_GAP = 0.25  # em: taken where a row or page has too few word gaps to measure
_ENOUGH_IN_PAGE = 20  # word gaps of a page, for their median to mean something
_ENOUGH_IN_ROW = 3  # word gaps of a row, for the same
_WRITTEN = 0.9  # share of word gaps with a space glyph on pages that write their spaces


@dataclass(frozen=True)
class Gaps:
    """The k gaps of a run that may be cuts, in its order; arrays have length k.

    `row_gap` and `page_gap` are the median word gap, in em, of the gap's row and of the whole run.
    """

    run: Run
    before: Floats  # the gap before every glyph of the run, as `rows.gaps_before` gives it
    at: Index  # the glyph of the run behind each gap
    row: Index
    size: Floats  # em
    spaced: Flags  # a space glyph is written there
    unspaced: Flags  # none is, though the page writes its spaces
    filled: Flags  # a superscript or subscript was written into it
    after_colon: Flags
    before_dot: Flags  # as before the dots of a leader
    writing_step: Index  # distance of the two glyphs beside it in the order of writing
    row_gap: Floats
    row_gap_known: Flags  # the row has enough word gaps for `row_gap` to be measured
    page_gap: float
    row_wide: Index  # gaps of its row of HARD_GAP or more
    begins: Index  # other rows nearby that start, after white, where the glyph behind it does
    ends: Index  # other rows nearby that end, before white, where the glyph before it does
    cells: Index  # other rows nearby that go on there after a gap of HARD_GAP or more
    alike: Index  # gaps of the row that are as wide, itself among them (`alike_in_row`)

    def __len__(self) -> int:
        return len(self.at)

    @cached_property
    def in_table_row(self) -> Flags:
        """Whether its row holds a gap that is wide enough to cut by itself."""
        return self.row_wide > 0

    @cached_property
    def even(self) -> Flags:
        """Whether another gap of its row is as wide, as in justified prose."""
        return self.alike > 1

    @cached_property
    def outstanding(self) -> Flags:
        """Whether it is far wider than the word gaps of the page."""
        return self.size >= OUTSTANDING * self.page_gap

    @cached_property
    def lone(self) -> Flags:
        """Whether at most one other gap of its row is as wide, and no superscript fills it."""
        return (self.alike <= 2) & ~self.filled

    def rows_open(self, which: Index) -> Index:
        """Through how many rows, above and below, the white of each of the gaps `which` goes on."""
        return corridor(self.run, self.before, self.at[which])

    def unspaced_edges(self) -> Index:
        """How many other rows nearby go on where each gap ends: after the start of the row, or
        after white of CELL_GAP or more in which no space glyph is written."""
        starts = np.isinf(self.before)
        starts[self.at[self.unspaced & (self.size >= CELL_GAP)]] = True
        return shared_edges(self.run, self.run.u0, self.at, np.flatnonzero(starts))


def measure(run: Run, before: Floats, text: list[str]) -> Gaps:
    """Measures the gaps of a run that may be cuts.

    Args:
        run: the glyphs of one direction of text.
        before: the gap before every glyph, as `rows.gaps_before` gives it.
        text: the characters of the page's glyphs.
    """
    inner, count = np.isfinite(before), int(run.row[-1]) + 1
    wide = inner & (before >= HARD_GAP)
    row_wide = np.bincount(run.row[wide], minlength=count)
    page_gap = _page_gap(before)
    unspaced = inner & (before >= BARE_GAP) & ~run.spaced & _writes_spaces(run, before, page_gap)
    in_table_row = (row_wide[run.row] > 0) & (before >= CELL_GAP)
    at = np.flatnonzero(inner & ((before >= TIGHT_GAP) | in_table_row | unspaced))
    row = run.row[at]
    row_gap, row_gap_known = _row_gaps(run, before, count)
    order, place = _writing_order(run)
    starts = np.flatnonzero(before >= SOFT_GAP)  # the starts of rows are infinite gaps
    pauses = np.flatnonzero(np.append(before[1:], np.inf) >= SOFT_GAP)
    return Gaps(
        run,
        before,
        at,
        row,
        before[at],
        run.spaced[at],
        unspaced[at],
        filled=_filled(run, at, order, place),
        after_colon=_is_character(text, run.glyph[at - 1], ":"),
        before_dot=_is_character(text, run.glyph[at], "."),
        writing_step=np.abs(place[at] - place[at - 1]),
        row_gap=row_gap[row],
        row_gap_known=row_gap_known[row],
        page_gap=page_gap,
        row_wide=row_wide[row],
        begins=shared_edges(run, run.u0, at, starts),
        ends=shared_edges(run, run.u1, at - 1, pauses),
        cells=shared_edges(run, run.u0, at, np.flatnonzero(wide)),
        alike=in_parts(lambda part: alike_in_row(before, part), at, len(run)),
    )


def _is_character(text: list[str], glyphs: Index, character: str) -> Flags:
    return np.array([text[glyph] == character for glyph in glyphs.tolist()], np.bool_)


def _writing_order(run: Run) -> tuple[Index, Index]:
    """The glyphs of a run in the order in which the page writes them, and the place of each in it.

    Counted among the run's own glyphs: a second print of bold text, dropped before, leaves no hole.
    """
    order = np.argsort(run.glyph)
    place = np.empty(len(run), np.int64)
    place[order] = np.arange(len(run))
    return order, place


_OFF_BASELINE = 0.8  # em: a superscript stands no farther from the baseline of its row


def _filled(run: Run, at: Index, order: Index, place: Index) -> Flags:
    """Whether the glyphs written between the two beside a gap stand in it, a little off the
    baseline, and leave less than SOFT_GAP behind them. A footnote's number in a table leaves more.
    """
    between = place[at] - place[at - 1] > 1
    first = order[np.where(between, place[at - 1] + 1, 0)]
    last = order[np.where(between, place[at] - 1, 0)]
    inside = (run.u0[first] > run.u0[at - 1]) & (run.u1[last] < run.u1[at])
    near = np.abs(run.v[first] - run.v[at]) < _OFF_BASELINE * run.size[at]
    return between & inside & near & (run.u0[at] - run.u1[last] < SOFT_GAP * run.size[at])


def _writes_spaces(run: Run, before: Floats, page_gap: float) -> bool:
    """Whether the page writes a space glyph between words, so that white without one
    separates cells.

    On typewritten pages, where a word space is as wide as the gap between some cells, only gaps
    as wide as the page's word gap are counted.
    """
    words = (before > WORD_GAP) & (before < TIGHT_GAP)
    if page_gap > TIGHT_GAP:
        words = np.abs(before - page_gap) < 0.02 * page_gap  # 2 %: rounding of coordinates
    return bool(words.sum() >= _ENOUGH_IN_PAGE and run.spaced[words].mean() > _WRITTEN)


def _row_gaps(run: Run, before: Floats, count: int) -> tuple[Floats, Flags]:
    """The median word gap of each row in em, and whether the row has enough of them to tell."""
    words = (before > WORD_GAP) & (before < HARD_GAP)
    median = grouped_median(before[words], run.row[words], count)
    median[np.isnan(median)] = PLAIN_WORD_GAP
    return median, np.bincount(run.row[words], minlength=count) >= _ENOUGH_IN_ROW


def _page_gap(before: Floats) -> float:
    """The median word gap of the whole run in em: 0.6 where all letters are equally wide."""
    words = before[(before > WORD_GAP) & (before < HARD_GAP)]
    return float(np.median(words)) if len(words) >= _ENOUGH_IN_PAGE else PLAIN_WORD_GAP
