"""Sections to mentions: terms of a dictionary, and the context of each, by EDS-NLP.

The context of a mention says whether it is negated, hypothetical, of the family, or past.
"""

import warnings
from functools import lru_cache
from typing import Any

import polars as pl

from chartline.core.lexicons import lexicon
from chartline.core.tables import UNKNOWN_LANGUAGE, Mentions, cast_to, empty, types_of
from chartline.mentions.kinds import mention_kind
from chartline.mentions.names import names_of_codes
from chartline.mentions.terms import OwnTerms, terms_by_code

LANGUAGES = ("fr", "en")  # those whose cues of context are known
_PIPES_KEPT = 8  # one for each language and each caller's own terms
_FAMILY_SECTIONS = ("family_history",)
_PAST_SECTIONS = ("history", "surgical_history")


@lru_cache(maxsize=_PIPES_KEPT)
def _pipe(language: str, own: OwnTerms) -> Any:
    """The EDS-NLP pipe of a language, built once in each process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import edsnlp  # takes seconds: imported when needed

        pipe = edsnlp.blank("eds")
        pipe.add_pipe("eds.normalizer")
        pipe.add_pipe("eds.sentences")
        terms = terms_by_code(own)
        pipe.add_pipe(
            "eds.matcher", config={"terms": terms, "attr": "NORM", "ignore_excluded": True}
        )
        # French cues come with EDS-NLP
        cues = lexicon("chartline.mentions", "context") if language == "en" else {}
        pipe.add_pipe("eds.negation", config=cues.get("negated", {}))
        pipe.add_pipe("eds.hypothesis", config=cues.get("hypothetical", {}))
        pipe.add_pipe("eds.family", config={**cues.get("family", {}), "use_sections": False})
        pipe.add_pipe(
            "eds.history",
            config={**cues.get("past", {}), "use_sections": False, "use_dates": False},
        )
        return pipe


def mentions(sections: pl.DataFrame, languages: dict[str, str], own: OwnTerms = ()) -> pl.DataFrame:
    """The mentions table of the texts of sections.

    A document whose language is not known, or has no cues of context here, has no mentions: a
    negated finding would be taken for a fact. The section counts as context too: mentions under
    family history are of the family, mentions under history are past.

    Args:
        sections: the sections table.
        languages: the language of each document by its document_id; `und` where it is missing.
        own: terms in addition to the dictionary's.
    """
    rows: list[dict[str, Any]] = []
    names = {code: term for term, code in reversed(own)} | names_of_codes(None)
    for language, group in _by_language(sections, languages):
        documents = _pipe(language, own).pipe(group["text"].to_list())
        for section, document in zip(group.iter_rows(named=True), documents, strict=True):
            rows += [_mention(section, span, names) for span in document.ents]
    if not rows:
        return empty(Mentions)
    frame = pl.DataFrame(rows, schema_overrides=types_of(Mentions))
    return cast_to(frame.sort("document_id", "section", "begin"), Mentions)


def _by_language(
    sections: pl.DataFrame, languages: dict[str, str]
) -> list[tuple[str, pl.DataFrame]]:
    """The sections that have text, for each language of LANGUAGES."""
    with_text = sections.filter(pl.col("text") != "")
    names = [languages.get(name, UNKNOWN_LANGUAGE) for name in with_text["document_id"].to_list()]
    tagged = with_text.with_columns(language=pl.Series(names, dtype=pl.String))
    known = tagged.filter(pl.col("language").is_in(LANGUAGES))
    return [
        (str(name), group) for (name,), group in known.group_by("language", maintain_order=True)
    ]


def _mention(section: dict[str, Any], span: Any, names: dict[str, str]) -> dict[str, Any]:
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
        "name": names[span.label_],
        "negated": bool(context.negation),
        "hypothetical": bool(context.hypothesis),
        "family": bool(context.family) or section["kind"] in _FAMILY_SECTIONS,
        "past": bool(context.history) or section["kind"] in _PAST_SECTIONS,
        "confidence": 1.0,
    }
