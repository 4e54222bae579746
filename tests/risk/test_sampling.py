"""What a row of the matched sample stands for; counted by hand."""

from typing import Any

import polars as pl
import pytest
from risk.small import day

from chartline.core.tables import UTC
from chartline.risk.sampling import with_weights

TIME = {"prediction_time": UTC}


def moment(subject: int, when: float = 0, **more: Any) -> dict[str, Any]:
    """A prediction time that fits: free of the outcome and followed, if nothing else is given."""
    return {
        **{"subject_id": subject, "prediction_time": day(when), "age_band": 1, "time_band": 1},
        **{"label": False, "followed": True},
    } | more


def weights(candidates: list[dict[str, Any]], sampled: list[int], held: int = 99) -> dict[int, Any]:
    """The weights of the first moments of `sampled`; subjects from `held` on are held out."""
    every = pl.DataFrame(candidates, schema_overrides=TIME)
    name = pl.when(pl.col("subject_id") >= held).then(pl.lit("held_out")).otherwise(pl.lit("train"))
    splits = every.select("subject_id").unique().with_columns(split=name)
    rows = (
        every.unique("subject_id", keep="first", maintain_order=True)
        .filter(pl.col("subject_id").is_in(sampled))
        .join(splits, on="subject_id")
        .select("subject_id", "prediction_time", "split", boolean_value="label")
        .sort("subject_id")
    )
    found = with_weights(rows, every, splits, ["age_band"])
    return dict(found.select("subject_id", "sampling_weight").rows())


def test_controls_share_those_without_the_outcome_and_a_case_is_itself() -> None:
    free = [moment(number) for number in range(2, 12)]
    assert weights([moment(1, label=True), *free], [1, 2, 3]) == {1: 1, 2: 5, 3: 5}


def test_a_patient_with_many_days_of_care_counts_once_in_a_band_of_time() -> None:
    often = [moment(3, when) for when in range(1, 9)]
    assert weights([moment(1, label=True), moment(2), *often], [1, 2]) == {1: 1, 2: 2}
    later = [moment(3, 200, time_band=2), moment(1, 200, label=True, time_band=2)]
    assert weights([moment(1, label=True), moment(2), *often, *later], [1, 2]) == {1: 2, 2: 3}


def test_a_patient_who_is_lost_in_the_window_counts_half() -> None:
    lost = [moment(number, followed=False) for number in (3, 4)]
    assert weights([moment(1, label=True), moment(2), *lost], [1, 2]) == {1: 1, 2: 2}


def test_strata_weigh_by_their_size_and_those_without_controls_are_shared() -> None:
    old = [moment(number, age_band=2) for number in range(10, 16)]
    case = moment(1, label=True)
    assert weights([case, moment(2), moment(3), *old], [1, 2, 10]) == {1: 1, 2: 2, 10: 6}
    young = [moment(number, age_band=0) for number in range(30, 38)]
    found = weights([case, moment(2), moment(3), *old, *young], [1, 2, 10])
    assert found == pytest.approx({1: 1, 2: 4, 10: 12})


def test_splits_are_counted_each_by_itself() -> None:
    train = [moment(1, label=True), *(moment(number) for number in range(2, 6))]
    held = [moment(50, label=True), *(moment(number) for number in range(51, 61))]
    found = weights([*train, *held], [1, 2, 50, 51], held=50)
    assert found == {1: 1, 2: 4, 50: 1, 51: 10}


def test_a_row_that_is_only_scored_has_no_weight() -> None:
    every = pl.DataFrame([moment(1, label=True), moment(2)], schema_overrides=TIME)
    splits = pl.DataFrame({"subject_id": [1, 2], "split": ["train", "train"]})
    rows = pl.DataFrame(
        {
            **{"subject_id": [1, 2, 2], "prediction_time": [day(0), day(0), day(9)]},
            **{"split": ["train", "train", "score"], "boolean_value": [True, False, None]},
        },
        schema_overrides=TIME,
    )
    found = with_weights(rows, every, splits, ["age_band"])
    assert found["sampling_weight"].to_list() == [1.0, 1.0, None]
