"""Events to occurrences: each code once a subject and day."""

import numpy as np
import polars as pl
from numpy.typing import NDArray


def occurrences(events: pl.LazyFrame, codes: pl.Series, encounters: bool = False) -> pl.DataFrame:
    """Each code once a subject and day, sorted by subject, day and code.

    Args:
        events: subject_id, time and code; also encounter_id, where `encounters` is true. Events
            without a time are left out.
        codes: the codes to keep, each once. Events of other codes are left out.
        encounters: put the number of the encounter in the place of the day, so that events of one
            encounter share it. The day stands for the encounter where none is known.

    Returns:
        subject_id, day (days since 1970-01-01), code (its index in `codes`).
    """
    day = pl.col("time").dt.epoch("d").cast(pl.Int32)
    if encounters:
        visit = pl.coalesce("encounter_id", day.cast(pl.String))
        day = visit.rank("dense").over("subject_id").cast(pl.Int32)
    index = pl.col("code").cast(pl.Enum(codes), strict=False).to_physical().cast(pl.Int32)
    dated = events.filter(pl.col("time").is_not_null()).select(
        "subject_id", day.alias("day"), index.alias("code")
    )
    return _sorted_unique(dated.drop_nulls("code").collect())


def _sorted_unique(dated: pl.DataFrame) -> pl.DataFrame:
    """The distinct rows, sorted by subject_id, day and code.

    The columns are packed into one integer, which polars sorts several times faster than three.
    """
    subject, day, code = (dated[name].to_numpy() for name in ("subject_id", "day", "code"))
    if len(subject) == 0:
        return dated
    subject_names, subject_number = _numbered(subject, dated["subject_id"].is_sorted())
    first_day, code_count = int(day.min()), int(code.max()) + 1
    day_count = int(day.max()) - first_day + 1
    key = (subject_number * day_count + (day - first_day)) * code_count + code
    key = pl.Series(key).sort().to_numpy()
    key = key[np.concatenate([[True], key[1:] != key[:-1]])]
    key, code = np.divmod(key, code_count)
    subject_number, day = np.divmod(key, day_count)
    return pl.DataFrame(
        {
            "subject_id": subject_names[subject_number],
            "day": (day + first_day).astype(np.int32),
            "code": code.astype(np.int32),
        }
    )


def _numbered(
    subject: NDArray[np.int64], is_sorted: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct subjects in order, and for each row the index of its subject among them."""
    if not is_sorted:
        return np.unique(subject, return_inverse=True)
    return subject[np.concatenate([[True], subject[1:] != subject[:-1]])], run_numbers(subject)


def run_numbers(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each value the number of its run of equal values, counted from 0.

    >>> run_numbers(np.array([7, 7, 3, 7])).tolist()
    [0, 0, 1, 2]
    """
    return np.cumsum(np.concatenate([[0], values[1:] != values[:-1]]))
