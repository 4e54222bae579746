"""Each write of a run is refused once the run has ended, and in no other case."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from chartline.core.errors import LockLostError
from chartline.core.tables import TABLES, Documents, empty, types_of
from chartline.store import OF_DOCUMENTS, Store

NOTHING = {name: empty(TABLES[name]) for name in OF_DOCUMENTS}
TIME = datetime(2024, 1, 1, tzinfo=UTC)
GIVEN = {
    **{"document_id": "a", "path": "a.pdf", "language": "fr", "pages": 1, "status": "processed"},
    **{
        "version": "1",
        "content_hash": "",
        "size": 1,
        "modified_at": datetime(2024, 1, 1, tzinfo=UTC),
    },
}
ROW = pl.DataFrame([GIVEN], schema=types_of(Documents))
WRITES: dict[str, Callable[[Store], object]] = {
    "replace_documents": lambda store: store.replace_documents(NOTHING, ["a"]),
    "remove_documents": lambda store: store.remove_documents(["a"]),
    "update_documents": lambda store: store.update_documents(ROW),
    "overwrite": lambda store: store.overwrite("codes", empty(TABLES["codes"]), {"code": "1"}),
    "overwrite_parts": lambda store: store.overwrite_parts(
        "events", [empty(TABLES["events"])], "content"
    ),
    "vacuum": lambda store: store.vacuum(1),
}


def versions(store: Store) -> dict[str, int | None]:
    return {name: store.version(name) for name in TABLES}


@pytest.mark.parametrize("write", WRITES)
def test_a_write_after_the_end_is_refused(tmp_path: Path, write: str) -> None:
    Store(tmp_path).replace_documents(NOTHING, ["a"])
    before = versions(Store(tmp_path))
    late = Store(tmp_path, run="a run")
    with late.locked(), late.writer("a run"):
        pass
    with pytest.raises(LockLostError):
        WRITES[write](late)
    assert versions(Store(tmp_path)) == before
    with Store(tmp_path).locked(), late.writer("a run"):
        WRITES[write](late)


def test_a_write_after_a_kill_is_refused(tmp_path: Path) -> None:
    """As a task on another machine would do, whose flow was killed."""
    code = (
        "import os, sys; from pathlib import Path; from chartline.store import Store\n"
        "store = Store(Path(sys.argv[1]))\n"
        "with store.locked(), store.writer('a run'): os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)]).returncode == 9
    assert (tmp_path / ".writer").read_text() == "a run"
    with pytest.raises(LockLostError):
        Store(tmp_path, run="a run").replace_documents(NOTHING, ["a"])


def test_the_lock_is_seen(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert not store.is_locked()
    with store.locked():
        assert store.is_locked()
    assert not store.is_locked()
