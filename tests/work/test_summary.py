"""What could not be read, and what the manifest names in vain, is part of a run's summary."""

from pathlib import Path

import polars as pl
import pytest
from conftest import manifest

from chartline.core.reasons import Reason
from chartline.core.settings import Settings
from chartline.core.tables import TABLES, Documents, empty, types_of
from chartline.store import OF_DOCUMENTS, Store
from chartline.terminal.commands import _show_paths
from chartline.work import job, planning


def test_files_that_cannot_be_opened_and_rows_without_a_file_are_named(
    docs: Path, tmp_path: Path
) -> None:
    manifest(docs, {"a.pdf": "1", "A.pdf": "2"})
    store = Store(tmp_path / "out")
    plan = planning.plan(docs, store, None, Settings())
    rows = plan.todo.with_columns(
        status=pl.lit("quarantined"),
        reason=pl.lit(Reason.UNREADABLE.value),
        language=pl.lit("und"),
        pages=pl.lit(0),
        version=pl.lit(plan.version),
        content_hash=pl.lit(""),
    )
    read = pl.DataFrame(rows.to_dicts(), schema=types_of(Documents))
    none = {name: empty(TABLES[name]) for name in OF_DOCUMENTS}
    store.replace_documents(none | {"documents": read}, read["document_id"].to_list())
    summary = job.finish(store, plan)
    assert summary.unmatched == ["A.pdf"]
    assert summary.unreadable == ["a.pdf", "b.pdf", "c.pdf"]
    assert planning.plan(docs, store, None, Settings()).todo.height == 3


def test_many_paths_are_named_in_part(capsys: pytest.CaptureFixture[str]) -> None:
    _show_paths("shut", [f"{number}.pdf" for number in range(25)])
    said = capsys.readouterr().out
    assert "0.pdf: shut" in said
    assert "10.pdf" not in said
    assert "15 more, 25 in all" in said
