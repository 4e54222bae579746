"""Mentions and an EHR become one stream of MEDS events; what is implausible in it is counted."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from chartline.core.tables import Documents, Events, Mentions, types_of
from chartline.history.events import document_events, join, ranges, shard, without_crowded
from chartline.history.plausibility import implausible
from chartline.history.sources import read_source
from chartline.history.subjects import subject_id

WRITTEN = datetime(2021, 5, 6, 12, tzinfo=UTC)
SINCE = datetime(2018, 1, 1, tzinfo=UTC)


def test_subjects_are_stable_and_fit_meds() -> None:
    assert subject_id("42") == 42
    assert subject_id("NHS-7") == subject_id("NHS-7") != subject_id("NHS-8")
    assert 0 <= subject_id("NHS-7") < 2**63


def mention(**change: object) -> dict[str, object]:
    row = {
        "document_id": "d",
        "section": 0,
        "begin": 0,
        "end": 1,
        "text": "x",
        "code": "I10",
        "vocabulary": "ICD10",
        "kind": "condition",
        "status": None,
        "negated": False,
        "hypothetical": False,
        "family": False,
        "past": False,
        "confidence": 1.0,
    }
    return {**row, **change}


def document(**change: object) -> dict[str, object]:
    time = datetime(2021, 5, 6, tzinfo=UTC)
    row = {
        "document_id": "d",
        "path": "a.pdf",
        "patient_id": "7",
        "encounter_id": None,
        "kind": None,
        "written_at": time,
        "language": "fr",
        "pages": 1,
        "status": "processed",
        "reason": None,
        "engine": "pdfium",
        "version": "1",
        "content_hash": "",
        "size": 1,
        "modified_at": time,
    }
    return {**row, **change}


def events_of(mentions: list[dict[str, object]], **change: object) -> list[tuple[object, ...]]:
    stated = pl.DataFrame(mentions, schema={n: c.dtype for n, c in Mentions.columns().items()})
    documents = pl.DataFrame(
        [document(**change)], schema={n: c.dtype for n, c in Documents.columns().items()}
    )
    return (
        document_events(stated, documents)
        .select("subject_id", "time", "code", "document_id")
        .rows()
    )


def times_of(*mentions: dict[str, object]) -> list[tuple[object, object]]:
    """time and known_at of the events of a document that was written at noon."""
    stated = pl.DataFrame(list(mentions), schema=types_of(Mentions))
    documents = pl.DataFrame([document(written_at=WRITTEN)], schema=types_of(Documents))
    return document_events(stated, documents).select("time", "known_at").rows()


def measured(value: float = 5.6, **change: object) -> dict[str, object]:
    row = {"vocabulary": "CHARTLINE", "code": "potassium", "kind": "measurement", "unit": "mmol/L"}
    return mention(**(row | {"value": value} | change))


def values_of(
    *mentions: dict[str, object], loinc: dict[str, str] | None = None
) -> list[tuple[object, ...]]:
    stated = pl.DataFrame(list(mentions), schema=types_of(Mentions))
    documents = pl.DataFrame([document(written_at=WRITTEN)], schema=types_of(Documents))
    found = document_events(stated, documents, loinc).with_columns(
        pl.col("numeric_value").cast(pl.Float64).round(3)
    )
    return found.select("code", "numeric_value", "text_value", "unit", "time").rows()


def test_each_value_of_a_measurement_is_an_event() -> None:
    found = values_of(
        measured(5.6), measured(5.6, begin=2), measured(4.2, begin=4), measured(4.2, time=SINCE)
    )
    assert sorted(found, key=lambda row: (row[4], row[1])) == [
        ("CHARTLINE//potassium", 4.2, None, "mmol/L", SINCE),
        ("CHARTLINE//potassium", 4.2, None, "mmol/L", WRITTEN),
        ("CHARTLINE//potassium", 5.6, None, "mmol/L", WRITTEN),
    ]


def test_values_of_nobody_and_of_no_day_are_no_events() -> None:
    flags = ("negated", "hypothetical", "family", "past")
    assert values_of(*(measured(**{flag: True}) for flag in flags)) == []
    assert len(values_of(measured(past=True, time=SINCE))) == 1


def test_bounds_and_values_without_a_unit_are_text() -> None:
    assert values_of(measured(5, comparator="<"))[0][1:4] == (5, "<5", "mmol/L")
    assert values_of(measured(8.9, unit=None))[0][1:4] == (None, "8.9", None)


def test_a_map_to_loinc_replaces_our_code() -> None:
    maps = {"CHARTLINE//potassium": "LOINC//2823-3"}
    assert values_of(measured(), loinc=maps)[0][0] == "LOINC//2823-3"


def test_a_mention_is_an_event_at_the_documents_date() -> None:
    assert events_of([mention(), mention(begin=5)]) == [
        (7, datetime(2021, 5, 6, tzinfo=UTC), "ICD10//I10", "d")
    ]


@pytest.mark.parametrize("context", ["negated", "hypothetical", "family"])
def test_what_the_patient_does_not_have_is_no_event(context: str) -> None:
    assert events_of([mention(**{context: True})]) == []


def test_old_diagnoses_count_and_old_drugs_do_not() -> None:
    assert events_of([mention(past=True)]) == [(7, None, "ICD10//I10", "d")]
    assert events_of([drug(past=True)]) == []


def drug(**change: object) -> dict[str, object]:
    return mention(vocabulary="ATC", code="C03CA01", kind="drug", **change)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (None, "ATC//C03CA01"),
        ("started", "ATC//C03CA01"),
        ("changed", "ATC//C03CA01"),
        ("stopped", "STOPPED//ATC//C03CA01"),
        ("allergy", "ALLERGY//ATC//C03CA01"),
    ],
)
def test_a_stopped_drug_and_an_allergy_are_no_exposure(status: str | None, code: str) -> None:
    assert [row[2] for row in events_of([drug(status=status)])] == [code]


def test_an_allergy_of_the_past_still_holds() -> None:
    assert [row[2] for row in events_of([drug(status="allergy", past=True)])] == [
        "ALLERGY//ATC//C03CA01"
    ]


@pytest.mark.parametrize(
    ("change", "time"),
    [
        ({}, WRITTEN),
        ({"time": SINCE}, SINCE),
        ({"time": SINCE, "past": True}, SINCE),
        ({"past": True}, None),
        ({"time": datetime(2021, 5, 6, tzinfo=UTC)}, WRITTEN),  # the day of the document
        ({"time": datetime(2031, 1, 1, tzinfo=UTC)}, WRITTEN),
        ({"time": datetime(2031, 1, 1, tzinfo=UTC), "past": True}, None),
    ],
)
def test_an_event_stands_at_the_mentions_own_date_and_is_known_from_the_documents(
    change: dict[str, object], time: datetime | None
) -> None:
    assert times_of(mention(**change)) == [(time, WRITTEN)]


def test_of_several_mentions_of_a_code_the_earliest_counts() -> None:
    now, past = mention(), mention(begin=1, past=True)
    dated, later = mention(begin=2, time=SINCE), mention(begin=3, time=SINCE.replace(year=2019))
    assert times_of(now, past) == times_of(past, now) == [(None, WRITTEN)]
    assert times_of(now, past, later, dated) == [(SINCE, WRITTEN)]


@pytest.mark.parametrize("missing", ["patient_id", "written_at"])
def test_without_patient_or_date_there_is_no_event(missing: str) -> None:
    assert events_of([mention()], **{missing: None}) == []


def test_joining_does_not_depend_on_the_order_of_rows(ehr: Path) -> None:
    source = read_source(ehr).collected().head(2000)
    twins = pl.concat(
        [source, source.with_columns(numeric_value=pl.lit(1.0, pl.Float32), text_value=pl.lit("x"))]
    )
    none = source.clear()
    assert join(twins, none).equals(join(twins.sample(fraction=1, shuffle=True, seed=5), none))


@pytest.mark.parametrize("column", ["unit", "end_time", "known_at", "certain"])
def test_rows_that_differ_in_one_column_have_an_order_of_their_own(column: str) -> None:
    values = {"unit": ["kg", "g"], "certain": [True, False]}.get(column, [WRITTEN, SINCE])
    same = {"subject_id": 1, "time": SINCE, "code": "LAB//A", "source": "ehr"}
    rows = pl.DataFrame([{**same, column: value} for value in values], schema=types_of(Events))
    assert join(rows, rows.clear()).equals(join(rows.reverse(), rows.clear()))


def test_shards_hold_every_event_once_and_a_subject_in_one(ehr: Path) -> None:
    source = read_source(ehr)
    documents = (
        source.collected().head(10).with_columns(source=pl.lit("document"), document_id=pl.lit("d"))
    )
    (everyone,) = ranges(source.events, 10**9)
    whole = shard(source, documents, everyone)
    cut = ranges(source.events, len(whole) // 3)
    parts = [shard(source, documents, part) for part in cut]
    assert 3 <= len(parts) <= 5
    assert len(whole) == len(source.collected()) + 10
    assert join(pl.concat(parts), whole.clear()).equals(whole)
    assert sum(part["subject_id"].n_unique() for part in parts) == whole["subject_id"].n_unique()


def test_what_is_implausible_is_counted_and_kept() -> None:
    rows = [
        (1, None, "GENDER//F"),
        (1, None, "GENDER//M"),
        (1, datetime(1990, 1, 1, tzinfo=UTC), "MEDS_BIRTH"),
        (1, datetime(1989, 1, 1, tzinfo=UTC), "ICD10//I10"),
        (2, datetime(1980, 1, 1, tzinfo=UTC), "MEDS_BIRTH"),
        (2, datetime(1981, 1, 1, tzinfo=UTC), "MEDS_BIRTH"),
        (2, datetime(2000, 1, 1, tzinfo=UTC), "HOUSE//7"),
    ]
    events = pl.DataFrame(
        [
            {"subject_id": subject, "time": time, "code": code, "source": "ehr"}
            for subject, time, code in rows
        ],
        schema=types_of(Events),
    )
    found = implausible(events, "events")
    assert {
        fault: (count, first[0])
        for fault, count, first in found.select("fault", "count", "rows").iter_rows()
    } == {
        "care before birth": (1, 1),
        "a subject with several sexes": (1, 1),
        "a subject with several births": (1, 2),
        "a vocabulary that is not known": (1, 2),
        "the sex is not known": (1, 2),
    }
    assert not found["lost"].any()


def test_a_subject_with_more_events_than_a_person_has_is_left_out_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = ["subject_id,time,code", *["1,2020-03-01,A//x"] * 12, *["2,2020-03-01,A//x"] * 10]
    (tmp_path / "a.csv").write_text("\n".join(rows), "utf-8")
    source = read_source(tmp_path / "a.csv")
    assert without_crowded(source) is source
    monkeypatch.setattr("chartline.history.events.MOST_EVENTS", 10)
    kept = without_crowded(source)
    assert kept.collected()["subject_id"].to_list() == [2] * 10
    assert kept.faults.select("count", "lost").rows() == [(12, True)]
