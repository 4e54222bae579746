"""From a source's rows, still text, to typed events; what cannot be read is counted and listed, never dropped in silence."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from chartline.core.errors import UsageError
from chartline.core.tables import UTC, EventFaults, Events, types_of
from chartline.core.times import iso_time

EHR = "ehr"
ROW = "row"
_LISTED = 100  # numbers of rows that are listed a file and fault
_NUMBER = r"^[+-]?\d{1,18}$"


@dataclass(frozen=True)
class Source:
    """An EHR: its events as lazy frames, one a file, rows that became none, and what it says of subjects' splits and codes."""

    events: list[pl.LazyFrame]
    faults: pl.DataFrame
    splits: pl.DataFrame | None = None
    codes: pl.DataFrame | None = None

    def collected(self) -> pl.DataFrame:
        """All events at once, unordered."""
        return pl.concat(self.events).collect(engine="streaming")


@dataclass(frozen=True)
class Part:
    """A source's table on its way: `rows` has `row`, `subject`, `time`, `code` and, where known, `numeric_value`,
    `text_value`, `encounter`; `refused` names rows that are no event, by an expression that gives the fault or null."""

    file: Path
    rows: pl.LazyFrame
    refused: pl.Expr = field(default_factory=lambda: pl.lit(None, pl.String))
    timeless: bool = False  # a row without a time is a fact without a date
    time_format: str | None = None
    separator: str = ","


def events_of(parts: Sequence[Part]) -> tuple[list[pl.LazyFrame], pl.DataFrame]:
    """Events of each part, and the table of faults."""
    typed = [(part, _typed(part)) for part in parts]
    kept = [
        frame.filter(pl.col("fault").is_null()).select(list(Events.columns())) for _, frame in typed
    ]
    refused = faults([(part.file, frame) for part, frame in typed])
    files = {part.file: part.separator for part in parts if part.file.suffix.lower() == ".csv"}
    return kept, merged(
        [
            refused,
            faults(
                [(file, _surplus(file, separator)) for file, separator in files.items()], lost=False
            ),
        ]
    )


def _surplus(file: Path, separator: str) -> pl.LazyFrame:
    """Rows of a CSV with more fields than its header names: the named ones are read, and a person should look."""
    names = pl.scan_csv(
        file,
        infer_schema=False,
        separator=separator,
        truncate_ragged_lines=True,
        encoding="utf8-lossy",
    ).collect_schema()
    wider = dict.fromkeys([*names, "\x00surplus"], pl.String)
    rows = pl.scan_csv(
        file,
        schema=wider,
        separator=separator,
        row_index_name=ROW,
        row_index_offset=1,
        truncate_ragged_lines=True,
        encoding="utf8-lossy",
    )
    return rows.filter(pl.col("\x00surplus").is_not_null()).select(
        ROW, fault=pl.lit("more fields than the header names")
    )


def faults(frames: Sequence[tuple[Path, pl.LazyFrame]], lost: bool = True) -> pl.DataFrame:
    """Counts by file and fault, with the first rows' numbers, of frames with the columns `row` and `fault`."""
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
    return merged(counted)


