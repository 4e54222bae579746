"""Terms in a text: the longest first, at each place one."""

from collections.abc import Iterator
from typing import NamedTuple

from chartline.mentions.keys import Keyed, keyed
from chartline.mentions.own_terms import OwnTrie
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


def lookup(given: Passage, own: OwnTrie | None = None) -> list[Found]:
    """The terms in a passage, from left to right; none overlaps another.

    Of the terms at one place the longest counts, and one's own before another as long. A weak term
    that stands for several codes is given once for each; the context decides.

    Args:
        given: the passage, in a language of the terminology.
        own: one's own terms.
    """
    text = keyed(given, read)
    sources: list[Terms | OwnTrie] = [terms_of(given.language)]
    if own is not None:
        sources.insert(0, own)
    found: list[Found] = []
    free_from = 0
    for number, begin in enumerate(text.begins):
        if begin < free_from or not _begins_a_term(sources, text.words[number]):
            continue
        for terms, key, end in _keys(sources, text, begin):
            here = list(_found(terms, key, given, text, number, end))
            if here:
                found += here
                free_from = end
                break
    return found


def _begins_a_term(sources: list[Terms | OwnTrie], word: str) -> bool:
    for terms in sources:  # noqa: SIM110  a generator costs more, and this runs for every word
        if terms.begins_with(word):
            return True
    return False


def _keys(
    sources: list[Terms | OwnTrie], text: Keyed, begin: int
) -> Iterator[tuple[Terms | OwnTrie, str, int]]:
    """The keys that stand at a place, the longest first, with their source and their end."""
    rest = text.text[begin : begin + _LONGEST_KEY]
    keys = [(terms, key) for terms in sources for key in terms.keys.prefixes(rest)]
    for terms, key in sorted(keys, key=lambda pair: -len(pair[1])):
        if begin + len(key) in text.word_ending:
            yield terms, key, begin + len(key)


def _found(
    terms: Terms | OwnTrie, key: str, given: Passage, text: Keyed, number: int, end: int
) -> Iterator[Found]:
    first, last = text.word[number], text.word_ending[end]
    begins_at, ends_at = given.begins[first], given.ends[last]
    written = given.text[begins_at:ends_at]
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
