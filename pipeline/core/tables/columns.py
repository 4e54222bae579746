"""Kinds of columns that several tables have, and how a frame is brought to a schema."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import dataframely as dy
import polars as pl

UTC = pl.Datetime("us", "UTC")


@dataclass(frozen=True)
class OneOf:
    """A rule for text columns: the value is one of `values`."""

    values: tuple[str, ...]
    __name__ = "one_of"  # dataframely names the rule by it

    def __call__(self, column: pl.Expr) -> pl.Expr:
        return column.is_in(list(self.values))


def one_of(values: tuple[str, ...]) -> OneOf:
    """The rule that a text column holds one of `values`."""
    return OneOf(values)


def utc_time(**options: Any) -> dy.Datetime:
    """A column of times in UTC, in microseconds; `options` as for `dataframely.Datetime`."""
    return dy.Datetime(time_unit="us", time_zone="UTC", **options)


@cache
def types_of(schema: type[dy.Schema]) -> pl.Schema:
    """The names and types of a schema's columns, in its order."""
    return pl.Schema({name: column.dtype for name, column in schema.columns().items()})


def empty(schema: type[dy.Schema]) -> pl.DataFrame:
    """A frame of the schema without rows."""
    return pl.DataFrame(schema=types_of(schema))


def cast_to(frame: pl.DataFrame, schema: type[dy.Schema]) -> pl.DataFrame:
    """`frame` with exactly the schema's columns, in its order and types.

    A nullable column that the frame lacks is filled with nulls. The schema's rules are checked
    where the frame is stored, not here.

    Raises:
        polars.exceptions.PolarsError: a column that may not be null is missing, or a value does
            not fit its type.
    """
    wanted = types_of(schema)
    if frame.schema == wanted:  # selecting again costs much on the few lines of a document
        return frame
    columns, present = schema.columns(), set(frame.columns)
    return frame.select(
        pl.lit(None, dtype).alias(name)
        if name not in present and columns[name].nullable
        else pl.col(name).cast(dtype)
        for name, dtype in wanted.items()
    )


def validated(frame: pl.DataFrame, schema: type[dy.Schema]) -> pl.DataFrame:
    """`cast_to`, with the schema's rules checked.

    Raises:
        dataframely.exc.ValidationError: a rule of the schema does not hold.
    """
    return schema.validate(cast_to(frame, schema), cast=True)
