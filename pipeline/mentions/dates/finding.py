"""Dates and durations in a text."""

import calendar
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from chartline.mentions.dates.patterns import DAY, MONTH, WEEK, YEAR, Patterns, patterns
from chartline.mentions.spans import Moment
from chartline.mentions.words import Passage

_RECENT = timedelta(days=31)  # what is dated by the day, and this near, belongs to the same illness
_ANY_YEAR = re.compile(r"(?:19|20)\d\d(?!\d)")
_ANY_NUMERIC = re.compile(r"\d[./-]\d")
_BEFORE_YEAR, _BEHIND_YEAR = 40, 12  # characters of a date before its year, and behind it
_DAY_FIRST_UNSURE = ("en",)  # 03/04/2019 is in March or in April


def find_moments(given: Passage, written_at: datetime | None) -> list[Moment]:
    """The dates and durations of a passage, from left to right; none overlaps another.

    Args:
        given: the passage.
        written_at: when the text was written; without it, what is relative has no date.
    """
    known = patterns(given.language)
    found: list[Moment] = []
    for moment in sorted(_all(given.folded, known, given.language, written_at)):
        if not found or moment.begin >= found[-1].end:
            found.append(moment)
    return found


def _all(
    text: str, known: Patterns, language: str, written_at: datetime | None
) -> Iterator[Moment]:
    for match in known.numeric.finditer(text) if _ANY_NUMERIC.search(text) else ():
        yield from _absolute(
            text, match, known, _numeric_date(match, language, written_at), written_at
        )
    for match in _around_years(known.worded, text):
        yield from _absolute(text, match, known, _worded_date(match, known), written_at)
    for match in _around_years(known.year, text):
        name = next(name for name, value in match.groupdict().items() if value)
        date = (int(match.group(name)), None, None)
        yield from _absolute(text, match, known, date, written_at)
    if written_at is None:
        return
    for match in known.since.finditer(text):
        yield _relative(match, known, written_at, goes_on=True)
    for match in known.ago.finditer(text):
        yield _relative(match, known, written_at, goes_on=False)
    for match in known.yesterday.finditer(text):
        day = _midnight(written_at) - timedelta(days=1)
        yield Moment(match.start(), match.end(), day, "day", False)


def _around_years(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """The matches of a pattern that holds a year; the text far from any year is not searched."""
    free_from = 0
    for year in _ANY_YEAR.finditer(text):
        begin = max(free_from, year.start() - _BEFORE_YEAR)
        for match in pattern.finditer(text, begin, year.end() + _BEHIND_YEAR):
            free_from = match.end()
            yield match


Date = tuple[int, int | None, int | None]  # year, month and day, as far as they are stated


def _absolute(
    text: str, match: re.Match[str], known: Patterns, date: Date | None, written_at: datetime | None
) -> Iterator[Moment]:
    """The moment of a date; none where there is no such day, or it lies after the writing."""
    if date is None:
        return
    year, month, day = date
    try:
        time = datetime(year, month or 1, day or 1, tzinfo=UTC)
    except ValueError:
        return
    if written_at is not None and time > written_at:
        return
    precision = "day" if day else "month" if month else "year"
    opening = known.opens.search(text, max(0, match.start() - 40), match.start())
    goes_on = (
        opening is not None or known.opens.match(match.group().split(str(year))[0]) is not None
    )
    past = not goes_on and _is_past(time, precision, written_at)
    yield Moment(match.start(), match.end(), time, precision, past)


def _is_past(time: datetime, precision: str, written_at: datetime | None) -> bool:
    """Whether what happened then is history; without a date of writing, days may be of now."""
    if written_at is None:
        return precision != "day"
    if precision == "year":
        return time.year < written_at.year
    last = calendar.monthrange(time.year, time.month)[1] if precision == "month" else time.day
    return written_at - time.replace(day=last) > _RECENT


def _numeric_date(match: re.Match[str], language: str, written_at: datetime | None) -> Date | None:
    parts = match.groupdict()
    if parts["iso_year"]:
        return int(parts["iso_year"]), int(parts["iso_month"]), int(parts["iso_day"])
    if parts["month_alone"]:
        return int(parts["year_of_month"]), int(parts["month_alone"]), None
    first, second = int(parts["first"]), int(parts["second"])
    year = _four_digits(parts["year"], written_at)
    if max(first, second) > 31 or min(first, second) < 1 or min(first, second) > 12:
        return None
    if second > 12:
        return year, first, second
    if language in _DAY_FIRST_UNSURE and first <= 12 and first != second:
        return year, None, None
    return year, second, first


def _four_digits(year: str, written_at: datetime | None) -> int:
    """A year of two digits in this century, or the last where that would be the future."""
    if len(year) == 4:
        return int(year)
    latest = (written_at or datetime.max).year % 100 if written_at else 99
    return (2000 if int(year) <= latest else 1900) + int(year)


def _worded_date(match: re.Match[str], known: Patterns) -> Date:
    day = match.group("day") or match.group("day_after")
    return int(match.group("year")), known.months[match.group("month")], int(day) if day else None


def _relative(match: re.Match[str], known: Patterns, written_at: datetime, goes_on: bool) -> Moment:
    """The moment of `three weeks ago`, and how exactly it is known."""
    parts = match.groupdict()
    amount = parts["amount"] or parts.get("amount2") or ""
    unit = known.units[re.sub(r"\s+", " ", parts["unit"] or parts.get("unit2") or "")]
    number = int(amount) if amount.isdigit() else known.numbers[amount]
    time = _midnight(written_at)
    if unit in (DAY, WEEK):
        time, precision = time - timedelta(days=number * unit), "day"
    elif unit == MONTH:
        months = time.year * 12 + time.month - 1 - number
        time, precision = time.replace(year=months // 12, month=months % 12 + 1, day=1), "month"
    else:
        assert unit == YEAR
        time, precision = time.replace(year=max(1, time.year - number), month=1, day=1), "year"
    past = not goes_on and _is_past(time, precision, written_at)
    return Moment(match.start(), match.end(), time, precision, past)


def _midnight(time: datetime) -> datetime:
    return time.replace(hour=0, minute=0, second=0, microsecond=0)
