"""Each promise of the store by itself: what is read, replaced, taken away, kept."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from deltalake import DeltaTable

from chartline.core.errors import ChartlineError, UsageError
from chartline.core.tables import TABLES, types_of
from chartline.store import OF_DOCUMENTS, Store

TIME = datetime(2024, 1, 1, tzinfo=UTC)
SYNONYMS = pl.DataFrame(
    {
        "code": ["A//1", "B//2"],
        "why": ["its name", "its name"],
        "carriers": [10, 20],
        "share": [0.9, 1.0],
        "taken_out": [True, True],
    }
)


def frame(table: str, *rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=types_of(TABLES[table]))


def documents(*names: str, text: str = "x", status: str = "processed") -> dict[str, pl.DataFrame]:
    """The tables of documents of these names, a line and a section each."""
    rows = [
        {
            **{"document_id": name, "path": name, "language": "fr", "pages": 1, "status": status},
            **{"version": "1", "content_hash": "", "size": 1, "modified_at": TIME},
        }
        for name in names
    ]
    lines = [
        {
            **{"document_id": name, "page": 1, "line": 0, "text": text, "x0": 1.0, "top": 1.0},
            **{"x1": 2.0, "bottom": 2.0, "page_width": 9.0, "page_height": 9.0, "font": "F"},
            **{"size": 1.0, "bold": False, "italic": False, "source": "native"},
        }
        for name in names
    ]
    sections = [
        {
            **{"document_id": name, "section": 0, "kind": "other", "text": text},
            **{"first_page": 1, "last_page": 1, "spans": []},
        }
        for name in names
    ]
    return {
        "documents": frame("documents", *rows),
        "lines": frame("lines", *lines),
        "sections": frame("sections", *sections),
        "mentions": frame("mentions"),
    }


def filled(folder: Path, *names: str) -> Store:
    store = Store(folder)
    store.replace_documents(documents(*names), names)
    return store


def names_in(store: Store, table: str) -> list[str]:
    return sorted(store.read(table)["document_id"].to_list())


def test_documents_are_taken_out_of_every_table(tmp_path: Path) -> None:
    store = filled(tmp_path, "a", "b", "c")
    store.remove_documents(["a", "c"])
    assert [names_in(store, table) for table in ("documents", "lines", "sections")] == [["b"]] * 3
    store.remove_documents([])
    assert names_in(store, "documents") == ["b"]


def test_replacing_no_document_writes_nothing(tmp_path: Path) -> None:
    store = filled(tmp_path, "a")
    version = store.version("lines")
    store.replace_documents(documents("b"), [])
    assert store.version("lines") == version
    assert names_in(store, "lines") == ["a"]


def test_a_document_that_has_no_lines_any_more_loses_them(tmp_path: Path) -> None:
    store = filled(tmp_path, "a", "b")
    store.replace_documents(documents("a") | {"lines": frame("lines")}, ["a"])
    assert names_in(store, "lines") == ["b"]
    assert names_in(store, "documents") == ["a", "b"]


def test_a_touched_file_changes_its_documents_row_alone(tmp_path: Path) -> None:
    store = filled(tmp_path, "a", "b")
    lines = store.version("lines")
    store.update_documents(documents("a", status="partial")["documents"])
    found = dict(store.read("documents").select("document_id", "status").rows())
    assert found == {"a": "partial", "b": "processed"}
    assert store.version("lines") == lines


def test_what_a_killed_run_left_half_done_is_taken_away(tmp_path: Path) -> None:
    store = filled(tmp_path, "a")
    assert store.settle() == 0
    both = documents("b", "c")
    for table in OF_DOCUMENTS[:-1]:
        store._write(table, both[table], mode="append")
    version = store.version("documents")
    assert store.settle() == 4  # two lines and two sections
    assert names_in(store, "lines") == names_in(store, "sections") == ["a"]
    assert store.version("documents") == version
    assert store.settle() == 0
    assert Store(tmp_path / "new").settle() == 0


def test_the_documents_table_is_written_last() -> None:
    assert OF_DOCUMENTS[-1] == "documents"
    assert set(OF_DOCUMENTS) == {"lines", "sections", "mentions", "documents"}


def test_an_older_version_and_some_columns_can_be_read(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.overwrite("outcome_synonyms", SYNONYMS)
    store.overwrite("outcome_synonyms", SYNONYMS.head(1))
    assert (store.version("outcome_synonyms"), len(store.read("outcome_synonyms"))) == (1, 1)
    assert store.read("outcome_synonyms", version=0).equals(SYNONYMS)
    assert store.read("outcome_synonyms", ["share"], version=0)["share"].to_list() == [0.9, 1.0]
    with pytest.raises(ChartlineError, match="outcome_synonyms: cannot be read"):
        store.read("outcome_synonyms", version=7)


def test_tables_never_written(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.version("events") is None
    assert store.identity("events") == ""
    assert store.made_from("events") == {}
    assert store.read("events", ["code"]).columns == ["code"]
    assert store.lazy("events", ["code"]).collect().columns == ["code"]
    assert store.lazy("events").collect().columns == list(types_of(TABLES["events"]))
    store.clear("events")
    assert not store.has("events")
    with pytest.raises(UsageError, match="run `chartline embed` first"):
        store.needed("concept_vectors", "embed")


def test_a_table_is_cleared_of_rows_and_of_what_it_was_made_from(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.overwrite("outcome_synonyms", SYNONYMS, {"events": "1"})
    assert store.made_from("outcome_synonyms") == {"events": "1"}
    assert len(store.needed("outcome_synonyms", "onset")) == 2
    store.clear("outcome_synonyms")
    assert store.read("outcome_synonyms").is_empty()
    assert store.made_from("outcome_synonyms") == {}
    with pytest.raises(UsageError, match="nothing here yet"):
        store.needed("outcome_synonyms", "onset")


def test_lazy_rows_are_those_of_the_table(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.overwrite("outcome_synonyms", SYNONYMS)
    assert store.lazy("outcome_synonyms").collect().sort("code").equals(SYNONYMS)
    assert store.lazy("outcome_synonyms", ["code"]).collect().columns == ["code"]


def test_a_table_from_parts_has_the_identity_that_is_given(tmp_path: Path) -> None:
    store = Store(tmp_path)
    rows = [{"subject_id": n, "time": TIME, "code": "A//1", "source": "ehr"} for n in range(5)]
    parts = [frame("events", *rows[:2]), frame("events"), frame("events", *rows[2:])]
    store.overwrite_parts("events", iter(parts), "digest")
    assert store.read("events")["subject_id"].to_list() == [0, 1, 2, 3, 4]
    assert store.identity("events") == "digest"
    assert store.version("events") == 0
    store.overwrite_parts("events", [parts[0]], "other")
    assert len(store.read("events")) == 2
    assert store.identity("events") == "other"
    assert store.identity("events", 0) == "digest"


def test_tables_written_document_by_document_have_an_identity_a_version(tmp_path: Path) -> None:
    store = filled(tmp_path, "a")
    assert store.identity("lines") == "version 0"
    store.replace_documents(documents("b"), ["b"])
    assert store.identity("lines") == "version 1"


def test_a_run_is_added_and_its_row_replaced(tmp_path: Path) -> None:
    store = Store(tmp_path)
    row = {"run_id": "1", "kind": "run", "status": "running", "started_at": TIME, "version": "1"}
    store.put_run(row)
    store.put_run(row | {"run_id": "2"})
    store.put_run(row | {"status": "finished"})
    found = dict(store.read("runs").select("run_id", "status").rows())
    assert found == {"1": "finished", "2": "running"}


def test_the_vacuum_leaves_what_the_last_days_need(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for size in (2, 1):
        store.overwrite("outcome_synonyms", SYNONYMS.head(size))
    store.vacuum(1)
    assert len(store.read("outcome_synonyms", version=0)) == 2
    store.vacuum(0)
    assert len(store.read("outcome_synonyms")) == 1
    with pytest.raises(ChartlineError):
        store.read("outcome_synonyms", version=0)


def test_many_small_files_are_compacted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chartline.store.delta._MANY_FILES", 2)
    store = filled(tmp_path, "a")
    store.replace_documents(documents("b"), ["b"])
    store.vacuum(30)
    assert len(DeltaTable(store.uri("lines")).file_uris()) == 2  # as many as are allowed
    store.replace_documents(documents("c"), ["c"])
    store.vacuum(30)
    assert len(DeltaTable(store.uri("lines")).file_uris()) == 1
    assert names_in(store, "lines") == ["a", "b", "c"]


def test_a_folder_of_tables_elsewhere_remembers_where(tmp_path: Path) -> None:
    there = tmp_path / "there"
    store = Store(tmp_path / "out", f"file://{there}/")
    assert store.uri("lines") == f"file://{there}/lines"
    assert not store.has("outcome_synonyms")
    store.overwrite("outcome_synonyms", SYNONYMS)
    assert (there / "outcome_synonyms" / "_delta_log").is_dir()
    again = Store(tmp_path / "out")
    assert again.has("outcome_synonyms")
    assert again.read("outcome_synonyms").equals(SYNONYMS)
    with pytest.raises(UsageError, match="cannot be set aside"):
        Store(tmp_path / "out", rebuild=True)
