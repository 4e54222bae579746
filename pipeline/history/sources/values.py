"""Fields of a source to values: times, numbers; and dates that cannot be those of care."""

from datetime import date

import polars as pl

from chartline.core.tables import UTC
from chartline.core.times import iso_time

PLACEHOLDER = "a placeholder date"
FUTURE = "a date after the run's date"
# Dates that databases and spreadsheets write where there is none
_PLACEHOLDER_YEARS = (2099, 2999, 9999)
_FIRST_YEAR = 2  # year 1 is the least date of most databases
_PLACEHOLDER_DAYS = (
    date(1753, 1, 1),  # SQL Server's least datetime
    date(1899, 12, 30),  # a spreadsheet's day 0
    date(1900, 1, 1),  # its day 1
)
BIRTH = "MEDS_BIRTH"
_DECIMAL_COMMA = r"^([+-]?\d+),(\d+)$"
_THOUSANDS = r"^[+-]?\d{1,3}(,\d{3})+$"  # 1,234: a decimal comma, or one between thousands
_THOUSANDS_BY_POINTS = r"^[+-]?\d{1,3}(\.\d{3})+,\d+$"  # 1.234,5


def time_of(name: str, dtype: pl.DataType, time_format: str | None = None) -> pl.Expr:
    """The column `name` of type `dtype` in UTC; a time without a zone is taken as UTC.

    Null where it cannot be read. `time_format` is that of texts; None for ISO 8601.
    """
    column = pl.col(name)
    if isinstance(dtype, pl.Datetime):
        zoned = column if dtype.time_zone else column.dt.replace_time_zone("UTC")
        return zoned.dt.convert_time_zone("UTC").dt.cast_time_unit("us").cast(UTC)
    if dtype == pl.Date:
        return column.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    text = column.cast(pl.String)
    if time_format is None:
        return iso_time(text)
    return (
        text.str.strip_chars()
        .str.to_datetime(time_format, time_unit="us", strict=False)
        .dt.replace_time_zone("UTC")
    )


def date_fault(time: pl.Expr, code: pl.Expr, today: date | None) -> pl.Expr:
    """Why a time cannot be that of an event; null where it can.

    Placeholders of databases and spreadsheets; times after `today`, the run's date, where it is
    given. People may be born on such a day of the past, so births have no placeholder there.
    """
    day = time.dt.date()
    year = time.dt.year()
    placeholder = (year < _FIRST_YEAR) | year.is_in(_PLACEHOLDER_YEARS)
    placeholder |= day.is_in(_PLACEHOLDER_DAYS) & (code != BIRTH)
    found = pl.when(placeholder).then(pl.lit(PLACEHOLDER))
    if today is None:
        return found
    return pl.coalesce(found, pl.when(day > today).then(pl.lit(FUTURE)))


def number_of(name: str, dtype: pl.DataType, separator: str = ",") -> pl.Expr:
    """The column `name` of type `dtype` as a number; null for text and what is not finite.

    A comma is a decimal one. In a file whose fields are separated by commas 1,234 may be either a
    decimal or a grouped number, and is none.
    """
    column = pl.col(name)
    if dtype == pl.String:
        text = column.str.strip_chars()
        if separator == ",":
            text = pl.when(~text.str.contains(_THOUSANDS)).then(text)
        grouped = text.str.contains(_THOUSANDS_BY_POINTS)
        text = pl.when(grouped).then(text.str.replace_all(".", "", literal=True)).otherwise(text)
        column = text.str.replace(_DECIMAL_COMMA, "${1}.${2}")
    number = column.cast(pl.Float32, strict=False)
    return pl.when(number.is_finite()).then(number)
