"""A section that was found, with what was found in it."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from chartline.core.tables import UNKNOWN_LANGUAGE
from chartline.search import highlights
from chartline.search.highlights import Span
from chartline.search.query import Clause


@dataclass(frozen=True)
class Hit:
    """A section that was found.

    Attributes:
        document_id, path, patient_id, document_kind, written_at: of its document.
        section, kind, title, text, language: of the section.
        page: where the first of `highlights` stands, else where the section begins.
        score: BM25; only the order means something.
        highlights: characters of `text` that were found, without overlaps, in order.
        title_highlights: characters of `title` that were found.
        snippet: the stretch of `text` to show.
    """

    document_id: str
    path: str
    patient_id: str | None
    document_kind: str | None
    written_at: datetime | None
    section: int
    kind: str
    title: str | None
    text: str
    language: str
    page: int
    score: float
    highlights: list[Span]
    title_highlights: list[Span]
    snippet: Span


def as_row(found: Hit) -> dict[str, Any]:
    """A hit as a row or JSON object: its spans as `begin` and `end`."""
    row = asdict(found)
    for name in ("highlights", "title_highlights"):
        row[name] = [_span(one) for one in row[name]]
    return row | {"snippet": _span(found.snippet)}


def hit(stored: bytes, score: float, clauses: list[Clause], included: frozenset[str]) -> Hit:
    """A hit of what the index stored (see `schema.engine_document`) and the query's clauses."""
    row = json.loads(stored)
    language, text = row["language"] or UNKNOWN_LANGUAGE, row["text"]
    marked = highlights.both(
        highlights.of_words(text, language, clauses),
        highlights.of_codes(row["mentions"], clauses, included),
    )
    time = row["written_at"]
    return Hit(
        document_id=row["document_id"],
        path=row["path"],
        patient_id=row["patient_id"],
        document_kind=row["document_kind"],
        written_at=datetime.fromisoformat(time) if time else None,
        section=row["section"],
        kind=row["kind"],
        title=row["title"],
        text=text,
        language=language,
        page=_page(row["pages"], marked),
        score=score,
        highlights=marked,
        title_highlights=highlights.of_words(row["title"] or "", language, clauses),
        snippet=highlights.snippet(text, marked),
    )


def _span(span: Span) -> dict[str, int]:
    return {"begin": span[0], "end": span[1]}


def _page(starts: list[tuple[int, int]], marked: list[Span]) -> int:
    first = marked[0][0] if marked else 0
    return [page for begin, page in starts if begin <= first][-1]
