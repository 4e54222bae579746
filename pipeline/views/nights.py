"""Whether the nights are still coming: runs of the flow `documents`, judged by the table runs."""

from datetime import datetime

import polars as pl

NIGHT = "documents"  # the kind of the nightly flow's runs
_READS_ALL = (NIGHT, "run")  # `chartline run` by hand does all that a night does
_HOUR = 3600.0


def overdue(runs: pl.DataFrame, hours: float, now: datetime) -> str | None:
    """A warning where no night has finished for too long; None where all is well.

    Nights that a server cancelled or never started leave no row, so it is the time since the last
    that finished which tells. Nothing is expected of a folder that the flow never wrote to.

    Args:
        runs: the table runs.
        hours: since the end of the last finished night, above which to warn; 0: never.
        now: the time.
    """
    nights = runs.filter(pl.col("kind") == NIGHT)
    if nights.is_empty() or not hours:
        return None
    done = pl.col("kind").is_in(_READS_ALL) & (pl.col("status") == "finished")
    ends = runs.filter(done).select(
        pl.col("started_at") + pl.duration(milliseconds=1000 * pl.col("seconds"))
    )
    times = ends.to_series() if len(ends) else nights["started_at"]
    since: datetime = times.max() if len(ends) else times.min()  # type: ignore[assignment]
    passed = (now - since).total_seconds() / _HOUR
    if passed <= hours:
        return None
    what = (
        "the last night that finished ended"
        if len(ends)
        else "no night has finished; the first began"
    )
    return (
        f"{what} {passed:.0f} hours ago, on {since:%Y-%m-%d %H:%M} UTC, which is more than "
        f"night_overdue_hours ({hours:g}): were nights cancelled, or not started?"
    )
