"""A configuration is chosen by people whom the models tried have not seen."""

import numpy as np
import pytest
from scipy import sparse

from chartline.models.onset import classifiers, evaluation
from chartline.models.onset.selection import Chosen, choose, folds_of

LOGISTIC = "logistic regression"


def fitted(name: str, x: np.ndarray | sparse.csr_array, y: np.ndarray, **more: bool) -> Chosen:
    return choose(name, x, y, folds_of(y, np.arange(len(y)), 1), 1, **more)


def test_all_rows_of_a_subject_are_in_one_fold_and_cases_are_spread() -> None:
    rng = np.random.default_rng(1)
    subjects = rng.permutation(np.repeat(np.arange(100), 3))
    y = np.isin(subjects, np.arange(20)) & (rng.random(300) < 0.7)
    folds = folds_of(y, subjects, 1)
    assert all(len(set(folds[subjects == one])) == 1 for one in range(100))
    bearers = [len(set(subjects[(folds == fold) & y])) for fold in range(5)]
    assert max(bearers) - min(bearers) <= 1
    assert not np.array_equal(folds, folds_of(y, subjects, 2))


@pytest.mark.parametrize("name", [LOGISTIC, "gradient boosting", "support vector machine"])
def test_training_rows_are_predicted_by_models_that_did_not_see_them(name: str) -> None:
    rng = np.random.default_rng(3)
    noise, y = rng.normal(size=(200, 60)), rng.random(200) < 0.4
    found = fitted(name, noise, y)
    assert evaluation.auc(y, classifiers.predict_risk(found.model, noise)) > 0.8
    assert evaluation.auc(y, found.out_of_fold) < 0.65
    assert found.mean < 0.65
    assert ((found.out_of_fold >= 0) & (found.out_of_fold <= 1)).all()


def test_a_subject_twice_gives_no_fold_away() -> None:
    """Each person has a column of their own: only rows of the same person could tell it."""
    subjects = np.repeat(np.arange(60), 2)
    y = np.random.default_rng(4).random(60)[subjects] < 0.5
    x = sparse.csr_array(np.eye(60)[subjects])
    apart = choose(LOGISTIC, x, y, folds_of(y, subjects, 1), 1)
    together = choose(LOGISTIC, x, y, folds_of(y, np.arange(120), 1), 1)
    assert together.mean > 0.8
    assert apart.mean == pytest.approx(0.5, abs=0.1)


def test_scaling_is_left_out_where_common_codes_tell_more() -> None:
    rng = np.random.default_rng(5)
    common = rng.poisson(3, (400, 4)).astype(float)
    rare = (rng.random((400, 300)) < 0.01).astype(float)
    y = common.sum(1) + rng.normal(0, 2, 400) > 12
    found = fitted(LOGISTIC, sparse.csr_array(np.hstack([common, rare])), y)
    assert found.configuration.startswith("unscaled")
    assert found.mean > 0.85


def test_codes_are_reduced_to_topics_that_a_model_learns_from() -> None:
    """Two topics of 60 codes each; no code alone is common enough to tell."""
    rng = np.random.default_rng(6)
    y = rng.random(300) < 0.5
    codes = np.zeros((300, 120))
    for row, sick in enumerate(y):
        codes[row, rng.integers(0, 60, 5) + 60 * int(sick)] = 1
    people = np.column_stack([rng.random(300), rng.integers(0, 2, 300)])
    x = sparse.csr_array(np.hstack([people, codes]))
    found = fitted(LOGISTIC, x, y, reduce=True)
    assert found.mean > 0.95
    shape = found.model.named_steps["reduction"].transform(x).shape
    assert shape == (300, 2 + 64)


def test_an_input_of_a_single_code_is_not_reduced() -> None:
    x = sparse.csr_array(np.random.default_rng(7).random((100, 3)))
    y = x.toarray()[:, 2] > 0.5
    assert fitted(LOGISTIC, x, y, reduce=True).mean > 0.95


def test_the_spread_is_that_of_the_folds() -> None:
    found = Chosen(None, "", np.zeros(1), (0.5, 0.7))
    assert found.mean == pytest.approx(0.6)
    assert found.spread == pytest.approx(0.1414, abs=1e-4)
