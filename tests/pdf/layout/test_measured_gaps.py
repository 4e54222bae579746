"""What is measured of a gap: of its row, of the page, of the rows above and below."""

import numpy as np
import pytest
from glyph_pages import Text, page

from chartline.pdf.layout import neighbours
from chartline.pdf.layout.gaps import Gaps, measure
from chartline.pdf.layout.rows import Run, gaps_before, grouped_median, rows

WORDS = "une phrase de mots pour que la page ait des espaces entre ses mots"


def run_of(*texts: Text) -> tuple[Run, list[str]]:
    glyphs = page(*texts).glyphs
    return rows(glyphs, np.arange(len(glyphs))), glyphs.text


def measured(*texts: Text) -> Gaps:
    run, text = run_of(*texts)
    return measure(run, gaps_before(run), text)


def gap_at(x: float, *texts: Text) -> dict[str, object]:
    """What is measured of the gap that ends at `x` in the row at 100 points."""
    found = measured(*texts)
    here = np.hypot(found.run.u0[found.at] - x, found.run.v[found.at] - 100) < 0.01
    (place,) = np.flatnonzero(here).tolist()
    names = set(Gaps.__dataclass_fields__) - {"run", "before", "page_gap"}
    return {name: getattr(found, name)[place].item() for name in names} | {
        "page_gap": found.page_gap,
        "in_table_row": bool(found.in_table_row[place]),
        "even": bool(found.even[place]),
        "outstanding": bool(found.outstanding[place]),
        "lone": bool(found.lone[place]),
        "edges": int(found.unspaced_edges()[place]),
        "open": int(found.rows_open(np.array([place]))[0]),
    }


def prose(count: int = 3, y: float = 500.0, spaces: bool = True) -> list[Text]:
    """Lines of prose: fourteen words each."""
    return [Text(50, y + 14.0 * row, WORDS, spaces=spaces) for row in range(count)]


def two(gap: float, y: float = 100.0, left: str = "souffle", right: str = "connu") -> list[Text]:
    """Two words of a row, `gap` em apart, the second at 200 points."""
    start = 200 - 10 * gap - 5 * len(left)
    return [Text(start, y, left), Text(200, y, right)]


@pytest.mark.parametrize(
    ("gap", "more", "counted"),
    [
        (0.43, [], True),
        (0.41, [], False),
        (0.31, [Text(300, 100, "loin")], True),  # in a row that holds a wide gap
        (0.29, [Text(300, 100, "loin")], False),
        (0.21, prose(), True),  # without the space that the page writes between words
        (0.19, prose(), False),
        (0.41, prose(spaces=False), False),
    ],
)
def test_only_gaps_that_may_be_cuts_are_measured(
    gap: float, more: list[Text], counted: bool
) -> None:
    found = measured(*two(gap), *more)
    assert bool((np.abs(found.run.u0[found.at] - 200) < 0.01).any()) is counted


def test_the_width_of_a_gap_is_in_em_of_the_larger_letter() -> None:
    assert gap_at(200, *two(2.0))["size"] == pytest.approx(2.0)
    assert gap_at(200, *two(2.0)[:1], Text(200, 100, "X", 20.0))["size"] == pytest.approx(1.0)


@pytest.mark.parametrize(("gap", "wide"), [(1.81, 1), (1.79, 0)])
def test_wide_gaps_of_its_row_make_a_row_of_a_table(gap: float, wide: int) -> None:
    end = 200 + 25 + 10 * gap
    found = gap_at(200, *two(0.5), Text(end, 100, "loin"))
    assert (found["row_wide"], found["in_table_row"]) == (wide, wide == 1)
    assert gap_at(200, *two(0.5), Text(end, 114, "loin"))["row_wide"] == 0


