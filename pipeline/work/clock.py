"""The run's date: the one place where the stages that learn meet the clock."""

from datetime import UTC, date, datetime


def run_date() -> date:
    """The date of now, in UTC as all times of the tables."""
    return datetime.now(UTC).date()
