"""One piece of a document's text."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Block:
    """One piece of the text between a document's front and its signature.

    Kinds that are not plain from their name:
        chart: A table whose cells hold sentences.
        pairs: Names and their values, in `rows` of two cells.
        twins: Two such grids side by side: four cells a row; the first row holds their two titles.
        comment: A paragraph in small print.
        subject: The patient's name after the salutation.
        mark: No clinical text: a line of dashes, or the words that end a report.

    Attributes:
        kind: What it is.
        text: Its text, where it has no rows.
        rows: The cells of a table; the first row is its head in most.
        level: Of a title, 1 or 2.
    """

    kind: Literal[
        "paragraph",
        "title",
        "list",
        "table",
        "chart",
        "pairs",
        "twins",
        "comment",
        "subject",
        "mark",
    ]
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    level: int = 1
