"""Builds the files that matching reads: `python -m chartline.mentions.terminologies.build`.

A trie a language (its keys are terms as `keys.key_of` writes them) and one table of concepts, both
read by memory mapping, so that workers share them.
"""

import hashlib
from itertools import chain
from pathlib import Path
from typing import Any

import marisa_trie
import numpy as np
import polars as pl
import pyarrow as pa

from chartline.mentions.inflection import LANGUAGES
from chartline.mentions.keys import key_of
from chartline.mentions.terminologies.files import BUILT, CAPITALS, FLAG_BITS, WEAK
from chartline.mentions.terminologies.sources import terms
from chartline.mentions.words import SHORTEST_CORRECTED, shortened

Array = np.ndarray[Any, np.dtype[np.uint32]]
_ALWAYS_CAPITALS = 2  # abbreviations of up to two letters need capitals; longer ones if weak


def build(folder: Path = BUILT) -> None:
    """Writes the tries and the table of concepts of all sources."""
    given = terms()
    concepts = _concepts(given)
    folder.mkdir(exist_ok=True)
    _write(concepts, folder / "concepts.arrow")
    rows = given.join(
        concepts.with_row_index("concept").select("concept", "vocabulary", "code"),
        on=["vocabulary", "code"],
        maintain_order="left",
    )
    for language in LANGUAGES:
        of_language = rows.filter(pl.col("language") == language)
        keys, first, records = trie_of(language, of_language)
        keys.save(str(folder / f"{language}.marisa"))
        np.save(folder / f"{language}.first.npy", first)
        np.save(folder / f"{language}.records.npy", records)
        _write_words(keys, language, folder)
    (folder / "digest").write_text(digest(given) + "\n")


def digest(given: pl.DataFrame) -> str:
    """A digest of terms and of how they are written as keys."""
    keys = [
        key_of(term, language) for term, language in given.select("term", "language").iter_rows()
    ]
    whole = given.with_columns(key=pl.Series(keys))
    return hashlib.sha256(whole.write_csv().encode()).hexdigest()


def trie_of(language: str, rows: pl.DataFrame) -> tuple[marisa_trie.Trie, Array, Array]:
    """The terms of a language: a trie of keys, and the records of each.

    A key stands for the first source that has it. Within the core list a key may stand for several
    concepts where the list says so (weak terms): the context decides then. A measurement of the
    core list keeps its key beside another concept, since a value tells them apart: `potassium` is
    a drug or what a laboratory measures.

    Args:
        language: ISO 639-1 code.
        rows: term, concept (row of the table of concepts), kind, weak; first in rank first.

    Returns:
        The trie; `first` [keys + 1], where the records of the key with a number begin; `records`.
    """
    found: dict[str, list[int]] = {}
    columns = rows.select("term", "concept", "weak", pl.col("kind") == "measurement")
    for term, concept, weak, measured in columns.iter_rows():
        key = key_of(term, language)
        if not key:
            continue
        flags = WEAK * weak + CAPITALS * _needs_capitals(term, weak)
        record = (concept << FLAG_BITS) + flags
        records = found.setdefault(key, [])
        if not records or ((weak or measured) and record not in records):
            records.append(record)
    return indexed(found)


def _write_words(keys: marisa_trie.Trie, language: str, folder: Path) -> None:
    """The words of all keys, and the forms by which words with a typing error are found."""
    words = marisa_trie.Trie({word for key in keys.iterkeys() for word in key.split()})
    words.save(str(folder / f"{language}.words.marisa"))
    of_form: dict[str, list[int]] = {}
    for word in words.iterkeys():
        if len(word) >= SHORTEST_CORRECTED and word.isalpha():
            for form in {word, *shortened(word)}:
                of_form.setdefault(form, []).append(words[word])
    forms, first, records = indexed(of_form)
    forms.save(str(folder / f"{language}.shortened.marisa"))
    np.save(folder / f"{language}.shortened.first.npy", first)
    np.save(folder / f"{language}.shortened.records.npy", records)


def indexed(records_of: dict[str, list[int]]) -> tuple[marisa_trie.Trie, Array, Array]:
    """A trie of keys; where the records of each begin, [keys + 1]; all records."""
    keys = marisa_trie.Trie(records_of)
    in_order = [records_of[keys.restore_key(number)] for number in range(len(keys))]
    first = np.cumsum([0, *map(len, in_order)], dtype=np.uint32)
    return keys, first, np.array([*chain.from_iterable(in_order)], np.uint32)


def _needs_capitals(term: str, weak: bool) -> bool:
    letters = [character for character in term if character.isalpha()]
    short = len(letters) <= _ALWAYS_CAPITALS or weak
    return short and sum(map(str.isupper, letters)) * 2 > len(letters)


def _concepts(given: pl.DataFrame) -> pl.DataFrame:
    """Each code once, with its kind, source and its usual name in each language that has one."""
    by_code = given.group_by("vocabulary", "code", maintain_order=True)
    first = by_code.agg(pl.col("kind", "source").first())
    names = given.unique(["vocabulary", "code", "language"], keep="first", maintain_order=True)
    wide = names.pivot(
        on="language", on_columns=LANGUAGES, index=["vocabulary", "code"], values="term"
    )
    return first.join(wide, on=["vocabulary", "code"], how="left", maintain_order="left")


def _write(concepts: pl.DataFrame, path: Path) -> None:
    """Uncompressed Arrow, to be mapped, with offsets of 32 bits: half the size of polars' own."""
    schema = pa.schema([(name, pa.string()) for name in concepts.columns])
    table = concepts.to_arrow().cast(schema)
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, schema) as writer:
        writer.write_table(table.combine_chunks())


if __name__ == "__main__":
    build()
