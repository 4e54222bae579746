"""Sections to mentions: terms, their context, their dates, values and regimens."""

from datetime import datetime
from typing import Any

import polars as pl

from chartline.core.tables import Mentions, cast_to, empty, types_of
from chartline.mentions.context.judging import contexts
from chartline.mentions.dates.dating import dates_of
from chartline.mentions.dates.finding import find_moments
from chartline.mentions.lookup import lookup
from chartline.mentions.own_terms import OwnTerms
from chartline.mentions.regimens.finding import regimen_columns, regimens_of, without_durations
from chartline.mentions.spans import Context, Moment, Span
from chartline.mentions.support import supported
from chartline.mentions.values.attaching import value_columns, with_context
from chartline.mentions.values.finding import measured
from chartline.mentions.values.page import MEASUREMENT, Measured
from chartline.mentions.words import passage

LANGUAGES = ("fr", "en", "de", "es", "it", "nl", "pt")  # those whose cues of context are known


def mentions(
    sections: pl.DataFrame,
    own: OwnTerms | None = None,
    written_at: dict[str, datetime] | None = None,
) -> pl.DataFrame:
    """The mentions table of the texts of sections.

    A section whose language is not known, or has no cues of context here, has no mentions: a
    negated finding would be taken for a fact. The kind of a section counts as context too.

    Args:
        sections: the sections table, with the language of each.
        own: terms in addition to the terminology's; the first in rank.
        written_at: the date of each document by its document_id, from which `three weeks ago`
            counts.
    """
    rows: list[dict[str, Any]] = []
    for section in sections.iter_rows(named=True):
        if section["text"] and (language := section["language"]) in LANGUAGES:
            rows += mentions_of(
                section, language, own, (written_at or {}).get(section["document_id"])
            )
    if not rows:
        return empty(Mentions)
    frame = pl.DataFrame(rows, schema=types_of(Mentions))
    return cast_to(frame.sort("document_id", "section", "begin"), Mentions)


def mentions_of(
    section: dict[str, Any], language: str, own: OwnTerms | None, written_at: datetime | None
) -> list[dict[str, Any]]:
    """The rows of the mentions table of one section."""
    given = passage(section["text"], language)
    found = lookup(given, own.trie(language) if own else None)
    moments = find_moments(given, written_at)
    values = measured(given, found, moments, written_at)
    named = {one.name.begin for one in values}  # `potassium 4.2 mmol/L` is no drug
    terms = [one for one in found if one.span.kind != MEASUREMENT and one.span.begin not in named]
    pairs: list[tuple[Span, Measured | None]] = [
        *((span, None) for span in supported(given, terms, section["kind"])),
        *((one.span, one) for one in values),
    ]
    pairs.sort(key=lambda pair: pair[0][:2])
    spans = [span for span, _ in pairs]
    judged = contexts(given, spans, section["kind"])
    dates = dates_of(given, spans, without_durations(given, spans, moments))
    regimens = regimens_of(given, spans)
    rows = []
    for (span, one), context, date, regimen in zip(pairs, judged, dates, regimens, strict=True):
        date = with_context(one, context, date) if one else date
        if not context.no_fact:
            row = _row(section, span, context, date)
            rows.append(row | value_columns(one) | regimen_columns(regimen))
    return rows


def _row(
    section: dict[str, Any], span: Span, context: Context, date: Moment | None
) -> dict[str, Any]:
    return {
        "document_id": section["document_id"],
        "section": section["section"],
        "begin": span.begin,
        "end": span.end,
        "vocabulary": span.vocabulary,
        "code": span.code,
        "text": section["text"][span.begin : span.end],
        "kind": span.kind,
        "name": span.name,
        "negated": context.negated,
        "hypothetical": context.hypothetical,
        "family": context.family,
        "past": context.past or (date is not None and date.past),
        "status": context.status,
        "time": date.time if date else None,
        "time_precision": date.precision if date else None,
        "confidence": span.confidence,
    }
