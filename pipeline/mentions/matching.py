"""Sections to mentions: a dictionary and the context of each hit (negated, hypothetical, family, past), by EDS-NLP."""

import unicodedata
import warnings
from functools import lru_cache
from typing import Any

import polars as pl

from chartline.core.lexicons import lexicon
from chartline.core.tables import UNKNOWN_LANGUAGE, Mentions, cast_to, empty, types_of
from chartline.mentions.names import names_of_codes

LANGUAGES = ("fr", "en")  # those that have cues of context
OwnTerms = tuple[tuple[str, str], ...]  # (term, VOCABULARY//CODE)
_KINDS = {
    "ATC": "drug",
    "RXNORM": "drug",
    "LOINC": "measurement",
    "CCAM": "procedure",
    "CPT4": "procedure",
    "ICD9PROC": "procedure",
    "ICD10PCS": "procedure",
    "OPS": "procedure",
}
_FAMILY_SECTIONS = ("family_history",)
_PAST_SECTIONS = ("history", "surgical_history")


@lru_cache(maxsize=8)  # each caller of its own terms has a pipe
def _pipe(language: str, own: OwnTerms) -> Any:
    """The EDS-NLP pipe of a language, built once a process; imported late: that takes seconds."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import edsnlp

        pipe = edsnlp.blank("eds")
        pipe.add_pipe("eds.normalizer")
        pipe.add_pipe("eds.sentences")
        pipe.add_pipe(
            "eds.matcher", config={"terms": _terms(own), "attr": "NORM", "ignore_excluded": True}
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


def _terms(own: OwnTerms) -> dict[str, list[str]]:
    """Code -> terms; a term stands for one code, the first that names it, `own` ones before ours."""
    ours = [
        (name, f"{vocabulary}//{code}")
        for vocabulary, codes in lexicon("chartline.mentions", "concepts").items()
        for code, names in codes.items()
        for name in names
    ]
    terms: dict[str, list[str]] = {}
    seen = set()
    for name, code in [*own, *ours]:
        if (plain := _without_accents(name)) not in seen:
            seen.add(plain)
            terms.setdefault(code, []).append(name)
    return terms


def _without_accents(term: str) -> str:
    """A term as the matcher compares it."""
    letters = unicodedata.normalize("NFD", " ".join(term.casefold().split()))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def mentions(sections: pl.DataFrame, languages: dict[str, str], own: OwnTerms = ()) -> pl.DataFrame:
    """The mentions table of the sections' texts.

    `languages` gives each document's language; `own` are terms in addition to the dictionary's.
    A document whose language is not known, or has no cues of context here, has no mentions: a
    negated finding would be taken for a fact.
    Section titles count as context: what stands under family history is said of the family, what
    stands under history is past.
    """
    rows: list[dict[str, Any]] = []
    names = {code: term for term, code in reversed(own)} | names_of_codes(None)
    for language, group in _by_language(sections, languages):
        texts = group["text"].to_list()
        found = _pipe(language, own).pipe(texts)
        for section, document in zip(group.iter_rows(named=True), found, strict=True):
            rows += [_mention(section, span, names) for span in document.ents]
    if not rows:
        return empty(Mentions)
    frame = pl.DataFrame(rows, schema_overrides=types_of(Mentions))
    return cast_to(frame.sort("document_id", "section", "begin"), Mentions)


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


def mention_kind(vocabulary: str, code: str) -> str:
    """The kind of mention that a code stands for; chapter XVIII of ICD-10 (R) is of signs.

    Codes of a vocabulary that is not known here are taken for conditions.

    >>> mention_kind("ICD10", "R60.9"), mention_kind("ICD10", "I50.9")
    ('sign', 'condition')
    >>> mention_kind("ATC", "C03CA01")
    'drug'
    """
    if vocabulary == "ICD10":
        return "sign" if code.startswith("R") else "condition"
    return _KINDS.get(vocabulary, "condition")


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
