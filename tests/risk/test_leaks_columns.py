"""A column of the features that tells the outcome by itself stops the run."""

import numpy as np
import polars as pl
import pytest

from chartline.core.errors import LeakError
from chartline.core.settings import OnsetSettings
from chartline.risk import tasks
from chartline.risk.leaks_columns import no_telling_column, without_left_out

TASK = tasks.load("heart_failure")


def table(shift: float, rows: int = 300) -> pl.DataFrame:
    """Features of which `events_90d` lies so many standard deviations higher in cases."""
    rng = np.random.default_rng(1)
    case = np.arange(rows) % 3 == 0
    return pl.DataFrame(
        {
            "boolean_value": pl.Series([*case, None]),
            "age": [*rng.normal(size=rows), 0.0],
            "male": [*[None, 1.0, 0.0] * (rows // 3), None],
            "events_90d": [*(rng.normal(size=rows) + shift * case), 90.0],
        }
    )


COLUMNS = ["age", "events_90d"]


@pytest.mark.parametrize(
    ("shift", "stops"), [(0.0, False), (1.2, False), (2.5, True), (-2.5, True)]
)
def test_a_column_that_tells_cases_by_itself_stops_the_run(shift: float, stops: bool) -> None:
    if stops:
        with pytest.raises(LeakError, match=r"leak: column events_90d .* AUC of 0\.9"):
            no_telling_column(table(shift), COLUMNS, TASK)
    else:
        no_telling_column(table(shift), COLUMNS, TASK)


def test_an_unknown_sex_that_tells_the_outcome_is_a_leak_and_a_number_is_none_of_few() -> None:
    with pytest.raises(LeakError, match="column male"):
        no_telling_column(
            table(0).with_columns(male=pl.col("boolean_value").cast(pl.Float32)), ["male"], TASK
        )
    no_telling_column(table(2.0, 12), COLUMNS, TASK)


def test_the_advice_mends_it() -> None:
    leaking = table(3)
    with pytest.raises(
        LeakError, match=r"left_out = \['\^events_90d\$'\].*accepted = \['\^events_90d\$'\]"
    ):
        no_telling_column(leaking, COLUMNS, TASK)
    accepted = tasks.asked(OnsetSettings(accepted=["^events_90d$"]))
    no_telling_column(leaking, COLUMNS, accepted)
    left_out = tasks.asked(OnsetSettings(left_out=["^events_90d$"]))
    assert without_left_out(leaking, left_out).columns == ["boolean_value", "age", "male"]
