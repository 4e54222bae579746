"""How often codes occur together in time: windows of days around every event of a subject (arXiv 1602.03686, section 3)."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

_PAIRS = (
    1 << 22
)  # that many at once: what is in hand fits a processor's cache better, and memory stays bounded
_DENSE = (
    1 << 24
)  # up to so many cells (4,096 codes) pairs are counted in a plain array, beyond by sorting


@dataclass(frozen=True)
class Window:
    """Which two events of a subject occur together.

    `days` apart at most; 0 means the same encounter (the same day where no encounter is known). With `decay_days`, a pair
    `d` days apart counts 2^(-d / decay_days).
    """

    days: int = 30
    decay_days: float | None = None


def occurrences(events: pl.LazyFrame, codes: pl.Series, encounters: bool = False) -> pl.DataFrame:
    """Each code once a subject and day: subject_id, day (days since 1970), code (its place in `codes`), in that order.

    With `encounters`, `day` is replaced by a number that events of one encounter share.
    """
    day = pl.col("time").dt.epoch("d").cast(pl.Int32)
    if encounters:
        day = (
            pl.coalesce("encounter_id", day.cast(pl.String))
            .rank("dense")
            .over("subject_id")
            .cast(pl.Int32)
        )
    place = pl.col("code").cast(pl.Enum(codes), strict=False).to_physical().cast(pl.Int32)
    dated = events.filter(pl.col("time").is_not_null()).select(
        "subject_id", day.alias("day"), place.alias("code")
    )
    return _distinct(dated.drop_nulls("code").collect())


def _distinct(dated: pl.DataFrame) -> pl.DataFrame:
    """Sorted, each row once: the three columns packed into one number, which polars sorts several times faster."""
    subject, day, code = (dated[name].to_numpy() for name in ("subject_id", "day", "code"))
    if len(subject) == 0:
        return dated
    known, person = (
        (None, _runs(subject))
        if dated["subject_id"].is_sorted()
        else np.unique(subject, return_inverse=True)
    )
    first, codes = int(day.min()), int(code.max()) + 1
    days = int(day.max()) - first + 1
    packed = pl.Series((person * days + (day - first)) * codes + code).sort().to_numpy()
    packed = packed[np.concatenate([[True], packed[1:] != packed[:-1]])]
    rest, found = np.divmod(packed, codes)
    person, day = np.divmod(rest, days)
    names = (
        subject[np.concatenate([[True], subject[1:] != subject[:-1]])] if known is None else known
    )
    return pl.DataFrame(
        {
            "subject_id": names[person],
            "day": (day + first).astype(np.int32),
            "code": found.astype(np.int32),
        }
    )


def _runs(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """The number of each stretch of equal values."""
    return np.cumsum(np.concatenate([[0], values[1:] != values[:-1]]))


def count(dated: pl.DataFrame, size: int, window: Window) -> sparse.csr_array:
    """`size` x `size`, symmetric: how often two codes occur together, each pair of occurrences once. Linear in pairs.

    Input: what `occurrences` returns. Counts of disjoint subjects add up, so that shards can be counted apart.
    """
    subject, day, code = (dated[name].to_numpy() for name in ("subject_id", "day", "code"))
    ends = _ends(subject, day, window.days)
    partners = ends - np.arange(1, len(ends) + 1)
    total = _Total(size)
    for begin, end in _chunks(partners):
        left = np.repeat(np.arange(begin, end), partners[begin:end])
        offset = np.arange(len(left)) - np.repeat(
            np.cumsum(partners[begin:end]) - partners[begin:end], partners[begin:end]
        )
        right = left + 1 + offset
        weight = (
            None
            if window.decay_days is None
            else np.exp2(-(day[right] - day[left]) / window.decay_days)
        )
        total.add(code[left].astype(np.int64) * size + code[right], weight)
    found = total.matrix()
    return sparse.csr_array(found + found.T)


def _ends(subject: NDArray[np.int64], day: NDArray[np.int32], days: int) -> NDArray[np.int64]:
    """For each event the place behind the last one of its subject within `days`."""
    if len(subject) == 0:
        return np.zeros(0, np.int64)
    first = int(day.min())
    line = _runs(subject) * (int(day.max()) - first + days + 1) + (day - first)
    return np.searchsorted(line, line + days, side="right")


def _chunks(partners: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Stretches of events that have some `_PAIRS` partners together."""
    reach = np.cumsum(partners)
    last = int(reach[-1]) if len(reach) else 0
    cuts = np.searchsorted(reach, np.arange(_PAIRS, last, _PAIRS), side="left") + 1
    edges = np.unique(np.concatenate([[0], cuts, [len(partners)]]))
    return list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))


class _Total:
    """Sums by cell of a square matrix."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.dense = np.zeros(size * size) if size * size <= _DENSE else None
        self.parts = sparse.csr_array((size, size))

    def add(self, cells: NDArray[np.int64], weights: NDArray[np.float64] | None) -> None:
        if self.dense is not None:
            self.dense += np.bincount(cells, weights, minlength=len(self.dense))
            return
        if weights is None:
            kept, sums = np.unique(cells, return_counts=True)
        else:
            kept, places = np.unique(cells, return_inverse=True)
            sums = np.bincount(places, weights)
        row, column = np.divmod(kept, self.size)
        self.parts = self.parts + sparse.csr_array(
            (sums.astype(np.float64), (row, column)), (self.size, self.size)
        )

    def matrix(self) -> sparse.csr_array:
        return (
            self.parts
            if self.dense is None
            else sparse.csr_array(self.dense.reshape(self.size, self.size))
        )
