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
    "hypertension": (-5.2, 0.30, 0.0), "diabetes": (-6.0, 0.25, 0.2), "obesity": (-6.0, 0.0, 0.0),
    "coronary": (-6.8, 0.45, 0.6), "arrhythmia": (-7.0, 0.60, 0.2), "kidney": (-7.1, 0.50, 0.1),
    "valve": (-7.5, 0.60, 0.1), "dysfunction": (-7.6, 0.45, 0.3), "lung": (-6.6, 0.20, 0.3),
    "anaemia": (-6.6, 0.20, -0.3), "thyroid": (-6.6, 0.10, -0.9), "joints": (-5.6, 0.35, -0.2),
    "mood": (-6.0, 0.0, -0.4), "cancer": (-6.9, 0.50, 0.1),
}  # fmt: skip
DRIVES = {  # log ratio that an active condition lends to another's onset
    ("hypertension", "coronary"): 0.6, ("hypertension", "kidney"): 0.7, ("hypertension", "arrhythmia"): 0.5,
    ("diabetes", "coronary"): 0.8, ("diabetes", "kidney"): 0.9, ("obesity", "diabetes"): 1.0,
    ("obesity", "hypertension"): 0.6, ("coronary", "dysfunction"): 1.6, ("valve", "dysfunction"): 1.3,
    ("arrhythmia", "dysfunction"): 1.0, ("hypertension", "dysfunction"): 0.5, ("kidney", "anaemia"): 1.2,
}  # fmt: skip
LOG_HAZARD = {  # heart failure's log-hazard a month: intercept, a decade of age over 60, each active condition
    "intercept": -9.5, "decade": 0.30, "dysfunction": 2.9, "coronary": 0.9, "valve": 0.8, "arrhythmia": 0.8,
    "kidney": 0.6, "diabetes": 0.45, "hypertension": 0.35, "lung": 0.25, "obesity": 0.25,
}  # fmt: skip
CODES = {  # each cluster: commonest first
    "hypertension": "ICD10//I10 ATC//C09AA05 ATC//C08CA01 ICD10//I11.9 ATC//C09CA06 ATC//C03AA03 ATC//C09AA02 ATC//C09CA01 ICD10//I15.9 ATC//C08CA13 ICD10//R03.0 ATC//C07AB03",
    "diabetes": "ICD10//E11.9 ATC//A10BA02 ATC//A10AE04 LOINC//4548-4 ATC//A10BB12 ICD10//E11.6 ATC//A10BH01 ATC//A10BJ02 ICD10//E11.4 ICD10//E11.3 ATC//A10AB05 ICD10//R73.9",
    "obesity": "ICD10//E66.9 ICD10//G47.3 ICD9PROC//44.38 ICD10//E66.0 ICD10//E78.5 ATC//A08AB01 ICD10//Z71.3",
    "coronary": "ICD10//I25.9 ATC//B01AC06 ATC//C10AA05 ICD9PROC//88.56 ATC//C07AB07 ICD10//I20.9 ATC//B01AC04 ICD9PROC//00.66 ICD10//I21.9 ICD10//I25.1 ATC//C01DA02 ICD9PROC//36.10 ICD10//I24.9 ATC//C10AA07 ATC//C10AX09",
    "arrhythmia": "ICD10//I48.9 ATC//B01AF02 ATC//C01BD01 ICD9PROC//89.52 ATC//B01AA03 ICD10//I48.0 ICD9PROC//99.62 ATC//C01AA05 ICD10//I47.1 ATC//B01AF01 ICD9PROC//37.80 ICD10//R00.2",
    "kidney": "ICD10//N18.9 LOINC//2160-0 ICD10//N18.3 ATC//B03XA01 ICD10//N18.4 ICD9PROC//39.95 ATC//V03AE02 ICD10//N17.9 ICD10//E87.5 ATC//A11CC05",
    "valve": "ICD10//I35.0 ICD9PROC//88.72 ICD10//I34.0 ICD10//R01.1 ICD10//I35.1 ICD9PROC//35.22 ICD10//I36.1 ICD10//I08.0",
    "dysfunction": "ICD10//R06.0 ICD9PROC//88.72 LOINC//30934-4 ICD10//R60.0 ATC//C03CA01 ICD10//R53 ICD10//I51.7 ATC//C03DA01 ICD10//I42.9 ICD10//R06.2 ICD10//J90 ATC//C03CA02 ICD10//R94.3",
    "lung": "ICD10//J44.9 ATC//R03BB04 ATC//R03AC02 ICD9PROC//89.37 ATC//R03AK06 ICD10//J45.9 ICD10//J20.9 ICD9PROC//87.44 ICD10//J18.9 ATC//H02AB07",
    "anaemia": "ICD10//D50.9 LOINC//718-7 ATC//B03AA07 ATC//B03AC ICD10//D64.9 ICD9PROC//99.04 ICD10//D63.8",
    "thyroid": "ICD10//E03.9 ATC//H03AA01 LOINC//3016-3 ICD10//E05.9 ICD10//E04.9",
    "joints": "ICD10//M19.9 ATC//N02BE01 ICD10//M54.5 ATC//M01AE01 ICD9PROC//81.51 ICD10//M17.9 ATC//N02AX02 ICD10//M10.9 ATC//M04AA01 ICD10//M81.9",
    "mood": "ICD10//F32.9 ATC//N06AB06 ICD10//F41.9 ATC//N05BA12 ATC//N06AX11 ICD10//G47.0 ATC//N06AB10",
    "cancer": "ICD10//C50.9 ICD10//C18.9 ICD9PROC//45.23 ICD10//C61 ICD9PROC//99.25 ICD10//Z51.1 ICD10//C34.9",
}  # fmt: skip
NOISE = "ICD10//J06.9 ICD10//K21.9 ICD10//R51 ICD10//N39.0 ATC//J01CA04 ATC//A02BC01 ICD10//S93.4 ICD10//L30.9 ICD10//H10.9 ICD9PROC//88.76 ICD10//R10.4 ICD9PROC//87.44 ICD10//K59.0 ATC//J01DD04 ICD10//G43.9 ICD10//R42"
OUTCOME = "ICD10//I50.9 ICD10//I50.1 ICD10//I50.0"
AFTER = "ATC//C03CA01 ATC//C09DX04 ATC//A10BK01 ICD9PROC//88.72 LOINC//30934-4"
SITES = 3
ADDRESSED = 0.3


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


