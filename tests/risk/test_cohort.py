"""Cases, controls and patients to score are as the task says; a file without one is refused."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from aces.query import query

from chartline.core.errors import ChartlineError, UsageError
from chartline.core.settings import OnsetSettings
from chartline.risk import tasks
from chartline.risk.cohort import cohort as build_cohort
from chartline.risk.people import people_of
from chartline.risk.prediction_times import prediction_times
from chartline.risk.splits import SCORE, splits_of
from chartline.risk.tasks import Task
from synthesis.patients.simulation import Cohort

GAP, TARGET, HISTORY = 30, 365, 365
SETTINGS, RUN_DATE = OnsetSettings(seed=1), date(2026, 1, 1)


@pytest.fixture(scope="module")
def task() -> Task:
    return tasks.load("heart_failure")


@pytest.fixture(scope="module")
def splits(events: pl.DataFrame, cohort: Cohort) -> pl.DataFrame:
    return splits_of(events, cohort.splits, 1)


@pytest.fixture(scope="module")
def rows(events: pl.DataFrame, splits: pl.DataFrame, task: Task) -> pl.DataFrame:
    return build_cohort(events, splits, task, SETTINGS, RUN_DATE)


def first_outcome(events: pl.DataFrame, task: Task) -> pl.DataFrame:
    return events.filter(task.outcome).group_by("subject_id").agg(outcome=pl.col("time").min())


def test_a_case_has_its_outcome_in_the_window_and_none_before(
    events: pl.DataFrame, rows: pl.DataFrame, task: Task
) -> None:
    cases = rows.filter(pl.col("boolean_value")).join(first_outcome(events, task), on="subject_id")
    wait = (cases["outcome"] - cases["prediction_time"]).dt.total_days()
    assert len(cases) == len(rows.filter(pl.col("boolean_value"))) > 20
    assert wait.min() >= GAP  # type: ignore[operator]
    assert wait.max() <= GAP + TARGET  # type: ignore[operator]


def test_a_control_is_free_of_it_and_followed_to_the_end(
    events: pl.DataFrame, rows: pl.DataFrame, task: Task
) -> None:
    end = pl.col("prediction_time") + pl.duration(days=GAP + TARGET)
    controls = rows.filter(~pl.col("boolean_value")).join(people_of(events), on="subject_id")
    assert controls.filter(pl.col("last") < end).is_empty()
    assert (
        controls.join(first_outcome(events, task), on="subject_id")
        .filter(pl.col("outcome") <= end)
        .is_empty()
    )


def test_everyone_has_history_and_no_row_twice(events: pl.DataFrame, rows: pl.DataFrame) -> None:
    joined = rows.join(people_of(events), on="subject_id")
    assert joined.filter(
        pl.col("first") > pl.col("prediction_time") - pl.duration(days=HISTORY)
    ).is_empty()
    assert not rows.select("subject_id", "prediction_time").is_duplicated().any()


def test_controls_share_their_cases_bands(
    events: pl.DataFrame, rows: pl.DataFrame, task: Task
) -> None:
    banded = (
        rows.drop_nulls("boolean_value")
        .join(people_of(events), on="subject_id")
        .with_columns(
            age=((pl.col("prediction_time") - pl.col("birth")).dt.total_days() / 365.25 // 5),
            time=pl.col("prediction_time").dt.epoch("d") // 183,
        )
    )
    sizes = banded.group_by("male", "site", "age", "time").agg(
        cases=pl.col("boolean_value").sum(), controls=(~pl.col("boolean_value")).sum()
    )
    assert sizes.filter(pl.col("controls") > task.matching.controls * pl.col("cases")).is_empty()
    assert sizes["controls"].sum() > 0


def test_the_moments_are_those_of_aces(events: pl.DataFrame, task: Task) -> None:
    """The same task over a table of predicates written by hand here."""
    care = events.filter(pl.col("time").is_not_null())
    table = (
        care.group_by("subject_id", timestamp=pl.col("time").dt.replace_time_zone(None))
        .agg(
            pl.lit(1, pl.Int64).alias("_ANY_EVENT"),
            heart_failure=pl.col("code").str.contains("ICD10//I50").cast(pl.Int64).sum(),
        )
        .sort("subject_id", "timestamp")
    )
    expected = query(tasks.load("heart_failure").config, table)
    found = prediction_times(events, task)
    assert len(found) == len(expected)
    assert found.equals(
        prediction_times(events, task)
    )  # ACES changes the task that it is given: ours must not care
    assert found["label"].sum() == (expected["label"] > 0).sum()


def test_another_outcome_needs_no_other_code(events: pl.DataFrame, splits: pl.DataFrame) -> None:
    rows = build_cohort(events, splits, tasks.load("kidney_disease"), SETTINGS, RUN_DATE)
    kidney = events.filter(pl.col("code").str.starts_with("ICD10//N18"))["subject_id"].unique()
    cases = rows.filter(pl.col("boolean_value"))["subject_id"]
    assert len(cases) > 5
    assert cases.is_in(kidney.implode()).all()


def test_who_is_scored_was_seen_lately_and_never_had_it(
    events: pl.DataFrame, rows: pl.DataFrame, task: Task
) -> None:
    scored = rows.filter(pl.col("split") == SCORE).join(people_of(events), on="subject_id")
    assert len(scored) > 50
    assert scored.filter(
        pl.col("last") < pl.col("prediction_time") - pl.duration(days=367)
    ).is_empty()
    assert scored.join(first_outcome(events, task), on="subject_id").is_empty()


def declared(tmp_path: Path, change: dict[str, str]) -> str:
    text = (Path(tasks.__file__).parent / "cohorts" / "heart_failure.yaml").read_text("utf-8")
    for old, new in change.items():
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "task.yaml").write_text(text, "utf-8")
    return str(tmp_path / "task.yaml")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"label: heart_failure": "label: stroke"}, "not a task"),
        ({"controls: 4": "controls: 0"}, "metadata.controls"),
        ({"controls: 4": "cotrols: 4"}, "metadata.cotrols"),
        ({"trigger: _ANY_EVENT": "trigger: [1"}, "not a task"),
        ({"synonyms:": "synonyms: 7 #"}, "metadata.synonyms|not a task"),
        ({"start + 30d": "begin + 30d"}, "not a task"),
        ({"start + 30d": "start + 0d"}, "the window gap is of no length"),
        ({"start + 365d": "start"}, "the window target is of no length"),
        ({"label: heart_failure": "index_timestamp: end"}, "not a task"),
        ({'regex: "^ICD10': 'regex: "(^ICD10'}, "not a task"),
        ({"    code: {": "    ward: B\n    code: {"}, "ward"),
    ],
)
def test_what_is_no_task_is_refused_in_one_line(
    tmp_path: Path, change: dict[str, str], message: str
) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        tasks.load(declared(tmp_path, change))
    assert "\n" not in str(caught.value)


def test_an_unknown_name_lists_the_known() -> None:
    with pytest.raises(UsageError, match="heart_failure, kidney_disease"):
        tasks.load("stroke")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"code: {regex": 'code: {regex: "^X99" } # '}, "no case: "),
        ({"trigger - 365d": "trigger - 36500d"}, "none of 900 subjects has a prediction time"),
    ],
)
def test_a_cohort_without_cases_or_history_is_told_with_counts(
    tmp_path: Path, events: pl.DataFrame, splits: pl.DataFrame, change: dict[str, str], message: str
) -> None:
    changed = tasks.load(declared(tmp_path, change))
    with pytest.raises(ChartlineError, match=message):
        build_cohort(events, splits, changed, SETTINGS, RUN_DATE)
