"""The nightly deployment on a process work pool, with a Prefect server on PostgreSQL."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from conftest import reportlab_letter

from chartline.store import Store

FOUND = [
    Path(name).parent
    for name in (
        shutil.which("initdb"),
        *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))),
    )
    if name
]
BIN = FOUND[-1] if FOUND else Path()
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FOUND, reason="no PostgreSQL on this machine (apt install postgresql)"),
]
PREFECT = [sys.executable, "-m", "prefect"]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    """The address of a PostgreSQL server of our own; it refuses to run as root."""
    folder, port = Path(tempfile.mkdtemp(prefix="postgres-")), free_port()
    who = {"user": "nobody", "extra_groups": []} if os.geteuid() == 0 else {}
    if who:
        shutil.chown(folder, "nobody")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, **who}
    subprocess.run(
        [BIN / "initdb", "--auth=trust", "--username=prefect", "--no-sync", folder / "data"],
        check=True,
        **quiet,
    )  # type: ignore[call-overload]
    options = ["-D", folder / "data", "-h", "127.0.0.1", "-p", str(port), "-k", folder]
    server = subprocess.Popen([BIN / "postgres", *options], **quiet)  # type: ignore[call-overload]
    try:
        ready = [BIN / "pg_isready", "-h", "127.0.0.1", "-p", str(port)]
        while subprocess.run(ready, capture_output=True, check=False).returncode:
            assert server.poll() is None
            time.sleep(0.2)
        yield f"postgresql+asyncpg://prefect@127.0.0.1:{port}/postgres"
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def environment(database: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Of a client of a Prefect server on that database."""
    port = free_port()
    common = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    common |= {
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    }
    command = [*PREFECT, "server", "start", "--host", "127.0.0.1", "--port", str(port), "--no-ui"]
    with (tmp_path / "server.log").open("wb") as log:
        alone = {**common, "PREFECT_API_DATABASE_CONNECTION_URL": database}
        server = subprocess.Popen(
            command, env=alone, stdout=log, stderr=log, start_new_session=True
        )
        try:
            while not answers(port):
                assert server.poll() is None, (tmp_path / "server.log").read_text()[-2000:]
                time.sleep(0.3)
            yield {**common, "PREFECT_API_URL": f"http://127.0.0.1:{port}/api"}
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/api/health", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def prefect(environment: dict[str, str], root: Path, *arguments: str) -> str:
    done = subprocess.run(
        [*PREFECT, *arguments],
        env=environment,
        cwd=root,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def test_a_work_pool_runs_the_night(
    environment: dict[str, str], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    root, docs, out = request.config.rootpath, tmp_path / "docs", tmp_path / "out"
    docs.mkdir()
    reportlab_letter(docs / "a.pdf")
    prefect(environment, root, "work-pool", "create", "chartline", "--type", "process")
    prefect(environment, root, "--no-prompt", "deploy", "--all")
    parameters = {"docs": docs, "out": out, "ehr": "null"}
    given = [
        part
        for name, value in parameters.items()
        for part in ("--param", f'{name}="{value}"' if value != "null" else f"{name}=null")
    ]
    prefect(environment, root, "deployment", "run", "documents/nightly", *given)
    prefect(
        environment,
        root,
        "worker",
        "start",
        "--pool",
        "chartline",
        "--run-once",
        "--install-policy",
        "never",
    )
    assert Store(out).read("documents")["status"].to_list() == ["processed"]
    assert Store(out).read("runs").select("kind", "status").rows() == [("documents", "finished")]
