"""The regimen of each drug in a text."""

import re
from bisect import bisect_left
from collections.abc import Container
from typing import Any

from chartline.mentions.regimens.assembling import assemble
from chartline.mentions.regimens.patterns import Patterns, patterns
from chartline.mentions.regimens.reading import Item, read_items
from chartline.mentions.sentences import sentences
from chartline.mentions.spans import Moment, Regimen, Span
from chartline.mentions.words import Passage

_BEFORE = 70  # characters before a drug in which its dose may stand
_ONE_NAME = re.compile(r"[\s(/+\[®-]{1,4}")  # between a brand and its substance, or two substances
_SEPARATED = re.compile(r"[,;:+&\t•-]\s*$|\b(?:et|and|und|y|e|en)\s+$")
_DOSED = frozenset({"amount", "count", "schedule"})
_OFTEN = frozenset({"frequency", "time"})
_BESIDE = frozenset({"route", "needed"})
_ABBREVIATED = 5  # letters: the full stop behind a shorter word may belong to an abbreviation


def regimens_of(given: Passage, spans: list[Span]) -> list[Regimen | None]:
    """How each drug among the spans is taken; None for other spans and where nothing is said.

    A regimen stands behind its drug, up to the next drug, or directly before it (`2 tablets of`),
    in its line and sentence. Names side by side (a brand and its substance, two substances of one
    tablet) share theirs.

    Args:
        given: the passage.
        spans: its terms, from left to right.
    """
    found: list[Regimen | None] = [None] * len(spans)
    for numbers, items in _items_of(given, spans):
        regimen = assemble(items)
        for number in numbers:
            found[number] = regimen
    return found


def without_durations(given: Passage, spans: list[Span], moments: list[Moment]) -> list[Moment]:
    """The moments that are no duration of a regimen: `for 7 days` is no date of the drug."""
    if not moments:
        return moments  # nothing is read twice in a text without dates
    taken = [
        (item.begin, item.end)
        for _, items in _items_of(given, spans)
        if any(one.kind in _DOSED or one.kind == "frequency" for one in items)
        for item in items
        if item.kind == "duration"
    ]
    return [one for one in moments if not any(b < one.end and one.begin < e for b, e in taken)]


def regimen_columns(regimen: Regimen | None) -> dict[str, Any]:
    """The columns of the mentions table for a regimen; no times of day are null."""
    if regimen is None:
        return {}
    return {**regimen._asdict(), "times_of_day": list(regimen.times_of_day) or None}


def _items_of(given: Passage, spans: list[Span]) -> list[tuple[list[int], list[Item]]]:
    """The numbers of the spans of each drug, and the parts of its regimen."""
    if not any(span.kind == "drug" for span in spans):
        return []
    known = patterns(given.language)
    ends = _sentence_ends(given, known.forms)
    groups = _drugs(given, spans)
    fronts: list[list[Item]] = []
    begins: list[int] = []
    free_from = 0
    for numbers in groups:
        drug = spans[numbers[0]]
        begin = max(free_from, _line_begin(given, ends, drug.begin))
        front = _front(given, known, begin, drug, free_from)
        fronts.append(front)
        begins.append(front[0].begin if front else drug.begin)
        free_from = spans[numbers[-1]].end
    found = []
    for place, numbers in enumerate(groups):
        last = spans[numbers[-1]].end
        end = ends[bisect_left(ends, last)] if ends and last <= ends[-1] else len(given.text)
        if place + 1 < len(groups):
            end = min(end, begins[place + 1])
        found.append((numbers, fronts[place] + read_items(given, last, end)))
    return found


def _drugs(given: Passage, spans: list[Span]) -> list[list[int]]:
    """The spans of drugs, those side by side together."""
    groups: list[list[int]] = []
    for number, span in enumerate(spans):
        if span.kind != "drug":
            continue
        if groups:
            gap = given.text[spans[groups[-1][-1]].end : span.begin]
            if not gap or (_ONE_NAME.fullmatch(gap) and "\n" not in gap):
                groups[-1].append(number)
                continue
        groups.append([number])
    return groups


def _sentence_ends(given: Passage, forms: Container[str]) -> list[int]:
    """Where a line or a sentence ends, in order; an abbreviation's full stop ends none."""
    ends = {place for place, letter in enumerate(given.text) if letter == "\n"}
    for _, last in sentences(given):
        word = given.words[last - 2] if last > 1 else ""
        short = word.isalpha() and len(word) < _ABBREVIATED
        if given.words[last - 1] == "." and (short or f"{word}." in forms):
            continue
        ends.add(given.ends[last - 1])
    return sorted(ends | {len(given.text)})


def _line_begin(given: Passage, ends: list[int], place: int) -> int:
    before = bisect_left(ends, place + 1) - 1
    return max(ends[before] if before >= 0 else 0, place - _BEFORE)


def _front(given: Passage, known: Patterns, begin: int, drug: Span, previous: int) -> list[Item]:
    """The dose directly before a drug, which no earlier drug can claim."""
    items: list[Item] = []
    free_from = begin
    while free_from < drug.begin:
        read = read_items(given, free_from, drug.begin)
        if not read:
            break
        items += read
        free_from = max(item.end for item in read)
    follows = previous > 0 and begin == previous
    allowed = _DOSED | _BESIDE if follows else _DOSED | _BESIDE | _OFTEN
    chain: list[Item] = []
    place = drug.begin
    for item in reversed(items):
        gap = given.folded[item.end : place] if item.end <= place else ""
        if item.kind not in allowed or not known.before.fullmatch(gap):
            break
        chain.insert(0, item)
        place = item.begin
    if chain and follows and not _SEPARATED.search(given.folded[previous:place]):
        return []
    return chain
