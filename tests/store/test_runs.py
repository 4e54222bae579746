"""Every run leaves a row that says how it ended."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from chartline.core.errors import BusyError, ChartlineError, LockLostError
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


def test_a_killed_run_does_not_stand_as_running(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from chartline.store import Store, runs\n"
        "with runs.recorded(Store(Path(sys.argv[1])), 'run'): os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)]).returncode == 9
    assert Store(tmp_path).read("runs")["status"].to_list() == ["running"]
    with recorded(Store(tmp_path), "run"):
        pass
    found = Store(tmp_path).read("runs").sort("started_at").select("status", "reason")
    assert found.rows() == [("failed", "killed"), ("finished", None)]


def test_nothing_writes_for_a_run_that_has_ended(tmp_path: Path) -> None:
    with recorded(Store(tmp_path), "run") as row:
        task = Store(tmp_path, run=row["run_id"])  # a thread of the run, or one elsewhere
        task.put_run(row)
    with pytest.raises(LockLostError):
        task.put_run(row)
    with recorded(Store(tmp_path), "run"), pytest.raises(LockLostError):
        task.put_run(row)


def test_a_run_ends_after_the_commit_that_is_going_on(tmp_path: Path) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def commit(run: str) -> None:
        with Store(tmp_path, run=run).writing():
            begun.set()
            assert go_on.wait(10)
            done.append(Store(tmp_path).is_locked())

    done: list[bool] = []
    with recorded(Store(tmp_path), "run") as row:
        thread = threading.Thread(target=commit, args=[row["run_id"]])
        thread.start()
        assert begun.wait(10)
        threading.Timer(0.3, go_on.set).start()
    thread.join()
    assert done == [True]


def test_every_count_of_a_run_is_there_from_its_start(tmp_path: Path) -> None:
    assert set(COUNTS) == {
        *("seen", "read", "unchanged", "removed", "partial", "quarantined", "pages"),
    }
    with recorded(Store(tmp_path), "run") as row:
        assert set(COUNTS) <= set(row)
