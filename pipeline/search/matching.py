"""Clauses and filters as a query of the engine."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import tantivy
from tantivy import Occur, Query

from chartline.search import codes
from chartline.search.query import Clause
from chartline.search.schema import FORM_FIELDS, SCHEMA, day
from chartline.search.words import forms


@dataclass(frozen=True)
class Filters:
    """Which sections a search looks at; None stands for all.

    Attributes:
        patient: the patient, as the manifest names them.
        kind: kind of section.
        language: ISO 639-1 code.
        since: the document was written on this day or later.
        until: it was written on this day or earlier.
        document_kind: the sort of document, by the manifest.
        path: of a document or a folder, below the folder of documents.
        include: also what is `negated`, `hypothetical` or of the `family`, for codes.
    """

    patient: str | None = None
    kind: str | None = None
    language: str | None = None
    since: date | None = None
    until: date | None = None
    document_kind: str | None = None
    path: str | None = None
    include: frozenset[str] = frozenset()


def engine_query(clauses: list[Clause], filters: Filters, languages: list[str]) -> Query:
    """The query that finds sections for which every clause and every filter holds.

    Words and codes are ranked by BM25; filters do not count.

    Args:
        clauses: what was typed.
        filters: which sections to look at.
        languages: all languages of the index.
    """
    parts: list[tuple[Any, Query]] = []
    for clause in clauses:
        query = _code(clause.code, filters.include) if clause.code else _words(clause, languages)
        parts.append((Occur.MustNot if clause.excluded else Occur.Must, query))
    return Query.boolean_query([*parts, *((Occur.Must, one) for one in _filters(filters))])


def _words(clause: Clause, languages: list[str]) -> Query:
    """A word or phrase in any language: the best of its forms counts, not their sum."""
    options = []
    for number, field in enumerate(FORM_FIELDS):
        spoken: dict[tuple[str, ...], list[str]] = {}
        for language in languages:
            form = tuple(forms(word, language)[number] for word in clause.words)
            spoken.setdefault(form, []).append(language)
        for form, mine in spoken.items():
            query = _sequence(field, form)
            if len(spoken) > 1:  # a stem of one language may be another word in another
                only = _unranked(Query.term_set_query(SCHEMA, "language", mine))
                query = Query.boolean_query([(Occur.Must, query), (Occur.Must, only)])
            options.append(query)
    return Query.disjunction_max_query(options)


def _sequence(field: str, form: tuple[str, ...]) -> Query:
    if len(form) == 1:
        return Query.term_query(SCHEMA, field, form[0])
    return Query.phrase_query(SCHEMA, field, list(form))


def _code(code: str, included: frozenset[str]) -> Query:
    terms = [_term("codes", f"{state}{code}", "freq") for state in codes.states(included)]
    return Query.boolean_query([(Occur.Should, term) for term in terms])


def _filters(filters: Filters) -> list[Query]:
    exact = {
        "patient": filters.patient,
        "kind": filters.kind,
        "language": filters.language,
        "document_kind": filters.document_kind,
        "path": None if filters.path is None else filters.path.rstrip("/"),
    }
    found = [_term(field, value) for field, value in exact.items() if value is not None]
    if filters.since or filters.until:
        first = day(_midnight(filters.since)) if filters.since else None
        last = day(_midnight(filters.until)) if filters.until else None
        whole = tantivy.FieldType.Integer
        found.append(Query.range_query(SCHEMA, "day", whole, first, last))
    return [_unranked(query) for query in found]


def _midnight(given: date) -> datetime:
    return datetime(given.year, given.month, given.day, tzinfo=UTC)


def _term(field: str, value: str, option: str = "basic") -> Query:
    return Query.term_query(SCHEMA, field, value, option)


def _unranked(query: Query) -> Query:
    return Query.const_score_query(query, 0.0)
