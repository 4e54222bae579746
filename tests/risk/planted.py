"""A few hundred patients without a leak, and leaks that tests plant among them.

Each is seen on days 0, 200 and 400, which is the one prediction time. Cases have the outcome on day
500; the others are followed to day 800. One code is a true sign of the outcome, the others are
noise.
"""

from typing import Any

import numpy as np
import polars as pl
from risk.few import OUTCOME, TASK, VISIT
from risk.small import event, events, person

from chartline.risk import features
from chartline.risk.tasks import Task

CASES, OTHERS = range(1, 61), range(101, 281)
SIGN = "ICD10//R06.0"  # of half of the cases, and of one in five of the others
_SIGN_SHARE = {True: 0.5, False: 0.2}
_NOISE, _NOISE_SHARE = [f"B//{number}" for number in range(12)], 0.3
_SEEN = (0.0, 200.0, 400.0)


def population(*planted: Any, seed: int = 1) -> pl.DataFrame:
    """The events of all, with those that are planted."""
    rng = np.random.default_rng(seed)
    rows: list[Any] = []
    for subject in [*CASES, *OTHERS]:
        case = subject in CASES
        rows += person(subject)
        rows += [event(subject, when, VISIT) for when in (*_SEEN, *(() if case else (800.0,)))]
        for when in _SEEN:
            noise = [code for code in _NOISE if rng.random() < _NOISE_SHARE]
            rows += [event(subject, when, code) for code in noise]
        if rng.random() < _SIGN_SHARE[case]:
            rows.append(event(subject, 300.0, SIGN))
        if case:
            rows.append(event(subject, 500.0, OUTCOME))
    return events(rows, _flat(planted))


def _flat(rows: Any) -> list[Any]:
    return [rows] if isinstance(rows, dict) else [one for row in rows for one in _flat(row)]


def bearing(code: str, subjects: Any, when: float = 350.0) -> list[Any]:
    """Subjects that bear a code, each once."""
    return [event(subject, when, code) for subject in subjects]


def rows() -> pl.DataFrame:
    """The cohort of the population."""
    found = [
        (subject, subject in CASES, "train" if subject % 3 else "held_out")
        for subject in [*CASES, *OTHERS]
    ]
    schema = {"subject_id": pl.Int64, "boolean_value": pl.Boolean, "split": pl.String}
    table = pl.DataFrame(found, schema=schema, orient="row")
    time = events(event(1, 400.0, VISIT))["time"][0]
    return table.with_columns(prediction_time=pl.lit(time, events().schema["time"]))


def known(stream: pl.DataFrame, task: Task = TASK) -> pl.DataFrame:
    """What is observed of it."""
    return features.observed(stream, rows(), task, 1460)
