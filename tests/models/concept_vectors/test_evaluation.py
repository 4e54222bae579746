"""Neighbours and related pairs are scored as by hand."""

import numpy as np
import pytest

from chartline.models.concept_vectors import evaluation
from chartline.models.concept_vectors.evaluation import evaluate_neighbours, pair_concordance


def directions(*degrees: float) -> np.ndarray:
    """Unit vectors of the plane."""
    radians = np.radians(degrees)
    return np.stack([np.cos(radians), np.sin(radians)], axis=1).astype(np.float32)


def test_neighbours_are_counted_and_discounted_by_rank() -> None:
    scores = evaluate_neighbours(directions(0, 10, 30, 90), ["a", "b", "a", "b"], k=2)
    # the two nearest of each, and whether they are of its group:
    # 10 no, 30 yes; 0 no, 30 no; 10 no, 0 yes; 30 no, 10 yes
    assert scores.purity == 3 / 4
    assert scores.ndcg == pytest.approx(3 / 4 / np.log2(3))
    assert scores.chance == pytest.approx(2 / 3)
    assert scores.codes == 4


def test_codes_without_a_group_or_alone_in_it_are_not_scored() -> None:
    vectors = directions(0, 1, 2, 3, 4)
    scores = evaluate_neighbours(vectors, ["a", None, "a", "b", None], k=1)
    assert (scores.codes, scores.purity) == (2, 0.5)
    assert evaluate_neighbours(vectors[:2], ["a", "b"]).codes == 0


def test_rows_at_a_time_change_no_score(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    vectors = directions(*rng.uniform(0, 360, 50))
    groups = [str(number) for number in rng.integers(0, 4, 50)]
    whole = evaluate_neighbours(vectors, groups)
    monkeypatch.setattr(evaluation, "_ROWS_AT_ONCE", 7)
    assert evaluate_neighbours(vectors, groups) == whole


def test_a_related_pair_is_compared_with_random_ones() -> None:
    vectors = directions(0, 0, 90, 180, 270)
    assert pair_concordance(vectors, [(0, 1)], seed=1, draws=200) > 0.75
    assert pair_concordance(vectors, [(0, 3)], seed=1, draws=200) < 0.25
    same = directions(5, 5, 5)
    assert pair_concordance(same, [(0, 1)], seed=1) == 0.5
    assert np.isnan(pair_concordance(same, [], seed=1))
