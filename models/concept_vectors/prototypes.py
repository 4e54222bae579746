"""Prototypes: centres of groups of concept vectors, and how present each is in a patient.

Many codes have nearly the same meaning. A patient's features should say which conditions are
present, whichever codes they were recorded with and however often. Presence therefore saturates
like a noisy-or (Pearl, 1988): p = 1 - exp(-strength * sum of affinities).
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.cluster import KMeans

Vectors = NDArray[np.float32]
_KMEANS_STARTS = 4  # the best of this many random starts counts


def centres(vectors: Vectors, count: int, seed: int) -> Vectors:
    """The centres of clusters of vectors, by k-means.

    Args:
        vectors: codes x dimensions, of unit length; zero vectors are left out.
        count: how many centres; fewer where there are fewer distinct vectors.
        seed: of k-means.

    Returns:
        Centres x dimensions, of unit length, sorted by their coordinates so that their order does
        not depend on k-means.
    """
    known = vectors[np.linalg.norm(vectors, axis=1) > 0]
    distinct = np.unique(known, axis=0)
    if len(distinct) == 0:
        return np.zeros((0, vectors.shape[1]), np.float32)
    clusters = KMeans(min(count, len(distinct)), n_init=_KMEANS_STARTS, random_state=seed)
    middles = clusters.fit(distinct).cluster_centers_
    middles = middles[np.lexsort(np.round(middles.T[::-1], 6))]
    length = np.maximum(np.linalg.norm(middles, axis=1, keepdims=True), 1e-9)
    return (middles / length).astype(np.float32)


def affinities(
    vectors: Vectors, prototypes: Vectors, threshold: float = 0.3
) -> NDArray[np.float64]:
    """How much each code is an instance of each prototype: codes x prototypes, 0 to 1.

    The cosine similarity, rescaled so that `threshold` becomes 0 and 1 stays 1.

    >>> affinities(np.eye(2, dtype=np.float32), np.array([[0.6, 0.8]], np.float32), 0.5).round(2)
    array([[0.2],
           [0.6]])
    """
    cosine = vectors.astype(np.float64) @ prototypes.T.astype(np.float64)
    return np.clip((cosine - threshold) / (1 - threshold), 0, 1)


def presence(
    counts: sparse.csr_array, affinity: NDArray[np.float64], strength: float = 1.5
) -> NDArray[np.float64]:
    """How present each prototype is in each patient: patients x prototypes, 0 to 1.

    Args:
        counts: patients x codes, how often each code was observed.
        affinity: codes x prototypes, from `affinities`.
        strength: how quickly presence saturates.
    """
    return 1 - np.exp(-strength * np.asarray(counts @ affinity))
