"""Whose outcome is predicted, and when: cases, matched controls, subjects to score.

ACES finds the prediction times that fit a task (`prediction_times`); matching and sampling are
ours: a case-control design, like that of arXiv 1602.03686.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from chartline.core.errors import TooLittleError
from chartline.core.settings import OnsetSettings
from chartline.core.tables import UTC
from chartline.risk.cohort_counts import counts, why_no_case
from chartline.risk.eligibility import UNSEEN, judged
from chartline.risk.people import age_years, people_of
from chartline.risk.prediction_times import prediction_times, scoring_times
from chartline.risk.record import scoring_time, until
from chartline.risk.sampling import with_weights
from chartline.risk.splits import SCORE
from chartline.risk.tasks import Matching, Task

_ROWS = {
    "subject_id": pl.Int64,
    "prediction_time": UTC,
    "boolean_value": pl.Boolean,
    "split": pl.String,
    "sampling_weight": pl.Float64,
}
# what `Matching.match` names -> the column that a case and its controls have in common
_BANDS = {"age": "age_band", "sex": "male", "site": "site", "time": "time_band"}


@dataclass(frozen=True)
class Drawn:
    """A cohort, and what became of all prediction times that were looked at.

    Attributes:
        rows: As `cohort` returns them.
        counts: The table cohort_counts without `outcome`.
    """

    rows: pl.DataFrame
    counts: pl.DataFrame


def cohort(
    events: pl.DataFrame, splits: pl.DataFrame, task: Task, settings: OnsetSettings, run_date: date
) -> pl.DataFrame:
    """Cases, matched controls and subjects to score.

    A case has one prediction time, drawn from all of its own. Its controls are drawn from the
    prediction times of others in the same bands (see `Matching`) whose label window shows no
    outcome and whose record reaches that window's end, by death where `death` is `competing`, or as
    much of the way to it as `min_follow_up` says; others are censored, and counted.

    Args:
        events: The table events.
        splits: subject_id, split, as of `splits_of`; other subjects are left out.
        task: What is predicted.
        settings: `seed` of the draws, `today`, `death` and `min_follow_up`.
        run_date: Later events are no events, unless `today` is set: then those after `today`.

    Returns:
        subject_id, prediction_time, boolean_value (the outcome; null for subjects to score),
        split (`score` for these), sampling_weight (see `sampling.with_weights`; null for these).

    Raises:
        TooLittleError: No prediction time fits the windows, there is no case, or no control for
            any case; says how many there are.
    """
    return drawn(events, splits, task, settings, run_date).rows


def drawn(
    events: pl.DataFrame, splits: pl.DataFrame, task: Task, settings: OnsetSettings, run_date: date
) -> Drawn:
    """`cohort`, with the counts of prediction times that are in it and of those that are not."""
    events = until(events, settings.today or run_date)
    events = events.join(splits.select("subject_id"), on="subject_id", how="semi")
    people = people_of(events)
    times = judged(prediction_times(events, task), events, task, settings.death)
    times = _from_first_care(times, people)
    every = _candidates(times, people, task.matching, settings)
    labelled = _labelled(times, every, splits, task)
    now = scoring_time(people["last"], settings.today)
    before = until(events, now.date() - timedelta(days=1))
    scored = scoring_times(before, people_of(before), task, now)
    unknown = {
        "boolean_value": pl.lit(None, pl.Boolean),
        "sampling_weight": pl.lit(None, pl.Float64),
    }
    rows = _with_splits(pl.concat([labelled, scored.with_columns(**unknown)]), splits)
    return Drawn(rows, counts(times, every, rows))


def _labelled(
    times: pl.DataFrame, every: pl.DataFrame, splits: pl.DataFrame, task: Task
) -> pl.DataFrame:
    """Cases and controls: subject_id, prediction_time, boolean_value, sampling_weight.

    Args:
        times: As of `judged`.
        every: As of `_candidates`.
        splits: subject_id, split.
        task: What is predicted.
    """
    candidates = every.filter(pl.col("excluded").is_null())
    cases = (
        candidates.filter("label")
        .sort("draw")
        .unique("subject_id", keep="first", maintain_order=True)
    )
    if cases.is_empty():
        raise TooLittleError(f"{task.name}: {why_no_case(times, candidates, len(splits))}")
    free = candidates.filter(~pl.col("label"), "followed")
    controls = _controls(cases, free, task.matching)
    if controls.is_empty():
        raise TooLittleError(
            f"{task.name}: no control matches any of {len(cases)} cases in "
            f"{', '.join(task.matching.match)} and follow-up"
        )
    rows = pl.concat(
        [
            cases.select("subject_id", "prediction_time", boolean_value=True),
            controls.select("subject_id", "prediction_time", boolean_value=False),
        ]
    ).join(splits, on="subject_id")
    bands = [_BANDS[name] for name in task.matching.match]
    return with_weights(rows, candidates, splits, bands).drop("split")


def _from_first_care(times: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """`times`, those before a patient was seen for the first time excluded.

    A birth is an event for ACES, and so may be a trigger.
    """
    first = people.select("subject_id", "first")
    joined = times.join(first, on="subject_id", how="left", maintain_order="left")
    unseen = pl.when(pl.col("prediction_time") < pl.col("first")).then(pl.lit(UNSEEN))
    return joined.with_columns(excluded=pl.coalesce("excluded", unseen)).drop("first")


def _candidates(
    times: pl.DataFrame, people: pl.DataFrame, matching: Matching, settings: OnsetSettings
) -> pl.DataFrame:
    """Prediction times (`judged`) of `people` with bands, `draw` (a random number), `followed`.

    `followed` says whether the record goes on, or the patient dies, for as much of the time to the
    end of the label's window as `settings.min_follow_up` asks.

    Where sexes are matched, subjects whose sex is not known are left out: they match nobody, and
    as cases alone they would make an unknown sex a sign of the outcome.
    """
    if "sex" in matching.match:
        people = people.drop_nulls("male")
    age = age_years(pl.col("prediction_time"), pl.col("birth"))
    day = pl.col("prediction_time").dt.epoch("d")
    asked = (pl.col("until") - pl.col("prediction_time")) * settings.min_follow_up
    return times.join(people, on="subject_id").with_columns(
        draw=pl.struct("subject_id", "prediction_time").hash(settings.seed),
        age_band=(age // matching.age_years).cast(pl.Int32),
        time_band=(day // matching.time_days).cast(pl.Int32),
        followed=pl.col("died") | (pl.col("last") >= pl.col("prediction_time") + asked),
    )


def _controls(cases: pl.DataFrame, free: pl.DataFrame, matching: Matching) -> pl.DataFrame:
    """Rows of `free`, up to `matching.controls` for each case of the same bands.

    A subject is a control once.
    """
    bands = [_BANDS[name] for name in matching.match]
    wanted = cases.group_by(bands).agg(wanted=pl.len() * matching.controls)
    return (
        free.join(wanted, on=bands, nulls_equal=True)
        .sort("draw")
        .unique("subject_id", keep="first", maintain_order=True)
        .filter(pl.int_range(pl.len()).over(bands) < pl.col("wanted"))
    )


def _with_splits(rows: pl.DataFrame, splits: pl.DataFrame) -> pl.DataFrame:
    """The cohort's rows in their order; a row with a label goes before one to score."""
    split = (
        pl.when(pl.col("boolean_value").is_null()).then(pl.lit(SCORE)).otherwise(pl.col("split"))
    )
    return (
        rows.join(splits, on="subject_id")
        .unique(["subject_id", "prediction_time"], keep="first", maintain_order=True)
        .with_columns(split=split)
        .select(list(_ROWS))
        .cast(_ROWS)  # type: ignore[arg-type]
        .sort("subject_id", "prediction_time")
    )
