"""A piece of a document's flow."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Block:
    """One piece of the flow. `rows` holds a table's cells (first row: heads, in most; those of a `chart` hold sentences) or the two
    columns of a key-value grid. `twins` are two such grids side by side, four cells a row, their two titles the first row.
    A `comment` is a paragraph in small print, a `subject` names the patient after the salutation; a `mark` is no
    clinical text: a line of dashes, the end of the report.
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
