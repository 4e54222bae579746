"""The fields of the index, and a row of `sections` as the engine's document.

Words are cut and reduced here, in the language of the section, and given to the engine joined by
spaces: with a field a language the engine would compare lengths and frequencies of words within a
language alone, and rank sections of the rarest one first.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from itertools import accumulate
from typing import Any

import tantivy

from chartline.core.tables import UNKNOWN_LANGUAGE
from chartline.search import codes
from chartline.search.words import forms, words

FORM_FIELDS = ("stems", "reduced")  # a field for each form of a word
SHOWN = "row"  # what a hit shows, stored as JSON
_BORDER = "¶"  # no word: a phrase does not go from the title into the text
_DAY = 86_400  # seconds

Mention = tuple[int, int, str, str, str]  # begin, end, state, vocabulary, code


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for field in FORM_FIELDS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("codes", tokenizer_name="raw", index_option="freq")
    for field in ("patient", "kind", "language", "document_kind", "path"):
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("day", indexed=True, fast=True)
    builder.add_bytes_field(SHOWN, stored=True)
    return builder.build()


SCHEMA = _schema()


def day(time: datetime) -> int:
    """The day of a time in UTC, counted from 1970-01-01."""
    return int(time.timestamp() // _DAY)


def engine_document(row: dict[str, Any], mentions: Iterable[Mention]) -> tantivy.Document:
    """A section as the engine's document.

    Args:
        row: the columns of `sections`, and those of its document that the schema names.
        mentions: of this section.
    """
    language = row["language"] or UNKNOWN_LANGUAGE
    found = tantivy.Document()
    title = [forms(word, language) for word in words(row["title"] or "")]
    text = [forms(word, language) for word in words(row["text"])]
    every = [*title, (_BORDER, _BORDER), *text]
    for number, field in enumerate(FORM_FIELDS):
        found.add_text(field, " ".join([one[number] for one in every]))
    for _, _, state, vocabulary, code in mentions:
        for key in codes.keys(vocabulary, code):
            found.add_text("codes", state + key)
    for folder in accumulate(row["path"].split("/"), "{}/{}".format):
        found.add_text("path", folder)
    exact = {
        "patient": row["patient_id"],
        "kind": row["kind"],
        "language": language,
        "document_kind": row["document_kind"],
    }
    for field, value in exact.items():
        if value is not None:
            found.add_text(field, value)
    if row["written_at"] is not None:
        found.add_integer("day", day(row["written_at"]))
    found.add_bytes(SHOWN, _shown(row, mentions))
    return found


def _shown(row: dict[str, Any], mentions: Iterable[Mention]) -> bytes:
    time = row["written_at"]
    kept = {name: row[name] for name in row if name not in ("spans", "written_at")}
    kept |= {"written_at": time and time.isoformat(), "mentions": list(mentions)}
    kept["pages"] = _page_starts(row)
    return json.dumps(kept, ensure_ascii=False).encode()


def _page_starts(row: dict[str, Any]) -> list[tuple[int, int]]:
    """Where each page's text begins: character and page."""
    starts = [(0, row["first_page"])]
    for span in row["spans"]:
        if span["page"] != starts[-1][1]:
            starts.append((span["begin"], span["page"]))
    return starts
