"""Codes of patients who have the outcome later, among whom are controls of an earlier time."""

import pytest
from risk.few import OUTCOME
from risk.planted import CASES, OTHERS, SIGN, bearing, known, population, rows
from risk.small import day, event, person

from chartline.core.errors import LeakError
from chartline.core.settings import OnsetSettings
from chartline.risk import leaks, tasks
from chartline.risk.leaks_people import no_code_of_future_cases
from chartline.risk.tasks import Task

TASK = tasks.load("heart_failure")
LATER = OTHERS[:15]  # have the outcome after the window, and are controls
OUTCOMES = bearing(OUTCOME, LATER, 1200.0)
MARK = "P//1"


def stopped(*planted: object, task: Task = TASK) -> str:
    """The message that stops the run; empty where it passes."""
    try:
        no_code_of_future_cases(population(OUTCOMES, *planted), task)
    except LeakError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_found_where_nothing_is_planted(seed: int) -> None:
    stream = population(OUTCOMES, seed=seed)
    assert SIGN in stream["code"].to_list()
    no_code_of_future_cases(stream, TASK)


def test_a_code_of_all_future_cases_is_found_though_controls_bear_it() -> None:
    marks = bearing(MARK, [*CASES[:30], *LATER], 0.0)
    stream = population(OUTCOMES, marks)
    leaks.check_codes(known(stream), rows(), stream, TASK)  # it passes where rows are compared
    assert stopped(marks).startswith(
        f"leak: {MARK} is borne by 45 of 75 patients 30 days or more before their first outcome "
        "and by 0 of 165 without it"
    )


@pytest.mark.parametrize(
    ("before", "stops"), [(31.0, True), (30.0, True), (29.0, False), (-5.0, False)]
)
def test_what_comes_shortly_before_the_outcome_or_after_it_is_no_leak(
    before: float, stops: bool
) -> None:
    assert bool(stopped(bearing(MARK, CASES, 500.0 - before))) is stops


def test_few_or_no_surer_than_a_true_sign_pass() -> None:
    assert stopped(bearing(MARK, CASES[:7], 0.0)) == ""  # less than a tenth of the future cases
    assert stopped(bearing(MARK, CASES, 0.0), bearing(MARK, OTHERS[-45:], 0.0)) == ""


def test_what_became_known_with_the_outcome_was_not_known_before() -> None:
    back = [event(subject, 0.0, MARK, known_at=day(500)) for subject in CASES]
    assert stopped(back) == ""


def test_a_code_on_the_first_day_in_future_cases_alone_was_dated_back() -> None:
    others = bearing(MARK, OTHERS[15:], 200.0)
    message = stopped(bearing(MARK, CASES, 0.0), bearing(MARK, LATER, 210.0), others)
    assert f"{MARK} stands on the first day of the record in 60 of 75 patients" in message
    assert "in 0 of 165 who bear it without the outcome" in message
    assert stopped(bearing(MARK, CASES, 0.0), bearing(MARK, OTHERS, 0.0)) == ""
    assert stopped(bearing(MARK, CASES[:20], 0.0), bearing(MARK, CASES[20:], 200.0), others) == ""


def test_a_code_of_old_age_is_no_leak_where_children_are_many() -> None:
    """Most of the old bear it, with or without the outcome, and none of the young."""
    young = [[*person(one, age=8.0), event(one, 0.0, "A//visit")] for one in range(1000, 2200)]
    assert stopped(young, bearing(MARK, CASES), bearing(MARK, OTHERS[60:])) == ""


@pytest.mark.parametrize("setting", ["left_out", "accepted"])
def test_the_advice_mends_it(setting: str) -> None:
    marks = bearing(MARK, CASES, 0.0)
    assert f"{setting} = ['^P//1$']" in stopped(marks)
    task = tasks.asked(OnsetSettings(**{setting: ["^P//1$"]}))
    assert stopped(marks, task=task) == ""
