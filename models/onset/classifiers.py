"""Onset classifiers and how they are judged (arXiv 1602.03686 compares logistic regression and a neural network)."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.model_selection import GridSearchCV, StratifiedKFold, cross_val_predict
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

Matrix = NDArray[np.float64]
Truth = NDArray[np.bool_]


@dataclass(frozen=True)
class Judged:
    """A model's risk for held-out rows and its area under the ROC curve with a 95% bootstrap interval."""

    risk: NDArray[np.float64]
    auc: float
    low: float
    high: float
    brier: float


def _signed_log(x: Matrix) -> Matrix:
    return np.sign(x) * np.log1p(np.abs(x))


def _logistic(seed: int) -> GridSearchCV:
    steps = make_pipeline(FunctionTransformer(_signed_log), StandardScaler(), LogisticRegression(max_iter=2000))
    return GridSearchCV(
        steps,
        {"logisticregression__C": [0.0003, 0.003, 0.03, 0.3]},
        scoring="roc_auc",
        cv=StratifiedKFold(4, shuffle=True, random_state=seed),
    )


def _perceptron(seed: int) -> Pipeline:
    network = MLPClassifier((16,), alpha=10.0, learning_rate_init=1e-3, max_iter=80, batch_size=64, random_state=seed)
    return make_pipeline(FunctionTransformer(_signed_log), StandardScaler(), network)


CLASSIFIERS: dict[str, Callable[[int], GridSearchCV | Pipeline]] = {
    "logistic regression": _logistic,
    "multilayer perceptron": _perceptron,
}


def fit(name: str, x: Matrix, y: Truth, seed: int) -> GridSearchCV | Pipeline:
    """A fitted classifier; its regularisation is chosen by cross-validation within `x`."""
    model = CLASSIFIERS[name](seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(x, y)


def risk(model: GridSearchCV | Pipeline, x: Matrix) -> NDArray[np.float64]:
    """The probability of onset for each row."""
    return np.asarray(model.predict_proba(x)[:, 1], dtype=np.float64)


def out_of_fold(name: str, x: Matrix, y: Truth, seed: int) -> NDArray[np.float64]:
    """Risk of the training rows, each by a model that has not seen it."""
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return np.asarray(cross_val_predict(CLASSIFIERS[name](seed), x, y, cv=folds, method="predict_proba")[:, 1])


def judge(y: Truth, found: NDArray[np.float64], seed: int, draws: int = 1000) -> Judged:
    """AUC with a percentile bootstrap over rows (one row a patient)."""
    rng = np.random.default_rng(seed)
    areas = []
    for _ in range(draws):
        drawn = rng.integers(0, len(y), len(y))
        if y[drawn].any() and not y[drawn].all():
            areas.append(auc(y[drawn], found[drawn]))
    low, high = np.percentile(areas, [2.5, 97.5]) if areas else (float("nan"), float("nan"))
    return Judged(
        found, float(roc_auc_score(y, found)), float(low), float(high), float(brier_score_loss(y, np.clip(found, 0, 1)))
    )


def auc(y: Truth, found: NDArray[np.float64]) -> float:
    """Area under the ROC curve by ranks, ties shared."""
    _, place, count = np.unique(found, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    cases = int(y.sum())
    return float((ranks[y].sum() - cases * (cases + 1) / 2) / (cases * (len(y) - cases)))
