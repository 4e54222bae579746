"""Prediction times that fit a task's windows, found by ACES (Xu et al., ICLR 2025)."""

from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from chartline.core.tables import UTC
from chartline.risk.eligibility import scorable
from chartline.risk.record import SEEN_WITHIN_DAYS, reported_later
from chartline.risk.tasks import Task

_ANY = "_ANY_EVENT"  # ACES's predicate of any event
_NOW = "CHARTLINE//NOW"  # the code of the moment at which subjects are scored
_REALISED: dict[str, Any] = {
    "subject_id": pl.Int64,
    "trigger": UTC,
    "index": UTC,
    "label": pl.Boolean,
    "window_start": UTC,
    "window_end": UTC,
}


def prediction_times(events: pl.DataFrame, task: Task) -> pl.DataFrame:
    """Every prediction time that fits the task's windows, with what came after it.

    Where several triggers have one prediction time, the outcome after any of them counts.

    Returns:
        subject_id, prediction_time, label (whether the outcome comes in the label's window), since
        and until (beginning and end of that window).
    """
    return (
        realisations(events, task)
        .sort("subject_id", "index", "label", descending=[False, False, True])
        .unique(["subject_id", "index"], keep="first", maintain_order=True)
        .select(
            "subject_id",
            "label",
            prediction_time="index",
            since="window_start",
            until="window_end",
        )
        .select("subject_id", "prediction_time", "label", "since", "until")
    )


def realisations(events: pl.DataFrame, task: Task) -> pl.DataFrame:
    """What es-aces gives for a task: a row a trigger whose windows fit.

    Rows without a trigger, which es-aces 0.7.3 gives where a window that ends with an event starts
    after the last such event, are left out.

    Returns:
        subject_id, trigger, index (the prediction time), label (whether the outcome comes in the
        label's window), window_start and window_end (of that window).
    """
    found = _query(task.config, _predicates(events, task.config))
    if found.is_empty():
        return pl.DataFrame(schema=_REALISED)
    window = task.config.label_window
    summary = pl.col(next(name for name in found.columns if name.startswith(f"{window}.")))
    index = "index_timestamp" if "index_timestamp" in found.columns else "trigger"
    times = {
        "trigger": pl.col("trigger"),
        "index": pl.col(index),
        "window_start": summary.struct.field("timestamp_at_start"),
        "window_end": summary.struct.field("timestamp_at_end"),
    }
    in_utc = {name: time.dt.replace_time_zone("UTC") for name, time in times.items()}
    rows = found.select("subject_id", label=pl.col("label") > 0, **in_utc)
    return rows.drop_nulls("trigger").select(list(_REALISED))


def scoring_times(
    events: pl.DataFrame, people: pl.DataFrame, task: Task, now: datetime
) -> pl.DataFrame:
    """Subjects to score: subject_id, prediction_time (`now`).

    They were seen in the year before `now`, are alive, are not known to have had the outcome, and
    fit the windows that lie before `now`. No event is after `now`; `people` is as of `people_of`.
    """
    since = now - timedelta(days=SEEN_WITHIN_DAYS + 1)
    seen = people.filter(pl.col("last") >= pl.lit(since, UTC)).select("subject_id")
    seen = scorable(seen, events, task)
    config = _windows_before(task.config)
    history = events.join(seen, on="subject_id", how="semi")
    trigger = seen.with_columns(time=pl.lit(now, UTC), code=pl.lit(_NOW), source=pl.lit("scoring"))
    whole = pl.concat([history, trigger], how="diagonal")
    found = _query(config, _predicates(whole, config))
    if found.is_empty():
        return pl.DataFrame(schema={"subject_id": pl.Int64, "prediction_time": UTC})
    rows = found.select("subject_id", prediction_time=pl.col("trigger").dt.replace_time_zone("UTC"))
    return rows.filter(pl.col("prediction_time") == pl.lit(now, UTC)).unique(maintain_order=True)


def _windows_before(config: Any) -> Any:
    """The task without the windows after its trigger, since nobody knows yet what is in them."""
    from aces.config import TaskExtractorConfig  # takes a second to import

    windows = {
        name: window
        for name, window in config.windows.items()
        if str(window.end).startswith("trigger")
    }
    return TaskExtractorConfig(
        predicates=config.predicates, trigger=config.trigger, windows=windows
    )


def _query(config: Any, predicates: pl.DataFrame) -> pl.DataFrame:
    """ACES's answer: a row a realisation of the task's windows."""
    from aces.query import query

    # a copy, since es-aces 0.7.3 shifts the windows of the object that it is given
    return query(deepcopy(config), predicates)


def _predicates(events: pl.DataFrame, config: Any) -> pl.DataFrame:
    """ACES's table of predicates: a row a subject and time of care.

    One more, without a time, holds a subject's facts, for static predicates. A column a predicate:
    how many events at that time fulfil it; those that are not certain fulfil
    none. Every event counts for `_ANY_EVENT`, a birth too, as in es-aces, but not what a document
    of a later day says of the past: such a day is neither a prediction time nor a part of the
    record.
    """
    certain = pl.col("certain").fill_null(True)
    plain = {
        name: predicate.MEDS_eval_expr() for name, predicate in config.plain_predicates.items()
    }
    static = [name for name, one in config.plain_predicates.items() if one.static]
    table = (
        events.with_columns(timestamp=pl.col("time").dt.replace_time_zone(None))
        .group_by("subject_id", "timestamp")
        .agg(
            (pl.col("time").is_not_null() & ~reported_later()).any().cast(pl.Int64).alias(_ANY),
            *((hits & certain).cast(pl.Int64).sum().alias(name) for name, hits in plain.items()),
        )
        .sort("subject_id", "timestamp", nulls_last=False)
    )
    for name, derived in config.derived_predicates.items():
        if not set(static).isdisjoint(derived.input_predicates):
            # a fact about the person holds at each of the person's times
            table = table.with_columns(pl.col(static).first().over("subject_id"))
        table = table.with_columns(derived.eval_expr().cast(pl.Int64).alias(name))
    seen = pl.col("timestamp").filter(pl.col(_ANY) > 0)
    edges = {"_RECORD_START": seen.min(), "_RECORD_END": seen.max()}
    return table.with_columns(
        (pl.col("timestamp") == edge.over("subject_id")).fill_null(False).cast(pl.Int64).alias(name)
        for name, edge in edges.items()
    )
