"""A value and its context, to the columns of a mention."""

from typing import Any

from chartline.mentions.spans import Context, Moment
from chartline.mentions.values.page import Measured


def value_columns(one: Measured | None) -> dict[str, Any]:
    """The columns of the mentions table that hold a value; none for a mention without one."""
    if one is None:
        return {}
    quantity = one.quantity
    return {
        "comparator": quantity.comparator,
        "value": quantity.value,
        "unit": quantity.unit,
        "low": quantity.low,
        "high": quantity.high,
        "flag": quantity.flag,
    }


def with_context(one: Measured, context: Context, date: Moment | None) -> Moment | None:
    """Corrects the context of a value, and gives its date: its own before that of its sentence.

    What a text denies is rarely a value: `no fever, temperature 37.2`, `troponin negative, 5 ng/L`.
    Only a bound can be denied: `no haemoglobin < 8`. A value that a later one follows is past.
    """
    context.negated = context.negated and one.quantity.comparator is not None
    context.past = context.past or one.earlier
    return one.moment or (None if one.earlier else date)
