"""Terms of the terminology in a text: the longest first, at each place one."""

from collections.abc import Iterator
from typing import NamedTuple

from chartline.mentions.keys import Keyed, keyed
from chartline.mentions.spans import Span
from chartline.mentions.spelling import read
from chartline.mentions.terminologies.files import CAPITALS, WEAK
from chartline.mentions.terminologies.loading import Terms, terms_of
from chartline.mentions.words import Passage

_LONGEST_KEY = 120  # characters of a key; longer terms are not in the trie


class Found(NamedTuple):
    """A term found in a text.

    Attributes:
        span: where it stands and what it means.
        weak: whether it is a fact only with support from its context.
    """

    span: Span
    weak: bool


def lookup(given: Passage) -> list[Found]:
    """The terms in a passage, from left to right; none overlaps another.

    A weak term that stands for several codes is given once for each; the context decides.
    """
    text = keyed(given, read)
    terms = terms_of(given.language)
    found: list[Found] = []
    free_from = 0
    for number, begin in enumerate(text.begins):
        if begin < free_from:
            continue
        for key, end in _keys(terms, text, begin):
            here = list(_found(terms, key, given, text, number, end))
            if here:
                found += here
                free_from = end
                break
    return found


def _keys(terms: Terms, text: Keyed, begin: int) -> Iterator[tuple[str, int]]:
    """The keys that stand at a place, the longest first, and where each ends."""
    for key in reversed(terms.keys.prefixes(text.text[begin : begin + _LONGEST_KEY])):
        end = begin + len(key)
        if end in text.word_ending:
            yield key, end


def _found(
    terms: Terms, key: str, given: Passage, text: Keyed, number: int, end: int
) -> Iterator[Found]:
    begins_at = given.begins[text.word[number]]
    ends_at = given.ends[text.word_ending[end]]
    written = given.text[begins_at:ends_at]
    first, last = text.word[number], text.word_ending[end]
    confidence = min((text.doubtful.get(word, 1.0) for word in range(first, last + 1)), default=1.0)
    for what, flags in terms.records(key):
        if flags & CAPITALS and not _in_capitals(written):
            continue
        span = Span(
            begins_at, ends_at, what.vocabulary, what.code, what.kind, what.name, confidence
        )
        yield Found(span, bool(flags & WEAK))


def _in_capitals(written: str) -> bool:
    letters = [character for character in written if character.isalpha()]
    return sum(map(str.isupper, letters)) * 2 > len(letters)
