"""An invented cohort in which heart failure arises from a written-down hazard, so that the best AUC is known.

Time runs in months. Latent conditions switch on at rates that depend on age, sex and each other; while on they emit
codes from a cluster of near synonyms, by habits that differ by site. `LOG_HAZARD` gives heart failure's log-hazard a
month. `oracle_risk` simulates on from each patient's latent state: no model that sees codes alone can beat it, save by luck.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from synthesis.patients import vocabulary

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

START = datetime(2012, 1, 1, tzinfo=UTC)
MONTHS = 132
CONDITIONS = (
    "hypertension",
    "diabetes",
    "obesity",
    "coronary",
    "arrhythmia",
    "kidney",
    "valve",
    "dysfunction",
    "lung",
    "anaemia",
    "thyroid",
    "joints",
    "mood",
    "cancer",
)
# log rate a month at age 60, log ratio a decade of age, log ratio for men
ONSET = {
    "hypertension": (-5.2, 0.30, 0.0),
    "diabetes": (-6.0, 0.25, 0.2),
    "obesity": (-6.0, 0.0, 0.0),
    "coronary": (-6.8, 0.45, 0.6),
    "arrhythmia": (-7.0, 0.60, 0.2),
    "kidney": (-7.1, 0.50, 0.1),
    "valve": (-7.5, 0.60, 0.1),
    "dysfunction": (-7.6, 0.45, 0.3),
    "lung": (-6.6, 0.20, 0.3),
    "anaemia": (-6.6, 0.20, -0.3),
    "thyroid": (-6.6, 0.10, -0.9),
    "joints": (-5.6, 0.35, -0.2),
    "mood": (-6.0, 0.0, -0.4),
    "cancer": (-6.9, 0.50, 0.1),
}
DRIVES = {  # log ratio that an active condition lends to another's onset
    ("hypertension", "coronary"): 0.6,
    ("hypertension", "kidney"): 0.7,
    ("hypertension", "arrhythmia"): 0.5,
    ("diabetes", "coronary"): 0.8,
    ("diabetes", "kidney"): 0.9,
    ("obesity", "diabetes"): 1.0,
    ("obesity", "hypertension"): 0.6,
    ("coronary", "dysfunction"): 1.6,
    ("valve", "dysfunction"): 1.3,
    ("arrhythmia", "dysfunction"): 1.0,
    ("hypertension", "dysfunction"): 0.5,
    ("kidney", "anaemia"): 1.2,
}
LOG_HAZARD = {  # heart failure's log-hazard a month: intercept, a decade of age over 60, each active condition
    "intercept": -9.5,
    "decade": 0.30,
    "dysfunction": 2.9,
    "coronary": 0.9,
    "valve": 0.8,
    "arrhythmia": 0.8,
    "kidney": 0.6,
    "diabetes": 0.45,
    "hypertension": 0.35,
    "lung": 0.25,
    "obesity": 0.25,
}
SITES = 5
ADDRESSED = 0.5
CODES_A_VISIT = 1.4  # for a condition that the visit is about


@dataclass(frozen=True)
class Cohort:
    """`events`: MEDS columns; `splits`: subject, split; `risk`: subject, time, risk (the oracle's)."""

    events: pl.DataFrame
    splits: pl.DataFrame
    risk: pl.DataFrame


@dataclass
class _People:
    birth: Floats  # months before START
    male: Bools
    site: NDArray[np.int64]
    active: Bools  # n x conditions
    failed: NDArray[np.int64]  # month of heart failure, MONTHS if never

    def age(self, month: int) -> Floats:
        return (self.birth + month) / 12


def simulate(
    patients: int, seed: int, gap_months: int = 1, window_months: int = 12, replicates: int = 48
) -> Cohort:
    """A cohort; `risk` is the probability of heart failure within the window after the gap, from each month on, over so many
    simulated futures (none with 0 `replicates`)."""
    rng = np.random.default_rng(seed)
    people = _people(patients, rng)
    enter = rng.integers(0, 24, patients)
    leave = np.minimum(MONTHS, enter + rng.geometric(0.008, patients) + 24)
    habits = _habits(rng)
    frames, risks = [], []
    for month in range(MONTHS):
        _step(people.active, people, month, rng)
        healthy = people.failed >= MONTHS
        strikes = healthy & (rng.random(patients) < _hazard(people.active, people, month))
        people.failed[strikes & (month >= enter) & (month < leave)] = month
        people.failed[
            strikes & ~((month >= enter) & (month < leave))
        ] = -1  # before or after the record: not a case, not followed
        present = (month >= enter) & (month < leave) & (people.failed != -1)
        frames.append(_emit(people, month, present, habits, rng))
        if not replicates:
            continue
        at_risk = np.flatnonzero(present & (people.failed >= MONTHS))
        risks.append(_risk(people, at_risk, month, gap_months, window_months, replicates, rng))
    events = pl.concat([_static(people, enter, rng), *frames])
    events = events.sort("subject_id", "time", "code", nulls_last=False, maintain_order=True)
    return Cohort(events, _splits(patients, rng), _all_risks(risks))


def _all_risks(parts: list[pl.DataFrame]) -> pl.DataFrame:
    empty = pl.DataFrame(
        schema={"subject_id": pl.Int64, "time": pl.Datetime("us", "UTC"), "risk": pl.Float32}
    )
    return pl.concat([empty, *parts]).sort("subject_id", "time")


def hazard_document() -> dict[str, object]:
    """The hazard and all rates, to be written beside the cohort."""
    drives = {f"{cause} -> {effect}": ratio for (cause, effect), ratio in DRIVES.items()}
    return {
        "log_hazard_of_heart_failure_a_month": LOG_HAZARD,
        "onset_log_rate_decade_male": ONSET,
        "drives": drives,
    }


def _people(count: int, rng: np.random.Generator) -> _People:
    birth = np.clip(rng.normal(58, 13, count), 25, 88) * 12
    people = _People(
        birth,
        rng.random(count) < 0.48,
        rng.integers(0, SITES, count),
        np.zeros((count, len(CONDITIONS)), bool),
        np.full(count, MONTHS),
    )
    for month in range(-240, 0):  # what they bring along
        _step(people.active, people, month, rng)
    return people


def _step(
    active: Bools,
    people: _People,
    month: int,
    rng: np.random.Generator,
    who: NDArray[np.int64] | None = None,
) -> None:
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


def _hazard(
    active: Bools, people: _People, month: int, who: NDArray[np.int64] | None = None
) -> Floats:
    age = people.age(month) if who is None else people.age(month)[who]
    return 1 - np.exp(
        -np.exp(LOG_HAZARD["intercept"] + LOG_HAZARD["decade"] * (age - 60) / 10 + active @ _WEIGHT)
    )


def _risk(
    people: _People,
    who: NDArray[np.int64],
    month: int,
    gap: int,
    window: int,
    replicates: int,
    rng: np.random.Generator,
) -> pl.DataFrame:
    """Simulates the latent state on from this month; the share of futures with heart failure inside the window.

    Averages survival probabilities over futures instead of counting failures, for less noise.
    """
    repeated = np.repeat(who, replicates)
    active = people.active[repeated].copy()
    free, free_at_gap = np.ones(len(repeated)), np.ones(len(repeated))
    for ahead in range(1, gap + window + 1):
        _step(active, people, month + ahead, rng, repeated)
        free *= 1 - _hazard(active, people, month + ahead, repeated)
        if ahead == gap:
            free_at_gap = free.copy()
    risk = ((free_at_gap - free).reshape(len(who), replicates).mean(1)) / free_at_gap.reshape(
        len(who), replicates
    ).mean(1)
    return pl.DataFrame(
        {
            "subject_id": who + 1,
            "time": [_date(month)] * len(who),
            "risk": np.round(risk, 5).astype(np.float32),
        },
        schema_overrides={"time": pl.Datetime("us", "UTC"), "subject_id": pl.Int64},
    )


def _habits(rng: np.random.Generator) -> dict[str, tuple[NDArray[np.str_], Floats]]:
    """For each cluster its codes and, a row a site, how likely each is to be the next that is written."""
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
        habits[name] = (np.array(list(codes)), chance)
    return habits


def _emit(
    people: _People,
    month: int,
    present: Bools,
    habits: dict[str, tuple[NDArray[np.str_], Floats]],
    rng: np.random.Generator,
) -> pl.DataFrame:
    burden = people.active.sum(1) + 2.0 * (people.failed <= month)
    visit = present & (rng.random(len(present)) < np.clip(0.03 + 0.045 * burden, 0, 0.8))
    day = rng.integers(0, 28, len(present))
    later = visit & (people.failed < month) & (people.failed >= 0)
    about = {
        name: visit & people.active[:, index] & (rng.random(len(present)) < ADDRESSED)
        for index, name in enumerate(CONDITIONS)
    }
    drawn = [
        _draw(np.flatnonzero(who), people.site, habits[name], CODES_A_VISIT, rng)
        for name, who in about.items()
    ]
    drawn.append(_draw(np.flatnonzero(visit), people.site, habits["noise"], 0.7, rng))
    drawn.append(_draw(np.flatnonzero(later), people.site, habits["after"], 1.2, rng))
    drawn.append(_draw(np.flatnonzero(later), people.site, habits["outcome"], 0.4, rng))
    struck = np.flatnonzero(present & (people.failed == month))
    drawn.append((struck, _draw(struck, people.site, habits["outcome"], None, rng)[1]))
    subjects, codes = (np.concatenate(part) for part in zip(*drawn, strict=True))
    times = np.datetime64(_date(month).replace(tzinfo=None), "us") + day[subjects].astype(
        "timedelta64[D]"
    )
    return _frame(subjects + 1, times, codes).unique(maintain_order=True)


def _draw(
    who: NDArray[np.int64],
    site: NDArray[np.int64],
    habit: tuple[NDArray[np.str_], Floats],
    mean: float | None,
    rng: np.random.Generator,
) -> tuple[NDArray[np.int64], NDArray[np.str_]]:
    """Some codes (Poisson, `mean`; exactly one without it) for each of these patients, by the habits of their site."""
    listed, chance = habit
    subjects = who if mean is None else np.repeat(who, rng.poisson(mean, len(who)))
    reach = (
        np.cumsum(chance, axis=1) + np.arange(SITES)[:, None]
    ).ravel()  # one line for all sites: site s from s to s + 1
    place = np.searchsorted(
        reach, site[subjects] + rng.random(len(subjects)) * (1 - 1e-9), side="right"
    )
    return subjects, listed[place % len(listed)]


def _static(people: _People, enter: NDArray[np.int64], rng: np.random.Generator) -> pl.DataFrame:
    count = len(people.male)
    births = np.array(
        [
            np.datetime64(START.replace(tzinfo=None), "us")
            - np.timedelta64(int(age * 30.4375 * 24), "h")
            for age in people.birth
        ]
    )
    nothing = np.full(count, np.datetime64("NaT", "us"))
    who = np.arange(1, count + 1)
    return pl.concat(
        [
            _frame(who, births, np.full(count, "MEDS_BIRTH")),
            _frame(who, nothing, np.where(people.male, "GENDER//M", "GENDER//F")),
            _frame(who, nothing, np.array([f"SITE//{site}" for site in people.site])),
        ]
    )


def _frame(
    subjects: NDArray[np.int64], times: NDArray[np.datetime64], codes: NDArray[np.str_]
) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "subject_id": subjects.astype(np.int64),
            "time": pl.Series(times).cast(pl.Datetime("us")).dt.replace_time_zone("UTC"),
            "code": codes.astype(str).tolist(),
            "numeric_value": pl.Series([None] * len(codes), dtype=pl.Float32),
        },
        schema_overrides={"code": pl.String},
    )


def _splits(count: int, rng: np.random.Generator) -> pl.DataFrame:
    names = rng.choice(["train", "tuning", "held_out"], count, p=[0.6, 0.1, 0.3])
    return pl.DataFrame({"subject_id": np.arange(1, count + 1), "split": names.tolist()})


def _date(month: int) -> datetime:
    return datetime(START.year + month // 12, 1 + month % 12, 1, tzinfo=UTC)
