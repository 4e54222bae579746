"""Rows of a source to events with the types of the table events; unreadable rows to faults."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date

import polars as pl

from chartline.core.tables import UTC, Events
from chartline.history.faults import ROW, fault_row, merge_faults, tally
from chartline.history.sources.files import layout_faults, separator_of
from chartline.history.sources.source import EHR, SourceTable
from chartline.history.sources.values import (
    BIRTH,
    FUTURE,
    PLACEHOLDER,
    date_fault,
    number_of,
    time_of,
)
from chartline.history.subjects import subject_ids

SHIFTED = "most dates are after the run's date: taken as shifted, and kept"
_MOST = 0.5  # share of future dates from which on they are those of a de-identified data set
_NOTES = ("value_fault", "end_fault", "known_fault")  # what an event lost; it is an event still


def events_of(
    tables: Sequence[SourceTable], today: date | None = None
) -> tuple[list[pl.LazyFrame], pl.DataFrame]:
    """The events of each table, and the table event_faults of all.

    A file that cannot be read to its end is a fault, and gives no events.

    Args:
        tables: Rows of each file.
        today: The run's date: later times are faults. None: no time is in the future. Where most
            times are later, those of births too, the source's dates were shifted (as MIMIC's are),
            and all are kept.
    """
    events, faults, rows, future = [], [], 0, 0
    for table in tables:
        try:
            typed = _typed(table, today)
            counted = tally(table.file, typed, "fault", _NOTES)
        except pl.exceptions.PolarsError as error:  # its message may hold a value of a row
            fault = f"the file cannot be read ({type(error).__name__})"
            faults.append(fault_row(table.file, fault))
            continue
        rows += counted.rows
        future += int(counted.faults.filter(pl.col("fault") == FUTURE)["count"].sum())
        faults.append(counted.faults)
        events.append(typed.filter(pl.col("fault").is_null()).select(list(Events.columns())))
    if today is not None and future > _MOST * rows and _born_later(tables, today):
        events, again = events_of(tables)
        shifted = fault_row(tables[0].file.parent, SHIFTED, future, lost=False)
        return events, merge_faults([again, shifted])
    return events, merge_faults([*faults, *_of_layouts(tables)])


def _born_later(tables: Sequence[SourceTable], today: date) -> bool:
    """Whether most births are after `today`; true where a source has none."""
    later = pl.concat(
        _typed(table, None)
        .filter(pl.col("code") == BIRTH, pl.col("time").is_not_null())
        .select(later=pl.col("time").dt.date() > today)
        for table in tables
    )
    share = later.mean().collect(engine="streaming").item()
    return share is None or share > _MOST


def _of_layouts(tables: Sequence[SourceTable]) -> list[pl.DataFrame]:
    layouts = {table.file: table.separator for table in tables if table.is_table}
    found = []
    for file, separator in layouts.items():
        # a file that cannot be read is counted as such already
        with suppress(pl.exceptions.PolarsError):
            found.append(layout_faults(file, separator))
    return found


def _typed(table: SourceTable, today: date | None) -> pl.LazyFrame:
    """The columns of the table events; `row`, `fault` (null for an event), `lost`, `_NOTES`."""
    schema = table.rows.collect_schema()
    return table.rows.select(
        ROW,
        _subject(table.rows, schema["subject"]).alias("subject_id"),
        _time(table, schema, "time").alias("time"),
        pl.col("code").cast(pl.String),
        _number(table, schema).alias("numeric_value"),
        _text_value(table, schema).alias("text_value"),
        _cast(schema, "unit", pl.String).alias("unit"),
        _time(table, schema, "end").alias("end_time"),
        _time(table, schema, "known").alias("known_at"),
        _cast(schema, "certain", pl.Boolean).alias("certain"),
        pl.lit(EHR).alias("source"),
        pl.lit(None, pl.String).alias("document_id"),
        _cast(schema, "encounter", pl.String).alias("encounter_id"),
        _fault(table, schema, today).alias("fault"),
        _cast(schema, "lost", pl.Boolean).fill_null(True).alias("lost"),
        _value_fault(table, schema).alias("value_fault"),
        _end_fault(table, schema).alias("end_fault"),
        _known_fault(table, schema, today).alias("known_fault"),
    ).with_columns(
        end_time=pl.when(pl.col("end_fault").is_null()).then("end_time"),
        known_at=pl.when(pl.col("known_fault").is_null(), pl.col("known_at") > pl.col("time")).then(
            "known_at"
        ),
        unit=pl.when(pl.col("numeric_value").is_not_null()).then("unit"),
    )


def _fault(table: SourceTable, schema: pl.Schema, today: date | None) -> pl.Expr:
    """The first fault of a row that is no event, null where it is one."""
    code, time = pl.col("code").cast(pl.String), _time(table, schema, "time")
    subject = _subject(table.rows, schema["subject"])
    faults = [
        (pl.col("subject").is_null(), "no subject"),
        (subject.is_null(), "the subject is no whole number"),
        (code.is_null() | (code == ""), "no code"),
        (pl.col("time").is_not_null() & time.is_null(), "the time cannot be read"),
    ]
    if not table.timeless:
        faults.append((pl.col("time").is_null(), "no time"))
    named = (pl.when(condition).then(pl.lit(fault)) for condition, fault in faults)
    return pl.coalesce(table.refused, *named, date_fault(time, code, today))


def _value_fault(table: SourceTable, schema: pl.Schema) -> pl.Expr:
    if "numeric_value" not in schema:
        return pl.lit(None, pl.String)
    given = pl.col("numeric_value").is_not_null()
    if schema["numeric_value"].is_float():  # NaN stands for a missing number
        given &= pl.col("numeric_value").is_not_nan()
    lost = given & _number(table, schema).is_null()
    return pl.when(lost).then(pl.lit("the value is no number"))


def _end_fault(table: SourceTable, schema: pl.Schema) -> pl.Expr:
    """Why an end is left out: unreadable, a placeholder (`still so`), or before the beginning."""
    if "end" not in schema:
        return pl.lit(None, pl.String)
    end = _time(table, schema, "end")
    # a date without a time of day may end what began later on that day
    early = end.dt.date() < _time(table, schema, "time").dt.date()
    placeholder = date_fault(end, pl.lit(""), None).is_not_null()
    return (
        pl.when(pl.col("end").is_not_null() & end.is_null())
        .then(pl.lit("the end cannot be read"))
        .when(placeholder)
        .then(pl.lit(f"{PLACEHOLDER} as the end"))
        .when(early)
        .then(pl.lit("an end before the beginning"))
    )


def _known_fault(table: SourceTable, schema: pl.Schema, today: date | None) -> pl.Expr:
    """Why the time at which a row became known is left out."""
    if "known" not in schema:
        return pl.lit(None, pl.String)
    known = _time(table, schema, "known")
    wrong = date_fault(known, pl.lit(""), today).is_not_null()
    wrong |= pl.col("known").is_not_null() & known.is_null()
    return pl.when(wrong).then(pl.lit("the date of recording cannot be right"))


def _subject(rows: pl.LazyFrame, dtype: pl.DataType) -> pl.Expr:
    if dtype == pl.String:
        return subject_ids(rows)
    subject = pl.col("subject")
    if dtype.is_float():
        subject = pl.when(subject == subject.floor()).then(subject)
    return subject.cast(pl.Int64, strict=False)


def _number(table: SourceTable, schema: pl.Schema) -> pl.Expr:
    if "numeric_value" not in schema:
        return pl.lit(None, pl.Float32)
    return number_of("numeric_value", schema["numeric_value"], _separator(table))


def _separator(table: SourceTable) -> str:
    """Between the fields of a file; a comma where it has none."""
    return separator_of(table.file, table.separator) if table.is_table else ","


def _text_value(table: SourceTable, schema: pl.Schema) -> pl.Expr:
    """The text of a value; what stands for a number and is none is kept as text."""
    text = _cast(schema, "text_value", pl.String)
    if schema.get("numeric_value") != pl.String:
        return text
    return pl.coalesce(
        text, pl.when(_number(table, schema).is_null()).then(pl.col("numeric_value"))
    )


def _time(table: SourceTable, schema: pl.Schema, name: str) -> pl.Expr:
    if name not in schema:
        return pl.lit(None, UTC)
    return time_of(name, schema[name], table.time_format)


def _cast(schema: pl.Schema, name: str, dtype: type[pl.DataType]) -> pl.Expr:
    """A column in a type, null where it does not fit or is missing."""
    return pl.col(name).cast(dtype, strict=False) if name in schema else pl.lit(None, dtype)
