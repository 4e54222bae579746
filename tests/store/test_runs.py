"""Every run leaves a row that says how it ended."""

from pathlib import Path

import pytest

from chartline.core.errors import BusyError, ChartlineError
from chartline.store import Store
from chartline.store.runs import COUNTS, recorded


def test_a_run_is_there_from_its_start_to_its_end(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with recorded(store, "run") as row:
        (running,) = store.read("runs").to_dicts()
        assert (running["status"], running["seconds"]) == ("running", None)
        assert {running[name] for name in COUNTS} == {None}
        with pytest.raises(BusyError), recorded(Store(tmp_path), "run"):
            pass
        row |= {"seen": 3, "read": 2}
    (ended,) = store.read("runs").to_dicts()
    assert (ended["status"], ended["reason"]) == ("finished", None)
    assert (ended["seen"], ended["read"], ended["kind"]) == (3, 2, "run")
    assert 0 <= ended["seconds"] < 60
    assert ended["run_id"] == running["run_id"]


@pytest.mark.parametrize(
    ("error", "reason"),
    [(ChartlineError("no PDF"), "no PDF"), (KeyboardInterrupt(), "stopped")],
)
def test_a_run_that_fails_says_why(tmp_path: Path, error: BaseException, reason: str) -> None:
    store = Store(tmp_path)
    with pytest.raises(type(error)), recorded(store, "embed"):
        raise error
    with recorded(store, "run"):
        pass
    found = store.read("runs").sort("started_at").to_dicts()
    assert [row["status"] for row in found] == ["failed", "finished"]
    assert reason in found[0]["reason"]
    assert found[0]["seconds"] is not None
