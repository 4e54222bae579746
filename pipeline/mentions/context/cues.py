"""Cues of context: which there are, and where they stand in a text."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from chartline.core.lexicons import lexicon
from chartline.mentions.context import cues_of
from chartline.mentions.words import Passage, passage

BEFORE = "before"  # the cue stands before what it speaks of, and reaches on
ADJECTIVE = "adjective"  # the cue stands directly before what it speaks of, and reaches no further
CONDITION = "condition"  # as `before`; what it speaks of is conditional whatever else is said
AFTER = "after"  # the cue stands after what it speaks of
CLAUSE = "clause"  # the cue stands anywhere in the clause
ENDS = "ends"  # words at which the reach of cues ends
PSEUDO = "pseudo"  # words that contain a cue and are none
_ANY_ENDING = "*"
_STEM = 4  # letters by which patterns with any ending are found; the shortest such pattern


class Cue(NamedTuple):
    """A cue in a text.

    Attributes:
        begin: its first word.
        end: the word after its last.
        meaning: `negated`, `hypothetical`, `family`, `past`, `stopped`, …; `ends`; `pseudo`.
        side: where it stands, see the constants above; for `ends`, what it ends; empty for
            `pseudo`.
    """

    begin: int
    end: int
    meaning: str
    side: str


class _Pattern(NamedTuple):
    words: tuple[str, ...]
    meaning: str
    side: str


class Words(NamedTuple):
    """The word lists of a language.

    Attributes:
        exact: the patterns by their first word, then by their second; those of one word, or
            whose second has any ending, under "".
        stems: the patterns whose first word has any ending, by its first letters.
        small: articles, prepositions, possessives: words between a cue and its term.
        joins: words that join the items of a list.
        negators: words that turn a cue into its contrary: `not excluded`, `no suspicion of`.
    """

    exact: dict[str, dict[str, list[_Pattern]]]
    stems: dict[str, list[_Pattern]]
    small: frozenset[str]
    joins: frozenset[str]
    negators: frozenset[str]


def find_cues(given: Passage, taken: list[tuple[int, int]]) -> list[Cue]:
    """The cues of a passage, from left to right; of those at one place the longest.

    A pattern may stand for several meanings; then a cue of each is given. A cue that stands partly
    inside a term is none. Inside a term only a phrase at its beginning is one, such as `family
    history of`, which speaks of other terms too.

    Args:
        given: the passage.
        taken: the first and the last word of each term.
    """
    lists = words_of(given.language)
    exact, stems = lists.exact.get, lists.stems.get
    lasts = dict(taken)
    inside = bytearray(len(given.words))  # 1 for words of terms
    for first, last in taken:
        inside[first : last + 1] = b"\1" * (last + 1 - first)
    numbers, words = _without_hyphens(given)
    found: list[Cue] = []
    free_from = 0
    for place, word in enumerate(words):
        here, beginning = exact(word), stems(word[:_STEM])
        if (here is None and beginning is None) or place < free_from:
            continue
        begin = numbers[place]
        second = words[place + 1] if place + 1 < len(words) else ""
        candidates = [] if here is None else [*here.get("", ()), *here.get(second, ())]
        if beginning is not None:
            candidates += beginning
        if not candidates:
            continue
        fitting = [
            pattern
            for pattern in candidates
            if _stands_at(pattern.words, words, place)
            and _is_free(begin, numbers[place + len(pattern.words) - 1] + 1, lasts, inside)
        ]
        if fitting:
            longest = max(len(pattern.words) for pattern in fitting)
            # After a comma the next word may begin a cue of its own: `, suspected gout`.
            free_from = place + (1 if word == "," else longest)
            end = numbers[place + longest - 1] + 1
            found += [
                Cue(begin, end, pattern.meaning, pattern.side)
                for pattern in fitting
                if len(pattern.words) == longest
            ]
    return found


def _without_hyphens(given: Passage) -> tuple[Sequence[int], list[str]]:
    """The words without hyphens inside of words, with their numbers: `peut-être` is two words.

    The ligature of `sœur` is two letters, as in the lists.

    A pronoun behind a hyphen is left out too: the Portuguese `observa-se` asks nothing, `se` does.
    """
    if "œ" in given.folded:
        words = [word.replace("œ", "oe") for word in given.words]
    else:
        words = given.words
    if "-" not in given.folded:
        return range(len(words)), words
    kept = [
        number
        for number, word in enumerate(given.words)
        if not (word == "-" and _is_inside(given, number))
        and not (word == "se" and number > 1 and _is_inside(given, number - 1))
    ]
    return kept, [words[number] for number in kept]


def _is_inside(given: Passage, mark: int) -> bool:
    """Whether a hyphen stands inside a word."""
    return (
        given.words[mark] == "-"
        and 0 < mark < len(given.words) - 1
        and given.ends[mark - 1] == given.begins[mark]
        and given.ends[mark] == given.begins[mark + 1]
    )


def _stands_at(pattern: tuple[str, ...], words: list[str], number: int) -> bool:
    if number + len(pattern) > len(words):
        return False
    for place, part in enumerate(pattern, number):
        if part[-1] == _ANY_ENDING and len(part) > 1:
            if not words[place].startswith(part[:-1]):
                return False
        elif words[place] != part:
            return False
    return True


def _is_free(begin: int, end: int, lasts: dict[int, int], inside: bytearray) -> bool:
    """Whether a cue overlaps no term, or is a phrase at the beginning of one."""
    if inside.find(1, begin, end) < 0:
        return True
    return begin in lasts and 1 < end - begin <= lasts[begin] - begin


@cache
def words_of(language: str) -> Words:
    """The word lists of a language, read once in each process."""
    lists = dict(lexicon(cues_of.__name__, language))
    small, joins, negators = (frozenset(lists.pop(name)) for name in ("small", "joins", "negators"))
    exact: dict[str, dict[str, list[_Pattern]]] = {}
    stems: dict[str, list[_Pattern]] = {}
    for pattern in _patterns(lists, language):
        first = pattern.words[0]
        if len(first) > 1 and first.endswith(_ANY_ENDING):
            stems.setdefault(first[:_STEM], []).append(pattern)
        else:
            second = pattern.words[1] if len(pattern.words) > 1 else ""
            second = "" if second.endswith(_ANY_ENDING) else second
            exact.setdefault(first, {}).setdefault(second, []).append(pattern)
    return Words(exact, stems, small, joins, negators)


def _patterns(lists: dict[str, dict[str, list[str]]], language: str) -> list[_Pattern]:
    return [
        _Pattern(_words(phrase, language), meaning, side)
        for meaning, given in lists.items()
        for side, phrases in (given.items() if isinstance(given, dict) else [("", given)])
        for phrase in phrases
    ]


def _words(phrase: str, language: str) -> tuple[str, ...]:
    """The words of a phrase; `suspect*` stands for all words that begin so."""
    words: list[str] = []
    for word in passage(phrase.replace("œ", "oe"), language).words:
        if word == _ANY_ENDING and words:
            words[-1] += word
        elif word != "-":
            words.append(word)
    return tuple(words)
