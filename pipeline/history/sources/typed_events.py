"""Rows of a source to events with the types of the table events; unreadable rows to faults."""

from collections.abc import Sequence

import polars as pl

from chartline.core.tables import UTC, Events
from chartline.core.times import iso_time
from chartline.history.faults import ROW, count_faults, merge_faults
from chartline.history.sources.files import surplus_fields
from chartline.history.sources.source import EHR, SourceTable
from chartline.history.subjects import subject_ids


def events_of(tables: Sequence[SourceTable]) -> tuple[list[pl.LazyFrame], pl.DataFrame]:
    """The events of each table, and the table event_faults of all."""
    typed = [(table, _typed(table)) for table in tables]
    events = [
        frame.filter(pl.col("fault").is_null()).select(list(Events.columns())) for _, frame in typed
    ]
    lost = count_faults([(table.file, frame) for table, frame in typed])
    separators = {t.file: t.separator for t in tables if t.file.suffix.lower() == ".csv"}
    surplus = [(file, surplus_fields(file, separator)) for file, separator in separators.items()]
    return events, merge_faults([lost, count_faults(surplus, lost=False)])


def _typed(table: SourceTable) -> pl.LazyFrame:
    """The columns of the table events, and `row` and `fault` (null where the row is an event)."""
    schema = table.rows.collect_schema()
    time = _time(schema["time"], table.time_format)
    number = _cast(schema, "numeric_value", pl.Float32)
    subject = (
        subject_ids(table.rows)
        if schema["subject"] == pl.String
        else pl.col("subject").cast(pl.Int64, strict=False)
    )
    return table.rows.select(
        ROW,
        subject.alias("subject_id"),
        time.alias("time"),
        pl.col("code").cast(pl.String),
        number.alias("numeric_value"),
        _cast(schema, "text_value", pl.String).alias("text_value"),
        unit=_cast(schema, "unit", pl.String),
        end_time=pl.lit(None, UTC),
        known_at=pl.lit(None, UTC),
        certain=pl.lit(None, pl.Boolean),
        source=pl.lit(EHR),
        document_id=pl.lit(None, pl.String),
        encounter_id=_cast(schema, "encounter", pl.String),
        fault=_fault(table, subject, time, number if "numeric_value" in schema else None),
    )


def _fault(table: SourceTable, subject: pl.Expr, time: pl.Expr, number: pl.Expr | None) -> pl.Expr:
    """The first fault of a row, null where it is an event. `number` is None without values."""
    code = pl.col("code")
    faults = [
        (pl.col("subject").is_null(), "no subject"),
        (subject.is_null(), "the subject is no whole number"),
        (code.is_null() | (code == ""), "no code"),
        (pl.col("time").is_not_null() & time.is_null(), "the time cannot be read"),
    ]
    if not table.timeless:
        faults.append((pl.col("time").is_null(), "no time"))
    if number is not None:
        unreadable = pl.col("numeric_value").is_not_null() & number.is_null()
        faults.append((unreadable, "the value is no number"))
    return pl.coalesce(
        table.refused, *(pl.when(condition).then(pl.lit(fault)) for condition, fault in faults)
    )


def _cast(schema: pl.Schema, name: str, dtype: type[pl.DataType]) -> pl.Expr:
    """A column in a type, null where it does not fit or is missing."""
    return pl.col(name).cast(dtype, strict=False) if name in schema else pl.lit(None, dtype)


def _time(dtype: pl.DataType, time_format: str | None) -> pl.Expr:
    """The column `time` of type `dtype` in UTC; a time without a zone is taken as UTC."""
    if isinstance(dtype, pl.Datetime):
        column = pl.col("time") if dtype.time_zone else pl.col("time").dt.replace_time_zone("UTC")
        return column.dt.convert_time_zone("UTC").dt.cast_time_unit("us").cast(UTC)
    if dtype == pl.Date:
        return pl.col("time").cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    text = pl.col("time").cast(pl.String)
    if time_format is None:
        return iso_time(text)
    return (
        text.str.strip_chars()
        .str.to_datetime(time_format, time_unit="us", strict=False)
        .dt.replace_time_zone("UTC")
    )
