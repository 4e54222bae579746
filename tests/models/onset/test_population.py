"""Risks of a sample become those of its population; worked by hand."""

import numpy as np
import pytest

from chartline.models.onset.population import log_odds_shift, shifted


def test_a_calibrated_model_gets_the_prior_correction() -> None:
    y = np.array([True] * 20 + [False] * 80)
    risk, weights = np.full(100, 0.2), np.where(y, 1.0, 10.0)
    share = 20 / (20 + 800)
    prior = np.log(share / (1 - share)) - np.log(0.2 / 0.8)
    assert log_odds_shift(y, risk, weights) == pytest.approx(prior)
    assert shifted(risk, prior) == pytest.approx(np.full(100, share))


def test_a_model_that_is_wrong_in_its_sample_is_right_in_the_mean_afterwards() -> None:
    rng = np.random.default_rng(1)
    y, risk, weights = rng.random(500) < 0.3, rng.random(500), rng.random(500) + 0.5
    risk[:2] = 0, 1
    moved = shifted(risk, log_odds_shift(y, risk, weights))
    assert np.average(moved, weights=weights) == pytest.approx(np.average(y, weights=weights))
    assert np.array_equal(np.argsort(risk, kind="stable"), np.argsort(moved, kind="stable"))


def test_without_a_shift_a_risk_stays() -> None:
    assert shifted(np.array([0.1, 0.9]), 0.0) == pytest.approx([0.1, 0.9])
