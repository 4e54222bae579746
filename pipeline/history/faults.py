"""The table event_faults: rows of a source that became no event, and events to look at.

Nothing is dropped in silence: a row that cannot be read is counted under its file and its fault.
"""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from chartline.core.tables import EventFaults, types_of

ROW = "row"  # column of row numbers in a source file, from 1
_LISTED = 100  # row numbers kept a file and fault: enough to look at, few enough to store


def count_faults(frames: Sequence[tuple[Path, pl.LazyFrame]], lost: bool = True) -> pl.DataFrame:
    """Counts rows by file and fault; a row of the table event_faults for each.

    Args:
        frames: A file, and a frame with the columns `row` and `fault` (null where there is none).
        lost: Whether these rows became no event.
    """
    counted = [
        frame.filter(pl.col("fault").is_not_null())
        .group_by("fault")
        .agg(count=pl.len().cast(pl.Int64), rows=pl.col(ROW).sort().head(_LISTED).cast(pl.Int64))
        .select(
            pl.lit(str(file)).alias("file"), "fault", pl.lit(lost).alias("lost"), "count", "rows"
        )
        .collect(engine="streaming")
        for file, frame in frames
    ]
    return merge_faults(counted)


def merge_faults(tables: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Several event_faults tables as one: counts of the same file and fault are added up."""
    empty = pl.DataFrame(schema=types_of(EventFaults))
    grouped = pl.concat([empty, *tables]).group_by("file", "fault", "lost", maintain_order=True)
    return (
        grouped.agg(pl.col("count").sum(), pl.col("rows").flatten().sort().head(_LISTED))
        .select(empty.columns)
        .sort("file", "fault")
    )
