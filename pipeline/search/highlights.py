"""Which characters of a section a query has found, and the stretch of its text to show."""

from collections.abc import Iterable

from chartline.search import codes
from chartline.search.query import Clause
from chartline.search.schema import Mention
from chartline.search.words import forms, spans

Span = tuple[int, int]  # first character, the one after the last

_SNIPPET = 160  # characters: about two lines of a terminal
_BEFORE = 40  # characters of a snippet before the first word that was found


def of_words(text: str, language: str, clauses: Iterable[Clause]) -> list[Span]:
    """Where a text holds the words and phrases of a query that are not excluded.

    >>> of_words("Insuffisances cardiaques", "fr", [Clause(("insuffisance", "cardiaque"))])
    [(0, 24)]
    """
    places = spans(text)
    found = [forms(text[begin:end], language) for begin, end in places]
    marked: list[Span] = []
    for clause in clauses:
        if clause.excluded or not clause.words:
            continue
        wanted, size = [forms(word, language) for word in clause.words], len(clause.words)
        marked += [
            (places[first][0], places[first + size - 1][1])
            for first in range(len(found) - size + 1)
            if _same(found[first : first + size], wanted)
        ]
    return _joined(marked)


def of_codes(
    mentions: Iterable[Mention], clauses: Iterable[Clause], included: frozenset[str]
) -> list[Span]:
    """Where the mentions stand whose codes a query looks for."""
    wanted = {clause.code for clause in clauses if clause.code and not clause.excluded}
    states = codes.states(included)
    return _joined(
        (begin, end)
        for begin, end, state, vocabulary, code in mentions
        if state in states and not wanted.isdisjoint(codes.keys(vocabulary, code))
    )


def both(first: list[Span], second: list[Span]) -> list[Span]:
    """The spans of both lists in order, those that overlap as one."""
    return _joined([*first, *second])


def snippet(text: str, marked: list[Span]) -> Span:
    """The stretch of a text to show: where most spans are near each other, the first such."""
    begin, most = 0, 0
    for start, _ in marked:
        inside = sum(start <= one and end <= start + _SNIPPET - _BEFORE for one, end in marked)
        if inside > most:
            begin, most = max(start - _BEFORE, 0), inside
    end = min(begin + _SNIPPET, len(text))
    first_end = min((last for _, last in marked if last > begin), default=end)
    return _word_begin(text, begin), _word_end(text, max(end, first_end))


def _same(found: list[tuple[str, str]], wanted: list[tuple[str, str]]) -> bool:
    return any(
        all(one[form] == other[form] for one, other in zip(found, wanted, strict=True))
        for form in (0, 1)
    )


def _joined(given: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for begin, end in sorted(given):
        if joined and begin < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


def _word_begin(text: str, place: int) -> int:
    """The next beginning of a word; `place` itself where it is one."""
    if place > 0:
        while place < len(text) and not text[place - 1].isspace():
            place += 1
    while place < len(text) and text[place].isspace():
        place += 1
    return place


def _word_end(text: str, place: int) -> int:
    """The end of the word at a place."""
    while place < len(text) and not text[place].isspace():
        place += 1
    return place
