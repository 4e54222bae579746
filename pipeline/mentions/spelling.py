"""Words that are no term's word as written: typing errors, OCR's confusions, compound words."""

from functools import cache, lru_cache
from typing import NamedTuple

import marisa_trie
import numpy as np

from chartline.mentions.terminologies.files import BUILT
from chartline.mentions.terminologies.loading import terms_of
from chartline.mentions.words import SHORTEST_CORRECTED, shortened

CORRECTED = 0.7  # probability of a fact whose word was corrected: set, not measured
COMPOUND = 0.8  # of a fact read from the tail of a compound word: set, not measured
_SHORTEST_COMPOUND = 10
_SHORTEST_TAIL = 5  # letters of the tail that names the fact: `pneumonie`, `ödem` has 4
_SHORTEST_HEAD = 3
_COMPOUNDING = ("de", "nl")
_NAMED_BY_TAIL = ("condition", "sign")
_CONFUSED_BY_OCR = (("0", "o"), ("1", "l"), ("5", "s"), ("rn", "m"), ("vv", "w"), ("cl", "d"))
_WORDS_KEPT = 200_000  # in the cache of a process


class Reading(NamedTuple):
    """A word as it is looked up.

    Attributes:
        word: reduced.
        confidence: probability that it is meant.
    """

    word: str
    confidence: float


class Words:
    """The words of a language's terms, and how they look with one letter left out."""

    def __init__(self, language: str) -> None:
        self.words = marisa_trie.Trie()
        self.words.mmap(str(BUILT / f"{language}.words.marisa"))
        self._shortened = marisa_trie.Trie()
        self._shortened.mmap(str(BUILT / f"{language}.shortened.marisa"))
        self._first = np.load(BUILT / f"{language}.shortened.first.npy", mmap_mode="r")
        self._records = np.load(BUILT / f"{language}.shortened.records.npy", mmap_mode="r")

    def near(self, word: str) -> set[str]:
        """The words that differ from a word by one letter, or by two that changed places."""
        found = set()
        for form in {word, *shortened(word)}:
            number = self._shortened.get(form)
            if number is not None:
                rows = self._records[self._first[number] : self._first[number + 1]].tolist()
                found |= {self.words.restore_key(row) for row in rows}
        return {other for other in found if _one_error(word, other)}


def _one_error(word: str, other: str) -> bool:
    """Whether two words differ by one letter more, less or other, or by two changed places."""
    if word[:1] != other[:1] or abs(len(word) - len(other)) > 1:
        return False
    begin = next(
        (place for place, pair in enumerate(zip(word, other, strict=False)) if pair[0] != pair[1]),
        min(len(word), len(other)),
    )
    left, right = word[begin:], other[begin:]
    swapped = left[1:2] + left[:1] + left[2:]
    return right in (left[1:], swapped) or left == right[1:] or left[1:] == right[1:]


@cache
def words_of(language: str) -> Words:
    """The words of a language's terms, opened once in each process."""
    return Words(language)


@lru_cache(_WORDS_KEPT)
def read(word: str, language: str) -> Reading:
    """A reduced word as it is looked up: as it is, or corrected, or the tail of a compound."""
    known = words_of(language)
    if len(word) < SHORTEST_CORRECTED or word in known.words:
        return Reading(word, 1.0)
    for wrong, right in _CONFUSED_BY_OCR:
        if wrong in word and (other := word.replace(wrong, right)) in known.words:
            return Reading(other, CORRECTED)
    if language in _COMPOUNDING and len(word) >= _SHORTEST_COMPOUND:
        tail = _tail(word, language)
        if tail:
            return Reading(tail, COMPOUND)
    if word.isalpha():
        near = known.near(word)
        if len(near) == 1:
            return Reading(near.pop(), CORRECTED)
    return Reading(word, 1.0)


def _tail(word: str, language: str) -> str | None:
    """The longest tail of a compound word that is a condition or a sign by itself."""
    terms = terms_of(language)
    for begin in range(_SHORTEST_HEAD, len(word) - _SHORTEST_TAIL + 1):
        tail = word[begin:]
        if tail in terms.keys and any(
            found.kind in _NAMED_BY_TAIL and not flags for found, flags in terms.records(tail)
        ):
            return tail
    return None
