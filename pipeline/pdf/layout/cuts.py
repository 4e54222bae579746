"""Rows to segments: each gap of a row is decided by one rule, and the cuts separate segments."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chartline.pdf.glyphs import Index
from chartline.pdf.layout.cut_rules import RULES, Rule
from chartline.pdf.layout.gaps import Gaps, measure
from chartline.pdf.layout.marks import MARK_RULES, MarkRule, taken_back
from chartline.pdf.layout.rows import Run, gaps_before


class Decisions(NamedTuple):
    """The measured gaps of a run, and for each the index into `all_rules()` that decides it."""

    gaps: Gaps
    rule: NDArray[np.int8]

    @property
    def cuts(self) -> Index:
        """The glyphs of the run before which it is cut."""
        cuts = np.array([rule.cuts for rule in all_rules()])
        return self.gaps.at[cuts[self.rule]]


def all_rules() -> tuple[Rule | MarkRule, ...]:
    """The rules for gaps, then those that take cuts back."""
    return (*RULES, *MARK_RULES)


def decide(run: Run, text: list[str]) -> Decisions:
    """Decides the gaps of a run; `text` holds the characters of the page's glyphs."""
    gaps = measure(run, gaps_before(run), text)
    rule = np.full(len(gaps), len(RULES) - 1, np.int8)
    if not len(gaps):
        return Decisions(gaps, rule)
    undecided, cut = np.ones(len(gaps), np.bool_), np.zeros(len(gaps), np.bool_)
    for number, candidate in enumerate(RULES):
        applies = candidate.applies(gaps, undecided) & undecided
        rule[applies] = number
        undecided ^= applies
        if candidate.cuts:
            cut |= applies
    for index, number in taken_back(gaps, text, np.flatnonzero(cut)).items():
        rule[index] = len(RULES) + number
    return Decisions(gaps, rule)


def segments(run: Run, text: list[str]) -> Index:
    """The number of each glyph's segment, rising along the run."""
    decisions = decide(run, text)
    start = np.isinf(decisions.gaps.before)
    start[decisions.cuts] = True
    return np.cumsum(start) - 1
