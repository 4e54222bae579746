"""The table event_faults: rows of a source that became no event, and events to look at.

Nothing is dropped in silence: a row that cannot be read is counted under its file and its fault.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from chartline.core.tables import EventFaults, types_of

ROW = "row"  # column of row numbers in a source file, from 1
_MANY = 5_000_000  # rows with a fault that are held in memory together
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


@dataclass(frozen=True)
class Tally:
    """Rows of one file, and the table event_faults of it."""

    rows: int
    faults: pl.DataFrame


def tally(file: Path, frame: pl.LazyFrame, fault: str, notes: Sequence[str]) -> Tally:
    """Counts a file's rows and its faults.

    Args:
        file: The file.
        frame: Its rows: `row`, `lost`, and texts that are null where nothing is wrong.
        fault: The column of faults of rows that are no event; `lost` says whether they are lost.
        notes: Columns of what rows lost that are events.
    """
    kinds = (fault, *notes)
    wrong = pl.any_horizontal(pl.col(kind).is_not_null() for kind in kinds)
    lengths = (
        frame.group_by(*kinds, "lost")
        .agg(count=pl.len().cast(pl.Int64))
        .collect(engine="streaming")
    )
    counted = lengths.join(
        _first_rows(frame.filter(wrong), lengths.filter(wrong), kinds),
        on=[*kinds, "lost"],
        how="left",
        nulls_equal=True,
    ).with_columns(pl.col("rows").fill_null([]))
    events = counted.filter(pl.col(fault).is_null())
    parts = [(counted, fault, pl.col("lost")), *((events, note, pl.lit(False)) for note in notes)]
    faults = merge_faults(
        [
            part.drop_nulls(kind).select(
                pl.lit(str(file)).alias("file"),
                pl.col(kind).alias("fault"),
                lost.alias("lost"),
                "count",
                "rows",
            )
            for part, kind, lost in parts
        ]
    )
    return Tally(int(counted["count"].sum()), faults)


def _first_rows(frame: pl.LazyFrame, lengths: pl.DataFrame, kinds: Sequence[str]) -> pl.DataFrame:
    """The numbers of the first rows of each kind; `lengths` says how many rows each has.

    Where there are many, each kind is looked for by itself: lists of all would not fit memory.
    """
    by = [*kinds, "lost"]
    if lengths["count"].sum() <= _MANY:
        first = pl.col(ROW).sort().head(_LISTED).cast(pl.Int64)
        return frame.group_by(by).agg(rows=first).collect(engine="streaming")
    found = []
    for kind in lengths.select(by).rows(named=True):
        same = pl.all_horizontal(pl.col(name).eq_missing(value) for name, value in kind.items())
        rows = frame.filter(same).select(ROW).head(_LISTED).collect(engine="streaming")[ROW]
        found.append({**kind, "rows": rows.sort().to_list()})
    types = {name: lengths.schema[name] for name in by}
    return pl.DataFrame(found, schema={**types, "rows": pl.List(pl.Int64)})


def fault_row(file: Path, fault: str, count: int = 1, *, lost: bool = True) -> pl.DataFrame:
    """One row of the table event_faults, without row numbers."""
    row = {"file": str(file), "fault": fault, "lost": lost, "count": count, "rows": []}
    return pl.DataFrame([row], schema=types_of(EventFaults))


def merge_faults(tables: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Several event_faults tables as one: counts of the same file and fault are added up."""
    empty = pl.DataFrame(schema=types_of(EventFaults))
    grouped = pl.concat([empty, *tables]).group_by("file", "fault", maintain_order=True)
    return (
        grouped.agg(
            pl.col("lost").any(),
            pl.col("count").sum(),
            pl.col("rows").list.explode(keep_nulls=False, empty_as_null=False).sort().head(_LISTED),
        )
        .select(empty.columns)
        .sort("file", "fault")
    )
