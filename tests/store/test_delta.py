"""Delta tables: atomic, idempotent, by document."""

import json
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from chartline.core.errors import ChartlineError, UsageError
from chartline.core.tables import CONTRACT, Documents, Lines, Mentions, Sections
from chartline.store import Store

TIME = datetime(2024, 1, 1, tzinfo=UTC)


def parts(*documents: str, text: str = "x") -> dict[str, pl.DataFrame]:
    lines = [
        {
            "document_id": name,
            "page": 1,
            "line": 0,
            "text": text,
            "x0": 1.0,
            "top": 1.0,
            "x1": 2.0,
            "bottom": 2.0,
            "page_width": 9.0,
            "page_height": 9.0,
            "font": "F",
            "size": 1.0,
            "bold": False,
            "italic": False,
            "source": "native",
            "label": "body",
            "confidence": 1.0,
        }
        for name in documents
    ]
    rows = [
        {
            "document_id": name,
            "path": name,
            "language": "fr",
            "pages": 1,
            "status": "processed",
            "version": "1",
            "content_hash": "",
            "size": 1,
            "modified_at": TIME,
        }
        for name in documents
    ]

    def frame(schema, found):
        return pl.DataFrame(found, schema={n: c.dtype for n, c in schema.columns().items()})

    return {
        "lines": frame(Lines, lines),
        "documents": frame(Documents, rows),
        "sections": frame(Sections, []),
        "mentions": frame(Mentions, []),
    }


def test_rows_come_back_as_they_went(tmp_path: Path) -> None:
    store, found = Store(tmp_path / "out"), parts("a", "b")
    store.replace_documents(found, ["a", "b"])
    for name in found:
        assert store.read(name).sort("document_id").equals(found[name])


def test_replacing_twice_changes_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "out")
    for _ in range(2):
        store.replace_documents(parts("a", "b"), ["a", "b"])
    assert len(store.read("lines")) == 2


def test_a_document_replaces_its_own_rows_only(tmp_path: Path) -> None:
    store = Store(tmp_path / "out")
    store.replace_documents(parts("a", "b", text="old"), ["a", "b"])
    store.replace_documents(parts("b", text="new"), ["b"])
    assert dict(store.read("lines").select("document_id", "text").iter_rows()) == {
        "a": "old",
        "b": "new",
    }


SYNONYMS = pl.DataFrame(
    {
        "code": ["A//1", "B//2"],
        "why": ["its name", "its name"],
        "carriers": [10, 20],
        "share": [0.9, 1.0],
        "taken_out": [True, True],
    }
)


def test_an_equal_table_is_not_written_again(tmp_path: Path) -> None:
    store = Store(tmp_path / "out")
    assert store.overwrite("outcome_synonyms", SYNONYMS)
    version = store.version("outcome_synonyms")
    assert not store.overwrite("outcome_synonyms", SYNONYMS)
    assert store.version("outcome_synonyms") == version
    assert store.overwrite("outcome_synonyms", SYNONYMS.head(1))


def test_an_equal_table_of_other_inputs_keeps_its_identity(tmp_path: Path) -> None:
    store = Store(tmp_path / "out")
    store.overwrite("outcome_synonyms", SYNONYMS, {"events": "1"})
    identity = store.identity("outcome_synonyms")
    assert not store.overwrite("outcome_synonyms", SYNONYMS, {"events": "2"})
    assert store.made_from("outcome_synonyms") == {"events": "2"}
    assert store.identity("outcome_synonyms") == identity
    assert store.overwrite("outcome_synonyms", SYNONYMS.head(1), {"events": "2"})
    assert store.identity("outcome_synonyms") != identity
    assert store.identity("outcome_synonyms", version=0) == identity


def test_compacting_changes_no_identity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chartline.store.delta._MANY_FILES", 0)
    store = Store(tmp_path / "out")
    store.overwrite("outcome_synonyms", SYNONYMS, {"events": "1"})
    before = store.identity("outcome_synonyms"), store.made_from("outcome_synonyms")
    for _ in range(2):
        store.vacuum(0)
    assert (store.identity("outcome_synonyms"), store.made_from("outcome_synonyms")) == before


