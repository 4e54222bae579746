"""Patterns of dates and durations, made from the words of a language."""

import re
from functools import cache
from typing import NamedTuple

from chartline.core.lexicons import lexicon

_YEAR = r"(?:19|20)\d\d"
_LIKELY_YEAR = r"(?:19[5-9]|20[0-3])\d"  # after a word alone: `TURP 2016`
_NO_YEAR = r"(?:mg|g|ml|m?cg|u|ui|ie|iu|kcal|cm|m|h|min|euros?)\b|[%€/]"  # behind an amount
_NUMERIC = (
    r"(?<![\d.,/-])(?:"
    rf"(?P<iso_year>{_YEAR})-(?P<iso_month>\d{{1,2}})-(?P<iso_day>\d{{1,2}})"
    rf"|(?P<first>\d{{1,2}})(?P<mark>[./-])(?P<second>\d{{1,2}})(?P=mark)(?P<year>{_YEAR}|\d\d)"
    rf"|(?P<month_alone>0?[1-9]|1[0-2])[./-](?P<year_of_month>{_YEAR})"
    r")(?![\d/-]|[.,]\d)"
)


class Patterns(NamedTuple):
    """The patterns of a language, over folded text.

    Attributes:
        numeric: `12/03/2019`, `2019-03-12`, `03/2019`.
        worded: `12 mars 2019`, `March 2019`, `March 12, 2019`.
        year: a year alone, after a word such as `in`, or in brackets.
        ago: `il y a 3 ans`, `three weeks ago`, `vor drei Wochen`.
        since: the same with `depuis`, `for`, `seit`: what began then and goes on.
        opens: a word such as `since` that stands before a date.
        yesterday: the day before that of writing.
        months: the number of each month's name and abbreviation.
        numbers: the value of each number word.
        units: days of each unit's word: 1, 7, 30 (a month), 365 (a year).
    """

    numeric: re.Pattern[str]
    worded: re.Pattern[str]
    year: re.Pattern[str]
    ago: re.Pattern[str]
    since: re.Pattern[str]
    opens: re.Pattern[str]
    yesterday: re.Pattern[str]
    months: dict[str, int]
    numbers: dict[str, int]
    units: dict[str, int]


DAY, WEEK, MONTH, YEAR = 1, 7, 30, 365  # days of a unit, as units are told apart


@cache
def patterns(language: str) -> Patterns:
    """The patterns of a language, compiled once in each process."""
    words = lexicon("chartline.mentions.dates", "words")[language]
    months = _numbered(words["months"])
    numbers = _numbered(words["numbers"])
    names = ("days", "weeks", "months_of_time", "years")
    units = {
        word: days
        for name, days in zip(names, (DAY, WEEK, MONTH, YEAR), strict=True)
        for word in words[name]
    }
    month = rf"(?P<month>{_one_of(months)})"
    amount = rf"(?P<amount>\d{{1,3}}|{_one_of(numbers)})\s*(?P<unit>{_one_of(units)})\b"
    before, after = _one_of(words["ago_before"]), _one_of(words["ago_after"])
    ago = [rf"\b{amount}\s+(?:{after})\b"] if words["ago_after"] else []
    if words["ago_before"]:
        ago = [_unnamed(rf"\b(?:{before})\s+{amount}", not ago), *ago]
    return Patterns(
        numeric=re.compile(_NUMERIC),
        worded=re.compile(
            rf"\b(?:(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th|er)?\s+(?:de\s+|of\s+)?)?{month}\b\.?"
            rf"(?:\s+(?P<day_after>\d{{1,2}})(?:st|nd|rd|th)?,)?\s+(?:de\s+|of\s+)?"
            rf"(?P<year>{_YEAR})\b"
        ),
        year=re.compile(
            rf"\b(?:{_one_of([*words['in'], *words['since']])})\s+(?P<year>{_YEAR})\b"
            rf"|[(\[]\s*(?P<bracketed>{_YEAR})\s*[)\],;]"
            rf"|(?:^\s*|(?<=;)|(?<=; ))(?P<opening>{_YEAR})\s*[:\-\t]"
            rf"|(?<=[a-z)]) (?P<trailing>{_LIKELY_YEAR})(?!\s*(?:{_NO_YEAR})|[\w%/-]|[.,]\d)",
            re.MULTILINE,
        ),
        ago=re.compile("|".join(ago)),
        since=re.compile(rf"\b(?:{_one_of(words['since'])})\s+{amount}"),
        opens=re.compile(rf"\b(?:{_one_of(words['since'])})\s+$"),
        yesterday=re.compile(rf"\b(?:{_one_of(words['yesterday'])})\b"),
        months=months,
        numbers=numbers,
        units=units,
    )


def _unnamed(pattern: str, alone: bool) -> str:
    """A pattern whose groups have names of their own, since a name may stand only once."""
    return (
        pattern if alone else pattern.replace("<amount>", "<amount2>").replace("<unit>", "<unit2>")
    )


def _numbered(rows: list[str]) -> dict[str, int]:
    return {word: number for number, row in enumerate(rows, 1) for word in row.split()}


def _one_of(words: object) -> str:
    """A pattern for any of some words, the longest first."""
    listed = sorted(map(str, words), key=len, reverse=True)  # type: ignore[call-overload]
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in listed)
