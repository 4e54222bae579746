"""Concept vectors judged without a model: do neighbours share a group, do related codes lie near (Choi et al., AMIA 2016)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class NeighbourScores:
    """`purity`: share of a code's `k` nearest codes in its own group; `ndcg`: the same, discounted by rank; `chance`: the
    purity of random neighbours; `codes`: how many codes were judged."""

    purity: float
    ndcg: float
    chance: float
    codes: int


def evaluate_neighbours(vectors: Vectors, groups: list[str | None], k: int = 10) -> NeighbourScores:
    """Judges the codes that have a group with at least one other member. Vectors are of unit length."""
    kept = np.array([group is not None for group in groups])
    names, labels = np.unique(
        np.array([group for group in groups if group is not None], dtype=str), return_inverse=True
    )
    sizes = np.bincount(labels, minlength=len(names))
    x = vectors[kept]
    judged = np.flatnonzero(sizes[labels] > 1) if len(labels) else np.zeros(0, int)
    if len(judged) == 0:
        return NeighbourScores(float("nan"), float("nan"), float("nan"), 0)
    k = min(k, len(x) - 1)
    discount = 1 / np.log2(np.arange(2, k + 2))
    hits = np.zeros((len(judged), k))
    for begin in range(0, len(judged), 1024):
        rows = judged[begin : begin + 1024]
        near = x[rows] @ x.T
        near[np.arange(len(rows)), rows] = -np.inf
        hits[begin : begin + 1024] = (
            labels[np.argsort(-near, axis=1, kind="stable")[:, :k]] == labels[rows, None]
        )
    others = sizes[labels[judged]] - 1
    ideal = np.cumsum(discount)[np.minimum(others, k) - 1]
    reachable = np.minimum(others, k)
    return NeighbourScores(
        float((hits.sum(1) / reachable).mean()),
        float(((hits * discount).sum(1) / ideal).mean()),
        float((np.minimum(1.0, others / (len(x) - 1) * k / reachable)).mean()),
        len(judged),
    )


def pair_concordance(
    vectors: Vectors, pairs: list[tuple[int, int]], seed: int, draws: int = 20
) -> float:
    """The probability that a related pair lies nearer than a random pair of the same first code (0.5: no better than chance)."""
    if not pairs:
        return float("nan")
    left, right = np.array(pairs).T
    known = np.flatnonzero(np.linalg.norm(vectors, axis=1) > 0)
    others = np.random.default_rng(seed).choice(
        np.unique(np.concatenate([right, known])), (len(left), draws)
    )
    near = (vectors[left] * vectors[right]).sum(1)
    far = np.einsum("nd,nkd->nk", vectors[left], vectors[others])
    return float(((near[:, None] > far) + 0.5 * (near[:, None] == far)).mean())
