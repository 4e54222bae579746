"""The built terminology, memory-mapped."""

from functools import cache, lru_cache
from typing import Any, NamedTuple

import marisa_trie
import numpy as np
import polars as pl
import pyarrow as pa

from chartline.mentions.inflection import LANGUAGES
from chartline.mentions.terminologies.files import BUILT, FLAG_BITS

_WORDS_KEPT = 100_000  # in the cache of a process, for each language
_CONCEPTS_KEPT = 20_000  # in the cache of a process; a document names some dozens


class Concept(NamedTuple):
    """What a code means.

    Attributes:
        vocabulary: of the code.
        code: in the vocabulary.
        kind: condition, sign, drug, procedure or measurement.
        source: the terminology that names it.
        name: its usual name in a language; in English where it has none there.
    """

    vocabulary: str
    code: str
    kind: str
    source: str
    name: str


class Terms:
    """The terms of a language.

    Attributes:
        keys: see `keys.key_of`.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self.keys = marisa_trie.Trie()
        self.keys.mmap(str(BUILT / f"{language}.marisa"))
        self._first = _mapped(f"{language}.first.npy")
        self._records = _mapped(f"{language}.records.npy")
        # Remembered: most words of a text begin no term, and its terms come again and again.
        self.begins_with = lru_cache(_WORDS_KEPT)(self._begins_with)
        self.records = lru_cache(_CONCEPTS_KEPT)(self._records_of)

    def _begins_with(self, word: str) -> bool:
        """Whether any term begins with a word."""
        return word in self.keys or bool(self.keys.has_keys_with_prefix(word + " "))

    def _records_of(self, key: str) -> list[tuple[Concept, int]]:
        """The concepts that a key stands for, each with its flags (see `build`)."""
        number = self.keys[key]
        rows = self._records[self._first[number] : self._first[number + 1]].tolist()
        return [
            (concept(row >> FLAG_BITS, self.language), row & ((1 << FLAG_BITS) - 1)) for row in rows
        ]


def _mapped(name: str) -> Any:
    """A built array, mapped; as a plain array, since each slice of a `memmap` costs more."""
    return np.asarray(np.load(BUILT / name, mmap_mode="r"))


@cache
def terms_of(language: str) -> Terms:
    """The terms of a language, opened once in each process."""
    return Terms(language)


@cache
def _table() -> pa.Table:
    return pa.ipc.open_file(pa.memory_map(str(BUILT / "concepts.arrow"))).read_all()


@lru_cache(_CONCEPTS_KEPT)
def concept(row: int, language: str) -> Concept:
    """The concept in a row of the table."""
    table = _table()
    vocabulary, code, kind, source = (
        table[column][row].as_py() for column in ("vocabulary", "code", "kind", "source")
    )
    names = (table[column][row].as_py() for column in (language, "en", "fr", "es", "de", "pt"))
    return Concept(vocabulary, code, kind, source, next(filter(None, names), code))


@cache
def all_names() -> dict[str, str]:
    """The English name of each code (`ICD10//I10`); another language's where it has none."""
    table = pl.from_arrow(_table())
    assert isinstance(table, pl.DataFrame)
    code = pl.concat_str("vocabulary", "code", separator="//")
    name = pl.coalesce("en", "fr", "es", "de", "pt", "it", "nl")
    return dict(table.select(code, name).iter_rows())


@cache
def names_in_every_language() -> pl.DataFrame:
    """code (`ICD10//I10`), name: a row for each language in which the code has a name."""
    table = pl.from_arrow(_table())
    assert isinstance(table, pl.DataFrame)
    code = pl.concat_str("vocabulary", "code", separator="//")
    named = table.select(*LANGUAGES, code=code).unpivot(index="code", value_name="name")
    return named.select("code", "name").drop_nulls()


def names_of_code(vocabulary: str, code: str) -> list[tuple[str, str, str, str]]:
    """The usual name of a code in each language that has one: language, name, kind, source."""
    table = pl.from_arrow(_table())
    assert isinstance(table, pl.DataFrame)
    found = table.filter(pl.col("vocabulary") == vocabulary, pl.col("code") == code)
    return [
        (language, row[language], row["kind"], row["source"])
        for row in found.to_dicts()
        for language in LANGUAGES
        if row[language]
    ]
