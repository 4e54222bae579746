"""The patients of the simulated cohort: their conditions month by month, and their true risk."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from synthesis.patients.rates import CONDITIONS, DRIVES, LOG_HAZARD, ONSET
from synthesis.patients.vocabulary import SITES

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

START = datetime(2012, 1, 1, tzinfo=UTC)
MONTHS = 132  # length of the simulated records
MONTHS_BEFORE = 240  # months before START from which on conditions may begin
AGES = (58, 13)  # mean and standard deviation in years at START
AGE_RANGE = (25, 88)
MALE_SHARE = 0.48


@dataclass
class People:
    """The state of `n` patients in the month that is simulated.

    Attributes:
        birth: Months from birth to START, shape `(n,)`.
        male: Shape `(n,)`.
        site: The number of the hospital that writes the record, shape `(n,)`.
        active: Which conditions a patient has, shape `(n, conditions)`.
        failed: The month of heart failure; MONTHS if not yet, -1 if it fell outside the record.
    """

    birth: Floats
    male: Bools
    site: Integers
    active: Bools
    failed: Integers

    def age(self, month: int) -> Floats:
        """Ages in years, shape `(n,)`."""
        return (self.birth + month) / 12


def people_at_start(count: int, rng: np.random.Generator) -> People:
    """`count` patients with the conditions that began before START."""
    birth = np.clip(rng.normal(*AGES, count), *AGE_RANGE) * 12
    people = People(
        birth,
        rng.random(count) < MALE_SHARE,
        rng.integers(0, SITES, count),
        np.zeros((count, len(CONDITIONS)), bool),
        np.full(count, MONTHS),
    )
    for month in range(-MONTHS_BEFORE, 0):
        begin_conditions(people.active, people, month, rng)
    return people


def begin_conditions(
    active: Bools,
    people: People,
    month: int,
    rng: np.random.Generator,
    who: Integers | None = None,
) -> None:
    """Lets conditions begin in a month.

    Args:
        active: The conditions, shape `(rows, conditions)`; changed in place.
        people: The patients.
        month: The month, counted from START.
        rng: The source of random numbers.
        who: The patient of each row of `active`; all of them, in order, where None.
    """
    age = people.age(month) if who is None else people.age(month)[who]
    male = people.male if who is None else people.male[who]
    base = np.array([ONSET[name] for name in CONDITIONS])
    rate = base[:, 0] + base[:, 1] * ((age[:, None] - 60) / 10) + base[:, 2] * male[:, None]
    rate = rate + active @ _DRIVE
    active |= rng.random(active.shape, dtype=np.float32) < np.exp(rate)


def _drive_matrix() -> Floats:
    matrix = np.zeros((len(CONDITIONS), len(CONDITIONS)))
    for (cause, effect), ratio in DRIVES.items():
        matrix[CONDITIONS.index(cause), CONDITIONS.index(effect)] = ratio
    return matrix


_DRIVE = _drive_matrix()
_WEIGHT = np.array([LOG_HAZARD.get(name, 0.0) for name in CONDITIONS])


def failure_probability(
    active: Bools, people: People, month: int, who: Integers | None = None
) -> Floats:
    """The probability of heart failure in a month, shape `(rows,)`; `who` as above."""
    age = people.age(month) if who is None else people.age(month)[who]
    return 1 - np.exp(
        -np.exp(LOG_HAZARD["intercept"] + LOG_HAZARD["decade"] * (age - 60) / 10 + active @ _WEIGHT)
    )


def true_risk(
    people: People,
    who: Integers,
    month: int,
    gap: int,
    window: int,
    replicates: int,
    rng: np.random.Generator,
) -> pl.DataFrame:
    """The risk of heart failure within `window` months that begin `gap` months after `month`.

    Simulates the conditions of the patients `who` onwards from this month, `replicates` times, and
    averages the probability of failing over these futures, which is less noisy than counting
    failures. It is conditional on no failure in the gap.

    Returns:
        subject_id, time, risk.
    """
    repeated = np.repeat(who, replicates)
    active = people.active[repeated].copy()
    free, free_at_gap = np.ones(len(repeated)), np.ones(len(repeated))
    for ahead in range(1, gap + window + 1):
        begin_conditions(active, people, month + ahead, rng, repeated)
        free *= 1 - failure_probability(active, people, month + ahead, repeated)
        if ahead == gap:
            free_at_gap = free.copy()
    shape = (len(who), replicates)
    risk = (free_at_gap - free).reshape(shape).mean(1) / free_at_gap.reshape(shape).mean(1)
    return pl.DataFrame(
        {
            "subject_id": who + 1,
            "time": [first_day(month)] * len(who),
            "risk": np.round(risk, 5).astype(np.float32),
        },
        schema_overrides={"time": pl.Datetime("us", "UTC"), "subject_id": pl.Int64},
    )


def first_day(month: int) -> datetime:
    """The first day of a month that is counted from START."""
    return datetime(START.year + month // 12, 1 + month % 12, 1, tzinfo=UTC)