def test_concept_vectors_that_a_model_needs_survive_the_vacuum(tmp_path: Path) -> None:
    store = Store(tmp_path / "out")
    for size in (1, 2):
        vectors = {"code": ["A//1"], "vocabulary": ["A"], "count": [size], "vector": [[1.0]]}
        store.overwrite("concept_vectors", pl.DataFrame(vectors))
    store.vacuum(0)
    assert store.read("concept_vectors", version=0)["count"].to_list() == [1]


def test_an_open_table_keeps_columns_beyond_its_schema(tmp_path: Path) -> None:
    store = Store(tmp_path / "out")
    row = {
        "subject_id": 1,
        "prediction_time": TIME,
        "outcome": "heart_failure",
        "boolean_value": True,
        "split": "train",
        "age": 1.0,
        "male": 0.0,
        "codes_1460d": 3.0,
    }
    store.overwrite("features", pl.DataFrame([row]))
    assert store.read("features")["codes_1460d"].to_list() == [3.0]


def test_tables_of_an_older_contract_are_refused_and_can_be_set_aside(tmp_path: Path) -> None:
    out = tmp_path / "out"
    Store(out).overwrite("outcome_synonyms", SYNONYMS)
    assert Store(out).has("outcome_synonyms")
    (out / ".contract").unlink()  # as tables lay there before contracts had numbers
    with pytest.raises(UsageError, match=rf"older contract \(1; now {CONTRACT}\); .*--rebuild"):
        Store(out)
    fresh = Store(out, rebuild=True)
    assert not fresh.has("outcome_synonyms")
    assert (out / "set-aside-1" / "outcome_synonyms" / "_delta_log").is_dir()
    fresh.overwrite("outcome_synonyms", SYNONYMS)
    assert len(Store(out).read("outcome_synonyms")) == 2


def test_tables_of_a_newer_contract_are_refused(tmp_path: Path) -> None:
    out = tmp_path / "out"
    Store(out).overwrite("outcome_synonyms", SYNONYMS)
    (out / ".contract").write_text("99")
    with pytest.raises(UsageError, match="newer contract"):
        Store(out)


def test_a_table_never_written_is_empty(tmp_path: Path) -> None:
    store = Store(tmp_path / "out")
    assert store.read("lines").columns == list(Lines.columns())
    assert not store.has("lines")


def test_a_damaged_table_is_said(tmp_path: Path) -> None:
    store = Store(tmp_path / "out")
    store.overwrite("outcome_synonyms", SYNONYMS)
    for file in (tmp_path / "out/outcome_synonyms").glob("*.parquet"):
        file.unlink()
    with pytest.raises(ChartlineError, match="cannot be read"):
        store.read("outcome_synonyms")


def test_a_file_in_the_folders_place_is_said(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(ChartlineError, match="cannot be made"):
        Store(tmp_path / "out")


def test_the_same_rows_in_another_order_are_the_same_table(tmp_path: Path) -> None:
    store, found = Store(tmp_path / "out"), parts("a", "b", "c")["lines"]
    assert store.overwrite("lines", found)
    assert not store.overwrite("lines", found.reverse())
    assert store.read("lines")["document_id"].to_list() == ["a", "b", "c"]


def test_the_log_of_a_table_holds_no_text_and_no_identifier(tmp_path: Path) -> None:
    store, found = Store(tmp_path / "out"), parts("SECRET-1", text="SECRET-2")
    found["documents"] = found["documents"].with_columns(path=pl.lit("SECRET-3"))
    for _ in range(2):
        store.replace_documents(found, ["SECRET-1"])
    event = {"subject_id": [987654321], "time": [TIME], "code": ["SECRET//4"], "source": ["ehr"]}
    store.overwrite("events", pl.DataFrame(event))
    codes = {"code": ["SECRET//5"], "description": ["SECRET-6"]}
    store.overwrite("codes", pl.DataFrame(codes))
    statistics = [
        json.loads(line)["add"]["stats"]
        for log in (tmp_path / "out").glob("*/_delta_log/*.json")
        for line in log.read_text().splitlines()
        if "add" in json.loads(line)
    ]
    assert len(statistics) >= 5
    assert not [text for text in statistics if "SECRET" in text or "987654321" in text]
    assert any("minValues" in text for text in statistics)
