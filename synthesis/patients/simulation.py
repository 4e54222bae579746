"""A simulated cohort in which heart failure arises from a known hazard; so the best AUC is known.

Time runs in months. Conditions, which no record shows directly, begin at rates that depend on age,
sex and each other. While a patient has one, visits add codes from a cluster of near synonyms,
chosen by habits that differ by site. The hazard of heart failure depends on the conditions
(`rates.LOG_HAZARD`). The risk of a patient is found by simulating onwards from these conditions: a
model that sees only codes cannot do better, except by chance.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from synthesis.patients.people import (
    MONTHS,
    Bools,
    People,
    begin_conditions,
    failure_probability,
    people_at_start,
    true_risk,
)
from synthesis.patients.records import events_of_month, habits_of_sites, static_events

ENTRY_MONTHS = 24  # a record begins in one of the first 24 months and lasts at least as long
LEAVING = 0.008  # probability a month that a record ends
SPLITS = {"train": 0.6, "tuning": 0.1, "held_out": 0.3}


@dataclass(frozen=True)
class Cohort:
    """A simulated cohort.

    Attributes:
        events: In MEDS columns.
        splits: subject_id, split.
        risk: subject_id, time, risk: what a model that knew the conditions would predict.
    """

    events: pl.DataFrame
    splits: pl.DataFrame
    risk: pl.DataFrame


def simulate(
    patients: int, seed: int, gap_months: int = 1, window_months: int = 12, replicates: int = 48
) -> Cohort:
    """Simulates a cohort; the same arguments give the same cohort.

    Args:
        patients: Their number.
        seed: Of the random numbers.
        gap_months: From the month of a prediction to the beginning of the window.
        window_months: Length of the window in which heart failure counts.
        replicates: Futures that are simulated for each risk; with 0 the table of risks is empty.
    """
    rng = np.random.default_rng(seed)
    people = people_at_start(patients, rng)
    enter = rng.integers(0, ENTRY_MONTHS, patients)
    leave = np.minimum(MONTHS, enter + rng.geometric(LEAVING, patients) + ENTRY_MONTHS)
    habits = habits_of_sites(rng)
    frames, risks = [], []
    for month in range(MONTHS):
        in_record = (month >= enter) & (month < leave)
        begin_conditions(people.active, people, month, rng)
        _fail(people, month, in_record, rng)
        present = in_record & (people.failed != -1)
        frames.append(events_of_month(people, month, present, habits, rng))
        if replicates:
            at_risk = np.flatnonzero(present & (people.failed >= MONTHS))
            risks.append(
                true_risk(people, at_risk, month, gap_months, window_months, replicates, rng)
            )
    events = pl.concat([static_events(people), *frames])
    events = events.sort("subject_id", "time", "code", nulls_last=False, maintain_order=True)
    return Cohort(events, _splits(patients, rng), _all_risks(risks))


def _fail(people: People, month: int, in_record: Bools, rng: np.random.Generator) -> None:
    """Lets heart failure arise in a month.

    Before or after the record it makes the patient neither a case nor one who is followed (-1).
    """
    healthy = people.failed >= MONTHS
    probability = failure_probability(people.active, people, month)
    failing = healthy & (rng.random(len(healthy)) < probability)
    people.failed[failing & in_record] = month
    people.failed[failing & ~in_record] = -1


def _all_risks(parts: list[pl.DataFrame]) -> pl.DataFrame:
    empty = pl.DataFrame(
        schema={"subject_id": pl.Int64, "time": pl.Datetime("us", "UTC"), "risk": pl.Float32}
    )
    return pl.concat([empty, *parts]).sort("subject_id", "time")


def _splits(count: int, rng: np.random.Generator) -> pl.DataFrame:
    names = rng.choice(list(SPLITS), count, p=list(SPLITS.values()))
    return pl.DataFrame({"subject_id": np.arange(1, count + 1), "split": names.tolist()})
