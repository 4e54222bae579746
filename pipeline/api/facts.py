"""Text to clinical facts, without a PDF."""

import re
import warnings
from collections.abc import Iterable
from typing import Any

import polars as pl

from chartline.api.arguments import Time, language_code, utc_time
from chartline.api.plain_text import pieces, readable
from chartline.core.errors import UsageError
from chartline.core.tables import UNKNOWN_LANGUAGE, Mentions, types_of
from chartline.mentions import matching
from chartline.mentions.own_terms import OwnTerm, OwnTerms
from chartline.text.language import language_of

_CODE = re.compile(r"[^\s/]+//\S(?:.*\S)?")  # VOCABULARY//CODE
_SECTION = "body"  # plain text stands under no title
_SEEN = 50_000  # characters that are enough to know a language by
_OF_SECTIONS = ("document_id", "section")
FACTS = pl.Schema(
    {"document": pl.Int64}
    | {name: dtype for name, dtype in types_of(Mentions).items() if name not in _OF_SECTIONS}
)


def facts(
    text: str | Iterable[str],
    language: str | None = None,
    written_at: Time | None = None,
    terms: Iterable[tuple[str, str]] | None = None,
) -> pl.DataFrame:
    """The clinical facts in a text, or in each of several.

    Args:
        text: one text or several. Its length is not limited; time grows in proportion to it.
        language: ISO 639-1 code of all texts; by default found in each text. A text whose
            language is not known, or has no cues of negation here, has no facts: a negated disease
            would be taken for a fact. A warning says how many texts these are.
        written_at: when the text was written (ISO 8601 text, date or time; UTC without a time
            zone): what "three weeks ago" counts from; without it such times have no date.
        terms: one's own terms as pairs (term, code), the code as `VOCABULARY//CODE`. They are found
            in addition to Chartline's; where several terms fit, the longest one counts, and one's
            own before another as long.

    Returns:
        A frame of mentions, by place: `document` (the text's index, 0 for one text), then the
            columns of the mentions table but document_id and section; `begin` and `end` count
            characters in the given text.

    Raises:
        UsageError: an argument is not as described.

    >>> facts("Pas d'HTA. Furosémide 40 mg x 2/j", language="fr").select(
    ...     "begin", "end", "code", "negated"
    ... ).rows()
    [(6, 9, 'I10', True), (11, 21, 'C03CA01', False)]
    """
    given = _texts(text)
    code = language_code(language)
    date = utc_time(written_at)
    own = own_terms(terms)
    cleaned = [readable(one) for one in given]
    languages = {
        str(number): code or language_of(one[:_SEEN]) for number, (one, _) in enumerate(cleaned)
    }
    _warn_of_unknown(languages, [one for one, _ in cleaned])
    sections, begins = _sections([one for one, _ in cleaned], languages)
    dates = {} if date is None else dict.fromkeys(languages, date)
    found = matching.mentions(sections, OwnTerms(own), dates)
    return _placed(found, begins, [places for _, places in cleaned])


def own_terms(terms: Iterable[tuple[str, str]] | None) -> tuple[OwnTerm, ...]:
    """Pairs (term, code), checked; a term counts in all languages.

    Raises:
        UsageError: something else is among them; the message has its number, not its text.

    >>> own_terms([("HTN", "ICD10//I10")])
    (OwnTerm(term='HTN', code='I10', vocabulary='ICD10', language=None),)
    """
    needed = "pairs (term, code) are needed, the code as VOCABULARY//CODE: ('HTN', 'ICD10//I10')"
    if terms is None:
        return ()
    if isinstance(terms, str | dict) or not isinstance(terms, Iterable):
        raise UsageError(f"terms: {needed}")
    pairs = tuple(terms)
    for number, pair in enumerate(pairs):
        if not isinstance(pair, tuple | list) or len(pair) != 2 or not _is_pair(*pair):
            raise UsageError(f"terms[{number}]: {needed}")
    cut = ((term.strip(), *code.partition("//")) for term, code in pairs)
    return tuple(OwnTerm(term, code, vocabulary) for term, vocabulary, _, code in cut)


def _is_pair(term: Any, code: Any) -> bool:
    written = isinstance(term, str) and any(character.isalnum() for character in term)
    return written and isinstance(code, str) and _CODE.fullmatch(code) is not None


def _texts(text: str | Iterable[str]) -> list[str]:
    if isinstance(text, str):
        return [text]
    if isinstance(text, bytes | dict) or not isinstance(text, Iterable):
        raise UsageError("text: a text or a list of texts is needed")
    texts = list(text)
    for number, one in enumerate(texts):
        if not isinstance(one, str):
            raise UsageError(f"text[{number}]: a text is needed, not {type(one).__name__}")
    return texts


def _warn_of_unknown(languages: dict[str, str], texts: list[str]) -> None:
    silent = {
        language
        for (number, language) in languages.items()
        if language not in matching.LANGUAGES and texts[int(number)].strip()
    }
    if not silent:
        return
    count = sum(language in silent for language in languages.values())
    named = ", ".join(sorted(silent))
    known = ", ".join(matching.LANGUAGES)
    why = "not known" if silent == {UNKNOWN_LANGUAGE} else f"{named}, without cues of negation"
    warnings.warn(
        f"{count} of {len(texts)} texts have no facts: their language is {why} "
        f"(language= takes {known})",
        stacklevel=3,
    )


def _sections(texts: list[str], languages: dict[str, str]) -> tuple[pl.DataFrame, list[int]]:
    """The pieces of all texts as sections, numbered through; where each begins in its text."""
    cut = [(str(number), *piece) for number, text in enumerate(texts) for piece in pieces(text)]
    names, begins, parts = zip(*cut, strict=True) if cut else ((), (), ())
    frame = pl.DataFrame(
        {
            "document_id": names,
            "section": range(len(cut)),
            "kind": _SECTION,
            "text": parts,
            "language": [languages[name] for name in names],
        },
        schema={
            "document_id": pl.String,
            "section": pl.Int32,
            "kind": pl.String,
            "text": pl.String,
            "language": pl.String,
        },
    )
    return frame, list(begins)


def _placed(found: pl.DataFrame, begins: list[int], places: list[Any]) -> pl.DataFrame:
    """The mentions with places in the texts as they were given."""
    documents = found["document_id"].cast(pl.Int64)
    shift = found["section"].to_list()
    rows = zip(documents, shift, found["begin"], found["end"], strict=True)
    spans = []
    for document, section, begin, end in rows:
        begin, end = begin + begins[section], end + begins[section]
        way_back = places[document]
        spans.append((way_back[begin], way_back[end]) if way_back is not None else (begin, end))
    columns = {
        "document": documents,
        "begin": pl.Series([begin for begin, _ in spans], dtype=pl.Int32),
        "end": pl.Series([end for _, end in spans], dtype=pl.Int32),
    }
    return found.with_columns(**columns).select(FACTS.names()).sort("document", "begin", "end")
