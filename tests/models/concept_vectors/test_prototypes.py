"""Centres of clusters, and presence that saturates."""

import numpy as np
import pytest
from scipy import sparse

from chartline.models.concept_vectors.prototypes import affinities, centres, presence


def test_centres_lie_amid_their_clusters_in_an_order_of_their_own() -> None:
    vectors = np.array([[1, 0], [0.98, 0.2], [0, 1], [0.2, 0.98], [0, 0]], np.float32)
    found = centres(vectors, 2, seed=1)
    assert found[:, 0] == pytest.approx([0.1, 0.995], abs=0.01)
    assert np.array_equal(found, centres(vectors[::-1], 2, seed=9))
    assert len(centres(vectors, 10, seed=1)) == 4
    assert centres(vectors[4:], 3, seed=1).shape == (0, 2)


def test_affinity_starts_at_the_threshold() -> None:
    codes = np.array([[1, 0], [0.65, 0.76], [0.3, 0.954], [-1, 0]], np.float32)
    found = affinities(codes, np.array([[1, 0]], np.float32), threshold=0.3)[:, 0]
    assert found == pytest.approx([1, 0.5, 0, 0], abs=1e-6)


def test_presence_saturates_as_a_noisy_or() -> None:
    counts = sparse.csr_array(np.array([[0.0, 0], [1, 0], [2, 1], [50, 0]]))
    found = presence(counts, np.array([[0.5], [0.2]]), strength=1.5)[:, 0]
    assert found == pytest.approx([0, 1 - np.exp(-0.75), 1 - np.exp(-1.8), 1])
