"""Nothing after the prediction time, and nothing of the outcome, can enter a feature."""

from datetime import timedelta

import polars as pl
import pytest

from models.onset.simulation import Cohort
from pipeline import embeddings, features
from pipeline.errors import ChartlineError
from pipeline.settings import Embedding, Onset
from pipeline.tables import Events, conform

ONSET = Onset()


@pytest.fixture(scope="module")
def events(cohort: Cohort) -> pl.DataFrame:
    frame = cohort.events.select("subject_id", "time", "code", text_value=pl.lit(None, pl.String), numeric_value=pl.lit(None, pl.Float32),
                                 source=pl.lit("ehr"), document_id=pl.lit(None, pl.String))  # fmt: skip
    return conform(frame.select(list(Events.columns())), Events)


@pytest.fixture(scope="module")
def splits(events: pl.DataFrame, cohort: Cohort) -> pl.DataFrame:
    return features.splits_of(events, cohort.splits, 1)


@pytest.fixture(scope="module")
def rows(events: pl.DataFrame, splits: pl.DataFrame) -> pl.DataFrame:
    return features.cohort(events, splits, ONSET)


@pytest.fixture(scope="module")
def vectors(events: pl.DataFrame) -> pl.DataFrame:
    return embeddings.concept_vectors(events, events["subject_id"].unique(), Embedding(dimensions=8, epochs=1))


def test_the_future_changes_no_feature(events: pl.DataFrame, rows: pl.DataFrame, vectors: pl.DataFrame) -> None:
    """Plants a leak: at and after every prediction time, each subject gets every code there is."""
    before = features.features(events, vectors, rows, ONSET)
    codes = events.select(pl.col("code").unique())
    planted = pl.concat(
        rows.select("subject_id", time=pl.col("prediction_time") + timedelta(days=days)).join(codes, how="cross")
        for days in (0, 1, 200)
    )
    planted = planted.with_columns(
        numeric_value=pl.lit(None, pl.Float32),
        text_value=pl.lit(None, pl.String),
        source=pl.lit("ehr"),
        document_id=pl.lit(None, pl.String),
    )
    # a subject's own later row may see what was planted for an earlier one: keep subjects with one row
    once = rows.filter(pl.len().over("subject_id") == 1).select("subject_id", "prediction_time")
    planted = planted.join(once, on="subject_id", how="semi").filter(~pl.col("code").str.contains(embeddings.STATIC))
    after = features.features(pl.concat([events, planted.select(events.columns)]), vectors, rows, ONSET)
    keys = ["subject_id", "prediction_time"]
    assert after.join(once, on=keys, how="semi").equals(before.join(once, on=keys, how="semi"))
    assert len(once) > 100


def test_the_outcomes_codes_are_no_feature(events: pl.DataFrame, rows: pl.DataFrame) -> None:
    known = features.observed(events, rows, ONSET)
    assert known.filter(features.is_outcome(ONSET.outcome)).is_empty()
    assert known.filter(pl.col("time") >= pl.col("prediction_time")).is_empty()


def test_cases_have_their_outcome_in_the_window(events: pl.DataFrame, rows: pl.DataFrame) -> None:
    first = events.filter(features.is_outcome(ONSET.outcome)).group_by("subject_id").agg(first=pl.col("time").min())
    cases = rows.filter(pl.col("boolean_value")).join(first, on="subject_id")
    wait = (cases["first"] - cases["prediction_time"]).dt.total_days()
    assert wait.min() > ONSET.gap_days  # type: ignore[operator]
    assert wait.max() <= ONSET.gap_days + ONSET.prediction_days + 1  # type: ignore[operator]
    controls = rows.filter(~pl.col("boolean_value")).join(first, on="subject_id")
    end = pl.duration(days=ONSET.gap_days + ONSET.prediction_days)
    assert controls.filter(pl.col("first") <= pl.col("prediction_time") + end).is_empty()


def test_controls_match_their_cases(rows: pl.DataFrame) -> None:
    labelled = rows.drop_nulls("boolean_value")
    cases, controls = (labelled.filter(pl.col("boolean_value") == value) for value in (True, False))
    assert controls["prediction_time"].is_in(cases["prediction_time"].implode()).all()
    assert 2 * len(cases) < len(controls) <= ONSET.controls * len(cases)


def test_one_row_a_subject_and_time(rows: pl.DataFrame, events: pl.DataFrame, vectors: pl.DataFrame) -> None:
    table = features.features(events, vectors, rows, ONSET)
    assert not table.select("subject_id", "prediction_time").is_duplicated().any()
    assert len(table) == len(rows)
    assert table.null_count().drop("boolean_value").sum_horizontal().item() == 0


def test_subjects_keep_one_split(rows: pl.DataFrame) -> None:
    labelled = rows.drop_nulls("boolean_value")
    assert labelled.group_by("subject_id").agg(pl.col("split").n_unique())["split"].max() == 1


def test_without_a_case_it_is_said(events: pl.DataFrame, splits: pl.DataFrame) -> None:
    with pytest.raises(ChartlineError, match="no case"):
        features.cohort(events, splits, Onset(outcome=["ICD10//X99"]))
