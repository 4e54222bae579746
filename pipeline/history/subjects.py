"""Patient identifiers of hospitals to MEDS subject numbers (64-bit integers)."""

import hashlib

import polars as pl

_INTEGER = r"^[+-]?\d{1,18}$"  # 18 digits always fit a 64-bit integer
_DIGITS = 18


def subject_id(patient_id: str) -> int:
    """The MEDS subject of a patient: the identifier where it is a whole number, else a hash.

    The hash is the first 63 bits of SHA-256: the same patient has the same number in every run
    and source, and two of a million patients share one with a probability of 5e-8.
    """
    if patient_id.isascii() and patient_id.isdigit() and len(patient_id) <= _DIGITS:
        return int(patient_id)
    return int.from_bytes(hashlib.sha256(patient_id.encode()).digest()[:8]) >> 1


def subject_ids(rows: pl.LazyFrame) -> pl.Expr:
    """`subject_id` of the text column `subject` of `rows`, as an expression."""
    hashed = (
        rows.select("subject")
        .filter(~pl.col("subject").str.contains(_INTEGER))
        .unique()
        .collect(engine="streaming")["subject"]
    )
    integer = pl.col("subject").cast(pl.Int64, strict=False)
    if hashed.is_empty():
        return integer
    numbers = pl.Series([subject_id(value) for value in hashed], dtype=pl.Int64)
    return pl.coalesce(
        pl.col("subject").replace_strict(hashed, numbers, default=None, return_dtype=pl.Int64),
        integer,
    )
