"""Onset classifiers and how their hyperparameters are chosen.

arXiv 1602.03686 compares logistic regression, a neural network, an SVM and k-NN.
"""

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
_TUNING_FOLDS = 4
_RISK_FOLDS = 5
# what the saved models are made of, beyond what skops trusts by itself
_TRUSTED = [
    "sklearn.calibration._CalibratedClassifier",
    "sklearn.calibration._SigmoidCalibration",
    "sklearn.model_selection._split.StratifiedKFold",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
]


@dataclass(frozen=True)
class ClassifierKind:
    """A kind of classifier.

    Attributes:
        estimator: makes an unfitted scikit-learn estimator from a seed.
        grid: the values of each hyperparameter among which cross-validation chooses.
    """

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
    """A fitted classifier on standardised columns.

    Its hyperparameters are those of the best area under the ROC curve in a cross-validation within
    the rows given. The margins of a support vector machine become probabilities by Platt's method
    (1999).

    Args:
        name: a key of `CLASSIFIERS`.
        x: rows x features.
        y: whether each row has the outcome.
        seed: of the folds and the estimator.
    """
    kind = CLASSIFIERS[name]
    folds = StratifiedKFold(_TUNING_FOLDS, shuffle=True, random_state=seed)
    step = type(kind.estimator(seed)).__name__.lower()  # the name make_pipeline gives it
    search = GridSearchCV(
        make_pipeline(StandardScaler(), kind.estimator(seed)),
        {f"{step}__{parameter}": values for parameter, values in kind.grid.items()},
        scoring="roc_auc",
        cv=folds,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        best = search.fit(x, y).best_estimator_
        if hasattr(best, "predict_proba"):
            return best
        return CalibratedClassifierCV(best, cv=folds, ensemble=False).fit(x, y)


def predict_risk(model: Model, x: Matrix) -> NDArray[np.float64]:
    """The predicted probability of the outcome for each row of `x` (rows x features)."""
    return np.asarray(model.predict_proba(x)[:, 1], dtype=np.float64)


def out_of_fold_risk(model: Model, x: Matrix, y: Truth, seed: int) -> NDArray[np.float64]:
    """The risk of each training row by a model that has not seen that row.

    The models are of the same kind and hyperparameters as `model`, fitted in a cross-validation.
    """
    folds = StratifiedKFold(_RISK_FOLDS, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return np.asarray(cross_val_predict(model, x, y, cv=folds, method="predict_proba")[:, 1])


def save(model: Model, file: Path) -> None:
    """Writes a fitted model with skops, which uses no pickle."""
    import skops.io  # takes a second: imported when needed

    skops.io.dump(model, file)


def load(file: Path) -> Model:
    """Reads a model that `save` wrote. Only the types of `CLASSIFIERS` are accepted.

    Raises:
        ValueError: the file is damaged, or holds another type.
    """
    import skops.io

    try:
        return skops.io.load(file, trusted=_TRUSTED)
    except Exception as error:  # a damaged archive fails in many ways
        raise ValueError(f"not a model that can be trusted ({type(error).__name__})") from None
