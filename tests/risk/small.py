"""A few patients written by hand, for tests of what a rule does with one event more or less."""

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from chartline.core.tables import Events, types_of

START = datetime(2010, 1, 1, tzinfo=UTC)


def day(days: float) -> datetime:
    """A moment, counted in days from the start."""
    return START + timedelta(days=days)


def event(subject: int, when: float | None, code: str, **more: Any) -> dict[str, Any]:
    time = None if when is None else day(when)
    return {"subject_id": subject, "time": time, "code": code, "source": "ehr"} | more


def person(subject: int, age: float = 60.0, sex: str = "F", site: str | None = "A") -> list[Any]:
    """What is known of a person: born `age` years before the start."""
    facts = [event(subject, -age * 365.25, "MEDS_BIRTH"), event(subject, None, f"GENDER//{sex}")]
    return facts + ([event(subject, None, f"SITE//{site}")] if site else [])


def events(*rows: Any) -> pl.DataFrame:
    """The events table of rows and lists of rows."""
    flat = [one for row in rows for one in (row if isinstance(row, list) else [row])]
    return pl.DataFrame(flat, schema=types_of(Events))
