"""What is done to columns before a classifier sees them."""

import numpy as np
from scipy import sparse

from chartline.models.onset.steps import Dense


def test_the_columns_that_differ_most_are_kept_in_their_order() -> None:
    y = np.array([1, 1, 1, 0, 0, 0])
    x = np.array(
        [
            [5.0, 1.0, 0.0, 2.0, 0.1],
            [5.0, 1.0, 1.0, 2.1, 0.1],
            [5.0, 1.0, 0.0, 2.2, 0.1],
            [5.0, 0.0, 1.0, 0.0, 0.1],
            [5.0, 0.0, 0.0, 0.1, 0.1],
            [5.0, 0.0, 1.0, 0.2, 0.1],
        ]
    )
    for given in (x, sparse.csr_array(x)):
        step = Dense(2).fit(given, y)
        assert step.columns_.tolist() == [1, 3]
        assert np.array_equal(step.transform(given), x[:, [1, 3]])
    assert Dense().fit(sparse.csr_array(x)).transform(sparse.csr_array(x)).shape == (6, 5)


def test_a_column_of_one_value_is_kept_last() -> None:
    y = np.array([1, 0, 1, 0])
    x = np.array([[0.1, 0.0], [0.1, 1.0], [0.1, 1.0], [0.1, 1.0]]) + np.array([1e6, 0])
    assert Dense(1).fit(x, y).columns_.tolist() == [1]
