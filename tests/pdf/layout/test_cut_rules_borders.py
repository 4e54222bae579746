"""Every rule of cutting at the borders of what it measures: a little more, a little less."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from chartline.pdf.glyphs import Flags, Index
from chartline.pdf.layout import cut_rules
from chartline.pdf.layout.gaps import Gaps
from chartline.pdf.layout.rows import Run

NUMBERS = {
    "at": 1,
    "row": 0,
    "size": 1.0,
    "writing_step": 1,
    "row_gap": 0.25,
    "row_wide": 0,
    "begins": 0,
    "ends": 0,
    "cells": 0,
    "alike": 1,
}
FLAGS = ("spaced", "unspaced", "filled", "after_colon", "before_dot", "row_gap_known")


@dataclass(frozen=True)
class Measured(Gaps):
    """Gaps of which everything was measured by hand, what lies around them too."""

    edges: int = 0
    corridor: int = 0

    def rows_open(self, which: Index) -> Index:
        return np.full(len(which), self.corridor)

    def unspaced_edges(self) -> Index:
        return np.full(len(self), self.edges)


def gap(count: int = 1, **measures: Any) -> Measured:
    """`count` gaps alike: a word space of 1 em on a page whose words are 0.25 em apart."""
    nothing = np.zeros(0)
    run = Run(*(nothing for _ in range(7)))  # type: ignore[arg-type]
    values = NUMBERS | dict.fromkeys(FLAGS, False) | measures
    rest = {name: values.pop(name, default) for name, default in REST.items()}
    arrays = {
        name: np.full(count, value, np.bool_ if name in FLAGS else np.asarray(value).dtype)
        for name, value in values.items()
    }
    return Measured(run=run, before=nothing, **arrays, **rest)  # type: ignore[arg-type]


REST = {"page_gap": 0.25, "edges": 0, "corridor": 0}


def applies(name: str, gaps: Gaps, undecided: Flags | None = None) -> list[bool]:
    (rule,) = (rule for rule in cut_rules.RULES if rule.name == name)
    every = np.ones(len(gaps), np.bool_) if undecided is None else undecided
    found = rule.applies(gaps, every)
    assert len(found) == len(gaps)
    return [bool(flag) for flag in found]


@pytest.mark.parametrize(
    ("measures", "cut"),
    [
        # the narrower the gap, the more rows that begin there
        ({"size": 1.2, "begins": 2}, True),
        ({"size": 1.2, "begins": 1}, False),
        ({"size": 1.19, "begins": 2}, False),
        ({"size": 0.75, "begins": 3}, True),
        ({"size": 0.74, "begins": 3}, False),
        ({"size": 0.74, "begins": 4}, False),
        ({"size": 0.42, "begins": 5}, True),
        ({"size": 0.41, "begins": 9}, False),
        # or that end before it, one more
        ({"size": 1.2, "ends": 3}, True),
        ({"size": 1.2, "ends": 2}, False),
        ({"size": 0.5, "ends": 6}, True),
        ({"size": 0.5, "ends": 5}, False),
        # another text needs a row less
        ({"size": 1.2, "begins": 1, "writing_step": 2}, True),
        ({"size": 1.2, "begins": 0, "writing_step": 2}, False),
        ({"size": 1.2, "ends": 2, "writing_step": 2}, False),
        # half as wide again as the words of the row
        ({"size": 1.2, "begins": 5, "row_gap": 0.79, "row_gap_known": True}, True),
        ({"size": 1.2, "begins": 5, "row_gap": 0.81, "row_gap_known": True}, False),
        ({"size": 0.75, "begins": 5, "row_gap": 0.9}, True),  # measured by few: taken as 0.5
        ({"size": 0.74, "begins": 5, "row_gap": 0.9}, False),
        ({"size": 0.61, "begins": 5, "row_gap": 0.4}, True),
        ({"size": 0.59, "begins": 5, "row_gap": 0.4}, False),
        ({"size": 1.2, "begins": 5, "alike": 2}, False),  # a justified line
    ],
)
def test_shared_edges(measures: dict[str, Any], cut: bool) -> None:
    assert applies("shared_edges", gap(**measures)) == [cut]


@pytest.mark.parametrize(
    ("measures", "cut"),
    [
        ({"begins": 6}, True),
        ({"begins": 5}, False),
        ({"ends": 7}, True),
        ({"ends": 6}, False),
        ({"begins": 6, "size": 0.42}, True),
        ({"begins": 6, "size": 0.41}, False),
        ({"begins": 6, "alike": 2}, False),
        ({"begins": 6, "row_gap": 0.9, "row_gap_known": True}, True),
    ],
)
def test_many_shared_edges(measures: dict[str, Any], cut: bool) -> None:
    assert applies("many_shared_edges", gap(**measures)) == [cut]


@pytest.mark.parametrize(
    ("measures", "cut"),
    [
        ({}, True),
        ({"cells": 2}, False),
        ({"row_wide": 0}, False),
        ({"size": 0.3}, True),
        ({"size": 0.29}, False),
        ({"spaced": True, "size": 0.75}, True),
        ({"spaced": True, "size": 0.74}, False),
        ({"spaced": False, "size": 0.74}, True),
    ],
)
def test_table_column(measures: dict[str, Any], cut: bool) -> None:
    assert applies("table_column", gap(**{"cells": 3, "row_wide": 1} | measures)) == [cut]


@pytest.mark.parametrize(
    ("measures", "cut"),
    [
        ({"size": 0.3, "edges": 1}, True),
        ({"size": 0.3, "edges": 0}, False),
        ({"size": 0.29, "edges": 3}, True),
        ({"size": 0.29, "edges": 2}, False),
        ({"unspaced": False, "edges": 9}, False),
        ({"edges": 9, "alike": 2}, True),
    ],
)
def test_no_space_written(measures: dict[str, Any], cut: bool) -> None:
    assert applies("no_space_written", gap(**{"unspaced": True} | measures)) == [cut]


@pytest.mark.parametrize(("count", "alike", "cut"), [(5, 5, False), (4, 4, True), (5, 1, True)])
def test_five_even_gaps_without_a_space_are_a_sentence(count: int, alike: int, cut: bool) -> None:
    gaps = gap(count, unspaced=True, alike=alike, edges=9)
    assert applies("no_space_written", gaps) == [cut] * count
    other = replace(gaps, row=np.arange(count))
    assert applies("no_space_written", other) == [True] * count  # each in a row of its own


@pytest.mark.parametrize(
    ("measures", "kept"),
    [
        ({"size": 0.79}, True),
        ({"size": 0.8}, False),
        ({"size": 0.79, "spaced": False}, False),
        ({"size": 1.9, "page_gap": 0.6}, True),
    ],
)
def test_typed_spaces(measures: dict[str, Any], kept: bool) -> None:
    assert applies("typed_spaces", gap(**{"spaced": True} | measures)) == [kept]


@pytest.mark.parametrize(
    ("measures", "cut"),
    [
        ({"size": 0.6}, True),
        ({"size": 0.59}, False),
        ({"size": 0.9, "page_gap": 0.6}, True),
        ({"size": 0.89, "page_gap": 0.6}, False),
        ({"alike": 2, "size": 0.75}, True),  # outstanding, though even
        ({"alike": 2, "size": 0.74}, False),
        ({"alike": 3}, False),
        ({"filled": True}, False),
        ({"row_wide": 0}, False),
        ({"unspaced": False}, False),
        ({"before_dot": True}, False),
    ],
)
def test_no_space_in_table_row(measures: dict[str, Any], cut: bool) -> None:
    gaps = gap(**{"row_wide": 1, "unspaced": True} | measures)
    assert applies("no_space_in_table_row", gaps) == [cut]


@pytest.mark.parametrize(
    ("measures", "cut"),
    [
        ({"begins": 2}, True),
        ({"ends": 2}, True),
        ({"begins": 1, "ends": 1}, True),
        ({"begins": 1}, False),
        ({"begins": 2, "size": 0.75}, True),
        ({"begins": 2, "size": 0.74}, False),
        ({"begins": 2, "row_wide": 0}, False),
        ({"begins": 2, "alike": 2}, True),
        ({"begins": 2, "alike": 3}, False),
    ],
)
def test_aligned_in_table_row(measures: dict[str, Any], cut: bool) -> None:
    assert applies("aligned_in_table_row", gap(**{"row_wide": 1} | measures)) == [cut]


@pytest.mark.parametrize(
    ("measures", "cut"),
    [
        ({}, True),
        ({"after_colon": False}, False),
        ({"size": 0.74}, False),
        ({"alike": 2}, False),
        ({"filled": True}, False),
        ({"spaced": True}, False),
        ({"row_gap": 0.49}, True),
        ({"row_gap": 0.5}, False),
    ],
)
def test_value_after_colon(measures: dict[str, Any], cut: bool) -> None:
    assert applies("value_after_colon", gap(**{"after_colon": True} | measures)) == [cut]


SQUEEZED = {"row_gap": 0.62, "row_gap_known": True, "size": 0.62, "begins": 2}


@pytest.mark.parametrize(
    ("measures", "cut"),
    [
        ({}, True),
        ({"row_gap": 0.61}, False),
        ({"size": 0.61}, False),
        ({"row_gap_known": False}, False),
        ({"begins": 1}, False),
        ({"page_gap": 0.47}, True),  # 1.3 times as wide as the page's words: two rows do
        ({"page_gap": 0.48}, False),
        ({"page_gap": 0.48, "begins": 3}, True),
        ({"alike": 3}, False),
    ],
)
def test_squeezed_cells(measures: dict[str, Any], cut: bool) -> None:
    assert applies("squeezed_cells", gap(**SQUEEZED | measures)) == [cut]


@pytest.mark.parametrize(
    ("measures", "cut"),
    [
        ({"writing_step": 6}, True),
        ({"writing_step": 5}, False),
        ({"writing_step": 6, "size": 0.74}, False),
        ({"writing_step": 6, "alike": 3}, False),
        ({"writing_step": 6, "filled": True}, False),
    ],
)
def test_written_later(measures: dict[str, Any], cut: bool) -> None:
    assert applies("written_later", gap(**measures)) == [cut]


@pytest.mark.parametrize(
    ("measures", "kept"),
    [
        ({"alike": 2}, True),
        ({"alike": 1}, False),
        ({"alike": 2, "begins": 1}, True),
        ({"alike": 2, "begins": 2}, False),
        ({"alike": 4, "begins": 2, "size": 2.9}, True),
        ({"alike": 3, "begins": 2, "size": 2.9}, False),
        ({"alike": 4, "begins": 2, "size": 3.0}, False),
    ],
)
def test_justified_line(measures: dict[str, Any], kept: bool) -> None:
    assert applies("justified_line", gap(**measures)) == [kept]


@pytest.mark.parametrize(
    ("measures", "cut"),
    [
        ({"size": 1.8}, True),
        ({"size": 1.79}, False),
        ({"size": 2.1, "row_gap": 1.0, "row_gap_known": True}, False),
        ({"size": 2.2, "row_gap": 1.0, "row_gap_known": True}, True),
        ({"size": 2.1, "row_gap": 1.0}, True),
        ({"size": 1.8, "row_gap": 0.5, "row_gap_known": True}, True),
        ({"size": 1.8, "row_gap": 0.9, "row_gap_known": True}, False),
        ({"size": 1.8, "row_gap": 0.49, "row_gap_known": True}, True),
    ],
)
def test_wide(measures: dict[str, Any], cut: bool) -> None:
    assert applies("wide", gap(**measures)) == [cut]


@pytest.mark.parametrize(
    ("measures", "cut"),
    [
        ({"size": 1.2, "corridor": 1}, True),
        ({"size": 1.2, "corridor": 0}, False),
        ({"size": 1.19, "corridor": 1}, False),
        ({"size": 1.19, "corridor": 2}, True),
        ({"size": 0.75, "corridor": 2}, True),
        ({"size": 0.74, "corridor": 2, "begins": 2}, False),
        ({"size": 0.74, "corridor": 3, "begins": 2}, True),
        ({"size": 0.74, "corridor": 3, "begins": 1}, False),
        ({"size": 0.55, "corridor": 3, "begins": 3}, True),
        ({"size": 0.54, "corridor": 9, "begins": 9}, False),  # not twice the page's words
        ({"size": 0.5, "page_gap": 0.2, "corridor": 3, "begins": 3}, True),
        ({"size": 0.49, "page_gap": 0.2, "corridor": 9, "begins": 9}, False),
        # as wide as its row's own words, it needs four rows
        ({"size": 1.2, "row_gap": 1.0, "row_gap_known": True, "corridor": 3}, False),
        ({"size": 1.2, "row_gap": 1.0, "row_gap_known": True, "corridor": 4}, True),
        ({"size": 0.75, "row_gap": 0.7, "row_gap_known": True, "corridor": 4}, True),
        ({"size": 0.74, "row_gap": 0.7, "row_gap_known": True, "corridor": 9, "begins": 9}, False),
        ({"size": 1.2, "row_gap": 1.0, "corridor": 1}, True),  # a row that says nothing
        ({"size": 1.2, "corridor": 1, "alike": 2}, False),
    ],
)
def test_white_corridor(measures: dict[str, Any], cut: bool) -> None:
    assert applies("white_corridor", gap(**measures)) == [cut]
    decided = np.zeros(1, np.bool_)
    assert applies("white_corridor", gap(**measures), decided) == [False]


def test_what_no_rule_decides_is_a_space_between_words() -> None:
    assert applies("word_space", gap(3)) == [True] * 3
    assert [rule.cuts for rule in cut_rules.RULES if not rule.cuts] == [False] * 3
    assert cut_rules.RULES[-1].name == "word_space"
