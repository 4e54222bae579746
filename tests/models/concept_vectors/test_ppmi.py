"""Positive pointwise mutual information by the formula, and vectors that reproduce it."""

import numpy as np
import pytest
from scipy import sparse

from chartline.models.concept_vectors.ppmi import Ppmi, factorise, positive_information

COUNTS = sparse.csr_array(np.array([[0, 8, 1], [8, 0, 1], [1, 1, 4.0]]))


def test_information_is_the_formulas() -> None:
    found = positive_information(COUNTS, Ppmi(smoothing=0.75, shift=1.0)).toarray()
    contexts = np.array([9, 9, 6]) ** 0.75
    expected = np.log(8 / (9 * contexts[1] / contexts.sum()))
    assert found[0, 1] == pytest.approx(expected)
    assert found[0, 0] == found[0, 2] == 0  # never together; together less often than by chance
    shifted = positive_information(COUNTS, Ppmi(smoothing=0.75, shift=1.5)).toarray()
    assert shifted[0, 1] == pytest.approx(expected - np.log(1.5))


def test_codes_that_occur_together_are_near_and_all_are_of_unit_length() -> None:
    rng = np.random.default_rng(1)
    counts = rng.integers(0, 2, (12, 12)) + 20.0 * np.kron(np.eye(2), np.ones((6, 6)))
    vectors = factorise(sparse.csr_array(counts), Ppmi(dimensions=4))
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-6)
    similarity = vectors @ vectors.T
    assert similarity[:6, :6].min() > similarity[:6, 6:].max()


def test_a_code_without_a_pair_has_the_zero_vector() -> None:
    counts = np.zeros((5, 5))
    counts[:3, :3] = 4
    vectors = factorise(sparse.csr_array(counts), Ppmi(dimensions=8))
    assert vectors.shape == (5, 8)
    assert not vectors[3:].any()
