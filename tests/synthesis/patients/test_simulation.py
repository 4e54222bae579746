"""The invented cohort: its hazard is written down, and its own risk is the best there is."""

import polars as pl
import pytest

from chartline.models.onset import evaluation
from synthesis.patients.simulation import LOG_HAZARD, Cohort, hazard_document, simulate


def test_same_seed_same_cohort() -> None:
    one, other = simulate(60, 5, replicates=1), simulate(60, 5, replicates=1)
    assert one.events.equals(other.events)
    assert one.risk.equals(other.risk)


def test_events_are_meds(cohort: Cohort) -> None:
    assert cohort.events["subject_id"].is_sorted()
    dated = cohort.events.drop_nulls("time")
    birth = dated.filter(pl.col("code") == "MEDS_BIRTH").select("subject_id", birth="time")
    assert len(birth) == dated["subject_id"].n_unique()
    assert (
        (dated.join(birth, on="subject_id").select(pl.col("time") >= pl.col("birth")))
        .to_series()
        .all()
    )


def test_the_hazard_is_written_down() -> None:
    assert hazard_document()["log_hazard_of_heart_failure_a_month"] == LOG_HAZARD


def test_risk_tells_who_fails(cohort: Cohort) -> None:
    first = (
        cohort.events.filter(pl.col("code").str.starts_with("ICD10//I50"))
        .group_by("subject_id")
        .agg(failed=pl.col("time").min())
    )
    month = cohort.risk.filter(pl.col("time") == pl.datetime(2016, 1, 1, time_zone="UTC")).join(
        first, on="subject_id", how="left"
    )
    wait = (month["failed"] - month["time"]).dt.total_days()
    truth = wait.is_between(31, 31 + 365).fill_null(False).to_numpy()
    assert truth.sum() >= 5
    assert evaluation.auc(truth, month["risk"].to_numpy()) > 0.7


def test_auc_agrees_with_scikit_learn() -> None:
    import numpy as np
    from sklearn.metrics import roc_auc_score

    rng = np.random.default_rng(1)
    truth, risk = rng.random(300) < 0.3, rng.integers(0, 9, 300) / 9
    assert evaluation.auc(truth, risk) == pytest.approx(roc_auc_score(truth, risk))
