"""Onset classifiers and how they are chosen (arXiv 1602.03686 compares logistic regression, a neural network, an SVM and k-NN)."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

Matrix = NDArray[np.float64]
Truth = NDArray[np.bool_]
Model = Any  # a scikit-learn estimator with predict_proba
_TRUSTED = [
    "sklearn.calibration._CalibratedClassifier",
    "sklearn.calibration._SigmoidCalibration",
    "sklearn.model_selection._split.StratifiedKFold",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
]


@dataclass(frozen=True)
class ClassifierKind:
    """An estimator, given a seed, and the values among which cross-validation chooses."""

    estimator: Callable[[int], BaseEstimator]
    grid: dict[str, list[Any]]


CLASSIFIERS: dict[str, ClassifierKind] = {
    "logistic regression": ClassifierKind(
        lambda seed: LogisticRegression(max_iter=500), {"C": [0.0003, 0.003, 0.03, 0.3]}
    ),
    "multilayer perceptron": ClassifierKind(
        lambda seed: MLPClassifier(
            (16,), max_iter=60, batch_size=64, learning_rate_init=1e-3, random_state=seed
        ),
        {"alpha": [3.0, 30.0]},
    ),
    "support vector machine": ClassifierKind(
        lambda seed: SVC(gamma="scale"), {"kernel": ["linear", "rbf"], "C": [0.003, 0.1, 1.0]}
    ),
    "k nearest neighbours": ClassifierKind(
        lambda seed: KNeighborsClassifier(algorithm="brute"), {"n_neighbors": [20, 50, 100]}
    ),
    "gradient boosting": ClassifierKind(
        lambda seed: HistGradientBoostingClassifier(
            learning_rate=0.05, max_leaf_nodes=8, l2_regularization=10.0, random_state=seed
        ),
        {"max_iter": [60, 150]},
    ),
}


def fit(name: str, x: Matrix, y: Truth, seed: int) -> Model:
    """A fitted classifier on standardised columns; its hyperparameters are chosen by AUC in cross-validation within `x`.

    A support vector machine's margins become probabilities by Platt's method (1999).
    """
    kind = CLASSIFIERS[name]
    folds = StratifiedKFold(4, shuffle=True, random_state=seed)
    step = type(kind.estimator(seed)).__name__.lower()
    search = GridSearchCV(
        make_pipeline(StandardScaler(), kind.estimator(seed)),
        {f"{step}__{knob}": values for knob, values in kind.grid.items()},
        scoring="roc_auc",
        cv=folds,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        best = search.fit(x, y).best_estimator_
        return (
            best
            if hasattr(best, "predict_proba")
            else CalibratedClassifierCV(best, cv=folds, ensemble=False).fit(x, y)
        )


def predict_risk(model: Model, x: Matrix) -> NDArray[np.float64]:
    """The probability of onset for each row."""
    return np.asarray(model.predict_proba(x)[:, 1], dtype=np.float64)


def out_of_fold_risk(model: Model, x: Matrix, y: Truth, seed: int) -> NDArray[np.float64]:
    """Risk of the training rows by models of the same kind and hyperparameters, each of which has not seen the row."""
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return np.asarray(cross_val_predict(model, x, y, cv=folds, method="predict_proba")[:, 1])


def save(model: Model, file: Path) -> None:
    """The fitted model, without pickle (skops)."""
    import skops.io  # a second: late

    skops.io.dump(model, file)


def load(file: Path) -> Model:
    """A model that `save` wrote; only the types of `CLASSIFIERS` are let in.

    Raises:
        ValueError: the file is damaged, or holds another type.
    """
    import skops.io

    try:
        return skops.io.load(file, trusted=_TRUSTED)
    except Exception as error:  # a damaged archive fails in many ways
        raise ValueError(f"not a model that can be trusted ({type(error).__name__})") from None
