"""Delta tables: atomic, idempotent, by document."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from chartline.core.errors import ChartlineError
from chartline.core.tables import Documents, Lines, Mentions, Sections
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


def test_an_equal_table_is_not_written_again(tmp_path: Path) -> None:
    store, frame = Store(tmp_path / "out"), pl.DataFrame({"a": [1, 2]})
    assert store.overwrite("scores", frame)
    version = store.version("scores")
    assert not store.overwrite("scores", frame)
    assert store.version("scores") == version
    assert store.overwrite("scores", pl.DataFrame({"a": [1], "b": ["more"]}))


def test_a_table_never_written_is_empty(tmp_path: Path) -> None:
    store = Store(tmp_path / "out")
    assert store.read("lines").columns == list(Lines.columns())
    assert not store.has("lines")


def test_a_damaged_table_is_said(tmp_path: Path) -> None:
    store = Store(tmp_path / "out")
    store.overwrite("scores", pl.DataFrame({"a": [1]}))
    for file in (tmp_path / "out/scores").glob("*.parquet"):
        file.unlink()
    with pytest.raises(ChartlineError, match="cannot be read"):
        store.read("scores")


def test_a_file_in_the_folders_place_is_said(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(ChartlineError, match="cannot be made"):
        Store(tmp_path / "out")


def test_the_same_rows_in_another_order_are_the_same_table(tmp_path: Path) -> None:
    store, found = Store(tmp_path / "out"), parts("a", "b", "c")["lines"]
    assert store.overwrite("lines", found)
    assert not store.overwrite("lines", found.reverse())
    assert store.read("lines")["document_id"].to_list() == ["a", "b", "c"]
