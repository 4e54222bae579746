"""Labelled lines to paragraphs to sections; every character leads back to its line."""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from chartline.core.lexicons import lexicon
from chartline.core.tables import Sections, cast_to, types_of
from chartline.models.line_classifier.labels import CLINICAL

Row = dict[str, Any]

_NUMBERING = re.compile(r"^(?:[IVX]+|\d+(?:\.\d+)*|[a-zA-Z])\s*[.)°/-]\s+")
_BULLET = re.compile(r"^(?:[•●▪◦‣·○■□➢*>–—-]|\d{1,2}[.)])\s")
_INLINE_TITLE = re.compile(r"^([^\W\d_][^:;.]{2,45}?)\s*:\s*(?=\S|$)")
_END = re.compile(r"[.!?:]\s*$")
OTHER = "other"
_SEEN = ("label", "document_id", "page", "line", "text", "x0", "top", "x1", "bottom", "size")
_SPAN = ("begin", "end", "page", "line")
_COLUMNS = types_of(Sections)


@dataclass
class _Section:
    title: str | None = None
    kind: str = "introduction"
    parts: list[str] = field(default_factory=list)
    length: int = 0
    spans: list[list[int]] = field(default_factory=list)  # begin, end, page, line
    pages: list[int] = field(default_factory=list)
    last: Row | None = None

    def add(self, glue: str, text: str, row: Row) -> None:
        self.parts += [glue, text]
        begin = self.length + len(glue)
        self.length = begin + len(text)
        self.spans.append([begin, self.length, row["page"], row["line"]])
        self.pages.append(row["page"])
        self.last = row

    def cut_hyphen(self) -> None:
        self.parts[-1] = self.parts[-1][:-1]
        self.length -= 1
        self.spans[-1][1] -= 1


def sections(lines: pl.DataFrame) -> pl.DataFrame:
    """The sections of the documents in `lines` (lines table, labelled): clinical lines, furniture between them gone.

    A section begins at a `title` line, or at a body line that opens with a known title and a colon. Hyphens at a line's
    end are undone, cells of one table row are joined by tabs. Text before the first title is of kind `introduction`.
    """
    documents: dict[str, list[Row]] = {}
    for values in zip(*(lines[name].to_list() for name in _SEEN), strict=True):
        if values[0] in CLINICAL:
            documents.setdefault(values[1], []).append(dict(zip(_SEEN, values, strict=True)))
    found = [
        (name, number, section)
        for name, rows in documents.items()
        for number, section in enumerate(_document(sorted(rows, key=itemgetter("page", "line"))))
    ]
    return _frame(found)


def _frame(found: list[tuple[str, int, _Section]]) -> pl.DataFrame:
    """The sections table. Plain Python rows of nested columns would take ten times as long."""
    sections = [section for _, _, section in found]
    pages = [section.pages or [1] for section in sections]
    spans = (
        np.array([span for section in sections for span in section.spans], np.int32)
        .reshape(-1, len(_SPAN))
        .T
    )
    ends = np.cumsum([0, *(len(section.spans) for section in sections)])
    nested = pa.ListArray.from_arrays(
        pa.array(ends, pa.int32()),
        pa.StructArray.from_arrays([*map(pa.array, map(np.ascontiguousarray, spans))], _SPAN),
    )
    frame = pl.DataFrame(
        {
            "document_id": [name for name, _, _ in found],
            "section": [number for _, number, _ in found],
            "kind": [section.kind for section in sections],
            "title": [section.title for section in sections],
            "text": ["".join(section.parts) for section in sections],
            "first_page": [*map(min, pages)],
            "last_page": [*map(max, pages)],
            "spans": pl.Series(pl.from_arrow(nested)),
        },
    )
    return cast_to(frame, Sections)


def _document(lines: list[Row]) -> list[_Section]:
    found = [_Section()]
    right_edges = _right_edges(lines)
    for row in _table_rows_in_order(lines):
        text = row["text"]
        if row["label"] == "title":
            _titled(found, row)
            continue
        opening = _INLINE_TITLE.match(text) if row["label"] == "body" else None
        if opening and section_kind(opening.group(1)) != OTHER:
            found.append(_Section(opening.group(1).strip(), section_kind(opening.group(1))))
            text = text[opening.end() :]
        if text:
            _append(found[-1], text, row, right_edges)
    return [section for section in found if section.title or section.length]


