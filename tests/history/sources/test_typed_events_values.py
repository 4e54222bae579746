"""Times, numbers, ends and identifiers of a source: what is kept, what is lost and counted."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from history.sources.rows import MARCH, csv, faults, triples, values

from chartline.history.sources import read_source
from chartline.history.subjects import subject_id

TODAY = date(2026, 5, 1)


def plain(folder: Path, *rows: dict[str, Any]) -> Path:
    given = {"subject_id": "1", "time": "2020-03-01", "code": "A"}
    csv(folder / "a.csv", [{**given, **row} for row in rows])
    return folder / "a.csv"


@pytest.mark.parametrize(
    "day", ["0001-01-01", "1753-01-01", "1900-01-01", "2099-12-31", "9999-12-31"]
)
def test_a_placeholder_date_is_no_event(tmp_path: Path, day: str) -> None:
    source = read_source(plain(tmp_path, {}, {"time": day}))
    assert triples(source) == {(1, MARCH, "A")}
    assert faults(source) == {"a placeholder date": (1, [2])}


def test_one_may_be_born_on_the_first_day_of_1900(tmp_path: Path) -> None:
    source = read_source(plain(tmp_path, {"time": "1900-01-01", "code": "MEDS_BIRTH"}))
    assert len(triples(source)) == 1


def test_what_is_after_the_runs_date_is_no_event(tmp_path: Path) -> None:
    file = plain(tmp_path, {}, {"time": "2026-05-01T23:00:00"}, {"time": "2026-05-02"})
    source = read_source(file, None, TODAY)
    assert {time for _, time, _ in triples(source)} == {MARCH, datetime(2026, 5, 1, 23, tzinfo=UTC)}
    assert faults(source) == {"a date after the run's date": (1, [3])}
    assert len(triples(read_source(file))) == 3  # without a date nothing is in the future


def test_dates_of_which_most_are_in_the_future_were_shifted_and_stay(tmp_path: Path) -> None:
    file = plain(tmp_path, {}, {"time": "2150-05-02"}, {"time": "2151-05-02"})
    source = read_source(file, None, TODAY)
    assert len(triples(source)) == 3
    (fault,) = source.faults.rows(named=True)
    assert (fault["lost"], fault["count"]) == (False, 2)
    assert "taken as shifted" in fault["fault"]


def test_appointments_of_people_born_in_the_past_are_not_shifted(tmp_path: Path) -> None:
    born = {"time": "1950-05-02", "code": "MEDS_BIRTH"}
    file = plain(tmp_path, born, {"time": "2150-05-02"}, {"time": "2151-05-02"})
    source = read_source(file, None, TODAY)
    assert {code for _, _, code in triples(source)} == {"MEDS_BIRTH"}
    assert faults(source) == {"a date after the run's date": (2, [2, 3])}


def test_many_faults_are_counted_as_few_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{"time": "soon"}, {"code": None}, {}, {"time": "late"}, {"end_time": "x"}]
    few = read_source(plain(tmp_path, *rows)).faults
    monkeypatch.setattr("chartline.history.faults._MANY", 2)
    assert read_source(plain(tmp_path, *rows)).faults.equals(few)
    assert dict(few.select("fault", "rows").rows())["the time cannot be read"] == [1, 4]


@pytest.mark.parametrize(
    ("written", "separator", "number", "text"),
    [
        ("3,5", ";", 3.5, None),
        ("1.234,5", ";", 1234.5, None),
        ("1,234", ";", 1.234, None),
        ('"3,5"', ",", 3.5, None),
        ('"1,234"', ",", None, "1,234"),  # a thousand, or a decimal comma
        ("negative", ",", None, "negative"),
        ("inf", ",", None, "inf"),
        ("1e99", ",", None, "1e99"),
    ],
)
def test_a_bad_number_loses_the_number_and_not_the_row(
    tmp_path: Path, written: str, separator: str, number: float | None, text: str | None
) -> None:
    rows = [
        ["subject_id", "time", "code", "numeric_value", "unit"],
        ["1", "2020-03-01", "A", written, "g"],
    ]
    (tmp_path / "a.csv").write_text("\n".join(separator.join(row) for row in rows), "utf-8")
    source = read_source(tmp_path / "a.csv")
    unit = None if number is None else "g"
    assert values(source, "numeric_value", "text_value", "unit") == [
        (pytest.approx(number) if number else None, text, unit)
    ]
    lost = {} if number else {"the value is no number": (1, [1])}
    assert faults(source) == lost
    assert not source.faults["lost"].any()


@pytest.mark.parametrize(
    ("end", "kept", "fault"),
    [
        ("2020-03-04", datetime(2020, 3, 4, tzinfo=UTC), None),
        ("2020-02-28", None, "an end before the beginning"),
        ("9999-12-31", None, "a placeholder date as the end"),
        ("later", None, "the end cannot be read"),
        (None, None, None),
    ],
)
def test_an_end_is_kept_where_it_can_be_right(
    tmp_path: Path, end: str | None, kept: datetime | None, fault: str | None
) -> None:
    source = read_source(plain(tmp_path, {"end_time": end}))
    assert values(source, "end_time") == [(kept,)]
    assert list(faults(source)) == ([fault] if fault else [])


def test_what_became_known_later_says_when(tmp_path: Path) -> None:
    rows = [{"known_at": known} for known in ("2020-03-09", "2020-02-01", "9999-01-01")]
    source = read_source(plain(tmp_path, *rows))
    assert values(source, "known_at") == [(None,), (None,), (datetime(2020, 3, 9, tzinfo=UTC),)]
    assert faults(source) == {"the date of recording cannot be right": (1, [3])}


@pytest.mark.parametrize(
    ("identifiers", "subjects"),
    [
        (["7", "007"], {7, subject_id("007")}),
        (["1.0", "2.0"], {1, 2}),
        (["1.0", "2"], {subject_id("1.0"), 2}),
        (["1.0", "x"], {subject_id("1.0"), subject_id("x")}),
        (["-3", "0"], {-3, 0}),
    ],
)
def test_identifiers(tmp_path: Path, identifiers: list[str], subjects: set[int]) -> None:
    source = read_source(plain(tmp_path, *({"subject_id": one} for one in identifiers)))
    assert {subject for subject, _, _ in triples(source)} == subjects
    assert subject_id("007") > 2**32
    assert subject_id("1.0") > 2**32


def test_parquet_of_other_types_is_counted(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "subject_id": [1.0, 1.5, None],
            "time": [MARCH] * 3,
            "code": pl.Series(["A"] * 3, dtype=pl.Categorical),
            "numeric_value": [[1.0]] * 3,
        }
    )
    frame.write_parquet(tmp_path / "a.parquet")
    source = read_source(tmp_path / "a.parquet")
    assert triples(source) == {(1, MARCH, "A")}
    assert faults(source) == {
        "the subject is no whole number": (1, [2]),
        "no subject": (1, [3]),
    }


def test_a_damaged_file_costs_the_others_nothing(tmp_path: Path) -> None:
    for name in ("a", "b"):
        frame = pl.DataFrame({"subject_id": [1], "time": [MARCH], "code": [name]})
        (tmp_path / "data").mkdir(exist_ok=True)
        frame.write_parquet(tmp_path / "data" / f"{name}.parquet")
    damaged = tmp_path / "data" / "a.parquet"
    content = bytearray(damaged.read_bytes())
    content[4:40] = bytes(36)  # the first column's page
    damaged.write_bytes(content)
    source = read_source(tmp_path)
    assert triples(source) == {(1, MARCH, "b")}
    (fault,) = faults(source)
    assert fault.startswith("the file cannot be read")
