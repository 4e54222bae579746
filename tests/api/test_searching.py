"""`chartline.open(OUT).search` gives a frame."""

from pathlib import Path

import polars as pl
import pytest
from views.tables import TIME, document, section, stored

import chartline


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> chartline.Tables:
    folder = tmp_path_factory.mktemp("parent") / "out"
    documents = [document("a", written_at=TIME, patient_id="7"), document("b")]
    sections = [section("a", "Un œdème.", language="fr"), section("b", "Œdème.", language="fr")]
    stored(folder, documents=documents, sections=sections)
    return chartline.open(folder)


def test_a_row_a_hit_the_best_first(tables: chartline.Tables) -> None:
    hits = tables.search("oedemes")
    assert hits["document_id"].to_list() == ["b", "a"]
    assert hits["score"].is_sorted(descending=True)
    row = hits.row(1, named=True)
    assert row["highlights"] == [{"begin": 3, "end": 8}]
    assert row["snippet"] == {"begin": 0, "end": 9}
    assert (row["written_at"], row["patient_id"], row["page"]) == (TIME, "7", 1)
    assert tables.search("oedemes", limit=1)["document_id"].to_list() == ["b"]


def test_filters_take_times_as_other_calls_do(tables: chartline.Tables) -> None:
    for since in ("2024-01-01", TIME, TIME.date()):
        assert tables.search("oedeme", since=since, until=since)["document_id"].to_list() == ["a"]
    assert tables.search("oedeme", patient="7", path="a.pdf", language="fr").height == 1


def test_no_hit_is_a_frame_of_the_same_columns(tables: chartline.Tables) -> None:
    none = tables.search("zzz")
    assert none.is_empty()
    assert none.schema == tables.search("oedeme").schema
    assert none.schema["highlights"] == pl.List(pl.Struct({"begin": pl.Int32, "end": pl.Int32}))


def test_wrong_calls_are_usage_errors(tables: chartline.Tables, tmp_path: Path) -> None:
    for call in (
        {"query": 7},
        {"query": '"a'},
        {"query": "a", "limit": 0},
        {"query": "a", "since": "x"},
    ):
        with pytest.raises(chartline.UsageError):
            tables.search(**call)
    with pytest.raises(chartline.UsageError, match="none of negated"):
        tables.search("a", include="past")
    with pytest.raises(chartline.UsageError, match="no sections yet"):
        chartline.open(tmp_path).search("a")
