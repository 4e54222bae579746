"""How often two codes occur together in time (arXiv 1602.03686, section 3)."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from chartline.models.concept_vectors.occurrences import run_numbers

_PAIRS_AT_ONCE = 1 << 22  # bounds memory, and keeps the arrays of a step in a processor's cache
_DENSE_CELLS = 1 << 24  # up to so many cells (4,096 codes) a plain array is faster than sorting


@dataclass(frozen=True)
class Window:
    """Which two events of a subject occur together.

    Attributes:
        days: how many days apart they are at most; 0 means the same encounter (the same day where
            no encounter is known).
        decay_days: a pair `d` days apart counts 2^(-d / decay_days); every pair counts 1 where
            this is None.
    """

    days: int = 30
    decay_days: float | None = None


def count(dated: pl.DataFrame, size: int, window: Window) -> sparse.csr_array:
    """How often two codes occur together, each pair of occurrences counted once.

    The time taken is linear in the number of pairs.

    Args:
        dated: subject_id, day, code, as `occurrences` returns them.
        size: the number of codes.
        window: which occurrences of a subject are a pair.

    Returns:
        A symmetric matrix, size x size. The counts of disjoint sets of subjects add up.

    >>> dated = pl.DataFrame({"subject_id": [1, 1, 1], "day": [0, 5, 90], "code": [0, 1, 1]})
    >>> count(dated, 2, Window(days=30)).toarray().tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    subject, day, code = (dated[name].to_numpy() for name in ("subject_id", "day", "code"))
    partners = _window_ends(subject, day, window.days) - np.arange(1, len(subject) + 1)
    total = _CellSums(size)
    for begin, end in _chunks(partners):
        in_chunk = partners[begin:end]
        left = np.repeat(np.arange(begin, end), in_chunk)
        before = np.repeat(np.cumsum(in_chunk) - in_chunk, in_chunk)
        right = left + 1 + np.arange(len(left)) - before
        weight = None
        if window.decay_days is not None:
            weight = np.exp2(-(day[right] - day[left]) / window.decay_days)
        total.add(code[left].astype(np.int64) * size + code[right], weight)
    upper = total.matrix()
    return sparse.csr_array(upper + upper.T)


def _window_ends(
    subject: NDArray[np.int64], day: NDArray[np.int32], days: int
) -> NDArray[np.int64]:
    """For each occurrence the index after the last one of its subject within `days`."""
    if len(subject) == 0:
        return np.zeros(0, np.int64)
    first_day = int(day.min())
    # all subjects on one axis of time, further apart from each other than the window is long
    stride = int(day.max()) - first_day + days + 1
    at = run_numbers(subject) * stride + (day - first_day)
    return np.searchsorted(at, at + days, side="right")


def _chunks(partners: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Ranges of occurrences that have about `_PAIRS_AT_ONCE` partners together."""
    reach = np.cumsum(partners)
    last = int(reach[-1]) if len(reach) else 0
    steps = np.arange(_PAIRS_AT_ONCE, last, _PAIRS_AT_ONCE)
    cuts = np.searchsorted(reach, steps, side="left") + 1
    edges = np.unique(np.concatenate([[0], cuts, [len(partners)]]))
    return list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))


class _CellSums:
    """Sums by cell of a square matrix; a cell is numbered row * size + column."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.dense = np.zeros(size * size) if size * size <= _DENSE_CELLS else None
        self.sparse = sparse.csr_array((size, size))

    def add(self, cells: NDArray[np.int64], weights: NDArray[np.float64] | None) -> None:
        """Adds `weights` (1 each where None) to `cells`, which may repeat."""
        if self.dense is not None:
            self.dense += np.bincount(cells, weights, minlength=len(self.dense))
            return
        if weights is None:
            distinct, sums = np.unique(cells, return_counts=True)
        else:
            distinct, index = np.unique(cells, return_inverse=True)
            sums = np.bincount(index, weights)
        row, column = np.divmod(distinct, self.size)
        self.sparse = self.sparse + sparse.csr_array(
            (sums.astype(np.float64), (row, column)), (self.size, self.size)
        )

    def matrix(self) -> sparse.csr_array:
        """The sums, size x size."""
        if self.dense is None:
            return self.sparse
        return sparse.csr_array(self.dense.reshape(self.size, self.size))
