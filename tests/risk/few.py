"""Cohorts of a few patients by hand: a case, a control, and the rows that come of them."""

from datetime import date
from typing import Any

import polars as pl
from risk.small import event, events, person

from chartline.core.settings import OnsetSettings
from chartline.risk import tasks
from chartline.risk.cohort import cohort as build_cohort
from chartline.risk.splits import splits_of
from chartline.risk.tasks import Task

TASK = tasks.load("heart_failure")
OUTCOME = "ICD10//I50.9"
VISIT = "A//visit"


def visits(subject: int, *when: float) -> list[dict[str, Any]]:
    return [event(subject, one, VISIT) for one in when]


def case(subject: int, onset: float = 500.0, **who: Any) -> list[Any]:
    """A person with one prediction time that fits, day 400, before the outcome."""
    return person(subject, **who) + visits(subject, 0, 400) + [event(subject, onset, OUTCOME)]


def control(subject: int, when: float = 400.0, **who: Any) -> list[Any]:
    """A person without the outcome, with one prediction time and two years of record after it."""
    return person(subject, **who) + visits(subject, 0, when, when + 396)


def rows(
    *history: Any,
    seed: int = 1,
    run_date: date = date(2020, 1, 1),
    task: Task = TASK,
    **settings: Any,
) -> pl.DataFrame:
    stream = events(*history)
    splits = splits_of(stream, None, seed)
    return build_cohort(stream, splits, task, OnsetSettings(seed=seed, **settings), run_date)


def chosen(found: pl.DataFrame, outcome: bool) -> list[int]:
    return found.filter(pl.col("boolean_value") == outcome)["subject_id"].to_list()


def scored(found: pl.DataFrame) -> list[int]:
    return found.filter(pl.col("split") == "score")["subject_id"].to_list()