def simulate(patients: int, seed: int, gap_months: int = 1, window_months: int = 12, replicates: int = 48) -> Cohort:
    """A cohort; `risk` is the probability of heart failure within the window after the gap, from each month on."""
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
        at_risk = np.flatnonzero(present & (people.failed >= MONTHS))
        risks.append(_risk(people, at_risk, month, gap_months, window_months, replicates, rng))
    events = pl.concat([_static(people, enter, rng), *frames])
    events = events.sort("subject_id", "time", "code", nulls_last=False, maintain_order=True)
    return Cohort(events, _splits(patients, rng), pl.concat(risks).sort("subject_id", "time"))


def hazard_document() -> dict[str, object]:
    """The hazard and all rates, to be written beside the cohort."""
    drives = {f"{cause} -> {effect}": ratio for (cause, effect), ratio in DRIVES.items()}
    return {"log_hazard_of_heart_failure_a_month": LOG_HAZARD, "onset_log_rate_decade_male": ONSET, "drives": drives}


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
    active: Bools, people: _People, month: int, rng: np.random.Generator, who: NDArray[np.int64] | None = None
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


def _hazard(active: Bools, people: _People, month: int, who: NDArray[np.int64] | None = None) -> Floats:
    age = people.age(month) if who is None else people.age(month)[who]
    return 1 - np.exp(-np.exp(LOG_HAZARD["intercept"] + LOG_HAZARD["decade"] * (age - 60) / 10 + active @ _WEIGHT))


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
        {"subject_id": who + 1, "time": [_date(month)] * len(who), "risk": np.round(risk, 5).astype(np.float32)},
        schema_overrides={"time": pl.Datetime("us", "UTC"), "subject_id": pl.Int64},
    )


