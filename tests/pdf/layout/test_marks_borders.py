"""Bullets and numbers before their text: how long, how far, where in the row."""

import pytest
from glyph_pages import Text, page

from chartline.pdf.layout.lines import page_lines

ITEM = "Repos et surveillance"
BELOW = [Text(50, 300 + 14.0 * row, "une phrase de prose sous la liste") for row in range(3)]


def joined(mark: str, gap: float, *more: Text, item: str = ITEM, x: float = 50.0) -> bool:
    """Whether a mark and the text `gap` em behind it are one line."""
    first = Text(x, 100, mark)
    found = page_lines(page(first, Text(first.end + 10 * gap, 100, item), *more, *BELOW))
    return any(line.text.replace(" ", "") == (mark + item).replace(" ", "") for line in found)


@pytest.mark.parametrize(
    ("mark", "gap", "one"),
    [
        ("•", 2.9, True),
        ("•", 3.1, False),
        ("-", 2.9, True),
        ("1.", 2.9, True),
        ("12.", 2.0, True),
        ("123.", 2.0, False),
        ("a)", 2.0, True),
        ("(XVIII)", 2.0, False),
        ("(XI)", 2.0, True),
        ("[12]", 2.0, True),
        ("4°", 2.0, True),
        ("→", 2.0, True),
        ("ab", 2.0, False),
        ("1", 1.9, True),  # of a heading
        ("1", 2.1, False),
        ("2.10.3", 1.9, True),
        ("2.10.345", 1.9, False),
        ("0", 1.9, False),
    ],
)
def test_a_mark_at_the_start_of_a_row(mark: str, gap: float, one: bool) -> None:
    assert joined(mark, gap) is one


def test_a_headings_number_is_followed_by_a_capital() -> None:
    assert joined("2.1", 1.9)
    assert not joined("2.1", 1.9, item="comprimes le soir")
    assert joined("2.", 1.9, item="comprimes le soir")


def test_a_headings_number_stands_in_no_table() -> None:
    assert not joined("2.1", 1.9, Text(300, 100, "Unite"))  # another wide gap in its row
    first = Text(50, 100, "2.1")
    at = first.end + 19
    others = [Text(at, 100 + 14.0 * row, "Autre") for row in (1, 2)]
    assert not joined("2.1", 1.9, *others)
    assert joined("2.1", 1.9, others[0])


def test_a_mark_opens_a_second_column_after_a_wide_gap() -> None:
    left = Text(50, 100, "Colonne de gauche")
    assert joined("1.", 2.0, left, x=left.end + 18.5)
    assert not joined("1", 1.9, left, x=left.end + 30)  # a number without a dot is a cell there


@pytest.mark.parametrize(("gap", "one"), [(1.1, True), (1.3, False)])
def test_a_sign_in_a_second_column_is_a_bullet_near_its_text(gap: float, one: bool) -> None:
    left = [Text(50, 100 + 14.0 * row, "Colonne de gauche") for row in range(3)]
    signs = [Text(300, 100 + 14.0 * row, "-") for row in range(3)]
    items = [Text(305 + 10 * gap, 100 + 14.0 * row, ITEM) for row in range(3)]
    found = [line.text for line in page_lines(page(*left, *signs, *items))]
    assert found.count(f"- {ITEM}") == (3 if one else 0)


@pytest.mark.parametrize(
    ("others", "bullet"), [("--", True), ("-x", True), ("xx", False), ("-xx", False)]
)
def test_a_sign_among_other_cells_is_a_cell(others: str, bullet: bool) -> None:
    written = []
    for row, sign in enumerate(f"-{others}"):
        y = 100 + 14.0 * row
        written += [Text(50, y, "Colonne de gauche"), Text(300, y, sign), Text(315, y, ITEM)]
    found = [line.text for line in page_lines(page(*written))]
    assert (f"- {ITEM}" in found) is bullet
