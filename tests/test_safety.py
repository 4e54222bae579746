"""A run that is killed at any moment loses nothing; a run unpickles no file and uses no network."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from conftest import LITTLE_TOML, manifest, reportlab_letter

from chartline.store import OF_DOCUMENTS, Store

pytestmark = pytest.mark.slow
RUN = "from chartline.terminal import main; main()"
WATCH = """
import os, sys, traceback
def watch(event, arguments):
    if event == "pickle.find_class":
        callers = [frame.filename for frame in traceback.extract_stack(limit=6)]
        # Allowed: the start of a child process, through a pipe, and dask's tokens, in memory.
        allowed = ("multiprocessing", "dask/tokenize")
        if not any(name in caller for caller in callers[-3:-1] for name in allowed):
            note(f"unpickled {arguments} by {callers}")
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        if not str(arguments[1][0]).startswith(("127.", "::1")):
            note(f"connected {arguments[1]}")
    elif event == "socket.getaddrinfo":
        note(f"looked up {arguments[0]}")
def note(text):
    with open(os.environ["WATCHED"], "a") as file:
        file.write(text + "\\n")
sys.addaudithook(watch)
"""


def run(
    docs: Path, out: Path, *more: object, environment: dict[str, str] | None = None
) -> "subprocess.Popen[bytes]":
    """Starts `chartline run` as a process."""
    command = [sys.executable, "-c", RUN, "run", str(docs), "--out", str(out), *map(str, more)]
    return subprocess.Popen(
        command,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def tables(out: Path) -> dict[str, pl.DataFrame]:
    """The tables that are made from documents."""
    return {name: Store(out).read(name) for name in OF_DOCUMENTS}


def children(parent: int) -> list[int]:
    """The ids of a process's child processes."""
    return [
        int(child)
        for task in Path(f"/proc/{parent}/task").glob("*")
        for child in (task / "children").read_text().split()
    ]


def test_kill_9_at_any_moment_loses_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    for number in range(14):
        reportlab_letter(
            docs / f"{number:02d}.pdf",
            body=[f"Patient numéro {number}, insuffisance cardiaque."],
            pages=2,
        )
    settings = {"CHARTLINE_READING__COMMIT_EVERY": "1", "CHARTLINE_READING__WORKERS": "1"}
    begin = time.monotonic()
    assert run(docs, tmp_path / "whole", environment=settings).wait(timeout=200) == 0
    seconds, truth, rng = time.monotonic() - begin, tables(tmp_path / "whole"), random.Random(4)
    out = tmp_path / "broken"
    for number in range(5):
        if number == 3:
            shutil.rmtree(out)  # begins anew
        broken = run(docs, out, environment=settings)
        time.sleep(seconds * rng.uniform(0.3, 0.9))
        victims = children(broken.pid) if number % 2 else []
        os.kill(rng.choice(victims) if victims else broken.pid, signal.SIGKILL)
        broken.wait(timeout=200)
        known = tables(out)
        assert known["documents"]["document_id"].is_unique().all()
    assert run(docs, out, environment=settings).wait(timeout=200) == 0
    for name, frame in tables(out).items():
        assert frame.equals(truth[name]), name


def test_a_whole_run_unpickles_no_file_and_connects_to_no_one(ehr: Path, tmp_path: Path) -> None:
    docs, hook = tmp_path / "docs", tmp_path / "hook"
    docs.mkdir()
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(WATCH)
    config = tmp_path / "chartline.toml"
    config.write_text(LITTLE_TOML)
    reportlab_letter(docs / "a.pdf")
    manifest(docs, {"a.pdf": "1"})
    watched = tmp_path / "watched"
    environment = {"PYTHONPATH": str(hook), "WATCHED": str(watched)}
    unpickle = "import pickle, collections; pickle.loads(pickle.dumps(collections.OrderedDict))"
    subprocess.run([sys.executable, "-c", unpickle], env={**os.environ, **environment}, check=True)
    assert "OrderedDict" in watched.read_text()  # the hook notices unpickling
    watched.unlink()
    process = run(docs, tmp_path / "out", "--ehr", ehr, "--config", config, environment=environment)
    _, errors = process.communicate(timeout=300)
    assert (process.returncode, errors) == (0, b"")
    assert (
        json.loads((tmp_path / "out" / "onset_model" / "card.json").read_text())["task"]
        == "heart_failure"
    )
    assert not watched.exists(), watched.read_text()


@pytest.mark.skipif(
    subprocess.run(["unshare", "-rn", "true"], check=False, capture_output=True).returncode != 0
    if shutil.which("unshare")
    else True,
    reason="no network namespaces here",
)
def test_without_any_network_a_run_is_the_same(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    reportlab_letter(docs / "a.pdf")
    command = [
        "unshare",
        "-rn",
        sys.executable,
        "-c",
        RUN,
        "run",
        str(docs),
        "--out",
        str(tmp_path / "out"),
    ]
    done = subprocess.run(command, capture_output=True, timeout=200, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert Store(tmp_path / "out").read("documents")["status"].to_list() == ["processed"]
