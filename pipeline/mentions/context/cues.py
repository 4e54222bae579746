"""Cues of context: which there are, and where they stand in a text."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from chartline.core.lexicons import lexicon
from chartline.mentions.context import cues_of
from chartline.mentions.words import Passage, passage

BEFORE, AFTER = "before", "after"  # where a cue stands, seen from what it speaks of
ENDS = "ends"  # words at which the reach of cues ends
PSEUDO = "pseudo"  # words that contain a cue and are none
_ANY_ENDING = "*"


class Cue(NamedTuple):
    """A cue in a text.

    Attributes:
        begin: its first word.
        end: the word after its last.
        meaning: `negated`, `hypothetical`, `family`, `past`, `stopped`, …; `ends`; `pseudo`.
        side: `before` or `after`; empty for `ends` and `pseudo`.
    """

    begin: int
    end: int
    meaning: str
    side: str


class _Pattern(NamedTuple):
    words: tuple[str, ...]
    meaning: str
    side: str


def find_cues(given: Passage) -> list[Cue]:
    """The cues of a passage, from left to right; of those at one place the longest.

    A pattern may stand for several meanings; then a cue of each is given.
    """
    patterns = _patterns(given.language)
    found: list[Cue] = []
    free_from = 0
    for number in range(len(given.words)):
        if number < free_from:
            continue
        longest = 0
        for pattern in _candidates(patterns, given.words[number]):
            length = len(pattern.words)
            if length < longest:
                break  # the longest come first
            if _stands_at(pattern.words, given.words, number):
                longest = length
                found.append(Cue(number, number + length, pattern.meaning, pattern.side))
        free_from = number + longest
    return found


def _candidates(patterns: dict[str, list[_Pattern]], word: str) -> Iterator[_Pattern]:
    """The patterns whose first word may be this one, the longest first."""
    exact = patterns.get(word, ())
    stems = patterns.get(word[:_STEM] + _ANY_ENDING, ())
    if not stems:
        yield from exact
        return
    yield from sorted([*exact, *stems], key=lambda pattern: -len(pattern.words))


_STEM = 4  # letters by which patterns with any ending are found; the shortest such pattern


def _stands_at(pattern: tuple[str, ...], words: list[str], number: int) -> bool:
    if number + len(pattern) > len(words):
        return False
    return all(
        word.startswith(part[:-1]) if len(part) > 1 and part.endswith(_ANY_ENDING) else word == part
        for part, word in zip(pattern, words[number : number + len(pattern)], strict=True)
    )


@cache
def _patterns(language: str) -> dict[str, list[_Pattern]]:
    """The patterns of a language by their first word, the longest first."""
    by_first: dict[str, list[_Pattern]] = {}
    for meaning, given in lexicon(cues_of.__name__, language).items():
        by_side = given if isinstance(given, dict) else {"": given}
        for side, phrases in by_side.items():
            for phrase in phrases:
                words = _words_of(phrase, language)
                first = words[0]
                key = first[:_STEM] + _ANY_ENDING if first.endswith(_ANY_ENDING) else first
                by_first.setdefault(key, []).append(_Pattern(words, meaning, side))
    for patterns in by_first.values():
        patterns.sort(key=lambda pattern: -len(pattern.words))
    return by_first


def _words_of(phrase: str, language: str) -> tuple[str, ...]:
    """The words of a phrase; `suspect*` stands for all words that begin so."""
    words: list[str] = []
    for word in passage(phrase, language).words:
        if word == _ANY_ENDING and words:
            words[-1] += word
        else:
            words.append(word)
    return tuple(words)
