"""What the terminology knows of a word or a code: for `chartline terms`."""

from collections.abc import Iterator

import polars as pl

from chartline.mentions.inflection import LANGUAGES
from chartline.mentions.keys import key_of
from chartline.mentions.own_terms import OwnTerms, OwnTrie
from chartline.mentions.spelling import read
from chartline.mentions.terminologies.files import CAPITALS, WEAK
from chartline.mentions.terminologies.loading import Terms, names_of_code, terms_of

KNOWN = pl.Schema(
    {
        "language": pl.String,
        "term": pl.String,  # as it is compared: reduced words
        "code": pl.String,
        "kind": pl.String,
        "name": pl.String,
        "source": pl.String,
        "counts": pl.String,  # where the term is a fact
    }
)
_LONGER = 8  # longer terms of a language that are listed beside a word
_SPACE = " "


def known_of(word: str, own: OwnTerms | None = None) -> pl.DataFrame:
    """The terms that a word is, or begins, in each language; for a code, its names.

    Args:
        word: a term in any language and form, or a code as `ICD10//I50.9`.
        own: one's own terms; they stand first.

    Returns:
        Rows of `KNOWN`: first the term itself, then longer ones; a word that no language knows
            gives those that it may be a typing error of.
    """
    if "//" in word:
        rows = [
            (language, "", word, kind, name, source, "")
            for language, name, kind, source in names_of_code(*word.split("//", 1))
        ]
        return pl.DataFrame(rows, schema=KNOWN, orient="row")
    rows = [row for language in LANGUAGES for row in _in_language(word, language, own)]
    return pl.DataFrame(rows, schema=KNOWN, orient="row")


Row = tuple[str, str, str, str, str, str, str]


def _in_language(word: str, language: str, own: OwnTerms | None) -> Iterator[Row]:
    key = key_of(word, language)
    if not key:
        return
    mine = own.trie(language) if own else None
    for terms in (mine, terms_of(language)):
        if terms is not None:
            yield from _exact(terms, key, language)
            longer = (other for other in terms.keys.iterkeys(key + _SPACE))
            for _, other in zip(range(_LONGER), longer, strict=False):
                yield from _exact(terms, other, language)
    corrected = _SPACE.join(read(part, language).word for part in key.split())
    if key not in terms_of(language).keys and corrected != key:
        yield from _exact(terms_of(language), corrected, language)


def _exact(terms: Terms | OwnTrie, key: str, language: str) -> Iterator[Row]:
    if key not in terms.keys:
        return
    for what, flags in terms.records(key):
        code = f"{what.vocabulary}//{what.code}"
        yield language, key, code, what.kind, what.name, what.source, _counts(flags)


def _counts(flags: int) -> str:
    """Where a term with these flags is a fact, in words."""
    if flags & WEAK:
        return "with support beside it"
    return "in capitals" if flags & CAPITALS else "always"
