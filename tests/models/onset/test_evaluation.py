"""Scores of risks: known at the extremes, with intervals that respect patients."""

import numpy as np
import pytest

from chartline.models.onset.evaluation import auc, average_precision, evaluate, slope

RNG = np.random.default_rng(3)


def test_a_perfect_and_a_useless_risk() -> None:
    y = RNG.random(400) < 0.3
    patients = np.arange(400)
    perfect = evaluate(y, y.astype(float), patients, 1)
    assert (perfect.auc, perfect.auprc, perfect.brier) == (1.0, 1.0, 0.0)
    useless = evaluate(y, np.full(400, y.mean()), patients, 1)
    assert useless.auc == 0.5
    assert useless.auc_low == useless.auc_high == 0.5
    assert useless.observed_expected == pytest.approx(1)
    assert np.isnan(useless.slope)


def test_the_slope_shows_overconfidence() -> None:
    logit = RNG.normal(size=4000) * 1.5
    y = RNG.random(4000) < 1 / (1 + np.exp(-logit))
    assert slope(y, 1 / (1 + np.exp(-logit))) == pytest.approx(1, abs=0.1)
    assert slope(y, 1 / (1 + np.exp(-2 * logit))) == pytest.approx(0.5, abs=0.06)


def test_intervals_widen_where_rows_are_few_patients() -> None:
    y, noise = np.tile(RNG.random(40) < 0.4, 10), np.tile(RNG.normal(size=40), 10)
    risk = 1 / (1 + np.exp(-(y + noise)))
    single = evaluate(y, risk, np.arange(400), 1)
    clustered = evaluate(y, risk, np.tile(np.arange(40), 10), 1)
    assert clustered.auc_high - clustered.auc_low > 2 * (single.auc_high - single.auc_low)


def test_equal_risks_share_a_threshold_whatever_their_order() -> None:
    risk = np.array([0.9, 0.5, 0.5, 0.5, 0.1])
    y = np.array([True, False, True, False, True])
    assert average_precision(y, risk) == average_precision(y[[0, 2, 1, 3, 4]], risk)
    assert average_precision(y, risk) == pytest.approx((1 + 2 / 4 + 3 / 5) / 3)


def test_auc_agrees_with_scikit_learn() -> None:
    from sklearn.metrics import roc_auc_score

    rng = np.random.default_rng(1)
    truth, risk = rng.random(300) < 0.3, rng.integers(0, 9, 300) / 9
    assert auc(truth, risk) == pytest.approx(roc_auc_score(truth, risk))
