"""Risks of a sample to those of the population that it was drawn from."""

import numpy as np
from numpy.typing import NDArray

Risk = NDArray[np.float64]
_BOUND = 1e-6  # risks of 0 and 1 have no logit
_FARTHEST = 30.0  # log odds: no share between _BOUND and 1 - _BOUND lies farther away
_HALVINGS = 60  # of that distance: to the last digit of a double


def shifted(risk: Risk, log_odds: float) -> Risk:
    """Risks whose log odds are moved by `log_odds`; their order stays.

    >>> float(shifted(np.array([0.5]), np.log(1 / 3))[0])
    0.25
    """
    bounded = np.clip(risk, _BOUND, 1 - _BOUND)
    return 1 / (1 + np.exp(-(np.log(bounded / (1 - bounded)) + log_odds)))


def log_odds_shift(y: NDArray[np.bool_], risk: Risk, weights: Risk) -> float:
    """The shift of log odds after which the weighted mean risk is the weighted share of cases.

    This is a logistic recalibration of the intercept alone, with sampling weights. For a model that
    is calibrated in its sample it is the prior correction of King and Zeng (2001):
    log(tau / (1 - tau)) - log(share / (1 - share)), tau being the share of cases in the population
    and share that in the sample.

    Args:
        y: Whether each row had the outcome; some had, some not.
        risk: The risk of each row, by a model that has not seen it.
        weights: How much of the population each row stands for.
    """
    low, high = -_FARTHEST, _FARTHEST
    share = np.average(y, weights=weights)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if np.average(shifted(risk, middle), weights=weights) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2
