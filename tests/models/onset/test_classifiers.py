"""Classifiers learn, are saved without pickle, and let nothing else in."""

import pickle
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from chartline.models.onset import classifiers, evaluation
from chartline.models.onset.selection import choose, folds_of

RNG = np.random.default_rng(3)
X = RNG.normal(size=(240, 4))
Y = X[:, 0] + 0.3 * RNG.normal(size=240) > 0.5
FOLDS = folds_of(Y[:160], np.arange(160), 1)
COUNTS = sparse.csr_array(np.maximum(np.round(3 * X), 0))


@pytest.mark.parametrize("name", list(classifiers.CLASSIFIERS))
@pytest.mark.parametrize("x", [X, COUNTS], ids=["dense", "sparse"])
def test_each_learns_and_comes_back_from_its_file(
    name: str, x: np.ndarray | sparse.csr_array, tmp_path: Path
) -> None:
    model = choose(name, x[:160], Y[:160], FOLDS, 1).model
    risk = classifiers.predict_risk(model, x[160:])
    assert evaluation.auc(Y[160:], risk) > 0.8
    assert ((risk >= 0) & (risk <= 1)).all()
    classifiers.save(model, tmp_path / "m.skops")
    assert np.array_equal(
        classifiers.predict_risk(classifiers.load(tmp_path / "m.skops"), x[160:]), risk
    )
    again = choose(name, x[:160], Y[:160], FOLDS, 1).model
    assert np.array_equal(classifiers.predict_risk(again, x[160:]), risk)


def test_a_pickle_and_a_damaged_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(pickle.dumps(print))
    (tmp_path / "b").write_bytes(b"PK\x03\x04 nothing")
    for name in ("a", "b"):
        with pytest.raises(ValueError, match="not a model that can be trusted"):
            classifiers.load(tmp_path / name)
