"""How the text of one line is joined to that of the line before: paragraphs, rows, hyphens."""

import re
from collections.abc import Iterable
from typing import Any

Row = dict[str, Any]  # a line: label, page, line, text, x0, top, x1, bottom, size

_BULLET = re.compile(r"^(?:[•●▪◦‣·○■□➢*>–—-]|\d{1,2}[.)])\s")
_SENTENCE_END = re.compile(r"[.!?:]\s*$")
_BROKEN_WORD = re.compile(r"[^\W\d_]-$")  # a letter and a hyphen at the end of a line

_PARAGRAPH_GAP = 2.1  # em from one line's top to the next: more is a blank line between them
_SHORT_LINE = 6.0  # em: a line that ends this far before the others may end a paragraph
_CELLS_TOUCH = 1.0  # points by which a cell may reach into the next one of its row


def separator(last: Row, row: Row, right_edges: dict[int, float]) -> str | None:
    """What stands between two lines of a section; None where a word goes on over a hyphen.

    Args:
        last: the line before.
        row: the line.
        right_edges: from `right_edges_of`.

    Returns:
        A tab between cells of one row of a table, a line break between paragraphs and between rows
        of a table, else a space.
    """
    if row["label"] == "table" or last["label"] == "table":
        return "\t" if same_row(last, row) else "\n"
    if same_row(last, row):
        return " "
    if _new_paragraph(last, row, right_edges):
        return "\n"
    goes_on = row["text"][:1].islower() and _BROKEN_WORD.search(last["text"])
    return None if goes_on else " "


def same_row(last: Row, row: Row) -> bool:
    """Whether `row` stands to the right of `last`, at the same height on the same page."""
    middle = (row["top"] + row["bottom"]) / 2
    return (
        last["page"] == row["page"]
        and last["top"] < middle < last["bottom"]
        and row["x0"] >= last["x1"] - _CELLS_TOUCH
    )


def _new_paragraph(last: Row, row: Row, right_edges: dict[int, float]) -> bool:
    """Whether a paragraph begins: with a bullet, after white space, or after a short last line."""
    if _BULLET.match(row["text"]):
        return True
    em = max(last["size"], 1)
    if last["page"] == row["page"] and row["top"] - last["top"] > _PARAGRAPH_GAP * em:
        return True
    right_edge = right_edges.get(last["page"], last["x1"])
    short = last["x1"] < right_edge - _SHORT_LINE * em
    return short and (bool(_SENTENCE_END.search(last["text"])) or row["text"][:1].isupper())


def right_edges_of(lines: Iterable[Row]) -> dict[int, float]:
    """For each page the right edge of its body text, in points."""
    edges: dict[int, float] = {}
    for row in lines:
        if row["label"] == "body":
            edges[row["page"]] = max(edges.get(row["page"], 0.0), row["x1"])
    return edges
