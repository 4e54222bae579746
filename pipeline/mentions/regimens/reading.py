"""The parts of a regimen in a piece of text, from left to right."""

import re
from bisect import bisect_left
from dataclasses import dataclass

from chartline.mentions.regimens.numbers import number_of
from chartline.mentions.regimens.patterns import Patterns, patterns
from chartline.mentions.words import Passage

_HOURS_A_DAY = 24
_SIGNS = frozenset("0123456789½¼¾⅓⅔/×")
REACH = 45  # characters without any part, after which what follows belongs to something else


@dataclass(slots=True)
class Item:
    """A part of a regimen.

    Attributes:
        kind: schedule, amount, count, frequency, time, needed, route, duration, reset, ignored.
        begin: its first character.
        end: the character after its last.
        values: its numbers; of a schedule, those of morning, noon, evening and bedtime.
        unit: UCUM code of an amount, or the counted form; the route or the time of day.
        days: of an amount or count, the days for which the sum is said; None where it is said of
            one intake.
    """

    kind: str
    begin: int
    end: int
    values: tuple[float, ...] = ()
    unit: str | None = None
    days: float | None = None


def read_items(given: Passage, begin: int, end: int) -> list[Item]:
    """The parts of a regimen between two places of a passage.

    Reading ends where `REACH` characters hold none.
    """
    known = patterns(given.language)
    found: list[Item] = []
    free_from = begin
    for number in range(bisect_left(given.begins, begin), len(given.begins)):
        place = given.begins[number]
        if place >= end or place - free_from > REACH:
            break
        if place < free_from:
            continue
        match = _match_at(given, known, given.words[number], place, end)
        if match is not None and match.end() > place:
            found += _items(match, known, given.language)
            free_from = match.end()
    return found


def _match_at(
    given: Passage, known: Patterns, word: str, place: int, end: int
) -> re.Match[str] | None:
    if word[0] in _SIGNS:
        return known.digits.match(given.folded, place, end)
    if word in known.openers or (word[0] in "xq" and (len(word) == 1 or word[1].isdigit())):
        return known.words.match(given.folded, place, end)
    return None


def _items(match: re.Match[str], known: Patterns, language: str) -> list[Item]:
    kind = match.lastgroup or ""
    span = match.span()
    parts = {name: value for name, value in match.groupdict().items() if value is not None}
    reader = _READERS.get(kind)
    return reader(parts, span, known, language) if reader else [Item("ignored", *span)]


Parts = dict[str, str]
Place = tuple[int, int]


def _schedule(parts: Parts, span: Place, known: Patterns, language: str) -> list[Item]:
    mark = next(mark for mark in "-+\t/ " if mark in parts["parts"])
    split = [one.strip() for one in parts["parts"].split(mark)]
    values = [_number(one, known, language) for one in split if one]
    numbers = tuple(value for value in values if value is not None)
    unit = known.units[parts["s_unit"]] if "s_unit" in parts else None
    form = known.forms[parts["s_form"]] if "s_form" in parts else None
    return [Item("schedule", *span, numbers, unit or (f"{{{form}}}" if form else None))]


def _amount(parts: Parts, span: Place, known: Patterns, language: str) -> list[Item]:
    unit = known.units[parts["a_unit"]] + ("/h" if "a_hour" in parts else "")
    value = None if "a_range" in parts else _number(parts["a"], known, language)
    days = _days(parts.get("a_period"), known)
    return [Item("amount", *span, () if value is None else (value,), unit, days)]


def _count(parts: Parts, span: Place, known: Patterns, language: str) -> list[Item]:
    value = None if "c_range" in parts else _number(parts["c"], known, language)
    form = f"{{{known.forms[parts['c_form']]}}}"
    days = _days(parts.get("c_period"), known)
    found = [Item("count", *span, () if value is None else (value,), form, days)]
    if parts["c_form"] in known.routes:  # a suppository, a patch: they go one way only
        found.append(Item("route", *span, unit=known.routes[parts["c_form"]]))
    return found