def test_the_usual_gap_of_a_row_is_known_from_three() -> None:
    few = [Text(50, 100, "un deux trois"), Text(200, 100, "loin")]
    found = gap_at(200, *few)
    assert (found["row_gap"], found["row_gap_known"]) == (pytest.approx(0.25), False)
    found = gap_at(200, Text(50, 100, "un deux trois sept"), few[1])
    assert (found["row_gap"], found["row_gap_known"]) == (pytest.approx(0.25), True)
    words = [Text(50 + 21.0 * n, 100, "mot") for n in range(5)]
    found = gap_at(240, *words, Text(240, 100, "loin"))
    assert (found["row_gap"], found["row_gap_known"]) == (pytest.approx(0.6), True)
    alone = gap_at(200, Text(50, 100, "seul"), few[1])
    assert (alone["row_gap"], alone["row_gap_known"]) == (0.25, False)


@pytest.mark.parametrize(("count", "usual"), [(20, 0.6), (19, 0.25)])
def test_the_usual_gap_of_the_page_is_known_from_twenty(count: int, usual: float) -> None:
    words = [
        Text(50 + 21.0 * (n % 6), 300 + 14.0 * (n // 6), "mot") for n in range(24)
    ]  # five gaps a row
    if count == 19:
        words = words[:-1]
    found = gap_at(200, *two(2.0), *words)
    assert found["page_gap"] == pytest.approx(usual)
    assert found["outstanding"] is (3 * usual <= 2.0)


@pytest.mark.parametrize(("gap", "outstanding"), [(0.76, True), (0.74, False)])
def test_a_gap_stands_out_from_three_times_the_pages_words(gap: float, outstanding: bool) -> None:
    assert gap_at(200, *two(gap))["outstanding"] is outstanding


@pytest.mark.parametrize(
    ("left", "right", "colon", "dot"),
    [
        ("Poids:", "72", True, False),
        ("Poids", ":72", False, False),
        ("Poids", "...", False, True),
        ("Poids.", "72", False, False),
    ],
)
def test_a_colon_before_and_a_dot_behind(left: str, right: str, colon: bool, dot: bool) -> None:
    found = gap_at(200, *two(1.0, left=left, right=right))
    assert (found["after_colon"], found["before_dot"]) == (colon, dot)


def test_a_space_glyph_is_written_there_or_not_though_the_page_writes_them() -> None:
    spaced = Text(50, 100, "trois   espaces")
    found = gap_at(50 + 25 + 7.5, spaced, *prose())
    assert (found["spaced"], found["unspaced"]) == (True, False)
    found = gap_at(200, *two(0.75), *prose())
    assert (found["spaced"], found["unspaced"]) == (False, True)
    found = gap_at(200, *two(0.75), *prose(spaces=False))
    assert (found["spaced"], found["unspaced"]) == (False, False)
    found = gap_at(200, *two(0.75), *prose(1))  # too few words to tell
    assert found["unspaced"] is False


@pytest.mark.parametrize(("bare", "writes"), [(1, True), (5, False)])
def test_a_page_writes_its_spaces_where_nine_in_ten_words_have_one(bare: int, writes: bool) -> None:
    without = [Text(50, 700 + 14.0 * n, "un mot", spaces=False) for n in range(bare)]
    assert gap_at(200, *two(0.75), *prose(2), *without)["unspaced"] is writes


def test_typewritten_words_are_as_far_apart_as_a_letter() -> None:
    """The gaps as wide as the page's own word gap tell whether spaces are written."""
    rows_ = [
        [Text(50 + 21.0 * n, 300 + 14.0 * row, "mot", spaces=True) for n in range(6)]
        for row in range(5)
    ]
    texts = [text for row in rows_ for text in row]
    assert gap_at(200, *two(0.75), *texts)["unspaced"] is False


def test_steps_in_the_order_of_writing() -> None:
    left, right = two(1.0)
    between = Text(50, 300, "autre texte")
    assert gap_at(200, left, right)["writing_step"] == 1
    assert gap_at(200, left, between, right)["writing_step"] == 11
    assert gap_at(200, right, left)["writing_step"] == 11  # from its last letter to its first


@pytest.mark.parametrize(
    ("x", "up", "filled"),
    [
        (188.0, 4.0, True),
        (188.0, 0.9, True),
        (188.0, 7.9, True),
        (188.0, 8.1, False),
        (183.0, 4.0, True),  # leaves less than a wide space behind it
        (182.0, 4.0, False),
    ],
)
def test_a_superscript_fills_the_gap_it_was_written_into(x: float, up: float, filled: bool) -> None:
    left, right = two(3.0)
    note = Text(x, 100 - up, "2", 6.0)
    found = gap_at(200, left, note, right)
    expected = filled and 200 - note.end < 7.5
    assert found["filled"] is expected
    assert gap_at(200, left, right, note)["filled"] is False  # written later
    assert gap_at(200, note, left, right)["filled"] is False  # written before


@pytest.mark.parametrize(
    ("shift", "y", "counted"),
    [(0.0, 114, 1), (0.79, 114, 1), (0.81, 114, 0), (-0.79, 114, 1), (0.0, 249, 1), (0.0, 251, 0)],
)
def test_rows_nearby_that_begin_at_the_same_place(shift: float, y: float, counted: int) -> None:
    found = gap_at(200, *two(1.0), Text(200 + shift, y, "debut"))
    assert found["begins"] == counted
    assert found["edges"] == counted


@pytest.mark.parametrize(
    ("size", "shift", "counted"),
    [(20.0, 1.5, 1), (20.0, 1.7, 0), (5.0, 0.79, 1), (5.0, 0.81, 0)],
)
def test_one_place_is_wider_for_larger_letters(size: float, shift: float, counted: int) -> None:
    left = Text(100, 100, "souffle", size)
    row = [left, Text(left.end + 2 * size, 100, "connu", size)]
    below = Text(left.end + 2 * size + shift, 100 + 1.4 * size, "debut", size)
    assert gap_at(row[1].x, *row, below)["begins"] == counted


def test_rows_that_begin_there_again_after_white_count_and_others_do_not() -> None:
    wide, narrow = two(0.76, 114, "avant"), two(0.74, 114, "avant")
    assert gap_at(200, *two(1.0), *wide)["begins"] == 1
    assert gap_at(200, *two(1.0), *narrow)["begins"] == 0
    rows_ = [text for n in range(4) for text in two(1.0, 114 + 14.0 * n)]
    assert gap_at(200, *two(1.0), *rows_)["begins"] == 4


def test_rows_that_end_or_pause_where_the_gap_begins() -> None:
    left, right = two(1.0)
    assert gap_at(200, left, right, Text(left.end - 30, 114, "enfins"))["ends"] == 1
    pause = [Text(left.end - 30, 114, "enfins"), Text(left.end + 7.6, 114, "suite")]
    assert gap_at(200, left, right, *pause)["ends"] == 1
    near = [Text(left.end - 30, 114, "enfins"), Text(left.end + 7.4, 114, "suite")]
    assert gap_at(200, left, right, *near)["ends"] == 0


@pytest.mark.parametrize(("gap", "cells"), [(1.81, 1), (1.79, 0)])
def test_cells_of_other_rows_follow_a_wide_gap(gap: float, cells: int) -> None:
    assert gap_at(200, *two(1.0), *two(gap, 114))["cells"] == cells
    assert gap_at(200, *two(1.0), Text(200, 114, "debut"))["cells"] == 0


@pytest.mark.parametrize(("gap", "edges"), [(0.31, 1), (0.29, 0)])
def test_edges_without_a_space_glyph_follow_the_white_of_a_cell(gap: float, edges: int) -> None:
    assert gap_at(200, *two(1.0), *two(gap, 114), *prose())["edges"] == edges


# Gaps alike


def alike(*gaps: float) -> list[int]:
    """How many gaps of a row are as wide as each; the row begins with an infinite one."""
    before = np.array([np.inf, *gaps])
    return neighbours.alike_in_row(before, np.arange(1, len(before))).tolist()


@pytest.mark.parametrize(
    ("gaps", "found"),
    [
        ((1.0, 1.0, 1.0), [3, 3, 3]),
        ((1.0, 1.02, 1.0), [3, 3, 3]),
        ((1.0, 1.04, 1.0), [2, 1, 2]),
        ((1.0, 0.1, 1.0), [2, 0, 2]),  # within a word: no gap between words
        ((1.0, 0.51, 1.0), [2, 1, 2]),
        ((1.0, 0.49, 1.0), [0, 1, 0]),  # much narrower: no stretched line
        ((1.0, 1.6, 1.0), [1, 1, 1]),  # much wider: the line ends there
        ((1.0, 1.4, 1.0), [2, 1, 2]),
        ((7.9, 7.9), [2, 2]),
        ((8.0, 8.0), [0, 0]),
    ],
)
def test_gaps_of_a_stretched_line_are_alike(gaps: tuple[float, ...], found: list[int]) -> None:
    assert [count for count, gap in zip(alike(*gaps), gaps, strict=True) if gap > 0.17] == [
        count for count, gap in zip(found, gaps, strict=True) if gap > 0.17
    ]


def test_gaps_of_other_rows_are_not_alike() -> None:
    before = np.array([np.inf, 1.0, 1.0, np.inf, 1.0, 1.0, 1.0])
    found = neighbours.alike_in_row(before, np.array([1, 2, 4, 5, 6]))
    assert found.tolist() == [2, 2, 3, 3, 3]


def test_a_gap_is_even_from_two_alike_and_lone_up_to_two() -> None:
    def row(count: int) -> list[Text]:
        return [Text(200 - 25.0 * n, 100, "mot") for n in range(count + 1)]

    found = [gap_at(200, *row(count)) for count in (1, 2, 3)]
    assert [one["even"] for one in found] == [False, True, True]
    assert [one["lone"] for one in found] == [True, True, False]


# Corridors


def stack(*gaps: float, step: float = 14.0) -> list[Text]:
    """Rows below the first, each with white of `gaps` em that ends at 200 points."""
    return [text for n, gap in enumerate(gaps, 1) for text in two(gap, 100 + step * n)]


@pytest.mark.parametrize(
    ("rows_below", "found"),
    [
        (stack(1.0), 1),
        (stack(1.0, 1.0, 1.0), 3),
        (stack(*[1.0] * 7, step=9.0), 5),  # five rows are looked at
        (stack(1.0, 0.2, 1.0), 1),  # a row that closes the corridor ends it
        (stack(0.51), 1),
        (stack(0.49), 0),  # shares too little of the white
        (stack(1.0, step=59.0), 1),
        (stack(1.0, step=61.0), 0),  # too far below
        ([Text(50, 114, "court"), Text(300, 114, "loin")], 1),
        ([Text(50, 114, "court"), *two(1.0, 128)], 1),  # a row that ends before it is passed over
        ([Text(220, 114, "apres"), *two(1.0, 128)], 1),
    ],
)
def test_white_goes_on_through_the_rows_below(rows_below: list[Text], found: int) -> None:
    assert gap_at(200, *two(1.0), *rows_below)["open"] == found


def test_white_goes_on_above_and_below() -> None:
    above = [*two(1.0, 86), *two(1.0, 72)]
    assert gap_at(200, *two(1.0), *above, *stack(1.0))["open"] == 3


def test_a_row_at_nearly_the_same_height_is_no_other_row() -> None:
    beside = [Text(100, 102.5, "un"), Text(400, 102.5, "deux")]
    assert gap_at(200, *two(1.0), *beside)["open"] == 0
    below = [Text(100, 103.5, "un"), Text(400, 103.5, "deux")]
    assert gap_at(200, *two(1.0), *below)["open"] == 1


def test_what_is_measured_in_parts_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [*two(1.0), *stack(1.0, 0.8, 1.2), *prose()]
    whole = measured(*texts)
    monkeypatch.setattr(neighbours, "_MATRIX_CELLS", 1)
    parts = measured(*texts)
    for name in ("begins", "ends", "cells", "alike"):
        assert getattr(parts, name).tolist() == getattr(whole, name).tolist()
    every = np.arange(len(whole))
    assert parts.rows_open(every).tolist() == whole.rows_open(every).tolist()
    assert neighbours.in_parts(lambda part: part, np.zeros(0, np.int64), 5).tolist() == []


def test_the_median_of_each_group_is_the_lower_of_two_middle_values() -> None:
    values = np.array([5.0, 1.0, 9.0, 4.0, 2.0, 8.0, 7.0])
    group = np.array([0, 0, 0, 2, 2, 2, 2])
    found = grouped_median(values, group, 4)
    assert found[[0, 2]].tolist() == [5.0, 4.0]
    assert np.isnan(found[[1, 3]]).all()
