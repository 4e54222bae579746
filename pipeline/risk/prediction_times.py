"""Prediction times that fit a task's windows, found by ACES (Xu et al., ICLR 2025)."""

from copy import deepcopy
from typing import Any

import polars as pl

from chartline.core.tables import UTC
from chartline.risk.tasks import Task

_ANY = "_ANY_EVENT"  # ACES's predicate of any event
_NOW = "CHARTLINE//NOW"  # the code of the moment at which subjects are scored
_SEEN_WITHIN_DAYS = 365  # of the record's end: others may have moved or died
_LABELLED: dict[str, Any] = {
    "subject_id": pl.Int64,
    "prediction_time": UTC,
    "label": pl.Boolean,
    "until": UTC,
}


def prediction_times(events: pl.DataFrame, task: Task) -> pl.DataFrame:
    """Every prediction time that fits the task's windows, with what came after it.

    Returns:
        subject_id, prediction_time, label (whether the outcome comes in the label's window), until
        (the end of that window).
    """
    found = _query(task.config, _predicates(events, task.config))
    if found.is_empty():
        return pl.DataFrame(schema=_LABELLED)
    window = task.config.label_window
    column = next(name for name in found.columns if name.startswith(f"{window}."))
    until = pl.col(column).struct.field("timestamp_at_end")
    time = "index_timestamp" if "index_timestamp" in found.columns else "trigger"
    return found.select(
        "subject_id",
        pl.col(time).dt.replace_time_zone("UTC").alias("prediction_time"),
        label=pl.col("label") > 0,
        until=until.dt.replace_time_zone("UTC"),
    ).unique(["subject_id", "prediction_time"], keep="first", maintain_order=True)


def scoring_times(events: pl.DataFrame, people: pl.DataFrame, task: Task) -> pl.DataFrame:
    """Subjects to score: subject_id, prediction_time (the day after the whole record's end).

    They were seen in the last year of the record, and fit the windows that lie before the
    prediction time. `people` is as of `people_of`.
    """
    end = people["last"].max()
    now = pl.lit(end, UTC) + pl.duration(days=1)
    since = pl.lit(end, UTC) - pl.duration(days=_SEEN_WITHIN_DAYS)
    seen = people.filter(pl.col("last") >= since).select("subject_id")
    config = _windows_before(task.config)
    history = events.join(seen, on="subject_id", how="semi").select("subject_id", "time", "code")
    trigger = seen.with_columns(time=now, code=pl.lit(_NOW))
    found = _query(config, _predicates(pl.concat([history, trigger]), config))
    if found.is_empty():
        return pl.DataFrame(schema={"subject_id": pl.Int64, "prediction_time": UTC})
    rows = found.select("subject_id", prediction_time=pl.col("trigger").dt.replace_time_zone("UTC"))
    return rows.filter(pl.col("prediction_time") == now).unique(maintain_order=True)


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

    A column a predicate: how many events at that time fulfil it.
    """
    care = events.filter(pl.col("time").is_not_null(), pl.col("code") != "MEDS_BIRTH")
    plain = {
        name: predicate.MEDS_eval_expr()
        for name, predicate in config.plain_predicates.items()
        if not predicate.static
    }
    table = (
        care.with_columns(timestamp=pl.col("time").dt.replace_time_zone(None))
        .group_by("subject_id", "timestamp")
        .agg(
            pl.lit(1, pl.Int64).alias(_ANY),
            *(hits.cast(pl.Int64).sum().alias(name) for name, hits in plain.items()),
        )
        .sort("subject_id", "timestamp")
    )
    for name, derived in config.derived_predicates.items():
        table = table.with_columns(derived.eval_expr().cast(pl.Int64).alias(name))
    edges = {"_RECORD_START": pl.col("timestamp").min(), "_RECORD_END": pl.col("timestamp").max()}
    return table.with_columns(
        (pl.col("timestamp") == edge.over("subject_id")).cast(pl.Int64).alias(name)
        for name, edge in edges.items()
    )
