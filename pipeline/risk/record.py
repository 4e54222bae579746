"""A patient's record in time: when its statements became known, and where it ends."""

from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

import numpy as np
import polars as pl

from chartline.history.events import DOCUMENT

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)
SEEN_WITHIN_DAYS = 365  # of the record's end: others may have moved or died
_SEEN_SHARE = 0.01  # of the patients: a few wrong dates do not move the end of a record


def known_since() -> pl.Expr:
    """When an event became known: `known_at`, else `time`, and never before it happened.

    An appointment is known before its day, but not that it took place. Null for facts without any
    date.
    """
    return pl.max_horizontal("time", "known_at")


def reported_later() -> pl.Expr:
    """Whether an event is what a document of a later day says of the past.

    On such a day the patient need not have been seen: it is no day of care.
    """
    later = pl.col("known_at").dt.date() > pl.col("time").dt.date()
    return ((pl.col("source") == DOCUMENT) & later).fill_null(False)


def until(events: Frame, last_day: date) -> Frame:
    """Events without those after a day: what lies in the future is planned or wrong."""
    day = pl.coalesce("time", "known_at").dt.date()
    return events.filter(day.le(last_day).fill_null(True))


def deaths(events: pl.DataFrame) -> pl.DataFrame:
    """subject_id, death (the first time of MEDS_DEATH), of those who died."""
    return (
        events.filter(pl.col("code").str.contains("^MEDS_DEATH"), pl.col("time").is_not_null())
        .group_by("subject_id")
        .agg(death=pl.col("time").min())
    )


def scoring_time(last_seen: pl.Series, today: date | None) -> datetime:
    """The moment at which patients are scored.

    It is the beginning of `today`. Where that is not given, it is the beginning of the day after
    the record's end, so that an extract of years ago is scored as of its own end: the last of
    `last_seen` that ends a year in which 1 % of the patients were seen for the last time. (A
    single wrong date among thousands of patients does not move it.)

    Args:
        last_seen: The time of each patient's last event; not empty.
        today: As of the setting `onset.today`.
    """
    if today is not None:
        return datetime.combine(today, time(), UTC)
    times = last_seen.sort().dt.epoch("us").to_numpy()
    year = SEEN_WITHIN_DAYS * timedelta(days=1) // timedelta(microseconds=1)
    within_year = np.arange(1, len(times) + 1) - np.searchsorted(times, times - year)
    needed = min(_SEEN_SHARE * len(times), within_year.max())
    end = datetime.fromtimestamp(times[within_year >= needed].max() / 1e6, UTC)
    return datetime.combine(end.date() + timedelta(days=1), time(), UTC)
