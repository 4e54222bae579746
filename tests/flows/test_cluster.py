"""The documents flow on a Dask cluster of two workers, one of which is killed in the middle."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import reportlab_letter
from distributed import Client
from prefect.testing.utilities import prefect_test_harness
from prefect_dask import DaskTaskRunner

from chartline.flows.documents import documents
from chartline.store import OF_DOCUMENTS, Store

pytestmark = pytest.mark.slow
DOCUMENTS = 12


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[tuple[str, list["subprocess.Popen[bytes]"]]]:
    """A scheduler and two workers on loopback, each a process of one thread."""
    address = tmp_path / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    quiet = {
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
        "env": {**os.environ, "PYTHONPATH": os.getcwd()},
    }
    scheduler = subprocess.Popen(
        [
            *dask,
            "scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--no-dashboard",
            "--scheduler-file",
            str(address),
        ],
        **quiet,
    )  # type: ignore[call-overload]
    command = [
        *dask,
        "worker",
        "--scheduler-file",
        str(address),
        "--nthreads",
        "1",
        "--no-nanny",
        "--no-dashboard",
        "--local-directory",
        str(tmp_path),
    ]
    found = [subprocess.Popen(command, **quiet) for _ in range(2)]  # type: ignore[call-overload]
    try:
        with Client(scheduler_file=str(address), timeout=60) as client:
            client.wait_for_workers(2, timeout=90)
            yield client.scheduler.address, found
    finally:
        for process in (*found, scheduler):
            process.kill()
            process.wait()


def test_a_killed_worker_costs_nothing(
    workers: tuple[str, list["subprocess.Popen[bytes]"]], tmp_path: Path
) -> None:
    address, processes = workers
    docs, out, config = tmp_path / "docs", tmp_path / "out", tmp_path / "chartline.toml"
    docs.mkdir()
    for number in range(DOCUMENTS):
        reportlab_letter(
            docs / f"{number:02d}.pdf", body=[f"Patient numéro {number}, insuffisance cardiaque."]
        )
    config.write_text("[reading]\nworkers = 1\nbatch_pages = 2\ncommit_every = 1\n")

    def strike() -> None:
        while not Store(out).has("documents"):
            time.sleep(0.05)
        os.kill(processes[0].pid, signal.SIGKILL)

    with prefect_test_harness(server_startup_timeout=180):
        killer = threading.Thread(target=strike)
        killer.start()
        done = documents.with_options(task_runner=DaskTaskRunner(address=address))(
            docs, out, config=config
        )
        killer.join()
        assert processes[0].wait() == -signal.SIGKILL
        assert done["read"] == DOCUMENTS
        assert documents(docs, tmp_path / "alone", config=config)["read"] == DOCUMENTS
    for name in OF_DOCUMENTS:
        there, here = Store(out).read(name), Store(tmp_path / "alone").read(name)
        assert there.equals(here), name
    assert Store(out).read("documents")["document_id"].is_unique().all()
