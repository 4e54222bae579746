"""Reading order of boxes: columns of prose one after the other, all else row by row."""

import numpy as np
import pytest

from chartline.pdf.layout.order import reading_order

Box = tuple[float, float, float, float]  # x0, top, x1, bottom
FULL_LINES = [200.0, 198.0, 200.0, 197.0, 199.0, 120.0]


def column(
    x0: float, widths: list[float], top: float = 100.0, step: float = 14.0, height: float = 10.0
) -> list[Box]:
    """Lines of these widths one below the other."""
    return [
        (x0, top + step * row, x0 + width, top + step * row + height)
        for row, width in enumerate(widths)
    ]


def order(*parts: list[Box]) -> list[int]:
    """The reading order of boxes given in another one; a box's number is its place in `parts`."""
    boxes = [box for part in parts for box in part]
    shuffled = np.random.default_rng(3).permutation(len(boxes))
    found = reading_order(np.array(boxes).reshape(-1, 4)[shuffled])
    return [int(shuffled[index]) for index in found]


def in_turn(left: int, right: int) -> list[int]:
    """Row by row over two columns of so many lines."""
    rows = []
    for row in range(max(left, right)):
        rows += [row] * (row < left) + [left + row] * (row < right)
    return rows


def test_no_boxes_and_one() -> None:
    assert order([]) == []
    assert order([(0, 0, 1, 1)]) == [0]


@pytest.mark.parametrize(
    ("down", "found"),
    [(0.0, [0, 1]), (4.9, [0, 1]), (5.0, [0, 1]), (5.1, [1, 0]), (-4.9, [0, 1]), (-5.1, [0, 1])],
)
def test_boxes_half_a_height_apart_share_a_row(down: float, found: list[int]) -> None:
    left = [(50.0, 100.0 + down, 90.0, 110.0 + down)]
    assert order(left, [(100.0, 100.0, 140.0, 110.0)]) == found


def test_a_row_goes_on_from_box_to_box() -> None:
    stairs = [(50.0 * n, 100 + 4.0 * (3 - n), 50.0 * n + 40, 110 + 4.0 * (3 - n)) for n in range(4)]
    assert order(stairs) == [0, 1, 2, 3]


@pytest.mark.parametrize(("gap", "columns"), [(8.1, True), (7.9, False), (40.0, True)])
def test_columns_of_prose_are_parted_by_a_strip_nearly_a_line_wide(
    gap: float, columns: bool
) -> None:
    right = column(250 + gap, FULL_LINES)
    expected = list(range(12)) if columns else in_turn(6, 6)
    assert order(column(50, FULL_LINES), right) == expected


def test_three_columns_of_prose() -> None:
    parts = [column(50 + 160.0 * n, [140.0, 138, 139, 140, 80]) for n in range(3)]
    assert order(*parts) == list(range(15))


@pytest.mark.parametrize(
    ("widths", "columns"),
    [
        ([200.0, 112, 112, 200, 112], True),  # the median line fills 0.56 of its column
        ([200.0, 108, 108, 200, 108], False),
    ],
)
def test_prose_fills_most_of_its_column(widths: list[float], columns: bool) -> None:
    values = column(300, [30.0, 30, 30, 30], top=107)  # between the rows: no grid
    expected = list(range(9)) if columns else [0, 5, 1, 6, 2, 7, 3, 8, 4]
    assert order(column(50, widths), values) == expected


@pytest.mark.parametrize(("width", "columns"), [(121.0, True), (119.0, False)])
def test_prose_is_twelve_letters_wide(width: float, columns: bool) -> None:
    values = column(50 + width + 40, [30.0] * 4, top=107)
    expected = list(range(9)) if columns else [0, 5, 1, 6, 2, 7, 3, 8, 4]
    assert order(column(50, [width] * 5), values) == expected


@pytest.mark.parametrize(
    ("widths", "columns"),
    [
        ([200.0, 176, 176, 176, 200], False),  # 0.88 of its column: names with their values
        ([200.0, 184, 184, 184, 200], True),  # 0.92: sentences that run on, with notes
    ],
)
def test_names_with_their_values_are_read_row_by_row(widths: list[float], columns: bool) -> None:
    expected = list(range(10)) if columns else in_turn(5, 5)
    assert order(column(50, widths), column(300, [30.0] * 5)) == expected


NAMES = [200.0, 150, 150, 150, 200]


