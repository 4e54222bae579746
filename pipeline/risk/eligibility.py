"""Prediction times that may be cases or controls: of the living, and of a first outcome."""

import polars as pl

from chartline.core.settings.groups import Death
from chartline.risk.record import deaths
from chartline.risk.tasks import Task

# Why a prediction time is neither case nor control; the first that holds is named
DEAD = "at or after death"
PREVALENT = "the outcome is known as past"
SYNONYM_BEFORE = "a synonym of the outcome comes before"
SYNONYM_WITHIN = "a synonym of the outcome, but not itself, comes in the window"
DIED_WITHIN = "death comes in the window"
UNSEEN = "before the first care"


def judged(times: pl.DataFrame, events: pl.DataFrame, task: Task, death: Death) -> pl.DataFrame:
    """Prediction times with the reason for which each can be neither case nor control.

    Args:
        times: As of `prediction_times`.
        events: The table events.
        task: What is predicted.
        death: What becomes of times with a death, and no outcome, in the label's window:
            `excluded` leaves them out, `competing` keeps them as times without the outcome.

    Returns:
        `times`, with `died` (whether the patient died in the label's window without the outcome)
        and `excluded`: the reason, null where there is none. A patient of whom the outcome is known
        as past, without a date, is prevalent: excluded are the times whose label's window ends when
        that is known, unless the outcome was coded with a date before. So are, for a first outcome,
        times whose label's window begins after a synonym of it.
    """
    joined = times
    for known in (deaths(events), prevalent(events, task), _synonyms(events, task)):
        joined = joined.join(known, on="subject_id", how="left", maintain_order="left")
    died = ~pl.col("label") & (pl.col("death") <= pl.col("until"))
    synonym = pl.col("synonym_at")
    reasons = {
        DEAD: pl.col("prediction_time") >= pl.col("death"),
        PREVALENT: pl.col("past_known_at") <= pl.col("until"),
        SYNONYM_BEFORE: (synonym <= pl.col("since")) & task.first,
        SYNONYM_WITHIN: ~pl.col("label")
        & (synonym > pl.col("since"))
        & (synonym <= pl.col("until")),
        DIED_WITHIN: died & (death == "excluded"),
    }
    named = [pl.when(holds).then(pl.lit(reason)) for reason, holds in reasons.items()]
    return joined.with_columns(died=died.fill_null(False), excluded=pl.coalesce(named)).drop(
        "death", "past_known_at", "synonym_at"
    )


def eligible(times: pl.DataFrame, events: pl.DataFrame, task: Task, death: Death) -> pl.DataFrame:
    """`judged` without the times that are excluded."""
    return judged(times, events, task, death).filter(pl.col("excluded").is_null()).drop("excluded")


def scorable(subjects: pl.DataFrame, events: pl.DataFrame, task: Task) -> pl.DataFrame:
    """Subjects without the dead, and without those of whom the outcome is known as past.

    Where the task asks for a first outcome, without those who bear a synonym of it either.
    """
    ended = [deaths(events), prevalent(events, task)]
    if task.first:
        ended.append(_synonyms(events, task))
    gone = pl.concat(one.select("subject_id") for one in ended)
    return subjects.join(gone, on="subject_id", how="anti")


def prevalent(events: pl.DataFrame, task: Task) -> pl.DataFrame:
    """subject_id, past_known_at: when the outcome was first known as past, its date not known.

    Without those whose outcome was coded with a date before, and empty for a task that does not
    ask for a first outcome.
    """
    outcomes = events.filter(task.outcome | task.synonyms, pl.lit(task.first))
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


def _synonyms(events: pl.DataFrame, task: Task) -> pl.DataFrame:
    """subject_id, synonym_at: when a synonym of the outcome was first stated, and not doubted."""
    return (
        events.filter(
            task.synonyms, pl.col("certain").fill_null(True), pl.col("time").is_not_null()
        )
        .group_by("subject_id")
        .agg(synonym_at=pl.col("time").min())
    )
