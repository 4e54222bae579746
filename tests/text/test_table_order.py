"""Cells of tables are read row by row and joined by tabs."""

from typing import Any

import pytest
from labelled import line, texts


def cell(text: str, x0: float, x1: float, top: float, **more: Any) -> dict[str, Any]:
    return line(text, "table", x0=x0, x1=x1, top=top, **more)


@pytest.mark.parametrize(
    ("x0", "top", "glue"),
    [
        (120.0, 100.0, "\t"),
        (99.0, 100.0, "\t"),  # a cell may touch its neighbour, by a point
        (98.9, 100.0, "\n"),
        (120.0, 104.5, "\t"),  # their middles: less than half a letter apart
        (120.0, 106.0, "\n"),
    ],
)
def test_cells_of_one_row_are_joined_by_a_tab(x0: float, top: float, glue: str) -> None:
    assert texts(cell("Sodium", 50.0, 100.0, 100.0), cell("139", x0, 150.0, top)) == [
        f"Sodium{glue}139"
    ]


def test_cells_are_read_row_by_row_in_whatever_order_they_come() -> None:
    column = [cell("Sodium", 50, 90, 100.0), cell("Fer", 50, 80, 112.0), cell("Zinc", 50, 85, 124)]
    values = [cell("139", 200, 220, 102.0), cell("12", 200, 220, 110.0), cell("14", 200, 220, 126)]
    assert texts(*column, *values) == ["Sodium\t139\nFer\t12\nZinc\t14"]


def test_a_table_ends_with_its_page_and_where_other_text_stands() -> None:
    assert texts(
        cell("b", 200, 220, 100), cell("a", 50, 60, 100), line("le corps"), cell("c", 50, 60, 130)
    ) == ["a\tb\nle corps\nc"]
    assert texts(cell("b", 200, 220, 100), cell("a", 50, 60, 100, page=2)) == ["b\na"]


def test_body_and_table_are_apart_though_on_one_row() -> None:
    assert texts(line("le taux", x1=100.0, top=100.0), cell("139", 120, 140, 100.0)) == [
        "le taux\t139"
    ]
    assert texts(cell("139", 50, 70, 100.0), line("est bas", x0=120.0, top=120.0)) == [
        "139\nest bas"
    ]


def test_pieces_of_body_on_one_row_are_one_line() -> None:
    assert texts(line("vu le", x1=100.0, top=100.0), line("• 3 mai", x0=120.0, top=101.0)) == [
        "vu le • 3 mai"
    ]
    assert texts(line("vu le", x1=100.0), line("• 3 mai", x0=120.0, page=2, top=100.0)) == [
        "vu le\n• 3 mai"
    ]
