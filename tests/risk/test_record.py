"""Now is the end of the record, or a date that is set; no single event of anybody moves it."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from risk.few import OUTCOME, VISIT, case, chosen, control, rows, scored, visits
from risk.small import day, event, events, person

from chartline.risk.record import known_since, scoring_time, until

EXTRACT = [case(1), control(10), *(person(n) + visits(n, 0, 1990 + n) for n in range(2, 8))]


def moment(found: pl.DataFrame) -> set[Any]:
    return set(found.filter(pl.col("split") == "score")["prediction_time"])


def test_an_old_extract_is_scored_as_of_its_own_end() -> None:
    for run_date in (date(2016, 1, 1), date(2026, 11, 26)):
        found = rows(*EXTRACT, run_date=run_date)
        assert scored(found) == [2, 3, 4, 5, 6, 7]
        assert moment(found) == {day(1998)}


def test_an_appointment_in_the_future_is_no_event() -> None:
    appointment = event(3, 8000, VISIT)  # in 2031
    found = rows(*EXTRACT, appointment, run_date=date(2026, 11, 26))
    assert found.equals(rows(*EXTRACT, run_date=date(2026, 11, 26)))
    planned = event(10, 1100, OUTCOME)
    found = [rows(case(1), control(10), planned, run_date=day(n).date()) for n in (1000, 1100)]
    assert [chosen(one, True) for one in found] == [[1], [1, 10]]


def test_a_wrong_date_of_one_among_many_does_not_move_the_end() -> None:
    many = [person(n) + visits(n, 0, 2100 - n) for n in range(100, 250)]
    wrong = event(101, 4000, VISIT)  # years after all others, and before the run's date
    found = rows(case(1), control(10), *many, wrong)
    assert moment(found) == {day(2001)}
    assert len(scored(found)) == len(many)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (day(1998).date(), [2, 3, 4, 5, 6, 7]),
        (day(1995).date(), [2, 3, 4]),  # 5 is first seen again on that very day
        (day(2360).date(), [4, 5, 6, 7]),
        (day(4000).date(), []),
    ],
)
def test_a_date_that_is_set_is_now(today: date, expected: list[int]) -> None:
    """Who was seen in the year before it is scored, at its beginning; later events are none."""
    found = rows(*EXTRACT, today=today)
    assert [n for n in scored(found) if n != 10] == expected
    assert {one.date() for one in moment(found)} <= {today}


def test_events_after_the_date_are_none() -> None:
    assert chosen(rows(case(1), control(10), today=day(900).date()), False) == [10]
    stream = events(visits(1, 0, 9.9, 10), event(1, None, "GENDER//F"))
    stated = event(1, None, "A//x", known_at=day(10))
    assert until(stream, day(9).date())["time"].to_list() == [day(0), day(9.9), None]
    assert until(events(stated), day(9).date()).is_empty()


@pytest.mark.parametrize(
    ("seen", "end"),
    [
        ([100.0], 101),
        ([100.9], 101),
        ([0.0] * 99 + [5000.0], 5001),  # one in a hundred
        ([0.0] * 199 + [5000.0], 1),
        ([0.0] * 198 + [4700.0, 5000.0], 5001),
        ([0.0] * 198 + [4600.0, 5000.0], 1),  # not within a year
    ],
)
def test_the_end_is_where_one_in_a_hundred_was_last_seen_in_a_year(
    seen: list[float], end: float
) -> None:
    assert scoring_time(pl.Series([day(one) for one in seen]), None) == day(end)


@pytest.mark.parametrize(
    ("time", "known_at", "since"),
    [(3, None, 3), (3, 5, 5), (5, 3, 5), (None, 5, 5), (None, None, None)],
)
def test_an_event_is_known_when_it_is_stated_and_has_happened(
    time: float | None, known_at: float | None, since: float | None
) -> None:
    known = None if known_at is None else day(known_at)
    found = events(event(1, time, "A//x", known_at=known)).select(since=known_since())
    assert found["since"].to_list() == [None if since is None else day(since)]
