"""Prototypes of concepts: the centres of groups of concept vectors, and how much a patient's codes speak for each.

Many codes say the same. A patient's vector should say which conditions are there, however they were written and however
often: presence saturates as in a noisy-or (Pearl, 1988), p = 1 - exp(-strength * sum of affinities).
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.cluster import KMeans

Vectors = NDArray[np.float32]


def centres(vectors: Vectors, count: int, seed: int) -> Vectors:
    """`count` unit-length centres of unit vectors by k-means (at most as many as there are distinct vectors); seeded.

    Ordered by the first axis on which they differ, so that their numbers do not depend on k-means' own order.
    """
    known = vectors[np.linalg.norm(vectors, axis=1) > 0]
    distinct = np.unique(known, axis=0)
    if len(distinct) == 0:
        return np.zeros((0, vectors.shape[1]), np.float32)
    found = (
        KMeans(min(count, len(distinct)), n_init=4, random_state=seed)
        .fit(distinct)
        .cluster_centers_
    )
    found = found[np.lexsort(np.round(found.T[::-1], 6))]
    return (found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)).astype(
        np.float32
    )


def affinities(
    vectors: Vectors, prototypes: Vectors, threshold: float = 0.3
) -> NDArray[np.float64]:
    """Codes x prototypes, 0 to 1: the cosine where it exceeds `threshold`, stretched to start from 0 there."""
    cosine = vectors.astype(np.float64) @ prototypes.T.astype(np.float64)
    return np.clip((cosine - threshold) / (1 - threshold), 0, 1)


def presence(
    counts: sparse.csr_array, affinity: NDArray[np.float64], strength: float = 1.5
) -> NDArray[np.float64]:
    """Patients x prototypes, 0 to 1, from patients x codes (how often each was observed) and `affinities`."""
    return 1 - np.exp(-strength * np.asarray(counts @ affinity))
