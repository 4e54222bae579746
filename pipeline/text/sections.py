"""Labelled lines to sections; every character leads back to its line."""

from dataclasses import dataclass, field
from operator import itemgetter

import numpy as np
import polars as pl
import pyarrow as pa

from chartline.core.tables import Sections, cast_to
from chartline.models.line_classifier.labels import CLINICAL
from chartline.text.joining import Row, right_edges_of, separator
from chartline.text.table_order import cells_row_by_row
from chartline.text.titles import (
    EXACT,
    OTHER,
    inline_title,
    kind_and_confidence,
    section_kind,
    without_numbering,
)

INTRODUCTION = "introduction"  # the kind of text before the first title
_COLUMNS = ("label", "document_id", "page", "line", "text", "x0", "top", "x1", "bottom", "size")
_SPAN = ("begin", "end", "page", "line")
_TITLE_GAP = 1.8  # em from the top of a title's first line to that of its second, at most


@dataclass
class _Section:
    """A section that is being put together.

    Attributes:
        title: as on the page, without its number.
        parts: pieces of the text, among them what joins one line to the next.
        length: of the text so far, in characters.
        spans: begin and end in the text, page and line, of each line.
        pages: of the title and of each line.
        last: the line that was added last.
    """

    title: str | None = None
    parts: list[str] = field(default_factory=list)
    length: int = 0
    spans: list[list[int]] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    last: Row | None = None

    @property
    def kind(self) -> str:
        """See `titles.toml`."""
        return INTRODUCTION if self.title is None else kind_and_confidence(self.title)[0]

    @property
    def kind_confidence(self) -> float | None:
        """How sure the kind is; None for an introduction and for `other`."""
        return None if self.title is None else kind_and_confidence(self.title)[1]

    def add(self, glue: str, text: str, row: Row) -> None:
        """Adds the text of a line after `glue`."""
        self.parts += [glue, text]
        begin = self.length + len(glue)
        self.length = begin + len(text)
        self.spans.append([begin, self.length, row["page"], row["line"]])
        self.pages.append(row["page"])
        self.last = row

    def cut_hyphen(self) -> None:
        """Removes the last character."""
        self.parts[-1] = self.parts[-1][:-1]
        self.length -= 1
        self.spans[-1][1] -= 1


def sections(lines: pl.DataFrame) -> pl.DataFrame:
    """The sections table of labelled lines: the clinical ones only (body, title, table).

    A section begins at a `title` line, or at a body line that opens with a known title and a colon.
    Words hyphenated at a line's end are joined, cells of a table's row are separated by tabs. Text
    before the first title is a section of kind `introduction`.

    Args:
        lines: the lines table with its labels, of any number of documents.
    """
    documents: dict[str, list[Row]] = {}
    for values in zip(*(lines[name].to_list() for name in _COLUMNS), strict=True):
        row = dict(zip(_COLUMNS, values, strict=True))
        if row["label"] in CLINICAL:
            documents.setdefault(row["document_id"], []).append(row)
    return _frame(
        [
            (name, number, section)
            for name, rows in documents.items()
            for number, section in enumerate(_sections_of_document(rows))
        ]
    )


def _sections_of_document(rows: list[Row]) -> list[_Section]:
    lines = sorted(rows, key=itemgetter("page", "line"))
    opened = [_Section()]
    right_edges = right_edges_of(lines)
    for row in cells_row_by_row(lines):
        text = row["text"]
        if row["label"] == "title":
            _add_title(opened, row)
            continue
        if row["label"] == "body" and (opening := inline_title(text)):
            title, text = opening
            opened.append(_Section(title))
        if text:
            _add_text(opened[-1], text, row, right_edges)
    return [section for section in opened if section.title or section.length]


def _add_title(opened: list[_Section], row: Row) -> None:
    """Opens a section, or adds a second line to the title of the one opened just before."""
    text = row["text"].strip()
    if (opening := inline_title(text)) and opening[1]:
        opened.append(_Section(opening[0]))
        opened[-1].add("", opening[1], row)
        return
    title = without_numbering(text)
    if _goes_on(opened[-1], row, title):
        opened[-1].title = f"{opened[-1].title} {title}"
    else:
        opened.append(_Section(title))
    opened[-1].pages.append(row["page"])
    opened[-1].last = row


def _goes_on(section: _Section, row: Row, title: str) -> bool:
    """Whether a title line is the second line of the title that opened `section`."""
    above = section.last
    goes_on_in_words = title[:1].islower() and section.kind_confidence != EXACT
    return (
        bool(section.title)
        and (goes_on_in_words or section.kind == section_kind(title) == OTHER)
        and not section.length
        and above is not None
        and above["page"] == row["page"]
        and above["size"] == row["size"]
        and 0 < row["top"] - above["top"] < _TITLE_GAP * row["size"]
    )


def _add_text(section: _Section, text: str, row: Row, right_edges: dict[int, float]) -> None:
    if section.last is None or not section.length:
        section.add("", text, row)
        return
    glue = separator(section.last, row, right_edges)
    if glue is None:
        section.cut_hyphen()
    section.add(glue or "", text, row)


def _frame(numbered: list[tuple[str, int, _Section]]) -> pl.DataFrame:
    """The sections table from document_id, number and section.

    Rows of nested columns as plain Python objects would take ten times as long.
    """
    sections = [section for _, _, section in numbered]
    pages = [section.pages or [1] for section in sections]
    spans = np.array([span for section in sections for span in section.spans], np.int32)
    ends = np.cumsum([0, *(len(section.spans) for section in sections)])
    columns = map(np.ascontiguousarray, spans.reshape(-1, len(_SPAN)).T)
    structs = pa.StructArray.from_arrays([*map(pa.array, columns)], _SPAN)
    nested = pa.ListArray.from_arrays(pa.array(ends, pa.int32()), structs)
    frame = pl.DataFrame(
        {
            "document_id": [name for name, _, _ in numbered],
            "section": [number for _, number, _ in numbered],
            "kind": [section.kind for section in sections],
            "kind_confidence": pl.Series(
                [section.kind_confidence for section in sections], dtype=pl.Float32
            ),
            "title": [section.title for section in sections],
            "text": ["".join(section.parts) for section in sections],
            "first_page": [*map(min, pages)],
            "last_page": [*map(max, pages)],
            "spans": pl.Series(pl.from_arrow(nested)),
        },
    )
    return cast_to(frame, Sections)
