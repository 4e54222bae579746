"""The documents flow on a Dask cluster of two workers, one of which is killed in the middle."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from conftest import reportlab_letter
from distributed import Client
from prefect.settings import PREFECT_API_URL
from prefect.testing.utilities import prefect_test_harness
from prefect_dask import DaskTaskRunner

from benchmarks.power_cut import free_port
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
        "--memory-limit",  # a worker that seems to hold too much would be paused for good
        "0",
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


@pytest.mark.timeout(400)
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


def typed(root: Path, changes: dict[str, str]) -> list[str]:
    """The commands that docs/cluster.md tells to type, with other addresses and paths."""
    text = (root / "docs" / "cluster.md").read_text("utf-8")
    block = text.split("```")[1]
    for old, new in changes.items():
        assert old in block
        block = block.replace(old, new)
    return block.strip().splitlines()


def test_the_documentation_can_be_typed(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    docs, out, config = tmp_path / "docs", tmp_path / "out", tmp_path / "chartline.toml"
    docs.mkdir()
    reportlab_letter(docs / "a.pdf")
    config.write_text("[reading]\nworkers = 1\n")
    port = free_port()
    changes = {
        "dask scheduler": f"dask scheduler --host 127.0.0.1 --port {port} --no-dashboard",
        "SCHEDULER:8786": f"127.0.0.1:{port}",
        "--nworkers 8": f"--nworkers 2 --no-dashboard --local-directory {tmp_path}",
        "'/docs'": f"'{docs}'",
        "'/out'": f"'{out}'",
        "/etc/chartline.toml": str(config),
    }
    install, scheduler, worker, flow = typed(request.config.rootpath, changes)
    assert install == "pip install 'chartline[cluster]'"
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    with prefect_test_harness(server_startup_timeout=180), ExitStack() as running:
        environment = {**os.environ, "PATH": path, "PYTHONPATH": os.getcwd()}
        environment["PREFECT_API_URL"] = PREFECT_API_URL.value()
        for command in (scheduler, worker):
            begun = subprocess.Popen(
                ["bash", "-c", command],
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            running.callback(os.killpg, begun.pid, signal.SIGKILL)
        with Client(f"tcp://127.0.0.1:{port}", timeout=90) as client:
            client.wait_for_workers(2, timeout=90)
        done = subprocess.run(
            ["bash", "-c", flow], env=environment, capture_output=True, text=True, timeout=240
        )
        assert done.returncode == 0, done.stderr[-2000:]
    assert Store(out).read("documents")["status"].to_list() == ["processed"]
