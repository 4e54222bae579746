"""What is done to an input's columns before a classifier sees them, fitted on training rows."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

Columns: TypeAlias = NDArray[np.float64] | sparse.csr_array
PEOPLE = 2  # columns before those of codes: age and sex
_AXES = 64  # of the reduced codes; 32 to 128 gave the same AUC within 0.001
# Trees see the columns that differ most between cases and controls: with 300 the AUC was within
# 0.006, above and below, and each fit took twice as long
_COLUMNS = 100


class Dense(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Columns as a plain array, for classifiers that take no sparse ones.

    Args:
        most: How many columns are kept: those that differ most between cases and controls, by
            their correlation with the outcome (an F test gives the same order). None: all.
    """

    def __init__(self, most: int | None = None) -> None:
        self.most = most

    def fit(self, x: Columns, y: Any = None) -> "Dense":
        """Chooses the columns."""
        columns = np.arange(x.shape[1])
        if self.most is not None and self.most < x.shape[1]:
            told = _squared_correlation(sparse.csc_array(x), np.asarray(y, dtype=np.float64))
            columns = np.sort(np.argsort(-told, kind="stable")[: self.most])
        self.columns_ = columns
        return self

    def transform(self, x: Columns) -> NDArray[np.float64]:
        """The chosen columns, rows x columns."""
        return np.asarray(sparse.csr_array(x[:, self.columns_]).toarray())


def _squared_correlation(x: sparse.csc_array, y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each column with `y`; 0 for a column of one value."""
    mean = np.asarray(x.mean(axis=0)).ravel()
    spread = np.asarray(x.multiply(x).mean(axis=0)).ravel() - mean**2
    together = np.asarray(x.T @ (y - y.mean())).ravel() / len(y)
    # what rounding leaves of a column of one value is no spread
    varies = spread > np.finfo(np.float64).eps * np.maximum(mean**2, 1)
    return np.divide(together**2, spread, out=np.zeros_like(mean), where=varies)


def scaled(x: Columns) -> Any:
    """Each column divided by its spread; also centred where `x` is not sparse."""
    return StandardScaler(with_mean=not sparse.issparse(x))


def most_telling(x: Columns) -> Any:
    """The columns that differ most between cases and controls, as a plain array."""
    return Dense(_COLUMNS)


def reduced(x: Columns, seed: int) -> Any:
    """Counts of codes weighted by tf-idf and projected on a few axes (truncated SVD).

    That is latent semantic analysis (Deerwester et al., 1990). The first `PEOPLE` columns stay.
    """
    axes = min(_AXES, x.shape[1] - PEOPLE - 1)
    if axes < 1:
        return "passthrough"
    codes = make_pipeline(TfidfTransformer(), TruncatedSVD(axes, random_state=seed))
    return ColumnTransformer(
        [
            ("people", Dense(), list(range(PEOPLE))),
            ("codes", codes, list(range(PEOPLE, x.shape[1]))),
        ],
        sparse_threshold=0,
    )
