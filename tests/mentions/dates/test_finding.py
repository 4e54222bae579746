"""Dates and durations in seven languages, with what is known of them and no more."""

from datetime import UTC, datetime

import pytest

from chartline.mentions.dates.finding import find_moments
from chartline.mentions.words import passage

WRITTEN = datetime(2024, 6, 1, 10, tzinfo=UTC)
CASES = [
    ("en", "since 2018", "2018-01-01", "year", False),
    ("en", "in 2011", "2011-01-01", "year", True),
    ("en", "three weeks ago", "2024-05-11", "day", False),
    ("en", "two years ago", "2022-01-01", "year", True),
    ("en", "for 6 months", "2023-12-01", "month", False),
    ("en", "March 12, 2020", "2020-03-12", "day", True),
    ("en", "on 03/04/2019", "2019-01-01", "year", True),  # March or April: not known
    ("en", "on 25/12/2019", "2019-12-25", "day", True),
    ("en", "on 2019-12-25", "2019-12-25", "day", True),
    ("en", "yesterday", "2024-05-31", "day", False),
    ("fr", "depuis 2018", "2018-01-01", "year", False),
    ("fr", "il y a 3 ans", "2021-01-01", "year", True),
    ("fr", "le 03/04/2019", "2019-04-03", "day", True),
    ("fr", "12 mars 2019", "2019-03-12", "day", True),
    ("fr", "(2012)", "2012-01-01", "year", True),
    ("fr", "12/05/98", "1998-05-12", "day", True),
    ("de", "vor drei Wochen", "2024-05-11", "day", False),
    ("de", "seit 2018", "2018-01-01", "year", False),
    ("de", "am 12. März 2020", "2020-03-12", "day", True),
    ("de", "seit zwei Jahren", "2022-01-01", "year", False),
    ("es", "hace 2 meses", "2024-04-01", "month", True),
    ("es", "desde 2015", "2015-01-01", "year", False),
    ("es", "en marzo de 2019", "2019-03-01", "month", True),
    ("it", "3 anni fa", "2021-01-01", "year", True),
    ("it", "dal 2012", "2012-01-01", "year", False),
    ("nl", "3 jaar geleden", "2021-01-01", "year", True),
    ("nl", "sinds 2010", "2010-01-01", "year", False),
    ("pt", "há 2 anos", "2022-01-01", "year", True),
    ("pt", "desde 2011", "2011-01-01", "year", False),
]


@pytest.mark.parametrize(("language", "text", "day", "precision", "past"), CASES)
def test_a_moment(language: str, text: str, day: str, precision: str, past: bool) -> None:
    (moment,) = find_moments(passage(f"xxx {text}.", language), WRITTEN)
    assert (f"{moment.time:%Y-%m-%d}", moment.precision, moment.past) == (day, precision, past)


@pytest.mark.parametrize(
    "text", ["on 31/02/2019", "in 2031", "TA 120/80", "2.5 mg", "Tel. 01/99/45", "room 2019b"]
)
def test_no_moment(text: str) -> None:
    assert find_moments(passage(text, "en"), WRITTEN) == []


def test_what_is_relative_needs_the_day_of_writing() -> None:
    assert find_moments(passage("three weeks ago, in 2011", "en"), None)[0].time.year == 2011
