"""Texts to times."""

import polars as pl

from chartline.core.tables import UTC

_WITH_OFFSET = "%Y-%m-%dT%H:%M:%S%.f%:z"
_WITHOUT_OFFSET = ("%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M")
_DATE = "%Y-%m-%d"


def iso_times(column: pl.Series) -> pl.Series:
    """ISO 8601 texts as UTC times; null where a text is no time.

    A time without an offset is taken as UTC, a date as its midnight.

    >>> iso_times(pl.Series(["2020-01-02T03:00:00+01:00", "soon"])).to_list()
    [datetime.datetime(2020, 1, 2, 2, 0, tzinfo=zoneinfo.ZoneInfo(key='UTC')), None]
    """
    return column.to_frame().select(iso_time(pl.col(column.name)).alias(column.name)).to_series()


def iso_time(column: pl.Expr) -> pl.Expr:
    """`iso_times` for an expression."""
    text = column.str.strip_chars().str.replace(" ", "T", literal=True).str.replace("Z$", "+00:00")
    zoned = text.str.to_datetime(_WITH_OFFSET, time_unit="us", time_zone="UTC", strict=False)
    naive = [text.str.to_datetime(form, time_unit="us", strict=False) for form in _WITHOUT_OFFSET]
    dates = text.str.to_date(_DATE, strict=False).cast(pl.Datetime("us"))
    as_utc = [part.dt.replace_time_zone("UTC") for part in (*naive, dates)]
    return pl.coalesce([zoned, *as_utc]).cast(UTC)
