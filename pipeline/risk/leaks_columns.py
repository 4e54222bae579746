"""Columns of the features that tell cases from controls by themselves."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from chartline.core.errors import LeakError
from chartline.models.onset.evaluation import auc
from chartline.risk.leaks_markers import advice
from chartline.risk.tasks import Task

# AUC of one column, at the lower end of its interval: whole models of onset a month or more ahead
# reach 0.8 to 0.85 (arXiv 1602.03686: 0.77 to 0.83)
_AUC_OF_A_LEAK = 0.85
_STANDARD_ERRORS = 3.1  # below the AUC, to that end: a doubt of 1 in 1000
_BETWEEN_SEXES = 0.5  # stands for a sex that is not known


def no_telling_column(table: pl.DataFrame, columns: list[str], task: Task) -> None:
    """Checks that no single column of the features tells cases from controls.

    Args:
        table: The table features.
        columns: Those that a model may use.
        task: Columns whose names it accepts are left out.

    Raises:
        LeakError: One does.
    """
    labelled = table.drop_nulls("boolean_value")
    truth = labelled["boolean_value"].to_numpy()
    if not 0 < truth.sum() < len(truth):
        return
    free = pl.DataFrame({"code": columns}).filter(~task.accepted)["code"].to_list()
    numbers = labelled.select(pl.col(free).fill_null(_BETWEEN_SEXES).cast(pl.Float64))
    areas = {name: auc(truth, numbers[name].to_numpy()) for name in free}
    sides = {name: max(area, 1 - area) for name, area in areas.items()}
    telling = {
        name: area
        for name, area in sides.items()
        if area - _STANDARD_ERRORS * _error_of_auc(area, truth) > _AUC_OF_A_LEAK
    }
    if telling:
        worst = max(telling, key=lambda name: telling[name])
        raise LeakError(
            f"leak: column {worst} of the features alone tells cases from controls, with an AUC of "
            f"{telling[worst]:.3f} ({len(telling)} such columns; feature_dictionary says what they "
            f"are made of). {advice(pl.Series(list(telling)))}"
        )


def without_left_out(table: pl.DataFrame, task: Task) -> pl.DataFrame:
    """The table features without the columns whose names the task leaves out."""
    names = pl.DataFrame({"code": table.columns})
    return table.drop(names.filter(task.left_out)["code"].to_list())


def _error_of_auc(area: float, truth: NDArray[np.bool_]) -> float:
    """Standard error of an AUC (Hanley and McNeil, 1982)."""
    cases = int(truth.sum())
    controls = len(truth) - cases
    q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
    spread = (
        area * (1 - area) + (cases - 1) * (q1 - area**2) + (controls - 1) * (q2 - area**2)
    ) / (cases * controls)
    return float(np.sqrt(spread))
