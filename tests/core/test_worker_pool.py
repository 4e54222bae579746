"""However a worker dies, its task has a reason and the other tasks have their results."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from chartline.core.errors import ChartlineError
from chartline.core.reasons import Reason
from chartline.core.worker_pool import Handler, ReportStep, run


def start() -> Handler:
    return handle


def handle(task: bytes, report_step: ReportStep) -> bytes:
    match task:
        case b"abort":
            os.abort()
        case b"kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case b"hang":
            time.sleep(60)
        case b"memory":
            return bytes(8 * 2**30)
        case b"raise":
            raise ValueError("a patient's text")
    return task.upper()


def failing_start() -> Handler:
    raise RuntimeError


def test_a_bad_task_costs_no_other_its_result() -> None:
    tasks = [b"a", b"abort", b"b", b"hang", b"c", b"raise", b"d", b"memory", b"e", b"kill", b"f"]
    results = {
        result.task: result for result in run(tasks, start, workers=2, seconds=3, memory_mb=1024)
    }
    assert set(results) == set(tasks)
    assert {t: results[t].result for t in (b"a", b"b", b"c", b"d", b"e", b"f")} == {
        t: t.upper() for t in (b"a", b"b", b"c", b"d", b"e", b"f")
    }
    reasons = {
        t.decode(): results[t].reason for t in (b"abort", b"hang", b"raise", b"memory", b"kill")
    }
    assert reasons == {
        "abort": Reason.CRASH,
        "hang": Reason.TIMEOUT,
        "raise": Reason.INTERNAL,
        "memory": Reason.MEMORY,
        "kill": Reason.CRASH,
    }
    assert [task for task, result in results.items() if result.killed] == [b"kill"]


def test_workers_that_never_start_are_an_error() -> None:
    with pytest.raises(ChartlineError, match="do not start"):
        list(run([b"a"], failing_start, workers=1, seconds=3, memory_mb=1024))


def test_no_task_starts_no_worker() -> None:
    assert list(run([], failing_start, workers=2, seconds=3, memory_mb=1024)) == []


def test_a_script_without_a_main_guard_can_start_workers(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from chartline.core.worker_pool import run\n"
        "from chartline.views.page_pictures import start\n"
        "results = list(run([b'no task'], start, 1, 30, 2000))\n"
        "print(len(results), results[0].reason)\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout.split()) == (0, ["1", "internal_error"]), done.stderr
