"""Cohorts of a few patients by hand: who is a case or a control, who is scored, in which split."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from pydantic import ValidationError
from risk.few import OUTCOME, TASK, case, chosen, control, rows, visits
from risk.small import day, event, events, person

from chartline.core.errors import ChartlineError
from chartline.core.settings import OnsetSettings
from chartline.risk import tasks
from chartline.risk.cohort import cohort as build_cohort
from chartline.risk.cohort import drawn
from chartline.risk.people import people_of
from chartline.risk.prediction_times import prediction_times, scoring_times
from chartline.risk.splits import splits_of


def test_a_case_has_up_to_four_controls_and_a_subject_serves_once() -> None:
    found = rows(case(1), *(control(number) for number in range(10, 20)))
    assert chosen(found, True) == [1]
    controls = chosen(found, False)
    assert len(controls) == len(set(controls)) == 4
    two = rows(case(1), case(2), *(control(number) for number in range(10, 20)))
    assert len(chosen(two, False)) == 8
    few = rows(case(1), control(10), control(11))
    assert chosen(few, False) == [10, 11]


def test_which_controls_are_drawn_hangs_on_the_seed_alone() -> None:
    history = [case(1), *(control(number) for number in range(10, 40))]
    drawn = [chosen(rows(*history, seed=seed), False) for seed in (1, 1, 2, 3, 4)]
    assert drawn[0] == drawn[1]
    assert len({tuple(one) for one in drawn}) > 1


@pytest.mark.parametrize(
    ("who", "matches"),
    [
        ({}, True),
        ({"sex": "M"}, False),
        ({"site": "B"}, False),
        ({"site": None}, False),
        ({"age": 66.0}, False),
        ({"age": 60.5}, True),  # the bands are of five years: 60 to 65 at the prediction time
    ],
)
def test_a_control_shares_its_cases_bands(who: dict[str, Any], matches: bool) -> None:
    other = control(9, age=60.0, sex="M", site="C"), case(2, age=60.0, sex="M", site="C")
    found = rows(case(1), control(10, **who), *other)
    assert (10 in chosen(found, False)) is matches
    assert 9 in chosen(found, False)


def test_unknown_sites_match_each_other() -> None:
    assert chosen(rows(case(1, site=None), control(10, site=None)), False) == [10]


@pytest.mark.parametrize(("when", "matches"), [(400.0, True), (430.0, True), (700.0, False)])
def test_a_control_is_of_the_same_half_year(when: float, matches: bool) -> None:
    found = rows(case(1), case(2, sex="M"), control(9, sex="M"), control(10, when))
    assert (10 in chosen(found, False)) is matches


@pytest.mark.parametrize(
    ("onset", "is_case"),
    [(429.0, False), (431.0, True), (794.0, True), (796.0, False)],
)
def test_a_case_has_its_outcome_between_30_and_395_days_after(onset: float, is_case: bool) -> None:
    found = rows(case(1, onset), control(10), case(2, sex="M"), control(9, sex="M"))
    assert (1 in chosen(found, True)) is is_case
    times = dict(found.select("subject_id", "prediction_time").rows())
    assert not is_case or times[1] == day(400)


def test_a_year_of_record_comes_before() -> None:
    short = person(1) + visits(1, 100, 400) + [event(1, 500, OUTCOME)]
    found = rows(short, control(10), case(2, sex="M"), control(9, sex="M"))
    assert chosen(found, True) == [2]


@pytest.mark.parametrize(("last", "free"), [(794.0, False), (795.0, True), (796.0, True)])
def test_a_control_is_followed_to_the_end_of_its_window(last: float, free: bool) -> None:
    short = person(10) + visits(10, 0, 400, last)
    found = rows(case(1), short, case(2, sex="M"), control(9, sex="M"))
    assert (10 in chosen(found, False)) is free


@pytest.mark.parametrize(
    ("share", "last", "free"),
    [
        (0.5, 597.0, False),  # the window ends 395 days after day 400
        (0.5, 598.0, True),
        (0.0, 400.0, True),
        (1.0, 794.0, False),
    ],
)
def test_a_record_that_ends_early_is_censored_by_a_setting(
    share: float, last: float, free: bool
) -> None:
    short = person(10) + visits(10, 0, 400, last)
    history = [case(1), short, case(2, sex="M"), control(9, sex="M")]
    assert (10 in chosen(rows(*history, min_follow_up=share), False)) is free


def test_censored_times_are_counted() -> None:
    stream = events(case(1), control(2), person(10) + visits(10, 0, 400, 500))
    splits = splits_of(stream, None, 1)
    told = {}
    for share in (1.0, 0.0):
        settings = OnsetSettings(seed=1, min_follow_up=share)
        counts = drawn(stream, splits, TASK, settings, date(2020, 1, 1)).counts
        told[share] = dict(counts.select("what", "prediction_times").rows())
    censored = "left out: censored, no outcome until the record ends"
    # day 400 and 500 of patient 10, and the last visit of the control
    assert (told[1.0][censored], told[0.0][censored]) == (3, 0)
    free = "can be controls: followed, no outcome"
    assert told[0.0][free] == told[1.0][free] + 3


@pytest.mark.parametrize(
    ("last", "scored"), [(2000.0, True), (1635.0, True), (1634.0, False), (1900.0, True)]
)
def test_who_was_seen_in_the_last_year_of_the_record_is_scored(last: float, scored: bool) -> None:
    seen = person(7) + visits(7, 0, last)
    found = rows(case(1), control(10), seen, person(8) + visits(8, 0, 2000))
    score = found.filter(pl.col("split") == "score")
    assert (7 in score["subject_id"].to_list()) is scored
    assert set(score["prediction_time"]) == {day(2001)}
    assert score["boolean_value"].null_count() == len(score)


def test_who_had_the_outcome_or_has_no_history_is_not_scored() -> None:
    had = person(6) + visits(6, 0, 1000, 1999) + [event(6, 1500, OUTCOME)]
    new = person(5) + visits(5, 1900, 1999)
    nobody = visits(4, 0, 1999)  # without a birth or a sex
    found = rows(case(1), control(10), had, new, nobody, person(8) + visits(8, 0, 2000))
    assert found.filter(pl.col("split") == "score")["subject_id"].to_list() == [8]


def test_a_row_a_subject_and_time_in_their_order() -> None:
    found = rows(case(3), control(12), control(2), person(8) + visits(8, 0, 2000))
    assert found.columns == [
        *("subject_id", "prediction_time", "boolean_value", "split", "sampling_weight")
    ]
    assert found["subject_id"].to_list() == sorted(found["subject_id"].to_list())


def test_a_case_is_asked_about_at_one_of_its_moments() -> None:
    many = person(1) + visits(1, 0, *range(400, 470)) + [event(1, 500, OUTCOME)]
    drawn = []
    for seed in range(6):
        found = rows(many, control(10), seed=seed)
        (row,) = found.filter(pl.col("boolean_value")).rows()
        drawn.append(row[1])
    assert all(day(400) <= one <= day(470) for one in drawn)
    assert len(set(drawn)) > 1


@pytest.mark.parametrize(
    ("history", "message"),
    [
        ([person(1), visits(1, 0, 100)], "none of 1 subjects has a prediction time that fits"),
        ([control(1), control(2)], "no case: 4 prediction times of 2 subjects fit"),
        ([visits(1, 0, 400, 796)], r"\(1 are of subjects without a birth, or a sex"),
        ([case(1), control(2, sex="M")], "no control matches any of 1 cases in age, sex, site, t"),
    ],
)
def test_too_few_patients_are_told_in_numbers(history: list[Any], message: str) -> None:
    with pytest.raises(ChartlineError, match=message):
        rows(*history)


# People and splits


def test_people_have_a_birth_and_the_span_of_their_care() -> None:
    found = people_of(
        events(
            person(2, sex="M", site=None),
            visits(2, 5, 9, 7),
            person(1),
            event(1, None, "SITE//B"),
            visits(1, 3),
            [event(3, -9000, "MEDS_BIRTH"), *visits(3, 1)],  # no sex
            [event(4, None, "GENDER//F"), *visits(4, 1)],  # no birth
            person(5),  # no care
            event(6, None, "SEX//male"),
            event(6, -9000, "MEDS_BIRTH"),
            visits(6, 1, 2),
        )
    )
    assert found.select("subject_id", "male", "site", "first", "last").rows() == [
        (1, False, "SITE//A", day(3), day(3)),
        (2, True, None, day(5), day(9)),
        (3, None, None, day(1), day(1)),
        (6, True, None, day(1), day(2)),
    ]
    assert found["birth"].to_list()[3] == day(-9000)


def test_declared_splits_count_and_others_are_hashed() -> None:
    stream = events(visits(1, 0), visits(2, 0), visits(3, 0), visits(4, 0))
    declared = pl.DataFrame({"subject_id": [1, 2, 3], "split": ["held_out", "tuning", "train"]})
    found = dict(splits_of(stream, declared, 1).rows())
    assert {name: found[name] for name in (1, 2, 3)} == {1: "held_out", 2: "train", 3: "train"}
    assert found[4] == dict(splits_of(stream, None, 1).rows())[4]


def test_seven_in_ten_subjects_train_by_their_hash() -> None:
    stream = events(*(visits(number, 0, 1) for number in range(2000)))
    found = splits_of(stream, None, 1)
    assert len(found) == 2000
    assert found.filter(pl.col("split") == "train").height == pytest.approx(1400, abs=80)
    assert found.filter(pl.col("split") == "held_out").height == pytest.approx(600, abs=80)
    again = splits_of(stream, None, 2).join(found, on="subject_id")
    assert again.filter(pl.col("split") != pl.col("split_right")).height > 400


def test_moments_have_their_label_and_the_end_of_their_window() -> None:
    found = prediction_times(events(case(1), control(2)), TASK).sort(
        "subject_id", "prediction_time"
    )
    assert found.rows() == [
        (1, day(400), True, day(430), day(795)),
        (2, day(400), False, day(430), day(795)),
        (
            2,
            day(796),
            False,
            day(826),
            day(1191),
        ),  # the last visit, which is no prediction time of a control
    ]
    none = prediction_times(events(person(1), visits(1, 0)), TASK)
    assert none.is_empty()
    assert none.schema == found.schema


HYPERKALEMIA = """
predicates:
  high_k: {code: LOINC//2823-3, value_min: 5.5, value_min_inclusive: true}
trigger: _ANY_EVENT
windows:
  before: {start: null, end: trigger, start_inclusive: true, end_inclusive: true,
           has: {high_k: "(None, 0)"}, index_timestamp: end}
  target: {start: trigger, end: start + 365d, start_inclusive: false, end_inclusive: true,
           label: high_k}
"""
MEN = """
patient_demographics:
  man: {code: {any: [GENDER//M, SEX//M]}}
"""


def declared(folder: Path, text: str) -> tasks.Task:
    (folder / "task.yaml").write_text(text, "utf-8")
    return tasks.load(str(folder / "task.yaml"))


def potassium(subject: int, when: float, value: float | None) -> dict[str, Any]:
    return event(subject, when, "LOINC//2823-3", numeric_value=value)


@pytest.mark.parametrize(
    ("value", "label"), [(5.4, False), (5.5, True), (6.0, True), (None, False)]
)
def test_an_outcome_may_be_a_value(tmp_path: Path, value: float | None, label: bool) -> None:
    task = declared(tmp_path, HYPERKALEMIA)
    stream = events(person(1), visits(1, 0), potassium(1, 90, value))
    found = prediction_times(stream, task).sort("prediction_time")
    # the birth is an event as well, as for es-aces
    assert found["label"].to_list() == ([False, True] if label else [False, False, False])
    assert stream.filter(task.outcome).height == label
    assert stream.filter(~task.outcome).height == stream.height - label


def test_who_is_scored_has_no_such_value_yet(tmp_path: Path) -> None:
    people = [person(n) + visits(n, 0) for n in (1, 2, 3, 4)]
    values = [potassium(1, 90, 6.0), potassium(2, 90, 4.0), potassium(3, 90, None)]
    stream, now = events(*people, values), day(100)
    found = scoring_times(stream, people_of(stream), declared(tmp_path, HYPERKALEMIA), now)
    assert found["subject_id"].to_list() == [2, 3, 4]


def test_a_task_may_be_about_men_alone(tmp_path: Path) -> None:
    stream = events(
        *(person(n, sex=sex) + visits(n, 0, 9) for n, sex in ((1, "F"), (2, "M"), (3, "F")))
    )
    found = prediction_times(stream, declared(tmp_path, HYPERKALEMIA + MEN))
    assert set(found["subject_id"]) == {2}
    assert set(prediction_times(stream, declared(tmp_path, HYPERKALEMIA))["subject_id"]) == {
        1,
        2,
        3,
    }


def test_the_outcome_and_its_synonyms_are_told_by_their_codes() -> None:
    codes = ["ICD10//I50", "ICD10CM//I11.0", "ICD10//I11.9", "ICD10//I51", "ATC//C09DX04", "X//I50"]
    found = pl.DataFrame({"code": codes}).select(TASK.outcome.alias("a"), TASK.synonyms.alias("b"))
    assert found["a"].to_list() == [True, True, False, False, False, False]
    assert found["b"].to_list() == [False, False, False, False, True, False]


def test_tasks_that_come_with_chartline_are_named_and_described() -> None:
    assert "heart_failure" in tasks.shipped()
    assert tasks.shipped() == sorted(tasks.shipped())
    assert TASK.name == "heart_failure"
    assert TASK.description.startswith("First heart failure")
    assert tasks.Matching().controls == 4


DERIVED = """
predicates:
  codes: {code: {regex: "^ICD10//I50"}}
  drug: {code: "ATC//C09DX04"}
  failure: {expr: "or(codes, drug)"}
trigger: _ANY_EVENT
windows:
  history: {start: null, end: trigger - 365d, start_inclusive: true, end_inclusive: true,
            has: {_ANY_EVENT: "(1, None)"}, index_timestamp: end}
  target: {start: trigger, end: start + 100d, start_inclusive: false, end_inclusive: true,
           label: failure}
"""


def test_an_outcome_may_be_derived_from_others(tmp_path: Path) -> None:
    (tmp_path / "failure.yaml").write_text(DERIVED, "utf-8")
    task = tasks.load(str(tmp_path / "failure.yaml"))
    codes = pl.DataFrame({"code": ["ICD10//I50.1", "ATC//C09DX04", "ATC//C09DX01"]})
    found = codes.select(task.outcome.alias("outcome"), task.synonyms.alias("synonyms"))
    assert found["outcome"].to_list() == [True, True, False]
    assert found["synonyms"].to_list() == [False, False, False]
    assert (task.name, task.description) == ("failure", "failure")
    assert task.matching == tasks.Matching()
    drug = person(2) + visits(2, 0, 400) + [event(2, 450, "ATC//C09DX04")]
    times = prediction_times(events(case(1, 450), drug, control(3)), task)
    assert set(times["label"]) == {True, False}
    assert set(times.filter("label")["subject_id"]) == {1, 2}


@pytest.mark.parametrize(
    "matching",
    [{"age_years": 0}, {"age_years": -1}, {"time_days": 0}, {"controls": 0}, {"match": []}],
)
def test_matching_has_controls_and_bands_of_some_width(matching: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        tasks.Matching.model_validate(matching)
    assert tasks.Matching(age_years=0.5, time_days=1, controls=1, match=["sex"]).age_years == 0.5


@pytest.mark.parametrize(
    ("code", "male"),
    [
        *((f"SEX//{word}", True) for word in ("homme", "varón", "Uomo", "männlich", "man", "8507")),
        *((f"GENDER//{word}", False) for word in ("mulher", "FRAU", "donna", "8532", "woman")),
        *((f"GENDER//{word}", None) for word in ("X", "Unknown", "V", "other", "Manchester")),
    ],
)
def test_a_sex_is_one_of_two_or_unknown(code: str, male: bool | None) -> None:
    born = event(1, -9000, "MEDS_BIRTH")
    assert people_of(events([born, event(1, None, code)], visits(1, 1)))["male"][0] is male


def test_two_sexes_are_none() -> None:
    both = [event(1, None, "GENDER//F"), event(1, None, "SEX//homme")]
    assert people_of(events(person(1), both, visits(1, 1)))["male"][0] is None


def test_who_is_of_unknown_sex_is_matched_with_nobody_and_is_scored() -> None:
    seen = person(8, sex="X") + visits(8, 0, 2000)
    found = rows(case(1), control(10), case(2, sex="X"), control(9, sex="X"), seen)
    labelled = found.drop_nulls("boolean_value")["subject_id"].to_list()
    assert labelled == [1, 10]
    assert 8 in found.filter(pl.col("split") == "score")["subject_id"].to_list()


def test_a_fact_about_a_person_holds_at_each_time_of_a_derived_predicate(tmp_path: Path) -> None:
    derived = HYPERKALEMIA.replace(
        "trigger: _ANY_EVENT", '  high_in_man: {expr: "and(man, high_k)"}\ntrigger: _ANY_EVENT'
    ).replace("label: high_k", "label: high_in_man")
    values = [potassium(2, 90, 6.0), potassium(2, 95, 6.0)]
    stream = events(person(2, sex="M"), visits(2, 0), values)
    found = prediction_times(stream, declared(tmp_path, derived + MEN))
    assert found.sort("prediction_time")["label"].to_list() == [False, True]


def test_a_birth_is_no_time_of_care(tmp_path: Path) -> None:
    """es-aces counts it as an event, so that it may be a trigger; no case or control is taken."""
    task = declared(tmp_path, HYPERKALEMIA.replace("value_min: 5.5", "value_min: 1"))
    young = person(1, age=0.5) + visits(1, 0, 30) + [potassium(1, 90, 6.0)]
    stream = events(young, *(person(n, age=0.5) + visits(n, 0, 30, 500) for n in range(2, 9)))
    assert day(-0.5 * 365.25) in prediction_times(stream, task)["prediction_time"].to_list()
    splits = splits_of(stream, None, 1)
    for seed in range(8):  # of the draw among a patient's prediction times
        settings = OnsetSettings(seed=seed)
        found = build_cohort(stream, splits, task, settings, date(2020, 1, 1))
        assert found.filter(pl.col("prediction_time") < day(0)).is_empty()
    counts = drawn(stream, splits, task, settings, date(2020, 1, 1)).counts
    assert dict(counts.select("what", "subjects").rows())["left out: before the first care"] == 8
