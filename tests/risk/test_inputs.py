"""What classifiers see: logarithms of counts, no key or label, and no code that is too rare."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from risk.small import day, event, events
from scipy import sparse

from chartline.core.errors import ChartlineError
from chartline.core.tables import UTC
from chartline.risk import features, inputs, tasks

TASK = tasks.load("heart_failure")
NOW = 1000.0


def table(**more: list[float]) -> pl.DataFrame:
    """The table features of one training and one held-out subject."""
    return pl.DataFrame(
        {
            "subject_id": [1, 2],
            "prediction_time": [day(NOW)] * 2,
            "outcome": ["heart_failure"] * 2,
            "boolean_value": [True, False],
            "split": ["train", "held_out"],
            "age": [60.0, 70.0],
            "male": [1.0, 0.0],
            "events_100d": [3.0, 0.0],
            **more,
        },
        schema_overrides={"prediction_time": UTC},
    )


def found(*rows: Any, min_count: int = 1, codes: pl.DataFrame | None = None) -> dict[str, Any]:
    stream = events(*rows)
    observed = features.observed(stream, table(), TASK, 500)
    known = inputs.known_codes(observed, stream, codes)
    made = inputs.inputs_of(table(), known, min_count, 500)
    return {name: plain(one.x).tolist() for name, one in made.items()}


def plain(x: Any) -> Any:
    return x.toarray() if sparse.issparse(x) else x


def test_counts_of_codes_are_logarithms() -> None:
    history = [event(1, NOW - days, "A//x") for days in (1, 2, 3)] + [event(2, NOW - 1, "A//x")]
    assert found(history)[inputs.RAW] == [
        [6, 1, pytest.approx(np.log(4))],
        [7, 0, pytest.approx(np.log(2))],
    ]


def test_unbounded_features_are_logarithms_and_bounded_ones_stay() -> None:
    wide = table(presence_100d_000=[0.5, 1.0], sum_100d_000=[-3.0, 7.0])
    x = inputs.matrix(inputs.VECTORS, wide, inputs.columns_of(wide), {})
    assert inputs.columns_of(wide)[:3] == ["age", "male", "events_100d"]
    assert x.tolist() == [
        [6, 1, pytest.approx(np.log(4)), 0.5, pytest.approx(-np.log(4))],
        [7, 0, 0, 1, pytest.approx(np.log(8))],
    ]


def test_no_key_label_or_split_is_an_input() -> None:
    assert inputs.columns_of(table()) == ["age", "male", "events_100d"]
    assert inputs.inputs_of(table(), {}, 1, 500)[inputs.VECTORS].x.shape == (2, 3)


def test_a_code_needs_enough_events_of_training_subjects() -> None:
    rows = [event(1, NOW - 1, "A//x"), event(1, NOW - 2, "A//x"), event(1, NOW - 1, "A//rare")]
    held_out = [event(2, NOW - days, "A//theirs") for days in (1, 2, 3)]
    x = found(rows, held_out, min_count=2)[inputs.RAW]
    assert x == [[6, 1, pytest.approx(np.log(3))], [7, 0, 0]]


def test_grouped_codes_add_up_by_public_groups_and_parents() -> None:
    codes = pl.DataFrame({"code": ["LOCAL//7"], "parent_codes": [["ATC//C03CA01"]]})
    rows = [
        event(1, NOW - 1, "ATC//C03CA01"),
        event(1, NOW - 1, "ATC//C03CA02"),
        event(1, NOW - 1, "LOCAL//7"),
    ]
    every = found(rows, codes=codes)
    assert every[inputs.GROUPED][0] == [6, 1, pytest.approx(np.log(4))]
    assert len(every[inputs.RAW][0]) == 5


def test_the_outcome_is_no_input_grouped_or_not() -> None:
    rows = [event(1, NOW - 1, "ICD10//I50.9"), event(1, NOW - 1, "A//x")]
    every = found(rows)
    assert every[inputs.RAW][0] == every[inputs.GROUPED][0] == [6, 1, pytest.approx(np.log(2))]


def test_features_without_a_column_of_the_model_are_refused() -> None:
    with pytest.raises(ChartlineError, match="lack 1 columns of the model, sum_100d_000"):
        inputs.matrix(inputs.VECTORS, table(), ["age", "sum_100d_000"], {})


def test_an_unknown_sex_lies_between_both() -> None:
    unknown = table().with_columns(male=pl.Series([None, 1.0], dtype=pl.Float32))
    assert inputs.matrix(inputs.VECTORS, unknown, ["male"], {}).tolist() == [[0.5], [1.0]]


def test_windowed_codes_are_counted_in_each_window() -> None:
    rows = [event(1, NOW - days, "A//x") for days in (1, 29, 31, 100, 400, 900)]
    made = found(rows)[inputs.WINDOWED][0]
    assert made[2:] == [pytest.approx(np.log1p(count)) for count in (2, 3, 4, 5)]
    assert found(rows)[inputs.RAW][0][2:] == [pytest.approx(np.log1p(5))]


def test_columns_are_named_by_window_and_code() -> None:
    stream = events(event(1, NOW - 40, "A//x"), event(2, NOW - 1, "A//x"))
    known = inputs.known_codes(features.observed(stream, table(), TASK, 500), stream, None)
    made = inputs.inputs_of(table(), known, 1, 500)
    assert made[inputs.RAW].columns == ["age", "male", "500d A//x"]
    # the training patient has nothing within 30 days, so nothing can be learned of it
    ever = inputs.code_column(inputs.EVER_DAYS, "A//x")
    assert made[inputs.WINDOWED].columns == ["age", "male", "90d A//x", "365d A//x", ever]
    assert made[inputs.BOTH].columns == ["age", "male", "events_100d", "500d A//x"]
    assert [name for name, one in made.items() if one.reduce] == [inputs.REDUCED]
    assert plain(made[inputs.BOTH].x).shape == (2, 4)
