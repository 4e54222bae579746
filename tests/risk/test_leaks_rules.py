"""The guards at their borders, and which codes are named as near synonyms of an outcome."""

import polars as pl
import pytest
from risk.small import day, event, events

from chartline.core.tables import UTC
from chartline.risk import leaks, tasks
from chartline.risk.leaks import LeakError

TASK = tasks.load("heart_failure")
OUTCOME, SYNONYM = "ICD10//I50.9", "ATC//C09DX04"


def carriers(code: str, count: int, with_outcome: int, after: float = 1.0, first: int = 0) -> list:
    """Patients with a code, some of whom had the outcome `after` days before it."""
    rows = []
    for subject in range(first, first + count):
        rows.append(event(subject, 100.0, code))
        if subject - first < with_outcome:
            rows.append(event(subject, 100.0 - after, OUTCOME))
    return rows


@pytest.mark.parametrize(
    ("count", "with_outcome", "named"),
    [(10, 9, True), (10, 10, True), (10, 8, False), (9, 9, False), (20, 18, True), (20, 17, False)],
)
def test_nine_in_ten_of_ten_carriers_make_a_near_synonym(
    count: int, with_outcome: int, named: bool
) -> None:
    found = leaks.near_synonyms(events(carriers("A//x", count, with_outcome)), TASK)
    assert found.rows() == ([("A//x", count, with_outcome / count)] if named else [])


@pytest.mark.parametrize(("after", "named"), [(1.0, True), (0.0, True), (-0.01, False)])
def test_a_near_synonym_follows_the_outcome_or_comes_with_it(after: float, named: bool) -> None:
    found = leaks.near_synonyms(events(carriers("A//x", 10, 10, after)), TASK)
    assert len(found) == named


def test_the_first_of_each_counts() -> None:
    late = [event(subject, 500.0, "A//x") for subject in range(10)]
    early = [event(subject, 50.0, "A//x") for subject in range(10)]
    assert leaks.near_synonyms(events(carriers("A//y", 10, 10), late), TASK)["code"].to_list() == [
        "A//x",
        "A//y",
    ]
    assert leaks.near_synonyms(events(carriers("A//y", 10, 10), late, early), TASK)[
        "code"
    ].to_list() == ["A//y"]
    again = [event(subject, 900.0, OUTCOME) for subject in range(10)]
    assert len(leaks.near_synonyms(events(carriers("A//y", 10, 10), again), TASK)) == 1


def test_declared_codes_are_not_named_and_the_commonest_comes_first() -> None:
    undated = [event(subject, None, "A//undated") for subject in range(40)]
    found = leaks.near_synonyms(
        events(
            carriers("A//b", 10, 10),
            carriers("A//a", 10, 10),
            carriers("A//c", 12, 12),
            carriers(SYNONYM, 30, 30),
            undated,
        ),
        TASK,
    )
    assert found["code"].to_list() == ["A//c", "A//a", "A//b"]


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
