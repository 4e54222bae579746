"""What reading an EHR source gives, and the form in which a reader hands over each table."""

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from chartline.history.sources.files import table_name

EHR = "ehr"  # value of the column `source` of events that come from a source


@dataclass(frozen=True)
class Source:
    """An EHR source that was read.

    Attributes:
        events: Frames with the columns of the table events, lazy, one a file; in no order.
        faults: The table event_faults: rows that became no event.
        splits: The table splits, where the source declares splits.
        codes: The table codes, where the source describes codes.
    """

    events: list[pl.LazyFrame]
    faults: pl.DataFrame
    splits: pl.DataFrame | None = None
    codes: pl.DataFrame | None = None

    def collected(self) -> pl.DataFrame:
        """All events in memory, in no order."""
        return pl.concat(self.events).collect(engine="streaming")


@dataclass(frozen=True)
class SourceTable:
    """Rows of one file of a source before their types are checked.

    Attributes:
        file: Where they come from.
        rows: The columns `row`, `subject`, `time`, `code` and, where the file has them,
            `numeric_value`, `text_value`, `unit`, `encounter`, `end` and `known` (when it ended,
            when it became known), `certain`, and `lost` (false where a row that is no event loses
            nothing; absent or null: true).
        refused: The fault of a row that is no event, null for the others.
        timeless: Whether a row may have no time: a fact without a date, such as sex.
        time_format: Format of times in text (`strftime`); None for ISO 8601.
        separator: Field separator of a CSV file; None: seen in its header.
    """

    file: Path
    rows: pl.LazyFrame
    refused: pl.Expr = field(default_factory=lambda: pl.lit(None, pl.String))
    timeless: bool = False
    time_format: str | None = None
    separator: str | None = None

    @property
    def is_table(self) -> bool:
        """Whether the file is CSV or Parquet, rather than JSON."""
        return table_name(self.file) is not None
