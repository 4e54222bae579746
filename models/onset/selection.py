"""How a classifier's configuration is chosen: cross-validation within the training people.

People who are held out take no part, so that the choice, and a comparison of several classifiers
and inputs by the same folds, is nested within the evaluation on them (Varma and Simon, 2006).
"""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.calibration import CalibratedClassifierCV
from sklearn.exceptions import ConvergenceWarning
from sklearn.pipeline import Pipeline

from chartline.models.onset import steps
from chartline.models.onset.classifiers import CLASSIFIERS, Model, Option
from chartline.models.onset.evaluation import auc
from chartline.models.onset.steps import Columns

Truth = NDArray[np.bool_]
Folds = NDArray[np.int64]
FOLDS = 5


@dataclass(frozen=True)
class Chosen:
    """A classifier fitted on all training rows by its best configuration.

    Attributes:
        model: The fitted classifier.
        configuration: The hyperparameters, for people.
        out_of_fold: The risk of each training row, by a model that has not seen its person.
        fold_aucs: The AUC in each fold.
    """

    model: Model
    configuration: str
    out_of_fold: NDArray[np.float64]
    fold_aucs: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Mean AUC of the folds."""
        return float(np.mean(self.fold_aucs))

    @property
    def spread(self) -> float:
        """Standard deviation of the folds' AUC."""
        return float(np.std(self.fold_aucs, ddof=1))


@dataclass
class _Tried:
    """A configuration: what it gave for the rows of each fold."""

    option: Option
    values: dict[str, Any]
    scores: NDArray[np.float64]  # of each row: a probability, or a margin
    aucs: list[float] = field(default_factory=list)

    @property
    def text(self) -> str:
        chosen = ", ".join(f"{name} {value}" for name, value in self.values.items())
        return f"{self.option.name}, {chosen}"


def folds_of(y: Truth, subjects: NDArray[np.int64], seed: int, count: int = FOLDS) -> Folds:
    """The fold of each row, 0 to count - 1: all rows of a subject in one, cases spread evenly.

    Args:
        y: Whether each row has the outcome.
        subjects: The subject of each row.
        seed: Of the order in which subjects are dealt to the folds.
        count: Number of folds.
    """
    people, place = np.unique(subjects, return_inverse=True)
    case = np.bincount(place, weights=y) > 0
    shuffled = np.random.default_rng(seed).permutation(len(people))
    dealt = shuffled[np.argsort(~case[shuffled], kind="stable")]  # cases first, then the others
    fold = np.empty(len(people), np.int64)
    fold[dealt] = np.arange(len(people)) % count
    return fold[place]


def choose(
    name: str, x: Columns, y: Truth, folds: Folds, seed: int, *, reduce: bool = False
) -> Chosen:
    """Tries each configuration of a classifier in every fold, and fits the best on all rows.

    The best is that of the highest mean AUC. The margins of a support vector machine become
    probabilities by Platt's method (1999).

    Args:
        name: A key of `CLASSIFIERS`.
        x: rows x columns.
        y: Whether each row has the outcome.
        folds: As of `folds_of`.
        seed: Of the estimator.
        reduce: Whether codes are reduced first (see `steps.reduced`).
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        best = max(_tried(name, x, y, folds, seed, reduce), key=lambda one: np.mean(one.aucs))
        before = steps.reduced(x, seed) if reduce else "passthrough"
        model = Pipeline(
            [
                ("reduction", before),
                ("preparation", best.option.prepare(x)),
                ("classifier", CLASSIFIERS[name].estimator(seed).set_params(**best.values)),
            ]
        )
        if hasattr(model, "predict_proba"):
            return Chosen(model.fit(x, y), best.text, best.scores, tuple(best.aucs))
        model, risk = _with_probabilities(model, x, y, folds, best.scores)
        return Chosen(model, best.text, risk, tuple(best.aucs))


def _tried(name: str, x: Columns, y: Truth, folds: Folds, seed: int, reduce: bool) -> list[_Tried]:
    kind = CLASSIFIERS[name]
    tried = [
        _Tried(option, values, np.empty(len(y)))
        for option in kind.options
        for values in option.configurations()
    ]
    for train, test in _splits(folds):
        seen, unseen = x[train], x[test]
        if reduce:
            reduction = steps.reduced(seen, seed)
            if reduction != "passthrough":
                seen, unseen = reduction.fit_transform(seen), reduction.transform(unseen)
        for option in kind.options:
            a, b = _prepared(option, seen, unseen, y[train])
            for one in tried:
                if one.option is option:
                    model = kind.estimator(seed).set_params(**one.values).fit(a, y[train])
                    one.scores[test] = _scores(model, b)
                    one.aucs.append(auc(y[test], one.scores[test]))
    return tried


def _splits(folds: Folds) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    for fold in range(int(folds.max()) + 1):
        yield np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)


def _prepared(option: Option, seen: Columns, unseen: Columns, y: Truth) -> tuple[Columns, Columns]:
    step = option.prepare(seen)
    if isinstance(step, str):
        return seen, unseen
    return step.fit_transform(seen, y), step.transform(unseen)


def _scores(model: Any, x: Columns) -> NDArray[np.float64]:
    if hasattr(model, "predict_proba"):
        return np.asarray(model.predict_proba(x)[:, 1], dtype=np.float64)
    return np.asarray(model.decision_function(x), dtype=np.float64)


def _with_probabilities(
    model: Pipeline, x: Columns, y: Truth, folds: Folds, margins: NDArray[np.float64]
) -> tuple[Model, NDArray[np.float64]]:
    """A classifier of margins with probabilities, and the training rows' out-of-fold risk."""
    calibrated = CalibratedClassifierCV(model, cv=list(_splits(folds)), ensemble=False).fit(x, y)
    calibrated.set_params(cv=None)  # row numbers are no part of a model that is kept
    (curve,) = calibrated.calibrated_classifiers_[0].calibrators
    return calibrated, np.asarray(curve.predict(margins), dtype=np.float64)