@pytest.mark.parametrize(("height", "columns"), [(10.9, False), (11.3, True), (8.8, True)])
def test_a_grid_is_of_one_size(height: float, columns: bool) -> None:
    values = column(300, [30.0] * 5, top=105 - height / 2, height=height)
    assert order(column(50, NAMES), values) == (list(range(10)) if columns else in_turn(5, 5))


@pytest.mark.parametrize(("down", "columns"), [(2.4, False), (2.6, True), (-2.4, False)])
def test_rows_of_a_grid_are_level(down: float, columns: bool) -> None:
    values = column(300, [30.0] * 5, top=100 + down)
    assert order(column(50, NAMES), values) == (list(range(10)) if columns else in_turn(5, 5))


@pytest.mark.parametrize(
    ("missing", "columns"),
    [((4,), False), ((0,), False), ((1, 3), True), ((0, 1, 2), True)],
)
def test_four_rows_of_five_have_their_like_in_a_grid(
    missing: tuple[int, ...], columns: bool
) -> None:
    values = [box for row, box in enumerate(column(300, [30.0] * 5)) if row not in missing]
    level = [row for row in range(5) if row not in missing]
    rows = [[row] + ([5 + level.index(row)] if row in level else []) for row in range(5)]
    by_row = [one for row in rows for one in row]
    expected = list(range(5 + len(values))) if columns else by_row
    assert order(column(50, NAMES), values) == expected
    if missing == (1, 3):  # the same where it is the values that have more rows
        mirrored = [(500 - x1, top, 500 - x0, bottom) for x0, top, x1, bottom in values]
        names = [(500 - x1, top, 500 - x0, bottom) for x0, top, x1, bottom in column(50, NAMES)]
        assert order(mirrored, names) == list(range(8))


def test_few_boxes_are_read_row_by_row() -> None:
    left, right = column(50, [200.0, 200, 200]), column(300, [200.0, 200])
    assert order(left[:2], right) == [0, 2, 1, 3]
    assert order(left, right) == [0, 1, 2, 3, 4]


def test_a_column_has_at_least_two_rows() -> None:
    lines = column(50, [200.0] * 5)
    assert order(lines, [(300.0, 114.0, 500.0, 124.0)]) == [0, 1, 5, 2, 3, 4]
    level = [(300.0, 114.0, 380.0, 124.0), (390.0, 115.5, 500.0, 125.5)]  # one row, nearly
    assert order(lines, level) == [0, 1, 5, 6, 2, 3, 4]


def test_a_narrower_strip_counts_where_the_widest_parts_nothing() -> None:
    """A page number far at the right, beside two columns of prose."""
    far = [(560.0, 128.0, 570.0, 138.0)]
    found = order(column(50, FULL_LINES), column(265, FULL_LINES), far)
    assert found[:6] == list(range(6))
    assert set(found[6:]) == set(range(6, 13))


def test_a_heading_over_two_columns_comes_first_and_a_foot_last() -> None:
    heading, foot = [(50.0, 60.0, 470.0, 72.0)], [(50.0, 220.0, 470.0, 230.0)]
    found = order(heading, column(50, FULL_LINES), column(270, FULL_LINES), foot)
    assert found == list(range(14))


def test_blocks_one_below_the_other_are_parted_before_their_columns() -> None:
    upper = [column(50, FULL_LINES), column(270, FULL_LINES)]
    lower = [column(50, FULL_LINES, top=220), column(270, FULL_LINES, top=220)]
    wide = [(50.0, 195.0, 470.0, 205.0)]
    assert order(*upper, wide, *lower) == list(range(25))


@pytest.mark.parametrize(("second", "parted"), [(13.0, True), (11.0, False)])
def test_bands_are_parted_at_strips_near_the_widest(second: float, parted: bool) -> None:
    """Strips of 20 and of `second` points lie between three blocks whose columns differ."""
    first = [column(50, [200.0] * 3), column(300, [200.0] * 3)]
    wide = [(50.0, 138.0 + 20, 500.0, 148.0 + 20)]
    below = 168 + second
    last = [column(50, [200.0] * 3, top=below), column(300, [200.0] * 3, top=below)]
    found = order(*first, wide, *last)
    assert found[:7] == list(range(7))
    assert (found[7:] == list(range(7, 13))) is True or not parted


def test_lines_that_overlap_from_top_to_bottom_are_one_band() -> None:
    boxes = [(50.0 + 30 * n, 100.0 + 4 * n, 75.0 + 30 * n, 112.0 + 4 * n) for n in range(6)]
    assert order(boxes) == list(range(6))