def _titled(found: list[_Section], row: Row) -> None:
    """Opens a section, or lengthens the title of one that has just been opened by the line above."""
    current, text = found[-1], row["text"].strip()
    inline = _INLINE_TITLE.match(text)
    if inline and text[inline.end() :] and section_kind(inline.group(1)) != OTHER:
        found.append(_Section(inline.group(1).strip(), section_kind(inline.group(1))))
        found[-1].add("", text[inline.end() :], row)
        return
    title = _NUMBERING.sub("", text).rstrip(" :.")
    above = current.last
    wraps = (
        current.title
        and not current.length
        and above
        and above["page"] == row["page"]
        and above["size"] == row["size"]
    )
    if (
        wraps
        and above
        and 0 < row["top"] - above["top"] < 1.8 * row["size"]
        and section_kind(title) == OTHER == current.kind
    ):
        current.title = f"{current.title} {title}"
    else:
        found.append(_Section(title, section_kind(title)))
    found[-1].pages.append(row["page"])
    found[-1].last = row


def _append(section: _Section, text: str, row: Row, right_edges: dict[int, float]) -> None:
    last = section.last
    if last is None or not section.length:
        section.add("", text, row)
        return
    if row["label"] == "table" or last["label"] == "table":
        section.add("\t" if _same_row(last, row) else "\n", text, row)
        return
    if _same_row(last, row):
        section.add(" ", text, row)
    elif _new_paragraph(last, row, right_edges):
        section.add("\n", text, row)
    elif (
        last["text"].endswith("-") and text[:1].islower() and re.search(r"[^\W\d_]-$", last["text"])
    ):
        section.cut_hyphen()
        section.add("", text, row)
    else:
        section.add(" ", text, row)


def _same_row(last: Row, row: Row) -> bool:
    middle = (row["top"] + row["bottom"]) / 2
    return (
        last["page"] == row["page"]
        and last["top"] < middle < last["bottom"]
        and row["x0"] >= last["x1"] - 1
    )


def _new_paragraph(last: Row, row: Row, right_edges: dict[int, float]) -> bool:
    if _BULLET.match(row["text"]):
        return True
    height = max(last["size"], 1)
    if (
        last["page"] == row["page"]
        and row["top"] > last["top"]
        and row["top"] - last["top"] > 2.1 * height
    ):
        return True
    short = last["x1"] < right_edges.get(last["page"], last["x1"]) - 6 * height
    return short and (bool(_END.search(last["text"])) or row["text"][:1].isupper())


def _right_edges(lines: list[Row]) -> dict[int, float]:
    edges: dict[int, float] = {}
    for row in lines:
        if row["label"] == "body":
            edges[row["page"]] = max(edges.get(row["page"], 0.0), row["x1"])
    return edges


def _table_rows_in_order(lines: list[Row]) -> list[Row]:
    """Runs of table lines on a page sorted by row and then by column; all else as it stands."""
    ordered: list[Row] = []
    run: list[Row] = []
    for row in [*lines, {"label": None, "page": -1}]:
        if run and (row["label"] != "table" or row["page"] != run[0]["page"]):
            ordered += _by_row(run)
            run = []
        if row["label"] == "table":
            run.append(row)
        elif row["label"]:
            ordered.append(row)
    return ordered


def _by_row(cells: list[Row]) -> list[Row]:
    cells = sorted(cells, key=lambda cell: cell["top"] + cell["bottom"])
    rows: list[list[Row]] = []
    for cell in cells:
        if (
            rows
            and (cell["top"] + cell["bottom"]) / 2
            - (rows[-1][0]["top"] + rows[-1][0]["bottom"]) / 2
            < 0.5 * cell["size"]
        ):
            rows[-1].append(cell)
        else:
            rows.append([cell])
    return [cell for row in rows for cell in sorted(row, key=lambda cell: cell["x0"])]


@cache
def _kinds() -> dict[str, str]:
    return {
        title: kind
        for kind, titles in lexicon("chartline.text", "titles").items()
        for title in titles
    }


def section_kind(title: str) -> str:
    """The canonical kind that a title means, `other` when it is not known.

    >>> section_kind("2. ANTÉCÉDENTS MÉDICAUX :"), section_kind("Weather")
    ('history', 'other')
    """
    straight = _NUMBERING.sub("", title.strip()).replace("\u2019", "'")
    plain = unicodedata.normalize("NFKD", straight).encode("ascii", "ignore").decode().lower()
    plain = " ".join(re.sub(r"[^a-z' -]", " ", plain).split()).strip(" -'")
    return _kinds().get(plain, OTHER)
