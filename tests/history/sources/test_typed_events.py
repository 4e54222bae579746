"""A row that cannot be read is counted and named, with no value of it; the others are kept."""

from pathlib import Path

from history.sources.rows import MARCH, csv, faults, triples

from chartline.history.sources import read_source


def test_rows_that_cannot_be_read_are_counted_and_the_others_kept(tmp_path: Path) -> None:
    rows = [
        {"subject_id": "1", "time": "2020-03-01", "code": "A", "numeric_value": "1.5"},
        {"subject_id": "1", "time": "yesterday", "code": "B", "numeric_value": None},
        {"subject_id": None, "time": "2020-03-01", "code": "C", "numeric_value": None},
        {"subject_id": "2", "time": "2020-03-01", "code": None, "numeric_value": None},
        {"subject_id": "2", "time": "2020-03-01", "code": "D", "numeric_value": "many"},
        {"subject_id": "2", "time": "2020-13-01", "code": "E", "numeric_value": None},
    ]
    csv(tmp_path / "a.csv", rows)
    source = read_source(tmp_path / "a.csv")
    assert triples(source) == {(1, MARCH, "A"), (2, MARCH, "D")}
    assert faults(source) == {
        "the time cannot be read": (2, [2, 6]),
        "no subject": (1, [3]),
        "no code": (1, [4]),
        "the value is no number": (1, [5]),
    }
    lost = source.faults.filter("lost")["fault"].to_list()
    assert lost == ["no code", "no subject", "the time cannot be read"]


def test_a_row_with_more_fields_than_the_header_is_counted_and_kept(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "subject_id,time,code\n1,2020-03-01,A\n1,2020-03-01,B,C\n", "utf-8"
    )
    source = read_source(tmp_path / "a.csv")
    assert triples(source) == {(1, MARCH, "A"), (1, MARCH, "B")}
    assert source.faults.select("fault", "lost", "rows").rows() == [
        ("more fields than the header names", False, [2])
    ]


def test_what_a_fault_says_holds_no_value(tmp_path: Path) -> None:
    csv(tmp_path / "a.csv", [{"subject_id": "1", "time": "Canary Jeanne", "code": "A"}])
    assert "Canary" not in str(read_source(tmp_path / "a.csv").faults.to_dicts())
