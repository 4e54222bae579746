"""A night that is missing, cancelled or failed is told by the time since the last that finished."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from chartline.core.tables import Runs, types_of
from chartline.views.nights import overdue

NOW = datetime(2024, 5, 10, 12, tzinfo=UTC)


def runs(*rows: tuple[str, str, float]) -> pl.DataFrame:
    """Runs as (kind, status, hours before now at which it began); each took an hour."""
    return pl.DataFrame(
        [
            {
                "run_id": str(number),
                "kind": kind,
                "status": status,
                "started_at": NOW - timedelta(hours=hours),
                "seconds": None if status == "running" else 3600.0,
                "version": "1",
            }
            for number, (kind, status, hours) in enumerate(rows)
        ],
        schema=types_of(Runs),
    )


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [("run", "finished", 500.0)],  # a folder of no night: nothing is expected of it
        [("documents", "finished", 48.5)],  # it ended 47.5 hours ago
        [("documents", "finished", 500.0), ("documents", "finished", 25.0)],
        [("documents", "failed", 500.0), ("run", "finished", 25.0)],
        [("documents", "running", 0.1)],
    ],
)
def test_no_warning_while_nights_finish(rows: list[tuple[str, str, float]]) -> None:
    assert overdue(runs(*rows), 48, NOW) is None


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("documents", "finished", 50.0)], "the last night that finished ended 49 hours ago"),
        (
            [("documents", "finished", 74.0), ("documents", "failed", 25.0)],
            "ended 73 hours ago, on 2024-05-07 11:00 UTC",
        ),
        (
            [("documents", "finished", 74.0), ("onset", "finished", 2.0)],
            "ended 73 hours ago",
        ),
        ([("documents", "finished", 74.0), ("documents", "running", 0.1)], "73 hours ago"),
        (
            [("documents", "failed", 100.0), ("documents", "failed", 3.0)],
            "no night has finished; the first began 100 hours ago",
        ),
    ],
)
def test_a_warning_where_none_has_finished_for_too_long(
    rows: list[tuple[str, str, float]], said: str
) -> None:
    warning = overdue(runs(*rows), 48, NOW)
    assert warning is not None
    assert said in warning
    assert "night_overdue_hours (48)" in warning
    assert overdue(runs(*rows), 0, NOW) is None
    assert overdue(runs(*rows), 1000, NOW) is None
