"""EHR sources become MEDS events; what is wrong with one is said in one line with its place."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from pipeline.errors import UsageError
from pipeline.events import document_events, join, read_source, subject_id
from pipeline.tables import Documents, Events, Mentions

ROWS = {"subject_id": [2, 1], "time": ["2020-01-02T00:00:00", None], "code": ["ICD10//I10", "SEX//F"]}


def test_csv_and_parquet_read_alike(tmp_path: Path) -> None:
    frame = pl.DataFrame(ROWS)
    frame.write_csv(tmp_path / "a.csv")
    frame.with_columns(pl.col("time").str.to_datetime()).write_parquet(tmp_path / "a.parquet")
    one, other = read_source(tmp_path / "a.csv").events, read_source(tmp_path / "a.parquet").events
    assert one.equals(other)
    Events.validate(one)
    assert one["subject_id"].to_list() == [1, 2]


def test_other_time_zones_are_converted(tmp_path: Path) -> None:
    time = pl.Series("time", [datetime(2020, 1, 2, tzinfo=UTC)]).dt.convert_time_zone("Europe/Paris")
    pl.DataFrame({"subject_id": [1], "time": time, "code": ["A"]}).write_parquet(tmp_path / "a.parquet")
    assert read_source(tmp_path / "a.parquet").events["time"].to_list() == [datetime(2020, 1, 2, tzinfo=UTC)]


def test_a_meds_dataset_is_read_with_its_splits(ehr: Path) -> None:
    source = read_source(ehr)
    assert source.splits is not None
    assert set(source.splits["split"]) == {"train", "tuning", "held_out"}
    assert source.events["source"].unique().to_list() == ["ehr"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"code": None}, "no column 'code'"),
        ({"time": ["2020-01-02", "yesterday"]}, "row 2: time is not an ISO 8601 time (1 such rows)"),
        ({"subject_id": ["x", "1"]}, "row 1: subject_id is not a number"),
        ({"code": ["A", None]}, "row 2: code is empty"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    tmp_path: Path, change: dict[str, list[str] | None], message: str
) -> None:
    rows = {name: values for name, values in {**ROWS, **change}.items() if values is not None}
    pl.DataFrame(rows).write_csv(tmp_path / "a.csv")
    with pytest.raises(UsageError) as caught:
        read_source(tmp_path / "a.csv")
    assert message in str(caught.value)
    assert str(tmp_path / "a.csv") in str(caught.value)


@pytest.mark.parametrize("name", ["gone", "."])
def test_no_source_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"no such EHR source|no MEDS dataset"):
        read_source(tmp_path / name)


def test_subjects_are_stable_and_fit_meds() -> None:
    assert subject_id("42") == 42
    assert subject_id("NHS-7") == subject_id("NHS-7") != subject_id("NHS-8")
    assert 0 <= subject_id("NHS-7") < 2**63


def mention(**change: object) -> dict[str, object]:
    row = {"document_id": "d", "section": 0, "begin": 0, "end": 1, "text": "x", "code": "I10", "vocabulary": "ICD10",
           "negated": False, "hypothetical": False, "family": False, "past": False, "confidence": 1.0}  # fmt: skip
    return {**row, **change}


def document(**change: object) -> dict[str, object]:
    time = datetime(2021, 5, 6, tzinfo=UTC)
    row = {"document_id": "d", "path": "a.pdf", "patient_id": "7", "encounter_id": None, "kind": None, "written_at": time,
           "language": "fr", "pages": 1, "status": "processed", "reason": None, "engine": "pdfium", "version": "1",
           "content_hash": "", "size": 1, "modified_at": time}  # fmt: skip
    return {**row, **change}


def events_of(mentions: list[dict[str, object]], **change: object) -> list[tuple[object, ...]]:
    stated = pl.DataFrame(mentions, schema={n: c.dtype for n, c in Mentions.columns().items()})
    documents = pl.DataFrame([document(**change)], schema={n: c.dtype for n, c in Documents.columns().items()})
    return document_events(stated, documents).select("subject_id", "time", "code", "document_id").rows()


def test_a_mention_is_an_event_at_the_documents_date() -> None:
    assert events_of([mention(), mention(begin=5)]) == [(7, datetime(2021, 5, 6, tzinfo=UTC), "ICD10//I10", "d")]


@pytest.mark.parametrize("context", ["negated", "hypothetical", "family"])
def test_what_the_patient_does_not_have_is_no_event(context: str) -> None:
    assert events_of([mention(**{context: True})]) == []


def test_old_diagnoses_count_and_old_drugs_do_not() -> None:
    assert len(events_of([mention(past=True)])) == 1
    assert events_of([mention(past=True, vocabulary="ATC", code="C03CA01")]) == []


@pytest.mark.parametrize("missing", ["patient_id", "written_at"])
def test_without_patient_or_date_there_is_no_event(missing: str) -> None:
    assert events_of([mention()], **{missing: None}) == []


def test_joining_keeps_meds_order(ehr: Path) -> None:
    source = read_source(ehr).events
    joined = join(source, source.head(10).with_columns(source=pl.lit("document"), document_id=pl.lit("d")))
    assert joined["subject_id"].is_sorted()
    assert len(joined) == len(source) + 10


def test_joining_does_not_depend_on_the_order_of_rows(ehr: Path) -> None:
    source = read_source(ehr).events.head(2000)
    twins = pl.concat([source, source.with_columns(numeric_value=pl.lit(1.0, pl.Float32), text_value=pl.lit("x"))])
    none = source.clear()
    assert join(twins, none).equals(join(twins.sample(fraction=1, shuffle=True, seed=5), none))
