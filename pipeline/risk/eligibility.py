"""Prediction times that may be cases or controls: of the living, and of a first outcome."""

import polars as pl

from chartline.core.settings.groups import Death
from chartline.risk.record import deaths
from chartline.risk.tasks import Task


def eligible(times: pl.DataFrame, events: pl.DataFrame, task: Task, death: Death) -> pl.DataFrame:
    """Prediction times without those at which the outcome can no longer come for the first time.

    Left out are times at or after death. A patient of whom the outcome is known as past, without a
    date, is prevalent: left out are the times whose label's window ends when that is known, unless
    the outcome was coded with a date before.

    Args:
        times: As of `prediction_times`.
        events: The table events.
        task: What is predicted.
        death: What becomes of times with a death, and no outcome, in the label's window:
            `excluded` leaves them out, `competing` keeps them as times without the outcome.

    Returns:
        `times`, with `died`: whether the patient died in the label's window without the outcome.
    """
    joined = times.join(deaths(events), on="subject_id", how="left", maintain_order="left").join(
        prevalent(events, task), on="subject_id", how="left", maintain_order="left"
    )
    died = ~pl.col("label") & (pl.col("death") <= pl.col("until"))
    alive = pl.col("prediction_time") < pl.col("death")
    incident = pl.col("past_known_at") > pl.col("until")
    kept = joined.filter(alive.fill_null(True), incident.fill_null(True)).with_columns(
        died=died.fill_null(False)
    )
    if death == "excluded":
        kept = kept.filter(~pl.col("died"))
    return kept.drop("death", "past_known_at")


def scorable(subjects: pl.DataFrame, events: pl.DataFrame, task: Task) -> pl.DataFrame:
    """Subjects without the dead, and without those of whom the outcome is known as past."""
    ended = deaths(events).join(prevalent(events, task), on="subject_id", how="full", coalesce=True)
    return subjects.join(ended, on="subject_id", how="anti")


def prevalent(events: pl.DataFrame, task: Task) -> pl.DataFrame:
    """subject_id, past_known_at: when the outcome was first known as past, its date not known.

    Without those whose outcome was coded with a date before, and empty for a task that does not
    ask for a first outcome.
    """
    outcomes = events.filter(task.outcome, pl.lit(task.first))
    dated = pl.col("time").is_not_null()
    return (
        outcomes.group_by("subject_id")
        .agg(
            past_known_at=pl.col("known_at").filter(~dated).min(),
            first=pl.col("time").filter(dated).min(),
        )
        .filter((pl.col("first") < pl.col("past_known_at")).fill_null(False).not_())
        .drop_nulls("past_known_at")
        .drop("first")
    )
