"""Patient identifiers of hospitals to MEDS subject numbers (64-bit integers)."""

import hashlib
import re

import polars as pl

# no leading zero, since 007 and 7 may be two patients; 18 digits always fit a 64-bit integer
_INTEGER = r"^(0|-?[1-9]\d{0,17})$"
_WHOLE_FLOAT = r"^\d{1,18}\.0$"


def subject_id(patient_id: str) -> int:
    """The MEDS subject of a patient: the identifier where it is a whole number, else a hash.

    The hash is the first 63 bits of SHA-256: the same patient has the same number in every run
    and source, and two of a million patients share one with a probability of 5e-8.

    >>> subject_id("7"), subject_id("007") == subject_id("7")
    (7, False)
    """
    if re.fullmatch(_INTEGER, patient_id, re.ASCII):
        return int(patient_id)
    return int.from_bytes(hashlib.sha256(patient_id.encode()).digest()[:8]) >> 1


def subject_ids(rows: pl.LazyFrame) -> pl.Expr:
    """`subject_id` of the text column `subject` of `rows`, as an expression.

    Where the whole column holds floats, as pandas writes integers beside empty fields, 1.0 is 1.
    """
    subject = pl.col("subject")
    others = (
        rows.select("subject")
        .filter(~subject.str.contains(_INTEGER))
        .unique()
        .collect(engine="streaming")["subject"]
    )
    if others.is_empty():
        return subject.cast(pl.Int64, strict=False)
    floats = others.str.contains(_WHOLE_FLOAT).all() and _none_is_an_integer(rows)
    read = (value.removesuffix(".0") if floats else value for value in others)
    numbers = pl.Series([subject_id(value) for value in read], dtype=pl.Int64)
    integer = pl.when(subject.str.contains(_INTEGER)).then(subject).cast(pl.Int64, strict=False)
    return pl.coalesce(
        subject.replace_strict(others, numbers, default=None, return_dtype=pl.Int64), integer
    )


def _none_is_an_integer(rows: pl.LazyFrame) -> bool:
    integers = rows.filter(pl.col("subject").str.contains(_INTEGER)).select("subject").head(1)
    return integers.collect(engine="streaming").is_empty()