def merged(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Tables of faults as one: counts of the same file and fault add up."""
    empty = pl.DataFrame(schema=types_of(EventFaults))
    several = pl.concat([empty, *frames]).group_by("file", "fault", "lost", maintain_order=True)
    return (
        several.agg(pl.col("count").sum(), pl.col("rows").flatten().sort().head(_LISTED))
        .select(empty.columns)
        .sort("file", "fault")
    )


def _typed(part: Part) -> pl.LazyFrame:
    schema = part.rows.collect_schema()
    time = _time(schema["time"], part.time_format)
    number = _as(schema, "numeric_value", pl.Float32)
    subject = (
        subject_numbers(part.rows)
        if schema["subject"] == pl.String
        else pl.col("subject").cast(pl.Int64, strict=False)
    )
    fault = pl.coalesce(
        part.refused,
        _fault(pl.col("subject").is_null(), "no subject"),
        _fault(subject.is_null(), "the subject is no whole number"),
        _fault(pl.col("code").is_null() | (pl.col("code") == ""), "no code"),
        _fault(pl.col("time").is_not_null() & time.is_null(), "the time cannot be read"),
        pl.lit(None, pl.String) if part.timeless else _fault(pl.col("time").is_null(), "no time"),
        _fault(pl.col("numeric_value").is_not_null() & number.is_null(), "the value is no number")
        if "numeric_value" in schema
        else pl.lit(None, pl.String),
    )
    return part.rows.select(
        ROW,
        subject.alias("subject_id"),
        time.alias("time"),
        pl.col("code").cast(pl.String),
        number.alias("numeric_value"),
        _as(schema, "text_value", pl.String).alias("text_value"),
        unit=_as(schema, "unit", pl.String),
        end_time=pl.lit(None, UTC),
        known_at=pl.lit(None, UTC),
        certain=pl.lit(None, pl.Boolean),
        source=pl.lit(EHR),
        document_id=pl.lit(None, pl.String),
        encounter_id=_as(schema, "encounter", pl.String),
        fault=fault,
    )


def _fault(condition: pl.Expr, what: str) -> pl.Expr:
    return pl.when(condition).then(pl.lit(what))


def _as(schema: pl.Schema, name: str, dtype: type[pl.DataType]) -> pl.Expr:
    return pl.col(name).cast(dtype, strict=False) if name in schema else pl.lit(None, dtype)


def _time(dtype: pl.DataType, form: str | None) -> pl.Expr:
    if isinstance(dtype, pl.Datetime):
        column = pl.col("time") if dtype.time_zone else pl.col("time").dt.replace_time_zone("UTC")
        return column.dt.convert_time_zone("UTC").dt.cast_time_unit("us").cast(UTC)
    if dtype == pl.Date:
        return pl.col("time").cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    text = pl.col("time").cast(pl.String)
    if form is None:
        return iso_time(text)
    return (
        text.str.strip_chars()
        .str.to_datetime(form, time_unit="us", strict=False)
        .dt.replace_time_zone("UTC")
    )


def subject_numbers(rows: pl.LazyFrame) -> pl.Expr:
    """`subject`, text, as MEDS subjects: whole numbers as they are, other identifiers by `subject_id`."""
    odd = (
        rows.select("subject")
        .filter(~pl.col("subject").str.contains(_NUMBER))
        .unique()
        .collect(engine="streaming")["subject"]
    )
    number = pl.col("subject").cast(pl.Int64, strict=False)
    if odd.is_empty():
        return number
    numbers = pl.Series([subject_id(value) for value in odd], dtype=pl.Int64)
    return pl.coalesce(
        pl.col("subject").replace_strict(odd, numbers, default=None, return_dtype=pl.Int64), number
    )


def subject_id(patient_id: str) -> int:
    """A patient's MEDS subject: the identifier itself where it is a whole number, else 63 bits of its SHA-256."""
    if patient_id.isascii() and patient_id.isdigit() and len(patient_id) < 19:
        return int(patient_id)
    return int.from_bytes(hashlib.sha256(patient_id.encode()).digest()[:8]) >> 1


def scan(file: Path, separator: str = ",") -> pl.LazyFrame:
    """A CSV's rows as text, or a Parquet file's as they are, numbered from 1 in `row`; names in lower case.

    Raises:
        UsageError: the file cannot be read.
    """
    try:
        if file.suffix.lower() == ".parquet":
            frame = pl.scan_parquet(file, row_index_name=ROW, row_index_offset=1)
        else:
            frame = pl.scan_csv(
                file,
                infer_schema=False,
                separator=separator,
                row_index_name=ROW,
                row_index_offset=1,
                truncate_ragged_lines=True,
                encoding="utf8-lossy",
            )
        names = frame.collect_schema().names()
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UsageError(f"{file}: cannot be read ({type(error).__name__})") from None
    lower = [name.strip().lower() for name in names]
    return (
        frame.rename(dict(zip(names, lower, strict=True)))
        if len(set(lower)) == len(lower)
        else frame
    )


def need(file: Path, frame: pl.LazyFrame, *columns: str) -> None:
    """Raises:
    UsageError: the file has no such column.
    """
    names = frame.collect_schema().names()
    for column in columns:
        if column not in names:
            raise UsageError(f"{file}: no column {column!r}")


def first_of(frame: pl.LazyFrame, *columns: str) -> pl.Expr:
    """The first of these columns that is there and holds something, as text."""
    present = [
        pl.col(name).cast(pl.String) for name in columns if name in frame.collect_schema().names()
    ]
    filled = [pl.when(column.str.strip_chars() != "").then(column) for column in present]
    return pl.coalesce(filled) if filled else pl.lit(None, pl.String)


def find(folder: Path, name: str) -> Path | None:
    """The table `name` in a folder: a CSV or Parquet file, in any case."""
    for file in sorted(folder.iterdir()) if folder.is_dir() else []:
        if (
            file.is_file()
            and file.stem.lower() == name
            and file.suffix.lower() in (".csv", ".parquet")
        ):
            return file
    return None
