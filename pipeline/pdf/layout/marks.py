"""Bullets, list numbers and heading numbers stay with their text, however wide the gap is.

These rules look at cuts that `cut_rules` has made, from left to right, and take some back.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from chartline.pdf.glyphs import Floats, Index
from chartline.pdf.layout.cut_rules import CLEAR_GAP
from chartline.pdf.layout.gaps import SOFT_GAP, Gaps
from chartline.pdf.layout.rows import HARD_GAP, Run

_LONGEST = 8  # glyphs of a mark: "(XVIII)" and a dot
_FARTHEST = 3.0  # em from a mark to its text; a cell may be farther
_HEADING_GAP = 2.0  # em from a number to its heading
_COLUMN_NEAR = 15.0  # em up or down: the rows of one table
_SAME_EDGE_POINTS, _SAME_EDGE = 0.8, 0.08  # points, em: edges at one place, after rounding

_SIGN = re.compile(r"^[*>–—\-]$")  # a bullet, or a cell of a table
_ENUMERATOR = re.compile(
    r"^(?:[•●▪◦‣·○■□◊◆◇❖►▶➔→✔➢✓*>–—\-\uf000-\uf0ff]|\[\d{1,2}\]"
    r"|\(?(?:\d{1,2}|[a-zA-Z]|[IVX]{1,4})[.)°/])$"
)
_HEADING_NUMBER = re.compile(r"^[1-9]\d?(?:\.\d{1,2}){0,2}$")  # 2, 2.1, 10.3.1


@dataclass(frozen=True)
class Mark:
    """A short piece between two gaps of a row: perhaps the mark of the text behind it."""

    run: Run
    before: Floats  # the gap before every glyph of the run
    text: list[str]  # of the page's glyphs
    begin: int  # its first glyph in the run
    end: int  # the glyph behind the gap, where its text would begin
    opens_row: bool
    alone_in_row: bool  # neither other rows nor wide gaps of its own row suggest a table

    @property
    def gap(self) -> float:
        return float(self.before[self.end])

    @property
    def characters(self) -> str:
        return "".join(self.text[glyph] for glyph in self.run.glyph[self.begin : self.end].tolist())

    def among_cells(self) -> bool:
        """Whether most other rows nearby hold something else at its place: a table's column."""
        run, begin = self.run, self.begin
        starts = np.flatnonzero(self.before >= SOFT_GAP)
        near = max(_SAME_EDGE_POINTS, _SAME_EDGE * run.size[begin])
        same = np.abs(run.u0[starts] - run.u0[begin]) <= near
        same &= np.abs(run.v[starts] - run.v[begin]) <= _COLUMN_NEAR * run.size[begin]
        signs = [bool(_SIGN.match(self.text[at])) for at in run.glyph[starts[same]].tolist()]
        return 2 * sum(signs) <= len(signs)


@dataclass(frozen=True)
class MarkRule:
    """A named rule that takes back the cut behind a mark; see `cut_rules.Rule`."""

    name: str
    reason: str
    applies: Callable[[Mark], bool]
    cuts: bool = False


def _mark_and_its_text(mark: Mark) -> bool:
    characters = mark.characters
    if not _ENUMERATOR.match(characters):
        return False
    if mark.opens_row or not _SIGN.match(characters):
        return True
    return mark.gap < CLEAR_GAP and not mark.among_cells()


def _number_and_its_heading(mark: Mark) -> bool:
    return (
        mark.opens_row
        and mark.alone_in_row
        and bool(_HEADING_NUMBER.match(mark.characters))
        and mark.text[mark.run.glyph[mark.end]].isupper()
    )


MARK_RULES = (
    MarkRule(
        "mark_and_its_text",
        "A bullet or a list number stands before it, at the start of a row or of a column, and is "
        "no cell of a table.",
        _mark_and_its_text,
    ),
    MarkRule(
        "number_and_its_heading",
        "The number of a heading opens the row, a capital letter follows, and nothing suggests a "
        "table.",
        _number_and_its_heading,
    ),
)


def taken_back(gaps: Gaps, text: list[str], cuts: Index) -> dict[int, int]:
    """Which of the cuts are taken back.

    Args:
        gaps: the measured gaps.
        text: the characters of the page's glyphs.
        cuts: indices into `gaps`, rising.

    Returns:
        The index into `MARK_RULES` of the rule that applies, by index into `gaps`.
    """
    run, before = gaps.run, gaps.before
    row_begins = np.maximum.accumulate(np.where(np.isinf(before), np.arange(len(run)), 0))
    alone = (gaps.size < _HEADING_GAP) & (gaps.begins < 2) & (gaps.row_wide < 2)
    back: dict[int, int] = {}
    last_cut = 0
    for index, end, row_begin, is_alone in zip(
        cuts.tolist(),
        gaps.at[cuts].tolist(),
        row_begins[gaps.at[cuts]].tolist(),
        alone[cuts].tolist(),
        strict=True,
    ):
        begin = max(row_begin, last_cut)
        opens = begin == row_begin
        opens_column = opens or before[begin] >= HARD_GAP  # a narrower gap separates cells
        if before[end] < _FARTHEST and opens_column and end - begin <= _LONGEST:
            mark = Mark(run, before, text, begin, end, opens, is_alone)
            rule = next((n for n, rule in enumerate(MARK_RULES) if rule.applies(mark)), None)
            if rule is not None:
                back[index] = rule
                continue
        last_cut = end
    return back
