"""Positive pointwise mutual information, factorised (Levy and Goldberg, NIPS 2014)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import eigsh

_NO_EIGENVALUE = 1e-9  # smaller ones are rounding errors


@dataclass(frozen=True)
class Ppmi:
    """Hyperparameters (Levy, Goldberg and Dagan, TACL 2015).

    Attributes:
        dimensions: length of a vector.
        smoothing: contexts' frequencies are raised to this power, which tempers rare ones.
        shift: log(shift) is subtracted from the information, as k negative samples would.
        power: eigenvalues are raised to this power to weigh the axes (0: all alike, 1: as in the
            matrix).
        seed: of the eigenvalue solver's first vector.
    """

    dimensions: int = 64
    smoothing: float = 0.75
    shift: float = 1.0
    power: float = 0.25
    seed: int = 7


def positive_information(counts: sparse.csr_array, settings: Ppmi) -> sparse.csr_array:
    """max(0, log(p(i, j) / (p(i) p(j)^smoothing)) - log(shift)), codes x codes.

    Args:
        counts: co-occurrences, codes x codes. Pairs that never occur stay 0.
        settings: `smoothing` and `shift`.
    """
    pairs = counts.tocoo()
    rows = np.asarray(counts.sum(1)).ravel()
    contexts = rows**settings.smoothing
    expected = rows[pairs.row] * contexts[pairs.col] / max(contexts.sum(), 1e-300)
    value = np.log(pairs.data / np.maximum(expected, 1e-300)) - np.log(settings.shift)
    kept = value > 0
    return sparse.csr_array((value[kept], (pairs.row[kept], pairs.col[kept])), counts.shape)


def factorise(matrix: sparse.csr_array, settings: Ppmi) -> NDArray[np.float32]:
    """Vectors whose inner products approximate `matrix`, the same for the same seed.

    Words and contexts are both codes, so their vectors are summed (Levy, Goldberg and Dagan, 2015,
    section 3.3). Of a symmetric matrix that leaves the axes with positive eigenvalues, on which
    codes that occur together are near each other.

    Args:
        matrix: codes x codes; made symmetric first.
        settings: `dimensions`, `power` and `seed`.

    Returns:
        Codes x dimensions, of unit length; zero for a code without any pair.
    """
    size = matrix.shape[0]
    rank = min(settings.dimensions, size - 1)
    start = np.random.default_rng(settings.seed).standard_normal(size)
    symmetric = sparse.csr_array((matrix + matrix.T) / 2)
    values, axes = eigsh(symmetric, k=rank, which="LA", v0=start)
    order = np.argsort(-values)
    values, axes = np.maximum(values[order], 0), axes[:, order]
    # the sign of an eigenvector is arbitrary: its largest entry is made positive
    largest = axes[np.abs(axes).argmax(0), np.arange(rank)]
    axes *= np.where(largest < 0, -1, 1)
    weights = np.maximum(values, 1e-12) ** settings.power
    vectors = axes * np.where(values > _NO_EIGENVALUE, weights, 0)
    vectors[np.diff(symmetric.indptr) == 0] = 0  # rounding leaves them some 1e-17, never the same
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return np.pad(vectors, ((0, 0), (0, settings.dimensions - rank))).astype(np.float32)
