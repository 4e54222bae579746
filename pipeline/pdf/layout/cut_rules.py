"""The rules that decide where a row of glyphs is cut into lines, in the order in which they apply.

The first rule of `RULES` that applies to a gap decides it: `cuts` is whether it splits the
row there or keeps it whole. What a rule can measure of a gap is in `gaps.Gaps`. Two rules more, for
bullets and numbers, take cuts back (`marks.MARK_RULES`). Errors of each: docs/cuts.md.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from chartline.pdf.glyphs import Flags
from chartline.pdf.layout.gaps import CELL_GAP, SOFT_GAP, TIGHT_GAP, Gaps
from chartline.pdf.layout.rows import HARD_GAP

CLEAR_GAP = 1.2  # em: wider than any word space but those of stretched lines

_COLUMN_EDGES = 6  # rows that share an edge: a column, however narrow the gap
_CLEAR_EDGES, _SOFT_EDGES, _TIGHT_EDGES = 2, 3, 5  # rows needed: the narrower, the more
_WIDENED = 1.5  # times the row's word gap: wider than its own words are apart
_TYPED_GAP = 0.5  # em: of rows typed or stretched; rows measured by few gaps count as narrower
_TYPED_SPACES = 3.2  # times the page's word gap: typists put up to three spaces
_TWO_SPACES = 2.2  # times the word gap: typists put two after a sentence
_STRETCHED_GAP = 0.5  # em: words of a stretched line are farther apart than that
_TABLE_CELLS = 3  # rows that go on where a gap ends, after a wide gap: cells of a column
_SENTENCE_GAPS = 5  # even gaps without a space glyph: a line justified by moving its words
_UNSPACED_GAP = 0.6  # em: twice the word space of most fonts
_SQUEEZED_GAP = 0.61  # em: a letter and its space in typewriter fonts are 0.6
_WRITTEN_LATER = 5  # glyphs written between two neighbours: those of another text
_JUSTIFIED_ALIKE, _JUSTIFIED_GAP = 3, 3.0  # gaps alike; em: above it, columns equally far apart
_OTHERS_GO_ON, _OTHERS_GO_ON_NARROW = 2, 3  # rows that go on where a gap ends
_WIDER_THAN_PAGE = 1.3  # times the page's word gap: two rows that go on are enough
_CORRIDOR_ROWS, _CORRIDOR_ROWS_SOFT = 1, 2  # rows that share the white of a gap
_CORRIDOR_ROWS_NARROW, _CORRIDOR_ROWS_ANY = 3, 4  # below SOFT_GAP; where it does not stand out
_CORRIDOR_GAP = 0.5  # em: below it, a corridor is a chance of justified lines


@dataclass(frozen=True)
class Rule:
    """A named rule for gaps.

    Attributes:
        name: what `explain` calls it.
        cuts: whether a gap that it decides is a cut; else the gap is kept.
        reason: why, in a sentence.
        applies: which of the gaps it applies to. The second argument flags those that no earlier
            rule decided, for rules whose measures cost time; the answer for others is not used.
    """

    name: str
    cuts: bool
    reason: str
    applies: Callable[[Gaps, Flags], Flags]


def _shared_edges(gaps: Gaps, undecided: Flags) -> Flags:
    narrow = np.where(gaps.row_gap_known, gaps.row_gap, np.minimum(gaps.row_gap, _TYPED_GAP))
    needed = np.select(
        [gaps.size >= CLEAR_GAP, gaps.size >= SOFT_GAP], [_CLEAR_EDGES, _SOFT_EDGES], _TIGHT_EDGES
    )
    needed_begins = needed - (gaps.writing_step > 1)  # another text: one row less will do
    shared = (gaps.begins >= needed_begins) | (gaps.ends > needed)
    return (gaps.size >= TIGHT_GAP) & ~gaps.even & (gaps.size >= _WIDENED * narrow) & shared


def _many_shared_edges(gaps: Gaps, undecided: Flags) -> Flags:
    many = (gaps.begins >= _COLUMN_EDGES) | (gaps.ends > _COLUMN_EDGES)
    return (gaps.size >= TIGHT_GAP) & ~gaps.even & many


def _table_column(gaps: Gaps, undecided: Flags) -> Flags:
    word_space = gaps.spaced & (gaps.size < SOFT_GAP)
    column = gaps.in_table_row & (gaps.cells >= _TABLE_CELLS)
    return column & (gaps.size >= CELL_GAP) & ~word_space


def _no_space_written(gaps: Gaps, undecided: Flags) -> Flags:
    if not gaps.unspaced.any():
        return gaps.unspaced
    in_row = np.bincount(gaps.row[gaps.unspaced], minlength=int(gaps.row[-1]) + 1)[gaps.row]
    sentence = gaps.even & (in_row >= _SENTENCE_GAPS)
    needed = np.where(gaps.size >= CELL_GAP, 1, _OTHERS_GO_ON_NARROW)
    return gaps.unspaced & ~sentence & (gaps.unspaced_edges() >= needed)


def _typed_spaces(gaps: Gaps, undecided: Flags) -> Flags:
    return gaps.spaced & (gaps.size < _TYPED_SPACES * gaps.page_gap)


def _no_space_in_table_row(gaps: Gaps, undecided: Flags) -> Flags:
    wider = ~gaps.even & (gaps.size >= max(_UNSPACED_GAP, _WIDENED * gaps.page_gap))
    unspaced = gaps.unspaced & ~gaps.before_dot & (gaps.outstanding | wider)
    return gaps.lone & gaps.in_table_row & unspaced


def _aligned_in_table_row(gaps: Gaps, undecided: Flags) -> Flags:
    aligned = gaps.outstanding & (gaps.begins + gaps.ends >= 2)
    return gaps.lone & gaps.in_table_row & aligned


def _value_after_colon(gaps: Gaps, undecided: Flags) -> Flags:
    value = gaps.after_colon & gaps.outstanding & ~gaps.even & ~gaps.spaced
    return gaps.lone & value & (gaps.row_gap < _STRETCHED_GAP)


def _squeezed_cells(gaps: Gaps, undecided: Flags) -> Flags:
    squeezed = gaps.row_gap_known & (gaps.row_gap > _SQUEEZED_GAP) & (gaps.size > _SQUEEZED_GAP)
    return gaps.lone & squeezed & _continued(gaps)


def _written_later(gaps: Gaps, undecided: Flags) -> Flags:
    return gaps.lone & gaps.outstanding & (gaps.writing_step > _WRITTEN_LATER)


def _justified_line(gaps: Gaps, undecided: Flags) -> Flags:
    many = (gaps.alike > _JUSTIFIED_ALIKE) & (gaps.size < _JUSTIFIED_GAP)
    return many | gaps.even & (gaps.begins < 2)


def _wide(gaps: Gaps, undecided: Flags) -> Flags:
    stretched = gaps.row_gap_known & (gaps.row_gap >= _STRETCHED_GAP)
    return (gaps.size >= HARD_GAP) & ~(stretched & (gaps.size < _TWO_SPACES * gaps.row_gap))


def _white_corridor(gaps: Gaps, undecided: Flags) -> Flags:
    words = np.where(gaps.row_gap_known, gaps.row_gap, gaps.page_gap)
    outstanding = gaps.size >= _TWO_SPACES * words
    least = np.where(outstanding, _CORRIDOR_GAP, SOFT_GAP)
    candidates = np.flatnonzero(undecided & (gaps.size >= least) & ~gaps.even)
    rows = np.zeros(len(gaps), np.int64)
    rows[candidates] = gaps.rows_open(candidates)
    needed = np.where(gaps.size >= CLEAR_GAP, _CORRIDOR_ROWS, _CORRIDOR_ROWS_SOFT)
    is_open = (gaps.size >= SOFT_GAP) & (rows >= needed)
    is_open |= (rows >= _CORRIDOR_ROWS_NARROW) & _continued(gaps)
    return is_open & (outstanding | (rows >= _CORRIDOR_ROWS_ANY))


def _word_space(gaps: Gaps, undecided: Flags) -> Flags:
    return np.ones(len(gaps), np.bool_)


def _continued(gaps: Gaps) -> Flags:
    """Whether other rows go on where the gap ends: three, or two where it is wider than most."""
    wider = gaps.size >= _WIDER_THAN_PAGE * gaps.page_gap
    return gaps.begins >= np.where(wider, _OTHERS_GO_ON, _OTHERS_GO_ON_NARROW)


RULES = (
    Rule(
        "shared_edges",
        True,
        "Other rows begin or end at the same place: a column. The narrower the gap, the more rows "
        "are needed.",
        _shared_edges,
    ),
    Rule(
        "many_shared_edges",
        True,
        "Six rows or more begin or end at the same place: a column, though the gap is no wider "
        "than a word space of its row.",
        _many_shared_edges,
    ),
    Rule(
        "table_column",
        True,
        "In a row of a table, at the place where cells of three other rows begin after a wide gap.",
        _table_column,
    ),
    Rule(
        "no_space_written",
        True,
        "The page writes a space glyph between words, here it writes none, and another row goes on "
        "at the same place after such a gap.",
        _no_space_written,
    ),
    Rule(
        "typed_spaces",
        False,
        "A space glyph is written there, and the gap is no wider than the three spaces that "
        "typists put between words or sentences.",
        _typed_spaces,
    ),
    Rule(
        "no_space_in_table_row",
        True,
        "In a row that has a wide gap elsewhere, without the space glyph that the page writes "
        "between words, and wider than a word space.",
        _no_space_in_table_row,
    ),
    Rule(
        "aligned_in_table_row",
        True,
        "In a row that has a wide gap elsewhere, far wider than a word space, with edges of two "
        "other rows at its sides.",
        _aligned_in_table_row,
    ),
    Rule(
        "value_after_colon",
        True,
        "A value stands apart from the colon of its name: far wider than a word space, and no "
        "space glyph is written there.",
        _value_after_colon,
    ),
    Rule(
        "squeezed_cells",
        True,
        "The row is a table squeezed until its cells nearly touch, and other rows go on where the "
        "gap ends.",
        _squeezed_cells,
    ),
    Rule(
        "written_later",
        True,
        "The glyphs beside the gap were written at different times, with another text between "
        "them, and the gap is far wider than a word space.",
        _written_later,
    ),
    Rule(
        "justified_line",
        False,
        "Other gaps of the row are as wide, and no rows begin where it ends: a line stretched to "
        "the margin.",
        _justified_line,
    ),
    Rule(
        "wide",
        True,
        "Wider than any word space: 1.8 em or more, and twice the word gap of a row that is "
        "stretched.",
        _wide,
    ),
    Rule(
        "white_corridor",
        True,
        "The white goes on at the same place through the rows above or below.",
        _white_corridor,
    ),
    Rule("word_space", False, "No other rule applies: a space between words.", _word_space),
)
