"""A folder in which the commands of docs/operations.md are typed, with a real Prefect server."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from doc_pages import ROOT

from benchmarks.postgres import PROGRAMS, Postgres
from benchmarks.power_cut import DATABASE, free_port

PATIENCE = 120  # seconds for any step, on a busy machine
QUICK = {  # the server looks for late runs and missing nights often
    "PREFECT_SERVER_SERVICES_LATE_RUNS_AFTER_SECONDS": "1",
    "PREFECT_SERVER_SERVICES_LATE_RUNS_LOOP_SECONDS": "1",
    "PREFECT_SERVER_EVENTS_PROACTIVE_GRANULARITY": "PT1S",
}
Rung = tuple[float, str]  # a message of the webhook: when, what


def wait_for(what: Callable[[], bool], failing: str) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, failing
        time.sleep(0.2)


class Site:
    """A folder in which the page's commands are typed, and a webhook that keeps what rings."""

    late = ""  # a run that nobody started
    night = 0.0  # when a night ended well

    def __init__(self, folder: Path, hook: str, rung: list[Rung]) -> None:
        self.folder, self.rung = folder, rung
        self.port = free_port()
        self.postgres = Postgres(folder / "postgres", free_port()) if PROGRAMS else None
        self.api = f"http://127.0.0.1:{self.port}/api"
        self.changes = {
            ":4200": f":{self.port}",
            "--port 4200": f"--port {self.port}",
            "/etc/chartline/prefect.yaml": str(folder / "prefect.yaml"),
            "https://alarms.example.org/": hook,
        }
        self.running: list[subprocess.Popen[bytes]] = []
        kept = {name: value for name, value in os.environ.items() if "PREFECT" not in name}
        self.environment = {
            **kept,
            **QUICK,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "PREFECT_HOME": str(folder / "prefect"),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        }
        if self.postgres is not None:
            self.environment[DATABASE] = self.postgres.address

    def changed(self, block: str) -> str:
        """A block with the addresses and paths of this test."""
        for old, new in self.changes.items():
            block = block.replace(old, new)
        return block

    def type(self, block: str) -> None:
        """Types a block to its end."""
        done = subprocess.run(
            ["bash", "-e", "-c", self.changed(block)],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]

    def begin(self, block: str) -> "subprocess.Popen[bytes]":
        """Types a block whose last command goes on; `exec` makes that command the process."""
        lines = self.changed(block).strip().splitlines()
        with (self.folder / "said.log").open("ab") as log:
            process = subprocess.Popen(
                ["bash", "-e", "-c", "\n".join([*lines[:-1], f"exec {lines[-1]}"])],
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.running.append(process)
        return process

    def begin_server(self, block: str) -> None:
        """Starts the database where it is ours, types a block that starts the server, and waits."""
        if self.postgres is not None:
            self.postgres.start()
        self.begin(block)
        wait_for(self.answers, "the server does not answer")

    def kill(self) -> None:
        """Kills all that goes on."""
        for process in self.running:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if self.postgres is not None:
            self.postgres.kill()

    def said(self) -> str:
        return (self.folder / "said.log").read_text("utf-8", "replace")[-2000:]

    def ask(self, path: str, body: dict[str, Any]) -> Any:
        answer = httpx.post(f"{self.api}/{path}", json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.api}/health", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def deployments(self) -> dict[str, dict[str, Any]]:
        """What is deployed, by name; without what the server adds of its own."""
        found = {}
        for one in self.ask("deployments/filter", {"sort": "NAME_ASC"}):
            schedules = {
                schedule["slug"]: (
                    schedule["schedule"],
                    schedule["active"],
                    schedule["parameters"],
                )
                for schedule in one["schedules"]
            }
            alike = ("id", "paused", "tags", "description", "parameters", "entrypoint")
            found[one["name"]] = {
                **{name: one[name] for name in alike},
                "schema": one["parameter_openapi_schema"],
                "limit": one["global_concurrency_limit"]["limit"],
                "collisions": one["concurrency_options"]["collision_strategy"],
                "schedules": schedules,
            }
        return found

    def served(self) -> bool:
        """Whether `chartline serve` has put its deployments: it leaves no steps of a work pool."""
        return all(one["pull_steps"] is None for one in self.ask("deployments/filter", {}))

    def run(
        self,
        deployment: str,
        state: str | None = None,
        name: str | None = None,
        parameters: dict[str, str | None] | None = None,
    ) -> str:
        """A run of a deployment, in this state; without one, scheduled for now."""
        path = f"deployments/{self.deployments()[deployment]['id']}/create_flow_run"
        body = {"state": {"type": "SCHEDULED"}, "parameters": parameters or {}}
        run = str(self.ask(path, body)["id"])
        for kind in filter(None, ("RUNNING", state)):
            if state is not None:
                given = {"type": kind, "name": name if kind == state else None}
                self.ask(f"flow_runs/{run}/set_state", {"state": given, "force": True})
        return run

    def rang(self, text: str) -> list[float]:
        """When a message with this text came."""
        return [at for at, said in self.rung if text in said]
