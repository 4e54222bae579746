"""Death ends a record; an outcome that is known as past makes no case, control or score."""

from typing import Any

import pytest
from risk.few import OUTCOME, TASK, case, chosen, control, rows, scored, visits
from risk.small import day, event, events, person

from chartline.core.settings.groups import Death
from chartline.history.events import DOCUMENT
from chartline.risk.prediction_times import prediction_times


def died(subject: int, when: float) -> dict[str, Any]:
    return event(subject, when, "MEDS_DEATH")


def letter(subject: int, written: float, since: float | None = None) -> dict[str, Any]:
    """What a letter says of the outcome: that it is past, or since when."""
    return event(subject, since, OUTCOME, known_at=day(written), source=DOCUMENT)


def last_seen(subject: int) -> list[Any]:
    """A person who is scored where nothing speaks against it."""
    return person(subject) + visits(subject, 0, 1999)


@pytest.mark.parametrize(("when", "is_scored"), [(1999.0, False), (2000.5, False), (None, True)])
def test_the_dead_are_not_scored(when: float | None, is_scored: bool) -> None:
    history = last_seen(7) + ([] if when is None else [died(7, when)])
    found = rows(case(1), control(10), history, person(8) + visits(8, 0, 2000))
    assert (7 in scored(found)) is is_scored
    assert 8 in scored(found)


@pytest.mark.parametrize(("when", "is_case"), [(399.0, False), (400.0, False), (401.0, True)])
def test_no_prediction_time_is_at_death_or_after_it(when: float, is_case: bool) -> None:
    found = rows(case(1), died(1, when), case(2), control(10), control(11))
    assert (1 in chosen(found, True)) is is_case


@pytest.mark.parametrize(
    ("death", "when", "is_control"),
    [
        ("excluded", 600.0, False),
        ("excluded", 795.0, False),  # the last day of the window
        ("competing", 600.0, True),
        ("competing", 410.0, True),
        ("competing", 400.0, False),  # on the day of the prediction
        ("excluded", 796.5, True),
        ("competing", 796.5, True),
    ],
)
def test_death_in_the_window_is_excluded_or_competes(
    death: Death, when: float, is_control: bool
) -> None:
    last = [when] if when < 795 else [when, 796]
    short = person(10) + visits(10, 0, 400, *last) + [died(10, when)]
    found = rows(case(1), case(2, sex="M"), control(9, sex="M"), short, death=death)
    assert (10 in chosen(found, False)) is is_control


def test_who_leaves_alive_does_not_compete() -> None:
    left = person(10) + visits(10, 0, 400, 600)
    found = rows(case(1), case(2, sex="M"), control(9, sex="M"), left, death="competing")
    assert chosen(found, False) == [9]


def test_an_outcome_before_death_is_an_outcome() -> None:
    assert chosen(rows(case(1), died(1, 501), control(10)), True) == [1]


@pytest.mark.parametrize(
    ("written", "since", "is_case"),
    [
        (500.0, 500.0, True),  # a letter of the day on which it began
        (500.0, None, False),  # "known heart failure": began before, nobody knows when
        (500.0, -900.0, False),  # "heart failure since 2007"
        (900.0, 500.0, True),  # a later letter says when it began
        (900.0, None, False),
    ],
)
def test_what_a_letter_calls_past_is_no_onset_of_its_day(
    written: float, since: float | None, is_case: bool
) -> None:
    seen = person(1) + visits(1, 0, 400, 796)
    found = rows(seen, letter(1, written, since), case(2), control(10))
    assert (1 in chosen(found, True)) is is_case


@pytest.mark.parametrize(
    ("written", "is_case"),
    [(300.0, False), (450.0, False), (500.0, False), (501.0, True), (1500.0, True)],
)
def test_a_dated_outcome_is_an_onset_unless_it_was_known_as_past(
    written: float, is_case: bool
) -> None:
    found = rows(case(1), letter(1, written), case(2), control(10))
    assert (1 in chosen(found, True)) is is_case


@pytest.mark.parametrize(
    ("written", "is_control"), [(300.0, False), (795.0, False), (795.5, True), (1500.0, True)]
)
def test_who_is_known_to_have_had_it_is_no_control(written: float, is_control: bool) -> None:
    known = [*control(10), letter(10, written)]
    found = rows(case(1), case(2, sex="M"), control(9, sex="M"), known)
    assert (10 in chosen(found, False)) is is_control


def test_who_is_known_to_have_had_it_is_not_scored() -> None:
    history = [last_seen(7), letter(7, 1500), last_seen(6), letter(6, 1500, -400), last_seen(8)]
    assert scored(rows(case(1), control(10), *history)) == [8]


def test_a_day_that_a_later_letter_names_is_no_day_of_care() -> None:
    """Neither a prediction time nor the year of record before one."""
    named = event(1, 500, "A//x", known_at=day(900), source=DOCUMENT)
    found = prediction_times(events(person(1), visits(1, 0, 400, 600), named), TASK)
    assert sorted(found["prediction_time"].to_list()) == [day(400), day(600)]
    early = event(1, 0, "A//x", known_at=day(900), source=DOCUMENT)
    assert prediction_times(events(person(1), visits(1, 300), early), TASK).is_empty()


@pytest.mark.parametrize(("certain", "is_case"), [(None, True), (True, True), (False, False)])
def test_a_provisional_diagnosis_is_no_outcome(certain: bool | None, is_case: bool) -> None:
    seen = person(1) + visits(1, 0, 400, 796)
    found = rows(seen, event(1, 500, OUTCOME, certain=certain), case(2), control(10))
    assert (1 in chosen(found, True)) is is_case
