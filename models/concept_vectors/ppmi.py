"""Positive pointwise mutual information, factorised (Levy and Goldberg, NIPS 2014; Levy, Goldberg and Dagan, TACL 2015)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import eigsh


@dataclass(frozen=True)
class Ppmi:
    """`smoothing` raises contexts' frequencies to a power, which tempers rare ones; `shift` is the logarithm's base rate (negative samples);
    `power` is that of the eigenvalues with which axes are weighed (0: all alike, 1: as in the matrix)."""

    dimensions: int = 64
    smoothing: float = 0.75
    shift: float = 1.0
    power: float = 0.25
    seed: int = 7


def information(counts: sparse.csr_array, settings: Ppmi) -> sparse.csr_array:
    """max(0, log(p(i, j) / (p(i) p(j)^smoothing)) - log(shift)) for each pair that occurs."""
    pairs = counts.tocoo()
    rows = np.asarray(counts.sum(1)).ravel()
    contexts = rows**settings.smoothing
    expected = rows[pairs.row] * contexts[pairs.col] / max(contexts.sum(), 1e-300)
    value = np.log(pairs.data / np.maximum(expected, 1e-300)) - np.log(settings.shift)
    kept = value > 0
    return sparse.csr_array((value[kept], (pairs.row[kept], pairs.col[kept])), counts.shape)


def factorise(matrix: sparse.csr_array, settings: Ppmi) -> NDArray[np.float32]:
    """Code vectors, codes x dimensions, of unit length (zero for a code without any pair), from a matrix made symmetric. The same for the same seed.

    Words and contexts are both codes, and their vectors are summed (Levy, Goldberg and Dagan, 2015, section 3.3): of a symmetric matrix that
    leaves the axes with positive eigenvalues, on which codes that occur with each other lie together.
    """
    size = matrix.shape[0]
    rank = min(settings.dimensions, size - 1)
    start = np.random.default_rng(settings.seed).standard_normal(size)
    values, axes = eigsh((matrix + matrix.T) / 2, k=rank, which="LA", v0=start)
    order = np.argsort(-values)
    values, axes = np.maximum(values[order], 0), axes[:, order]
    axes *= np.where(
        axes[np.abs(axes).argmax(0), np.arange(rank)] < 0, -1, 1
    )  # an eigenvector's sign is free
    vectors = axes * np.where(values > 1e-9, np.maximum(values, 1e-12) ** settings.power, 0)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return np.pad(vectors, ((0, 0), (0, settings.dimensions - rank))).astype(np.float32)
