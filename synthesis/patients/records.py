"""The codes that the hospitals of the simulated cohort write about their patients."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from synthesis.patients import vocabulary
from synthesis.patients.people import START, Bools, Floats, Integers, People, first_day
from synthesis.patients.rates import CONDITIONS
from synthesis.patients.vocabulary import SITES

Codes = NDArray[np.str_]

ADDRESSED = 0.5  # probability that a visit is about a condition that the patient has
CODES_A_VISIT = 1.4  # mean number of codes for a condition that the visit is about
NOISE_A_VISIT = 0.7  # codes of no condition
AFTER_A_VISIT = 1.2  # codes of treatment, at visits after heart failure
OUTCOME_A_VISIT = 0.4  # heart failure coded again, at visits after it
VISIT_BASE, VISIT_A_CONDITION, VISIT_MOST = 0.03, 0.045, 0.8  # probability of a visit in a month
FAILURE_BURDEN = 2.0  # heart failure leads to as many visits as two conditions
DAYS = 28  # a visit falls on one of the first 28 days, which every month has


@dataclass(frozen=True)
class Habit:
    """How sites code a cluster: `chance[s, c]` is the probability that site `s` writes code `c`."""

    codes: Codes
    chance: Floats


def habits_of_sites(rng: np.random.Generator) -> dict[str, Habit]:
    """The habits of each cluster of codes: a common frequency, which each site varies at random."""
    habits = {}
    for name, (listed, common) in vocabulary.clusters().items():
        taste = common * rng.gamma(0.5, 2.0, (SITES, len(listed)))
        written = [
            (site, code, share * taste[site, place] / taste[site].sum())
            for site in range(SITES)
            for place, base in enumerate(listed)
            for code, share in vocabulary.variants(base, site)
        ]
        codes = {
            code: column
            for column, code in enumerate(dict.fromkeys(code for _, code, _ in written))
        }
        chance = np.zeros((SITES, len(codes)))
        for site, code, share in written:
            chance[site, codes[code]] += share
        habits[name] = Habit(np.array(list(codes)), chance)
    return habits


def events_of_month(
    people: People,
    month: int,
    present: Bools,
    habits: dict[str, Habit],
    rng: np.random.Generator,
) -> pl.DataFrame:
    """The events of a month, of the patients whose record covers it (`present`)."""
    burden = people.active.sum(1) + FAILURE_BURDEN * (people.failed <= month)
    probability = np.clip(VISIT_BASE + VISIT_A_CONDITION * burden, 0, VISIT_MOST)
    visit = present & (rng.random(len(present)) < probability)
    day = rng.integers(0, DAYS, len(present))
    later = visit & (people.failed < month) & (people.failed >= 0)
    about = {
        name: visit & people.active[:, index] & (rng.random(len(present)) < ADDRESSED)
        for index, name in enumerate(CONDITIONS)
    }
    site = people.site
    drawn = [
        _draw(np.flatnonzero(who), site, habits[name], CODES_A_VISIT, rng)
        for name, who in about.items()
    ]
    drawn.append(_draw(np.flatnonzero(visit), site, habits["noise"], NOISE_A_VISIT, rng))
    drawn.append(_draw(np.flatnonzero(later), site, habits["after"], AFTER_A_VISIT, rng))
    drawn.append(_draw(np.flatnonzero(later), site, habits["outcome"], OUTCOME_A_VISIT, rng))
    failing = np.flatnonzero(present & (people.failed == month))
    drawn.append(_draw(failing, site, habits["outcome"], None, rng))
    subjects, codes = (np.concatenate(part) for part in zip(*drawn, strict=True))
    begin = np.datetime64(first_day(month).replace(tzinfo=None), "us")
    times = begin + day[subjects].astype("timedelta64[D]")
    return _events(subjects + 1, times, codes).unique(maintain_order=True)


def _draw(
    who: Integers,
    site: Integers,
    habit: Habit,
    mean: float | None,
    rng: np.random.Generator,
) -> tuple[Integers, Codes]:
    """Draws codes for patients by the habit of their site.

    Args:
        who: The patients.
        site: The site of every patient of the cohort.
        habit: The codes to draw from.
        mean: Mean number of codes a patient (Poisson); exactly one where None.
        rng: The source of random numbers.

    Returns:
        The patient and the code of each draw.
    """
    subjects = who if mean is None else np.repeat(who, rng.poisson(mean, len(who)))
    # One ascending row of cumulated chances for all sites: site s has the values from s to s + 1.
    reach = (np.cumsum(habit.chance, axis=1) + np.arange(SITES)[:, None]).ravel()
    below_one = 1 - 1e-9  # keeps a draw inside its own site
    place = np.searchsorted(
        reach, site[subjects] + rng.random(len(subjects)) * below_one, side="right"
    )
    return subjects, habit.codes[place % len(habit.codes)]


def static_events(people: People) -> pl.DataFrame:
    """Birth, sex and site of every patient."""
    count = len(people.male)
    hours = 30.4375 * 24  # a mean month
    births = np.array(
        [
            np.datetime64(START.replace(tzinfo=None), "us") - np.timedelta64(int(age * hours), "h")
            for age in people.birth
        ]
    )
    timeless = np.full(count, np.datetime64("NaT", "us"))
    who = np.arange(1, count + 1)
    return pl.concat(
        [
            _events(who, births, np.full(count, "MEDS_BIRTH")),
            _events(who, timeless, np.where(people.male, "GENDER//M", "GENDER//F")),
            _events(who, timeless, np.array([f"SITE//{site}" for site in people.site])),
        ]
    )


def _events(subjects: Integers, times: NDArray[np.datetime64], codes: Codes) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "subject_id": subjects.astype(np.int64),
            "time": pl.Series(times).cast(pl.Datetime("us")).dt.replace_time_zone("UTC"),
            "code": codes.astype(str).tolist(),
            "numeric_value": pl.Series([None] * len(codes), dtype=pl.Float32),
        },
        schema_overrides={"code": pl.String},
    )
