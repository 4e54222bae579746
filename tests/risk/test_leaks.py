"""Each guard stops the leak that is planted for it, and lets clean data pass."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from chartline.core.tables import UTC as UTC_TYPE
from chartline.risk import leaks, tasks
from chartline.risk.leaks import LeakError

TASK = tasks.load("heart_failure")
NOW = datetime(2020, 6, 1, 12, tzinfo=UTC)
ROWS = pl.DataFrame(
    {
        "subject_id": [1, 2],
        "prediction_time": [NOW, NOW],
        "boolean_value": [True, False],
        "split": ["train", "held_out"],
    },
    schema_overrides={"prediction_time": UTC_TYPE},
)
DOCUMENTS = pl.DataFrame(
    {"document_id": ["d"], "written_at": [NOW - timedelta(days=1)]},
    schema_overrides={"written_at": UTC_TYPE},
)


def known(
    days: float = -1, code: str = "ICD10//I10", source: str = "ehr", known_days: float | None = None
) -> pl.DataFrame:
    """An observed event, `days` after the prediction time; known `known_days` after it."""
    known_at = None if known_days is None else NOW + timedelta(days=known_days)
    return pl.DataFrame(
        {
            "subject_id": [1],
            "time": [NOW + timedelta(days=days)],
            "code": [code],
            "known_at": [known_at],
            "source": [source],
            "document_id": ["d" if source == "document" else None],
            "prediction_time": [NOW],
        },
        schema_overrides={
            **dict.fromkeys(("time", "known_at", "prediction_time"), UTC_TYPE),
            "document_id": pl.String,
        },
    )


def test_clean_data_pass() -> None:
    leaks.check(
        pl.concat([known(), known(source="document")]), ROWS, TASK, DOCUMENTS, pl.Series([1])
    )


@pytest.mark.parametrize("days", [-0.25, 0, 3])
def test_an_event_from_the_day_of_the_prediction_on_is_stopped(days: float) -> None:
    leaks.no_future(known(-0.51))
    with pytest.raises(LeakError, match="not known before the day"):
        leaks.check(known(days), ROWS, TASK, DOCUMENTS, pl.Series([1]))


@pytest.mark.parametrize("days", [-0.25, 9])
def test_an_old_event_that_became_known_on_the_day_or_later_is_stopped(days: float) -> None:
    leaks.no_future(known(-90, known_days=-1))
    with pytest.raises(LeakError, match="not known before the day"):
        leaks.check(known(-90, known_days=days), ROWS, TASK, DOCUMENTS, pl.Series([1]))


@pytest.mark.parametrize(
    "code", ["ICD10//I50.9", "ICD10CM//I50.23", "ICD9CM//428.0", "SNOMED//84114007", "ATC//C09DX04"]
)
def test_the_outcome_and_its_synonyms_are_stopped(code: str) -> None:
    with pytest.raises(LeakError, match="synonyms"):
        leaks.check(known(code=code), ROWS, TASK, DOCUMENTS, pl.Series([1]))


@pytest.mark.parametrize("days", [-0.25, 5])
def test_a_document_of_the_day_or_later_is_stopped_whatever_its_events_say(days: float) -> None:
    late = DOCUMENTS.with_columns(written_at=pl.lit(NOW + timedelta(days=days), UTC_TYPE))
    with pytest.raises(LeakError, match="documents written"):
        leaks.check(known(days=-90, source="document"), ROWS, TASK, late, pl.Series([1]))


def test_a_patient_on_both_sides_is_stopped() -> None:
    both = pl.concat(
        [
            ROWS,
            ROWS.with_columns(
                split=pl.lit("train"), prediction_time=pl.col("prediction_time") - timedelta(days=9)
            ),
        ]
    )
    with pytest.raises(LeakError, match="more than one split"):
        leaks.check(known(), both, TASK, DOCUMENTS, pl.Series([1]))


def test_vectors_learned_on_a_held_out_patient_are_stopped() -> None:
    with pytest.raises(LeakError, match="shaped the concept vectors"):
        leaks.check(known(), ROWS, TASK, DOCUMENTS, pl.Series([1, 2]))