def _bare(parts: Parts, span: Place, known: Patterns, language: str) -> list[Item]:
    value = _number(parts["b"], known, language)
    days = _days(parts.get("b_period"), known)
    return [Item("count", *span, () if value is None else (value,), None, days)]


def _frequency(parts: Parts, span: Place, known: Patterns, language: str) -> list[Item]:
    if "f_range" in parts:
        return [Item("ignored", *span)]
    times = _number(parts.get("f") or parts["f2"], known, language)
    days = _days(parts.get("f_period") or parts.get("f2_period"), known) or 1.0
    found = [Item("frequency", *span, (times / days,))] if times else []
    count = _number(parts["f_count"], known, language) if "f_count" in parts else None
    return found + ([Item("count", *span, (count,))] if count is not None else [])


def _crosses(parts: Parts, span: Place, known: Patterns, language: str) -> list[Item]:
    days = _days(parts.get("x_period") or parts.get("x2_period"), known) or 1.0
    times = int(parts.get("x") or parts["x2"])
    return [Item("frequency", *span, (times / days,))] if times else []


def _every(parts: Parts, span: Place, known: Patterns, language: str) -> list[Item]:
    if "e_range" in parts:
        return [Item("ignored", *span)]
    written = parts.get("e") or parts.get("e2") or parts["e3"]
    number = _number(written, known, language)
    unit = parts.get("e_unit")
    days = known.periods.get(unit, 0.0) if unit else 0.0
    days = days or 1 / _HOURS_A_DAY
    return [Item("frequency", *span, (1 / (number * days),))] if number else []


def _duration(parts: Parts, span: Place, known: Patterns, language: str) -> list[Item]:
    number = None if "d_range" in parts else _number(parts["d"], known, language)
    days = known.periods[_spaced(parts["d_unit"])]
    return [Item("duration", *span, () if number is None else (number * days,))]


def _time(parts: Parts, span: Place, known: Patterns, language: str) -> list[Item]:
    found = [Item("time", *span, unit=known.times[_spaced(parts["t"])])]
    count = _number(parts["t_count"], known, language) if "t_count" in parts else None
    return found + ([Item("count", *span, (count,))] if count is not None else [])


def _phrase(parts: Parts, span: Place, known: Patterns, language: str) -> list[Item]:
    return [Item("frequency", *span, (known.phrases[_spaced(parts["p"])],))]


def _per_day(parts: Parts, span: Place, known: Patterns, language: str) -> list[Item]:
    return [Item("frequency", *span, (1 / known.periods[_spaced(parts["o_period"])],))]


def _split(parts: Parts, span: Place, known: Patterns, language: str) -> list[Item]:
    number = _number(parts["s"], known, language)
    return [Item("frequency", *span, (number,))] if number else []


def _route(parts: Parts, span: Place, known: Patterns, language: str) -> list[Item]:
    return [Item("route", *span, unit=known.routes[_spaced(parts["r"])])]


def _needed(parts: Parts, span: Place, known: Patterns, language: str) -> list[Item]:
    return [Item("needed", *span)]


def _reset(parts: Parts, span: Place, known: Patterns, language: str) -> list[Item]:
    return [Item("reset", *span)]


_READERS = {
    "schedule": _schedule,
    "amount": _amount,
    "count": _count,
    "bare": _bare,
    "freq": _frequency,
    "crosses": _crosses,
    "every": _every,
    "duration": _duration,
    "time": _time,
    "phrase": _phrase,
    "per_day": _per_day,
    "split": _split,
    "route": _route,
    "needed": _needed,
    "become": _reset,
    "change": _reset,
}


def _number(written: str, known: Patterns, language: str) -> float | None:
    worded = known.numbers.get(_spaced(written))
    return number_of(written, language) if worded is None else worded


def _days(period: str | None, known: Patterns) -> float | None:
    """The days of a period as it is written with its preposition: `/day`, `per week`."""
    if period is None:
        return None
    written = _spaced(period.strip())
    for begin in range(len(written)):
        if days := known.periods.get(written[begin:].strip()):
            return days
    return None


def _spaced(written: str) -> str:
    return " ".join(written.split())
