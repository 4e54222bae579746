"""Onset classifiers, and the hyperparameters among which is chosen.

arXiv 1602.03686 compares logistic regression, a neural network, an SVM and k-NN.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import ParameterGrid
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.svm import SVC

from chartline.models.onset import steps
from chartline.models.onset.steps import Columns

Model = Any  # a scikit-learn estimator with predict_proba
# what the saved models are made of, beyond what skops trusts by itself
_TRUSTED = [
    "chartline.models.onset.steps.Dense",
    "scipy.sparse._csr.csr_array",
    "scipy.sparse._csr.csr_matrix",
    "sklearn.calibration._CalibratedClassifier",
    "sklearn.calibration._SigmoidCalibration",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
]


def _as_it_is(x: Columns) -> Any:
    return "passthrough"


@dataclass(frozen=True)
class Option:
    """A way to fit a classifier.

    Attributes:
        name: In a word or two, for people.
        prepare: Makes, from the training columns, the step before the classifier.
        grid: Values of each hyperparameter.
    """

    name: str
    prepare: Callable[[Columns], Any]
    grid: dict[str, list[Any]]

    def configurations(self) -> Iterator[dict[str, Any]]:
        """Every combination of the hyperparameters' values."""
        yield from ParameterGrid(self.grid)


@dataclass(frozen=True)
class ClassifierKind:
    """A kind of classifier.

    Attributes:
        estimator: Makes an unfitted scikit-learn estimator from a seed.
        options: Ways to fit it; cross-validation chooses among all their configurations.
    """

    estimator: Callable[[int], BaseEstimator]
    options: tuple[Option, ...]


CLASSIFIERS: dict[str, ClassifierKind] = {
    # Scaling lets a rare code weigh as much as a common one, so it is not imposed
    "logistic regression": ClassifierKind(
        lambda seed: LogisticRegression(max_iter=300, tol=1e-3),
        (
            Option("scaled", steps.scaled, {"C": [0.0003, 0.003, 0.03, 0.3]}),
            Option("unscaled", _as_it_is, {"C": [1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0, 100.0]}),
        ),
    ),
    "multilayer perceptron": ClassifierKind(
        lambda seed: MLPClassifier(
            (16,), max_iter=60, batch_size=64, learning_rate_init=1e-3, random_state=seed
        ),
        (Option("scaled", steps.scaled, {"alpha": [3.0, 30.0]}),),
    ),
    "support vector machine": ClassifierKind(
        lambda seed: SVC(gamma="scale"),
        (Option("scaled", steps.scaled, {"kernel": ["linear", "rbf"], "C": [0.003, 0.1, 1.0]}),),
    ),
    "k nearest neighbours": ClassifierKind(
        lambda seed: KNeighborsClassifier(algorithm="brute"),
        (Option("scaled", steps.scaled, {"n_neighbors": [20, 50, 100]}),),
    ),
    "gradient boosting": ClassifierKind(
        lambda seed: HistGradientBoostingClassifier(
            learning_rate=0.1,
            max_leaf_nodes=8,
            l2_regularization=10.0,
            max_bins=32,
            random_state=seed,
        ),
        (Option("trees", steps.most_telling, {"max_iter": [30, 80]}),),
    ),
}


def predict_risk(model: Model, x: Columns) -> NDArray[np.float64]:
    """The predicted probability of the outcome for each row of `x` (rows x features)."""
    return np.asarray(model.predict_proba(x)[:, 1], dtype=np.float64)


def save(model: Model, file: Path) -> None:
    """Writes a fitted model with skops, which uses no pickle."""
    import skops.io  # takes a second: imported when needed

    skops.io.dump(model, file)


def load(file: Path) -> Model:
    """Reads a model that `save` wrote. Only the types of `CLASSIFIERS` are accepted.

    Raises:
        ValueError: The file is damaged, or holds another type.
    """
    import skops.io

    try:
        return skops.io.load(file, trusted=_TRUSTED)
    except Exception as error:  # a damaged archive fails in many ways
        raise ValueError(f"not a model that can be trusted ({type(error).__name__})") from None
