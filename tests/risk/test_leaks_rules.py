"""The guards at their borders."""

import polars as pl
import pytest
from risk.small import day, event, events

from chartline.core.tables import UTC
from chartline.risk import leaks, tasks
from chartline.risk.leaks import LeakError

TASK = tasks.load("heart_failure")
OUTCOME, SYNONYM = "ICD10//I50.9", "ATC//C09DX04"


def known(when: float, code: str = "A//x", document: str | None = None) -> pl.DataFrame:
    source = "document" if document else "ehr"
    stream = events(event(1, when, code, source=source, document_id=document))
    return stream.with_columns(prediction_time=pl.lit(day(100.0), UTC))


def test_each_guard_counts_what_it_found() -> None:
    with pytest.raises(LeakError, match="leak: 2 observed events were not known"):
        leaks.no_future(pl.concat([known(100.0), known(101.0), known(99.9)]))
    with pytest.raises(LeakError, match="leak: 2 observed events bear codes of the outcome heart_"):
        leaks.no_outcome(pl.concat([known(1, OUTCOME), known(1, SYNONYM), known(1)]), TASK)
    leaks.no_future(known(99.999))
    leaks.no_outcome(known(1), TASK)


@pytest.mark.parametrize(
    ("written", "document", "late"),
    [
        (99.9, "d", False),
        (100.0, "d", True),
        (100.1, "d", True),
        (100.1, "other", False),
        (None, "d", False),
    ],
)
def test_a_document_must_be_written_before_the_prediction(
    written: float | None, document: str, late: bool
) -> None:
    times = [None if written is None else day(written)]
    documents = pl.DataFrame(
        {"document_id": ["d"], "written_at": times}, schema_overrides={"written_at": UTC}
    )
    if late:
        with pytest.raises(LeakError, match="1 observed events come from documents"):
            leaks.no_late_document(known(1.0, document=document), documents)
    else:
        leaks.no_late_document(known(1.0, document=document), documents)
    leaks.no_late_document(known(1.0).with_columns(document_id=pl.lit("d")), documents)


def rows(*found: tuple[int, bool | None, str]) -> pl.DataFrame:
    return pl.DataFrame(
        list(found),
        schema={"subject_id": pl.Int64, "boolean_value": pl.Boolean, "split": pl.String},
        orient="row",
    )


def test_a_patient_may_be_scored_beside_one_split_but_not_be_in_two() -> None:
    leaks.one_split(rows((1, True, "train"), (1, False, "train"), (1, None, "score")))
    with pytest.raises(LeakError, match="leak: 1 subjects are in more"):
        leaks.one_split(
            rows(
                (1, True, "train"), (1, False, "held_out"), (2, True, "train"), (3, False, "train")
            )
        )


def test_held_out_patients_that_shaped_the_vectors_are_counted_once() -> None:
    both = rows(
        (1, True, "held_out"), (1, False, "held_out"), (2, True, "train"), (4, None, "score")
    )
    leaks.untaught(both, pl.Series([2, 3, 4]))
    with pytest.raises(LeakError, match="leak: 1 held-out subjects"):
        leaks.untaught(both, pl.Series([1, 2]))
