"""A user's own terms, looked up before the terminology's: given in a call, or in CSV files."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import marisa_trie
import polars as pl

from chartline.core.errors import UsageError
from chartline.mentions.inflection import LANGUAGES
from chartline.mentions.keys import key_of
from chartline.mentions.kinds import mention_kind
from chartline.mentions.terminologies.loading import Concept

COLUMNS = ("term", "code", "vocabulary", "language")


class OwnTerm(NamedTuple):
    """A user's own term.

    Attributes:
        term: as it is written.
        code: in its vocabulary.
        vocabulary: of the code.
        language: ISO 639-1 code of the texts that it counts in; None for all.
    """

    term: str
    code: str
    vocabulary: str
    language: str | None = None


class OwnTrie:
    """Own terms in one language, as `lookup` reads them.

    Attributes:
        keys: see `keys.key_of`.
    """

    def __init__(self, terms: Iterable[OwnTerm], language: str) -> None:
        self._concepts: dict[str, Concept] = {}
        for term, code, vocabulary, of_language in terms:
            if of_language in (None, language) and (key := key_of(term, language)):
                kind = mention_kind(vocabulary, code)
                self._concepts.setdefault(key, Concept(vocabulary, code, kind, "own", term))
        self.keys = marisa_trie.Trie(self._concepts)

    def begins_with(self, word: str) -> bool:
        """Whether any term begins with a word."""
        return word in self.keys or bool(self.keys.has_keys_with_prefix(word + " "))

    def records(self, key: str) -> list[tuple[Concept, int]]:
        """The concept of a key, without flags: one's own terms count wherever they stand."""
        return [(self._concepts[key], 0)]


class OwnTerms:
    """Own terms of any language; a trie a language is made when the first text needs it."""

    def __init__(self, terms: Iterable[OwnTerm]) -> None:
        self._terms = list(terms)
        self._tries: dict[str, OwnTrie] = {}

    def trie(self, language: str) -> OwnTrie | None:
        """The terms that count in a language; None where there are no terms at all."""
        if not self._terms:
            return None
        if language not in self._tries:
            self._tries[language] = OwnTrie(self._terms, language)
        return self._tries[language]


def read_own_terms(*files: Path) -> OwnTerms:
    """The terms of CSV files with the columns term, code, vocabulary and language.

    The first file that has a term counts. An empty language stands for all.

    Raises:
        UsageError: a file cannot be read, lacks a column, or a row of it is wrong. The message has
            the file and the row, not the term.
    """
    return OwnTerms(term for file in files for term in _terms_of(file))


def _terms_of(file: Path) -> list[OwnTerm]:
    try:
        given = pl.read_csv(file, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError):
        raise UsageError(f"{file}: cannot be read as CSV in UTF-8") from None
    if missing := [name for name in COLUMNS if name not in given.columns]:
        raise UsageError(
            f"{file}: no column {missing[0]}; a list of terms has {', '.join(COLUMNS)}"
        )
    rows = given.select(pl.col(COLUMNS).str.strip_chars()).with_row_index("row", 2)
    word = pl.col("term").str.contains(r"\p{L}")
    language = pl.col("language").is_null() | pl.col("language").is_in([*LANGUAGES, ""])
    for what, right in (
        ("no term", word),
        ("no code", pl.col("code").str.len_chars() > 0),
        ("no vocabulary", pl.col("vocabulary").str.len_chars() > 0),
        (f"the language is none of {', '.join(LANGUAGES)}", language),
    ):
        if len(wrong := rows.filter(~right.fill_null(False))):
            raise UsageError(f"{file}, row {wrong['row'][0]}: {what} ({len(wrong)} such rows)")
    return [
        OwnTerm(term, code, vocabulary, language or None)
        for term, code, vocabulary, language in rows.select(COLUMNS).iter_rows()
    ]
