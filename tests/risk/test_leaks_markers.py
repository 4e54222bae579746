"""Codes that as good as cases alone bear stop the run, or are listed; true signs pass."""

import re

import polars as pl
import pytest
from risk.planted import CASES, OTHERS, SIGN, bearing, known, population, rows

from chartline.core.errors import LeakError
from chartline.core.settings import OnsetSettings
from chartline.risk import leaks, tasks
from chartline.risk.leaks_markers import ANY, compared, no_marker, pattern_of, surely, to_look_at
from chartline.risk.tasks import Task

TASK = tasks.load("heart_failure")
MARK = "MARK//x.1"


def stopped(*planted: object, task: Task = TASK) -> str:
    """The message that stops the run; empty where it passes."""
    stream = population(*planted)
    try:
        leaks.check_codes(known(stream, task), rows(), stream, task)
    except LeakError as error:
        return str(error)
    return ""


def listed(*planted: object) -> list[tuple[object, ...]]:
    return to_look_at(known(population(*planted)), rows(), TASK).rows()


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_found_where_nothing_is_planted(seed: int) -> None:
    stream = population(seed=seed)
    observed = known(stream)
    assert SIGN in observed["code"].to_list()
    leaks.check_codes(observed, rows(), stream, TASK)
    assert to_look_at(observed, rows(), TASK).is_empty()


def test_cases_and_controls_with_a_code_are_counted_once_a_row() -> None:
    twice = bearing(MARK, CASES[:12], 340) + bearing(MARK, CASES[:12], 350)
    found = compared(known(population(twice, bearing(MARK, OTHERS[:3]))), rows(), TASK)
    row = found.filter(pl.col("code") == MARK).row(0, named=True)
    assert (row["cases"], row["controls"], row["of_cases"], row["of_controls"]) == (12, 3, 60, 180)
    assert row["odds"] == pytest.approx(12.5 * 177.5 / (3.5 * 48.5))
    assert f"{ANY}MARK" in found["code"].to_list()


@pytest.mark.parametrize(
    ("cases", "controls", "stops"),
    [(60, 0, True), (48, 0, True), (48, 4, True), (27, 0, True), (20, 0, False), (30, 20, False)],
)
def test_a_code_that_cases_alone_bear_stops_the_run(cases: int, controls: int, stops: bool) -> None:
    message = stopped(bearing(MARK, CASES[:cases]), bearing(MARK, OTHERS[:controls]))
    assert bool(message) is stops
    if stops:
        assert message.startswith(f"leak: {MARK} is borne before the prediction time by {cases} of")
        assert f"60 cases and {controls} of 180 controls" in message


def test_a_weaker_one_is_listed_with_its_share() -> None:
    why = "before the outcome, in cases alone"
    assert listed(bearing(MARK, CASES[:20])) == [(MARK, why, 20, 1.0)]
    assert listed(bearing(MARK, CASES[:20]), bearing(MARK, OTHERS[:1])) == [
        (MARK, why, 21, 20 / 21)
    ]
    assert listed(bearing(MARK, CASES[:20]), bearing(MARK, OTHERS[:20])) == []
    assert listed(bearing(MARK, CASES[:9])) == []


def test_a_rare_code_of_many_patients_is_listed_and_stops_nothing() -> None:
    """A device that 5 % of the cases and hardly a control bear moves no AUC."""
    row = {"code": ["A//device"], "cases": [50], "controls": [2], "of_cases": [1000]}
    found = pl.DataFrame(row | {"of_controls": [4000], "odds": [100.0]})
    assert len(surely(found, 10)) == 1
    assert stopped(bearing(MARK, CASES[:5])) == ""


def test_after_the_prediction_it_is_no_leak() -> None:
    assert stopped(bearing(MARK, CASES, 401)) == ""


def test_codes_that_only_together_tell_the_cases_are_named_by_their_vocabulary() -> None:
    each = [bearing(f"MARK//{subject}", [subject]) for subject in CASES]
    message = stopped(each)
    assert message.startswith("leak: any code of MARK is borne")
    assert "left_out = ['^MARK//']" in message


def advised(message: str, setting: str) -> list[str]:
    """The patterns that a message says to write into the configuration."""
    found = re.search(rf"{setting} = \[(.*?)\]", message)
    assert found
    return re.findall("'(.*?)'", found[1])


@pytest.mark.parametrize("setting", ["left_out", "accepted"])
def test_the_advice_mends_it(setting: str) -> None:
    both = bearing(MARK, CASES[:40]), bearing("OTHER//a+b", CASES[10:])
    patterns = advised(stopped(*both), setting)
    task = tasks.asked(OnsetSettings(**{setting: patterns}))
    assert stopped(*both, task=task) == ""
    seen = known(population(*both), task)["code"].to_list()
    assert (MARK in seen) is (setting == "accepted")
    assert stopped(*both, bearing("MARK//xx1", CASES), task=task) != ""


@pytest.mark.parametrize("code", ["A//b.c", "A//b (c)", "A//[x]|y", "A//50%^", "A//b\\c"])
def test_a_pattern_fits_its_code_alone(code: str) -> None:
    codes = pl.Series([code, f"{code}1", f"B{code}"])
    assert codes.str.contains(pattern_of(code)).to_list() == [True, False, False]


def test_a_code_dated_back_to_the_first_visit_stops_the_run() -> None:
    """Cases bear it from their first day on, the others when it came up: no less often."""
    back, later = bearing("P//1", CASES[:50], 0.0), bearing("P//1", OTHERS[:150], 210.0)
    message = stopped(back, later)
    assert "P//1 stands on the first day of the record in 50 of 50 cases with it" in message
    assert "in 0 of 150 controls" in message
    for setting in ("left_out", "accepted"):
        patterns = advised(message, setting)
        task = tasks.asked(OnsetSettings(**{setting: patterns}))
        assert stopped(back, later, task=task) == ""


def test_what_stands_on_the_first_day_in_all_is_not_dated_back() -> None:
    assert stopped(bearing("P//1", CASES, 0.0), bearing("P//1", OTHERS, 0.0)) == ""
    half = bearing("P//1", CASES[:30], 0.0) + bearing("P//1", CASES[30:], 210.0)
    assert stopped(half, bearing("P//1", OTHERS, 210.0)) == ""


def test_a_known_date_uncovers_what_was_dated_back() -> None:
    """A statement that became known after the prediction is not observed, whatever its date."""
    from risk.small import day, event

    back = [event(subject, 0.0, MARK, known_at=day(450)) for subject in CASES]
    stream = population(back)
    assert MARK not in known(stream)["code"].to_list()
    assert stopped(back) == ""


def test_nothing_is_asked_of_a_cohort_without_cases() -> None:
    no_marker(known(population()), rows().with_columns(boolean_value=False), TASK)
