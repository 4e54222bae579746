"""A patient's record in time: when its statements became known, and where it ends."""

import polars as pl


def known_since() -> pl.Expr:
    """When an event became known: `known_at`, else `time`, and never before it happened.

    An appointment is known before its day, but not that it took place. Null for facts without any
    date.
    """
    return pl.max_horizontal("time", "known_at")