def _habits(rng: np.random.Generator) -> dict[str, tuple[list[str], Floats]]:
    """For each cluster its codes and, a row a site, how likely each is at a visit."""
    habits = {}
    for name, codes in {**CODES, "noise": NOISE}.items():
        listed = codes.split()
        common = 1.0 / (1 + np.arange(len(listed))) ** 0.7
        taste = rng.gamma(0.8, 1.25, (SITES, len(listed)))
        habits[name] = (listed, np.clip(0.34 * common * taste, 0.002, 0.7))
    return habits


def _emit(
    people: _People, month: int, present: Bools, habits: dict[str, tuple[list[str], Floats]], rng: np.random.Generator
) -> pl.DataFrame:
    burden = people.active.sum(1) + 2.0 * (people.failed <= month)
    visit = present & (rng.random(len(present)) < np.clip(0.03 + 0.045 * burden, 0, 0.8))
    day = rng.integers(0, 28, len(present))
    subjects: list[NDArray[np.int64]] = []
    codes: list[NDArray[np.str_]] = []
    for index, name in enumerate(CONDITIONS):
        addressed = rng.random(len(present)) < ADDRESSED  # a visit is about some of what a patient has
        who = np.flatnonzero(visit & people.active[:, index] & addressed)
        _draw(who, people.site[who], habits[name], 1.0, rng, subjects, codes)
    who = np.flatnonzero(visit)
    _draw(who, people.site[who], habits["noise"], 0.15, rng, subjects, codes)
    struck = np.flatnonzero(present & (people.failed == month))
    subjects.append(struck)
    codes.append(rng.choice(OUTCOME.split(), len(struck), p=[0.7, 0.2, 0.1]))
    later = np.flatnonzero(visit & (people.failed < month) & (people.failed >= 0))
    for code in [*OUTCOME.split()[:1], *AFTER.split()]:
        some = later[rng.random(len(later)) < 0.3]
        subjects.append(some)
        codes.append(np.full(len(some), code))
    flat = np.concatenate(subjects)
    times = np.datetime64(_date(month).replace(tzinfo=None), "us") + day[flat].astype("timedelta64[D]")
    return _frame(flat + 1, times, np.concatenate(codes))


def _draw(
    who: NDArray[np.int64],
    site: NDArray[np.int64],
    habit: tuple[list[str], Floats],
    scale: float,
    rng: np.random.Generator,
    subjects: list[NDArray[np.int64]],
    codes: list[NDArray[np.str_]],
) -> None:
    listed, chance = habit
    hit = rng.random((len(who), len(listed))) < chance[site] * scale
    row, column = np.nonzero(hit)
    subjects.append(who[row])
    codes.append(np.array(listed)[column])


def _static(people: _People, enter: NDArray[np.int64], rng: np.random.Generator) -> pl.DataFrame:
    count = len(people.male)
    births = np.array(
        [
            np.datetime64(START.replace(tzinfo=None), "us") - np.timedelta64(int(age * 30.4375 * 24), "h")
            for age in people.birth
        ]
    )
    nothing = np.full(count, np.datetime64("NaT", "us"))
    who = np.arange(1, count + 1)
    return pl.concat([
        _frame(who, births, np.full(count, "MEDS_BIRTH")),
        _frame(who, nothing, np.where(people.male, "GENDER//M", "GENDER//F")),
        _frame(who, nothing, np.array([f"SITE//{site}" for site in people.site])),
    ])  # fmt: skip


def _frame(subjects: NDArray[np.int64], times: NDArray[np.datetime64], codes: NDArray[np.str_]) -> pl.DataFrame:
    return pl.DataFrame({
        "subject_id": subjects.astype(np.int64), "time": pl.Series(times).cast(pl.Datetime("us")).dt.replace_time_zone("UTC"),
        "code": codes.astype(str).tolist(), "numeric_value": pl.Series([None] * len(codes), dtype=pl.Float32),
    }, schema_overrides={"code": pl.String})  # fmt: skip


def _splits(count: int, rng: np.random.Generator) -> pl.DataFrame:
    names = rng.choice(["train", "tuning", "held_out"], count, p=[0.6, 0.1, 0.3])
    return pl.DataFrame({"subject_id": np.arange(1, count + 1), "split": names.tolist()})


def _date(month: int) -> datetime:
    return datetime(START.year + month // 12, 1 + month % 12, 1, tzinfo=UTC)
