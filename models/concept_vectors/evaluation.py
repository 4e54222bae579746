"""Quality of concept vectors without a downstream model (Choi et al., AMIA 2016)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
_ROWS_AT_ONCE = 1024  # bounds memory: this many rows of the matrix of similarities exist at a time
_NO_SCORE = float("nan")


@dataclass(frozen=True)
class NeighbourScores:
    """Whether the nearest codes of a code are of its own group.

    Attributes:
        purity: mean share of a code's nearest codes that are of its group, over the share that is
            possible.
        ndcg: the same, discounted by rank (normalised discounted cumulative gain).
        chance: the expected purity of random neighbours.
        codes: how many codes were scored.
    """

    purity: float
    ndcg: float
    chance: float
    codes: int


def evaluate_neighbours(vectors: Vectors, groups: list[str | None], k: int = 10) -> NeighbourScores:
    """Scores the `k` nearest codes by cosine similarity of each code in a group of two or more.

    Args:
        vectors: codes x dimensions, of unit length.
        groups: the group of each code; codes without one are left out, as neighbours too.
        k: how many neighbours count.

    >>> vectors = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], np.float32)
    >>> evaluate_neighbours(vectors, ["a", "a", "b", "b"], k=1).purity
    1.0
    """
    grouped = np.array([group is not None for group in groups])
    names = np.array([group for group in groups if group is not None], dtype=str)
    distinct, labels = np.unique(names, return_inverse=True)
    sizes = np.bincount(labels, minlength=len(distinct))
    scored = np.flatnonzero(sizes[labels] > 1) if len(labels) else np.zeros(0, int)
    if len(scored) == 0:
        return NeighbourScores(_NO_SCORE, _NO_SCORE, _NO_SCORE, 0)
    known = vectors[grouped]
    k = min(k, len(known) - 1)
    hits = _same_group(known, labels, scored, k)
    discount = 1 / np.log2(np.arange(2, k + 2))
    others = sizes[labels[scored]] - 1
    reachable = np.minimum(others, k)
    ideal = np.cumsum(discount)[reachable - 1]
    chance = np.minimum(1.0, others / (len(known) - 1) * k / reachable)
    return NeighbourScores(
        purity=float((hits.sum(1) / reachable).mean()),
        ndcg=float(((hits * discount).sum(1) / ideal).mean()),
        chance=float(chance.mean()),
        codes=len(scored),
    )


def _same_group(
    vectors: Vectors, labels: NDArray[np.int64], scored: NDArray[np.int64], k: int
) -> NDArray[np.float64]:
    """Scored codes x k: 1 where the neighbour of that rank has the code's label, else 0."""
    hits = np.zeros((len(scored), k))
    for begin in range(0, len(scored), _ROWS_AT_ONCE):
        rows = scored[begin : begin + _ROWS_AT_ONCE]
        similarity = vectors[rows] @ vectors.T
        similarity[np.arange(len(rows)), rows] = -np.inf  # a code is not its own neighbour
        nearest = np.argsort(-similarity, axis=1, kind="stable")[:, :k]
        hits[begin : begin + _ROWS_AT_ONCE] = labels[nearest] == labels[rows, None]
    return hits


def pair_concordance(
    vectors: Vectors, pairs: list[tuple[int, int]], seed: int, draws: int = 20
) -> float:
    """The probability that a related pair is more similar than a random pair.

    Args:
        vectors: codes x dimensions, of unit length.
        pairs: related codes, as indices into `vectors`.
        seed: of the random codes.
        draws: how many random codes each pair's second code is compared with.

    Returns:
        0.5 is chance, 1 is best; ties count one half. NaN where there is no pair.
    """
    if not pairs:
        return _NO_SCORE
    left, right = np.array(pairs).T
    known = np.flatnonzero(np.linalg.norm(vectors, axis=1) > 0)
    candidates = np.unique(np.concatenate([right, known]))
    others = np.random.default_rng(seed).choice(candidates, (len(left), draws))
    related = (vectors[left] * vectors[right]).sum(1)[:, None]
    random = np.einsum("nd,nkd->nk", vectors[left], vectors[others])
    return float(((related > random) + 0.5 * (related == random)).mean())
