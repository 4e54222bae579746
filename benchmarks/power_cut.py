"""A power cut in the middle of a night: `python -m benchmarks.power_cut [DOCS] [--postgres]`.

Serves the documents flow every minute (`chartline serve`) with a Prefect server on SQLite. In the
middle of the first run the server, the runner and the run are killed with kill -9, and server and
runner are started again; then the server alone is killed in a run and started again. Prints the
seconds from each start to the end of the next run that went well, and how each run stands in
Prefect and in the table runs. DOCS is sample_docs where not given.

With `--postgres` the Prefect server is on a PostgreSQL server that is made for it, and that the
power cut kills too. With `--database postgresql+asyncpg://USER:PASSWORD@HOST/DATABASE` it is on
that database, which must be empty, and which is not killed.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import polars as pl

from benchmarks import arguments
from benchmarks.kills import Server, children
from benchmarks.postgres import Postgres
from chartline.store import Store

SETTINGS = "[reading]\nworkers = 1\ncommit_every = 1\nbatch_pages = 10\n"
PATIENCE = 600  # seconds within which the next night must have run
DATABASE = "PREFECT_API_DATABASE_CONNECTION_URL"


class Night:
    """A Prefect server and a runner that serves the documents flow.

    Args:
        folder: where everything is kept.
        docs: the folder of PDFs.
        cron: when the flow runs.
        database: the Prefect server's database: a PostgreSQL server of ours, which is killed along
            with the rest, or an address; SQLite where absent.
    """

    def __init__(
        self, folder: Path, docs: Path, cron: str, database: Postgres | str | None = None
    ) -> None:
        self.out, self.file, config = folder / "out", folder / "prefect.yaml", folder / "a.toml"
        config.write_text(SETTINGS)
        deployment = {
            "name": "nightly",
            "entrypoint": "chartline.flows.documents.documents",
            "concurrency_limit": {"limit": 1, "collision_strategy": "CANCEL_NEW"},
            "parameters": {"docs": str(docs), "out": str(self.out), "config": str(config)},
            "schedules": [{"cron": cron}],
        }
        self.file.write_text(json.dumps({"deployments": [deployment]}))  # JSON is YAML
        self.server = Server(folder / "prefect", free_port())
        self.postgres = database if isinstance(database, Postgres) else None
        if database is not None:
            address = database.address if isinstance(database, Postgres) else database
            self.server.environment[DATABASE] = address
        self.runner: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts the database where it is ours, the server and the runner."""
        if self.postgres is not None:
            self.postgres.start()
        self.server.start()
        command = [sys.executable, "-m", "chartline", "serve", "--file", str(self.file)]
        self.runner = subprocess.Popen(
            command,
            env=self.server.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def cut(self) -> None:
        """Kills all of it at once."""
        processes = [one.pid for one in (self.server.process, self.runner) if one is not None]
        for process in [*processes, *(child for one in processes for child in children(one))]:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue
        if self.postgres is not None:
            self.postgres.kill()
        for one in (self.server.process, self.runner):
            if one is not None:
                one.wait()

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """What the server answers to a POST (with a body) or a GET.

        It is asked again while it is starting, or busy: 503 says that SQLite is locked.
        """
        address = f"http://127.0.0.1:{self.server.port}/api/{path}"
        method = "GET" if body is None else "POST"
        end = time.monotonic() + PATIENCE
        while True:
            try:
                answer = httpx.request(method, address, json=body, timeout=30)
            except httpx.TransportError:
                if time.monotonic() > end:
                    raise
            else:
                if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE or time.monotonic() > end:
                    answer.raise_for_status()
                    return answer.json()
            time.sleep(1)

    def run_now(self) -> str:
        """Schedules a run of the deployment for now; its identity."""
        until(lambda: len(self.ask("deployments/filter", {})) == 1, PATIENCE)
        (deployment,) = self.ask("deployments/filter", {})
        path = f"deployments/{deployment['id']}/create_flow_run"
        return str(self.ask(path, {"state": {"type": "SCHEDULED"}})["id"])

    def state(self, run: str) -> str:
        """The state of a run."""
        return str(self.ask(f"flow_runs/{run}")["state_type"])

    def states(self) -> list[str]:
        """The states of the runs that have begun, in their order."""
        runs = self.ask("flow_runs/filter", {"sort": "EXPECTED_START_TIME_ASC"})
        return [run["state_type"] for run in runs if run["state_type"] != "SCHEDULED"]

    def ended(self) -> pl.DataFrame:
        """The table runs: status and reason, in the order of the runs."""
        return Store(self.out).read("runs").sort("started_at").select("status", "reason")


def free_port() -> int:
    """A port of the loopback address that nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def until(what: Callable[[], bool], seconds: float) -> float:
    """Seconds that passed until `what` was so.

    Raises:
        TimeoutError: it took longer than `seconds`.
    """
    begin = time.monotonic()
    while not what():
        if time.monotonic() - begin > seconds:
            raise TimeoutError("it took too long")
        time.sleep(0.2)
    return time.monotonic() - begin


def in_the_middle(night: Night, documents: int) -> bool:
    """Whether a run is going on that has read more than this number of documents."""
    store = Store(night.out)
    return store.is_locked() and len(store.read("documents", ["document_id"])) > documents


def attempt(night: Night, what: str) -> str:
    """Kills all of it, or the server alone, in the middle of a run; what came of it."""
    night.start()
    until(lambda: in_the_middle(night, 0), PATIENCE)
    if what == "all":
        night.cut()
        night.start()
    else:
        night.server.kill()
        night.server.start()
    seconds = until(lambda: "finished" in night.ended()["status"], PATIENCE)
    return (
        f"{what} killed: {seconds:.0f} s after the start a run had finished\n"
        f"  in Prefect: {night.states()}\n  in the table runs: {night.ended().rows()}\n"
    )


def main(docs: Path, postgres: bool, database: str | None) -> None:
    """Prints a line for the power cut, one for the server's restart, and how the runs stand."""
    for what in ("all", "the server"):
        with tempfile.TemporaryDirectory() as name:
            Path(name).chmod(0o711)  # PostgreSQL's user must get through
            ours = Postgres(Path(name) / "postgres", free_port()) if postgres else None
            night = Night(Path(name), docs, "* * * * *", ours or database)
            try:
                sys.stdout.write(attempt(night, what))
                sys.stdout.flush()
            finally:
                night.cut()


if __name__ == "__main__":
    given = arguments(__doc__)
    address = None
    if "--database" in given:
        at = given.index("--database") + 1
        if at == len(given):
            sys.exit("--database needs an address")
        address = given.pop(at)
    folders = [Path(argument) for argument in given if not argument.startswith("--")]
    main(folders[0] if folders else Path("sample_docs"), "--postgres" in given, address)
