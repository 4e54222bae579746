"""Sections to mentions: a dictionary and the context of each hit (negated, hypothetical, family, past), by EDS-NLP."""

import warnings
from functools import cache
from typing import Any

import polars as pl

from chartline.core.lexicons import lexicon
from chartline.core.tables import UNKNOWN_LANGUAGE, Mentions, cast_to, empty, types_of

LANGUAGES = ("fr", "en")  # those that have cues of context
_FAMILY_SECTIONS = ("family_history",)
_PAST_SECTIONS = ("history", "surgical_history")


@cache
def _pipe(language: str) -> Any:
    """The EDS-NLP pipe of a language; built once a process, imported late since that takes seconds."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import edsnlp

        pipe = edsnlp.blank("eds")
        pipe.add_pipe("eds.normalizer")
        pipe.add_pipe("eds.sentences")
        terms = {
            f"{vocabulary}//{code}": names
            for vocabulary, codes in lexicon("chartline.mentions", "concepts").items()
            for code, names in codes.items()
        }
        pipe.add_pipe(
            "eds.matcher", config={"terms": terms, "attr": "NORM", "ignore_excluded": True}
        )
        cues = lexicon("chartline.mentions", "context") if language == "en" else {}
        pipe.add_pipe("eds.negation", config=cues.get("negated", {}))
        pipe.add_pipe("eds.hypothesis", config=cues.get("hypothetical", {}))
        pipe.add_pipe("eds.family", config={**cues.get("family", {}), "use_sections": False})
        pipe.add_pipe(
            "eds.history",
            config={**cues.get("past", {}), "use_sections": False, "use_dates": False},
        )
        return pipe


def mentions(sections: pl.DataFrame, languages: dict[str, str]) -> pl.DataFrame:
    """The mentions table of the sections' texts.

    `languages` gives each document's language. A document whose language is not known, or has no
    cues of context here, has no mentions: a negated finding would be taken for a fact.
    Section titles count as context: what stands under family history is said of the family, what
    stands under history is past.
    """
    rows: list[dict[str, Any]] = []
    for language, group in _by_language(sections, languages):
        texts = group["text"].to_list()
        found = _pipe(language).pipe(texts)
        for section, document in zip(group.iter_rows(named=True), found, strict=True):
            rows += [_mention(section, span) for span in document.ents]
    if not rows:
        return empty(Mentions)
    frame = pl.DataFrame(rows, schema_overrides=types_of(Mentions))
    return cast_to(frame.sort("document_id", "section", "begin"), Mentions)


def _mention(section: dict[str, Any], span: Any) -> dict[str, Any]:
    """A row of the mentions table from a span that EDS-NLP found."""
    vocabulary, code = span.label_.split("//", 1)
    context = span._
    return {
        "document_id": section["document_id"],
        "section": section["section"],
        "begin": span.start_char,
        "end": span.end_char,
        "vocabulary": vocabulary,
        "code": code,
        "text": span.text,
        "kind": mention_kind(vocabulary, code),
        "name": lexicon("chartline.mentions", "concepts")[vocabulary][code][0],
        "negated": bool(context.negation),
        "hypothetical": bool(context.hypothesis),
        "family": bool(context.family) or section["kind"] in _FAMILY_SECTIONS,
        "past": bool(context.history) or section["kind"] in _PAST_SECTIONS,
        "confidence": 1.0,
    }


def mention_kind(vocabulary: str, code: str) -> str:
    """The kind of mention that a code stands for; chapter XVIII of ICD-10 (R) is of signs.

    >>> mention_kind("ICD10", "R60.9"), mention_kind("ICD10", "I50.9"), mention_kind("ATC", "C03CA01")
    ('sign', 'condition', 'drug')
    """
    if vocabulary == "ICD10":
        return "sign" if code.startswith("R") else "condition"
    return "drug" if vocabulary == "ATC" else "procedure"


def _by_language(
    sections: pl.DataFrame, languages: dict[str, str]
) -> list[tuple[str, pl.DataFrame]]:
    """The sections with text of each language that has cues."""
    written = sections.filter(pl.col("text") != "")
    names = [languages.get(name, UNKNOWN_LANGUAGE) for name in written["document_id"].to_list()]
    tagged = written.with_columns(language=pl.Series(names, dtype=pl.String))
    known = tagged.filter(pl.col("language").is_in(LANGUAGES))
    return [
        (str(name), group) for (name,), group in known.group_by("language", maintain_order=True)
    ]
