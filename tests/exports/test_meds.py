"""The tables of MEDS are accepted by the standard's own package, and lose nothing."""

from datetime import UTC, datetime

import polars as pl
import pyarrow as pa
import pytest
from meds import CodeMetadataSchema, DataSchema, LabelSchema, SubjectSplitSchema
from meds_evaluation.schema import PredictionSchema

from chartline.core.tables import Codes, Events, Predictions, Splits, cast_to, empty, types_of
from chartline.exports.meds import MedsTables, meds_tables

NOON = datetime(2020, 1, 2, 12, 30, 0, 5, tzinfo=UTC)


@pytest.fixture
def tables() -> MedsTables:
    events = cast_to(
        pl.DataFrame(
            [
                {"subject_id": 2, "time": NOON, "code": "ICD10//I10", "source": "document"},
                {"subject_id": 1, "time": NOON, "code": "LAB//X", "numeric_value": 1.5},
                {"subject_id": 1, "time": None, "code": "GENDER//F", "text_value": "F"},
                {"subject_id": 1, "time": NOON, "code": "LAB//A", "end_time": NOON},
            ]
        ).with_columns(
            pl.col("source").fill_null("ehr"),
            pl.col("time", "end_time").cast(types_of(Events)["time"]),
        ),
        Events,
    )
    codes = cast_to(
        pl.DataFrame({"code": ["LAB//X", "NOT//USED"], "description": ["an X", None]}).with_columns(
            parent_codes=pl.Series([["LOINC/1"], None])
        ),
        Codes,
    )
    splits = pl.DataFrame({"subject_id": [2, 1], "split": ["held_out", "train"]})
    predictions = cast_to(
        pl.DataFrame(
            {
                "subject_id": [1, 2, 3],
                "prediction_time": [NOON, NOON, NOON],
                "outcome": "heart_failure",
                "split": ["train", "score", "held_out"],
                "boolean_value": [True, None, False],
                "predicted_boolean_probability": [0.25, 0.5, 0.75],
                "model": "logistic regression on raw codes",
            }
        ),
        Predictions,
    )
    return meds_tables(events, codes, splits, predictions)


def test_the_package_of_the_standard_accepts_them(tables: MedsTables) -> None:
    DataSchema.validate(tables.events)
    CodeMetadataSchema.validate(tables.codes)
    SubjectSplitSchema.validate(tables.splits)
    LabelSchema.validate(tables.labels)
    PredictionSchema.validate(tables.predictions)


def test_it_would_refuse_what_delta_and_polars_give(tables: MedsTables) -> None:
    """The same with a time zone, or with large strings: the check above can fail."""
    zoned = pa.table(
        {**_columns(tables.events), "time": _cast(tables, "time", "timestamp[us, UTC]")}
    )
    large = pa.table({**_columns(tables.events), "code": _cast(tables, "code", "large_string")})
    for wrong in (zoned, large):
        with pytest.raises(Exception, match=r"time|code"):
            DataSchema.validate(wrong)


def _columns(table: pa.Table) -> dict[str, pa.ChunkedArray]:
    return dict(zip(table.column_names, table.columns, strict=True))


def _cast(tables: MedsTables, name: str, kind: str) -> pa.ChunkedArray:
    wanted = pa.timestamp("us", "UTC") if "UTC" in kind else pa.large_string()
    return tables.events[name].cast(wanted)


def test_subjects_stand_together_and_facts_without_a_time_come_first(tables: MedsTables) -> None:
    assert tables.events["subject_id"].to_pylist() == [1, 1, 1, 2]
    assert tables.events["code"].to_pylist() == ["GENDER//F", "LAB//A", "LAB//X", "ICD10//I10"]
    assert tables.events["time"].to_pylist() == [None] + [NOON.replace(tzinfo=None)] * 3
    assert tables.events["end_time"].to_pylist()[1] == NOON.replace(tzinfo=None)
    assert tables.events["numeric_value"].to_pylist()[2] == 1.5
    assert tables.events["text_value"].to_pylist()[0] == "F"


def test_every_code_is_described_as_well_as_it_can_be(tables: MedsTables) -> None:
    assert tables.codes.to_pylist() == [
        {"code": "GENDER//F", "description": None, "parent_codes": None},
        {"code": "ICD10//I10", "description": "hypertension", "parent_codes": None},
        {"code": "LAB//A", "description": None, "parent_codes": None},
        {"code": "LAB//X", "description": "an X", "parent_codes": ["LOINC/1"]},
        {"code": "NOT//USED", "description": None, "parent_codes": None},
    ]


def test_labels_are_of_known_outcomes_and_predictions_of_those_that_no_model_has_seen(
    tables: MedsTables,
) -> None:
    assert tables.labels["subject_id"].to_pylist() == [1, 3]
    assert tables.predictions["subject_id"].to_pylist() == [3]
    assert tables.predictions["predicted_boolean_probability"].to_pylist() == [0.75]
    assert tables.predictions["predicted_boolean_value"].to_pylist() == [None]
    assert tables.splits["split"].to_pylist() == ["train", "held_out"]
    assert repr(tables).startswith(
        "<MedsTables: 4 events, 5 codes, 2 splits, 2 labels, 1 predictions"
    )


def test_empty_tables_have_the_types_too() -> None:
    none = meds_tables(empty(Events), empty(Codes), empty(Splits), empty(Predictions))
    DataSchema.validate(none.events)
    LabelSchema.validate(none.labels)
    CodeMetadataSchema.validate(none.codes)
