"""Killing the nightly flow: `python -m benchmarks.kills [50] [DOCS]` (kills, folder of PDFs).

For all processes at once, with deployments that are served, see `benchmarks.power_cut`.

Kills the flow, one of its workers or its Prefect server with kill -9, at a random moment of the
time that an undisturbed run takes, then runs the flow again to its end and compares the tables with
those of an undisturbed run. Each attempt starts from an empty folder. Prints what was killed and
whether every row is the same. DOCS is sample_docs where not given.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import polars as pl

import chartline.flows  # sets how a Prefect server keeps its leases  # noqa: F401
from benchmarks import arguments
from chartline.store import OF_DOCUMENTS, Store

FLOW = (
    "import sys; from pathlib import Path; from chartline.flows.documents import documents; "
    "docs, out, config = map(Path, sys.argv[1:4]); documents(docs, out, config=config)"
)
LEASES = "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE"
SETTINGS = "[reading]\nworkers = 2\ncommit_every = 4\nbatch_pages = 25\n"


class Server:
    """A Prefect server that can be killed and started again on the same database."""

    def __init__(self, home: Path, port: int = 4277) -> None:
        self.home, self.port = home, port
        self.environment = {
            **os.environ,
            "PREFECT_HOME": str(home),
            "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
            "DO_NOT_TRACK": "1",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_LOGGING_LEVEL": "ERROR",
            LEASES: os.environ[LEASES],
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        command = [
            sys.executable,
            "-m",
            "prefect",
            "server",
            "start",
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
            "--no-ui",
        ]
        without = {
            name: value for name, value in self.environment.items() if name != "PREFECT_API_URL"
        }
        self.process = subprocess.Popen(
            command,
            env=without,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.wait()

    def wait(self, seconds: float = 120) -> None:
        """Waits until the server answers.

        Raises:
            TimeoutError: it did not within these seconds.
        """
        import httpx

        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if (
                    httpx.get(f"http://127.0.0.1:{self.port}/api/health", timeout=2).status_code
                    == 200
                ):
                    return
            except httpx.HTTPError:
                time.sleep(0.3)
        raise TimeoutError("the Prefect server does not answer")

    def kill(self) -> None:
        """Kills the server and its child processes."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def started(
    docs: Path, out: Path, config: Path, environment: dict[str, str]
) -> "subprocess.Popen[bytes]":
    """A process that runs the documents flow."""
    command = [sys.executable, "-c", FLOW, str(docs), str(out), str(config)]
    return subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def children(parent: int) -> list[int]:
    """The ids of all child processes of a process, and of theirs, from /proc."""
    below = []
    for task in Path(f"/proc/{parent}/task").glob("*"):
        with suppress(FileNotFoundError, ProcessLookupError):  # it may end meanwhile
            below += [int(child) for child in (task / "children").read_text().split()]
    return below + [deeper for child in below for deeper in children(child)]


def tables(out: Path) -> dict[str, pl.DataFrame]:
    """The tables that must be the same in the end: all that are made from documents."""
    return {name: Store(out).read(name) for name in OF_DOCUMENTS}


def strike(
    process: "subprocess.Popen[bytes]", server: Server, what: str, rng: random.Random
) -> str:
    """Kills the flow, one of its workers or the server; returns what was killed."""
    if process.poll() is not None:
        return "it had ended"
    if what == "server":
        server.kill()
    elif what == "worker" and (found := children(process.pid)):
        os.kill(rng.choice(found), signal.SIGKILL)
    else:
        os.kill(process.pid, signal.SIGKILL)
        what = "flow"
    return what


def attempt(
    docs: Path, folder: Path, server: Server, seconds: float, what: str, rng: random.Random
) -> tuple[str, dict[str, pl.DataFrame]]:
    """Kills one run and runs another to its end; returns what was killed, and the tables."""
    out, config = folder / "out", folder / "chartline.toml"
    config.write_text(SETTINGS)
    broken = started(docs, out, config, server.environment)
    time.sleep(rng.uniform(0.1, 1.0) * seconds)
    killed = strike(broken, server, what, rng)
    if killed == "server":
        time.sleep(1)
        server.start()
    try:
        broken.wait(timeout=3 * seconds + 60)
    except subprocess.TimeoutExpired:
        os.killpg(broken.pid, signal.SIGKILL)
        broken.wait()
    for _ in range(2):  # child processes of the killed one may hold the lock for a moment
        whole = started(docs, out, config, server.environment)
        if whole.wait(timeout=300) == 0:
            break
    return killed, tables(out)


def undisturbed(docs: Path, folder: Path, server: Server) -> tuple[dict[str, pl.DataFrame], float]:
    """The tables of a run that nothing disturbs, and the seconds that it takes."""
    folder.mkdir()
    config = folder / "chartline.toml"
    config.write_text(SETTINGS)
    begin = time.monotonic()
    if started(docs, folder / "out", config, server.environment).wait() != 0:
        raise RuntimeError("the undisturbed run failed")
    return tables(folder / "out"), time.monotonic() - begin


def main(kills: int, docs: Path) -> None:
    """Prints a line a kill, then how many runs ended with the same tables."""
    rng = random.Random(5)
    with tempfile.TemporaryDirectory() as name:
        server = Server(Path(name) / "prefect")
        server.start()
        try:
            truth, seconds = undisturbed(docs, Path(name) / "whole", server)
            same = 0
            for number in range(kills):
                folder = Path(name) / str(number)
                folder.mkdir()
                what = rng.choice(["flow", "worker", "server"])
                killed, found = attempt(docs, folder, server, seconds, what, rng)
                equal = all(found[table].equals(truth[table]) for table in truth)
                same += equal
                verdict = "the same tables" if equal else "TABLES DIFFER"
                sys.stdout.write(f"{number + 1:>3} {killed:<12} {verdict}\n")
                sys.stdout.flush()
        finally:
            server.kill()
        sys.stdout.write(
            f"{same} of {kills} ended with the tables of an undisturbed run ({seconds:.0f} s)\n"
        )


if __name__ == "__main__":
    given = arguments(__doc__)
    numbers = [int(argument) for argument in given if argument.isdigit()]
    folders = [Path(argument) for argument in given if not argument.isdigit()]
    main(numbers[0] if numbers else 50, folders[0] if folders else Path("sample_docs"))
