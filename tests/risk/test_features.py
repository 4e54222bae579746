"""Nothing from the prediction's day on, and nothing of the outcome, can enter a feature."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from scipy import sparse

from chartline.core.settings import EmbeddingSettings, FeatureSettings, OnsetSettings
from chartline.core.tables import Events, FeatureDictionary, cast_to
from chartline.history.events import STATIC
from chartline.models.concept_vectors import prototypes
from chartline.risk import embeddings, features, tasks
from chartline.risk.cohort import cohort as build_cohort
from chartline.risk.splits import splits_of
from chartline.risk.tasks import Task
from synthesis.patients.simulation import Cohort

SETTINGS = FeatureSettings(prototypes=6, windows_days=[365, 1460])


@pytest.fixture(scope="module")
def task() -> Task:
    return tasks.load("heart_failure")


@pytest.fixture(scope="module")
def rows(events: pl.DataFrame, cohort: Cohort, task: Task) -> pl.DataFrame:
    return build_cohort(
        events, splits_of(events, cohort.splits, 1), task, OnsetSettings(seed=1), date(2026, 1, 1)
    )


@pytest.fixture(scope="module")
def vectors(events: pl.DataFrame) -> pl.DataFrame:
    return embeddings.concept_vectors(
        events, events["subject_id"].unique(), EmbeddingSettings(dimensions=8)
    )


def test_the_future_changes_no_feature(
    events: pl.DataFrame, rows: pl.DataFrame, vectors: pl.DataFrame, task: Task
) -> None:
    """Plants a leak: from each prediction's day on, each subject gets every code there is."""
    once = rows.filter(
        pl.len().over("subject_id") == 1
    )  # a subject's later row may see what was planted for an earlier one
    before = features.features(events, vectors, once, task, SETTINGS)
    codes = events.filter(~pl.col("code").str.contains(STATIC)).select(pl.col("code").unique())
    planted = pl.concat(
        once.select(
            "subject_id", time=pl.col("prediction_time").dt.truncate("1d") + timedelta(days=days)
        ).join(codes, how="cross")
        for days in (0, 1, 200)
    ).with_columns(source=pl.lit("ehr"))
    after = features.features(
        pl.concat([events, cast_to(planted, Events)]), vectors, once, task, SETTINGS
    )
    assert after.table.equals(before.table)
    assert len(once) > 100


def test_the_outcomes_codes_are_no_feature(
    events: pl.DataFrame, rows: pl.DataFrame, task: Task
) -> None:
    known = features.observed(events, rows, task, 1460)
    assert known.filter(task.outcome).is_empty()
    day = pl.col("prediction_time").dt.truncate("1d")
    assert known.filter(pl.col("time") >= day).is_empty()
    assert len(known) > 1000


def test_one_row_a_subject_and_time(
    events: pl.DataFrame, rows: pl.DataFrame, vectors: pl.DataFrame, task: Task
) -> None:
    table = features.features(events, vectors, rows, task, SETTINGS).table
    assert not table.select("subject_id", "prediction_time").is_duplicated().any()
    assert len(table) == len(rows)
    assert table.drop("boolean_value", "sampling_weight").null_count().sum_horizontal().item() == 0


def test_every_column_is_in_the_dictionary(
    events: pl.DataFrame, rows: pl.DataFrame, vectors: pl.DataFrame, task: Task
) -> None:
    every = FeatureSettings(
        prototypes=4,
        windows_days=[90, 365],
        pools=["presence", "sum", "mean", "recency", "frequency"],
    )
    built = features.features(events, vectors, rows, task, every, {"ICD10//I10": "hypertension"})
    FeatureDictionary.validate(built.dictionary)
    assert built.dictionary["name"].to_list() == built.table.columns
    assert set(built.dictionary["window_days"].drop_nulls()) == {90, 365}


def test_pools_are_what_they_say(
    events: pl.DataFrame, rows: pl.DataFrame, vectors: pl.DataFrame, task: Task
) -> None:
    table = features.features(
        events,
        vectors,
        rows,
        task,
        FeatureSettings(prototypes=4, windows_days=[365], pools=["presence", "sum", "mean"]),
    ).table
    assert table.select(pl.col("^presence_.*$")).min_horizontal().min() >= 0  # type: ignore[operator]
    assert table.select(pl.col("^presence_.*$")).max_horizontal().max() <= 1  # type: ignore[operator]
    none = table.filter(pl.col("events_365d") == 0)
    assert none.select(
        pl.col("^(presence|sum|mean)_.*$")
    ).sum().sum_horizontal().item() == pytest.approx(0)
    assert (none["days_since_last_365d"] == 365).all()


def test_presence_saturates_and_does_not_care_how_a_condition_is_written() -> None:
    places = np.array([[1.0, 0.0], [0.995, 0.0998], [0.0, 1.0]], np.float32)
    centres = prototypes.centres(places, 2, 1)
    found = prototypes.presence(
        sparse.csr_array([[2.0, 0, 0], [1, 1, 0], [9, 0, 0], [0, 0, 0]]),
        prototypes.affinities(places, centres),
    )
    assert np.abs(found[0] - found[1]).max() < 0.01
    assert found[2].max() <= 1
    assert found[3].max() == 0
