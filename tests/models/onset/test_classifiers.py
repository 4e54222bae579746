"""Classifiers learn, are saved without pickle, and let nothing else in."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from chartline.models.onset import classifiers, evaluation

RNG = np.random.default_rng(3)
X = RNG.normal(size=(240, 4))
Y = X[:, 0] + 0.3 * RNG.normal(size=240) > 0.5


@pytest.mark.parametrize("name", list(classifiers.CLASSIFIERS))
def test_each_learns_and_comes_back_from_its_file(name: str, tmp_path: Path) -> None:
    model = classifiers.fit(name, X[:160], Y[:160], 1)
    risk = classifiers.predict_risk(model, X[160:])
    assert evaluation.auc(Y[160:], risk) > 0.85
    assert ((risk >= 0) & (risk <= 1)).all()
    classifiers.save(model, tmp_path / "m.skops")
    assert np.array_equal(
        classifiers.predict_risk(classifiers.load(tmp_path / "m.skops"), X[160:]), risk
    )
    assert np.array_equal(
        classifiers.predict_risk(classifiers.fit(name, X[:160], Y[:160], 1), X[160:]), risk
    )


def test_a_pickle_and_a_damaged_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(pickle.dumps(print))
    (tmp_path / "b").write_bytes(b"PK\x03\x04 nothing")
    for name in ("a", "b"):
        with pytest.raises(ValueError, match="not a model that can be trusted"):
            classifiers.load(tmp_path / name)


def test_the_training_rows_are_predicted_by_models_that_did_not_see_them() -> None:
    noise = RNG.normal(size=(200, 30))
    y = RNG.random(200) < 0.4
    model = classifiers.fit("gradient boosting", noise, y, 1)
    assert evaluation.auc(y, classifiers.predict_risk(model, noise)) > 0.9
    assert evaluation.auc(y, classifiers.out_of_fold_risk(model, noise, y, 1)) < 0.65
