"""Tasks of the kinds that ACES is used for give es-aces's own rows, row by row.

`aces/make_expected.py` makes the rows with es-aces alone, from invented events.
"""

from pathlib import Path

import polars as pl
import pytest

from chartline.core.errors import UsageError
from chartline.core.tables import UTC, Events, cast_to
from chartline.risk import tasks
from chartline.risk.prediction_times import prediction_times, realisations

HERE = Path(__file__).parent / "aces"
NAMES = sorted(file.stem for file in HERE.glob("*.yaml"))
ALL = ["subject_id", "trigger", "index", "label", "window_end"]


@pytest.fixture(scope="module")
def events() -> pl.DataFrame:
    frame = pl.read_csv(HERE / "events.csv", schema_overrides={"numeric_value": pl.Float32})
    missing = ["text_value", "document_id", "encounter_id"]
    return cast_to(
        frame.with_columns(
            pl.col("time").str.to_datetime(time_unit="us", time_zone="UTC"),
            *(pl.lit(None, pl.String).alias(name) for name in missing),
            source=pl.lit("ehr"),
        ),
        Events,
    )


def expected(name: str) -> pl.DataFrame:
    times = pl.col("trigger", "index", "window_end")
    return pl.read_csv(HERE / f"{name}.csv").with_columns(
        times.str.to_datetime(time_unit="us", time_zone="UTC"), pl.col("label") == 1
    )


def test_tasks_of_every_kind_are_compared() -> None:
    assert len(NAMES) >= 8
    for name in NAMES:
        assert set(expected(name)["label"]) == {True, False}, name


@pytest.mark.parametrize("name", NAMES)
def test_rows_are_those_of_es_aces(name: str, events: pl.DataFrame) -> None:
    found = realisations(events, tasks.load(str(HERE / f"{name}.yaml")))
    assert found.select(ALL).sort(ALL).rows() == expected(name).select(ALL).sort(ALL).rows()


@pytest.mark.parametrize("name", NAMES)
def test_a_patient_has_one_row_a_prediction_time(name: str, events: pl.DataFrame) -> None:
    """Where several triggers have one prediction time, an outcome after any of them counts."""
    found = prediction_times(events, tasks.load(str(HERE / f"{name}.yaml")))
    once = expected(name).group_by("subject_id", "index").agg(pl.col("label").any())
    key = ["subject_id", "prediction_time"]
    assert found.schema["prediction_time"] == UTC
    assert found.select(*key, "label").sort(key).rows() == once.sort("subject_id", "index").rows()


def test_several_triggers_may_have_one_prediction_time(events: pl.DataFrame) -> None:
    rows = expected("several_starts_one_index")
    assert rows.select("subject_id", "index").is_duplicated().any()


def test_any_event_is_no_outcome(tmp_path: Path) -> None:
    text = (HERE / "readmission.yaml").read_text("utf-8")
    (tmp_path / "any.yaml").write_text(text.replace("label: admission", "label: _ANY_EVENT"))
    with pytest.raises(UsageError, match="Label must be one of the defined predicates"):
        tasks.load(str(tmp_path / "any.yaml"))
