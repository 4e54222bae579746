"""The simulated cohort: reproducible, in MEDS columns, with a hazard that is known."""

import numpy as np
import polars as pl
import pytest

from chartline.models.onset import evaluation
from synthesis.patients import vocabulary
from synthesis.patients.people import People, failure_probability
from synthesis.patients.rates import CONDITIONS, DRIVES, LOG_HAZARD, ONSET, hazard_document
from synthesis.patients.simulation import Cohort, simulate


def test_same_seed_same_cohort() -> None:
    one, other = simulate(60, 5, replicates=1), simulate(60, 5, replicates=1)
    assert one.events.equals(other.events)
    assert one.risk.equals(other.risk)


def test_events_are_meds(cohort: Cohort) -> None:
    assert cohort.events["subject_id"].is_sorted()
    dated = cohort.events.drop_nulls("time")
    birth = dated.filter(pl.col("code") == "MEDS_BIRTH").select("subject_id", birth="time")
    assert len(birth) == dated["subject_id"].n_unique()
    after = dated.join(birth, on="subject_id").select(pl.col("time") >= pl.col("birth"))
    assert after.to_series().all()


def test_every_rate_is_in_the_document_of_the_hazard() -> None:
    document = hazard_document()
    assert document["log_hazard_of_heart_failure_a_month"] == LOG_HAZARD
    assert document["onset_log_rate_decade_male"] == ONSET
    assert document["drives"] == {
        f"{cause} -> {effect}": r for (cause, effect), r in DRIVES.items()
    }


def test_heart_failure_follows_the_hazard() -> None:
    """A woman of 60 without a condition, the same at 70, and at 60 with dysfunction."""
    active = np.zeros((3, len(CONDITIONS)), bool)
    active[2, CONDITIONS.index("dysfunction")] = True
    birth = np.array([60.0, 70.0, 60.0]) * 12
    none = np.zeros(3, np.int64)
    people = People(birth, np.zeros(3, bool), none, active, none)
    log_hazard = LOG_HAZARD["intercept"] + np.array(
        [0.0, LOG_HAZARD["decade"], LOG_HAZARD["dysfunction"]]
    )
    assert failure_probability(active, people, 0) == pytest.approx(1 - np.exp(-np.exp(log_hazard)))


def test_risk_predicts_heart_failure(cohort: Cohort) -> None:
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


def test_frequencies_of_a_condition_sum_to_one_and_fall_along_a_row() -> None:
    for codes, frequencies in vocabulary.clusters().values():
        assert len(codes) == len(frequencies) == len(set(codes))
        assert frequencies.sum() == pytest.approx(1)
    codes, frequencies = vocabulary.clusters()["diabetes"]
    row = [frequencies[codes.index(code)] for code in vocabulary.expanded("ATC//A10BH{01-05}")]
    assert row == sorted(row, reverse=True)


@pytest.mark.parametrize("code", ["ICD10//I50.9", "ATC//C03CA01", "LOINC//4548-4"])
def test_each_site_has_its_way_of_writing_a_code(code: str) -> None:
    for site in range(vocabulary.SITES):
        written = dict(vocabulary.variants(code, site))
        assert sum(written.values()) == pytest.approx(1)
        local = any(name.startswith(f"LOCAL{site}//") for name in written)
        assert local == (code.startswith("ATC") and site >= vocabulary.ATC_SITES)
