"""Kills the nightly flow, one of its workers or its server at random moments, runs it again, and compares the tables with those of a
run that was never broken: `python benchmarks/kills.py [50] [DOCS]` (kills, folder of PDFs; sample_docs by default).

Each attempt starts from nothing: kill -9 after a random part of the time that an unbroken run takes, then a run to the end. Prints what
was killed and whether every row is the same.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from chartline.store import OF_DOCUMENTS, Store

FLOW = "import sys; from pathlib import Path; from flows.documents import documents; documents(Path(sys.argv[1]), Path(sys.argv[2]), config=Path(sys.argv[3]))"
SETTINGS = "[reading]\nworkers = 2\ncommit_every = 4\nbatch_pages = 25\n"


class Server:
    """A Prefect server of our own, which may be killed and started again on the same database."""

    def __init__(self, home: Path, port: int = 4277) -> None:
        self.home, self.port = home, port
        self.environment = {
            **os.environ,
            "PREFECT_HOME": str(home),
            "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
            "DO_NOT_TRACK": "1",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_LOGGING_LEVEL": "ERROR",
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
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
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def started(
    docs: Path, out: Path, config: Path, environment: dict[str, str]
) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", FLOW, str(docs), str(out), str(config)]
    return subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def children(parent: int) -> list[int]:
    """Processes below one, from /proc."""
    below = [
        int(child)
        for task in Path(f"/proc/{parent}/task").glob("*")
        for child in (task / "children").read_text().split()
    ]
    return below + [deeper for child in below for deeper in children(child)]


def tables(out: Path) -> dict[str, pl.DataFrame]:
    """What must be the same: every table of documents, without the times that a file system gives."""
    return {name: Store(out).read(name) for name in OF_DOCUMENTS}


def strike(
    process: "subprocess.Popen[bytes]", server: Server, what: str, rng: random.Random
) -> str:
    """Kills; says what was killed."""
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
    """One broken run and one whole one: what was killed, and the tables then."""
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
    for _ in range(2):  # children of the killed may hold on for a moment
        whole = started(docs, out, config, server.environment)
        if whole.wait(timeout=300) == 0:
            break
    return killed, tables(out)


def main(kills: int, docs: Path) -> None:
    """Prints a line a kill."""
    rng = random.Random(5)
    with tempfile.TemporaryDirectory() as name:
        server = Server(Path(name) / "prefect")
        server.start()
        try:
            (Path(name) / "whole").mkdir()
            begin = time.monotonic()
            _, truth = attempt(docs, Path(name) / "whole", server, 0, "none", rng)
            begin = time.monotonic()
            again = started(
                docs,
                Path(name) / "timed",
                Path(name) / "whole" / "chartline.toml",
                server.environment,
            )
            again.wait()
            seconds = time.monotonic() - begin
            same = 0
            for number in range(kills):
                folder = Path(name) / str(number)
                folder.mkdir()
                killed, found = attempt(
                    docs, folder, server, seconds, rng.choice(["flow", "worker", "server"]), rng
                )
                equal = all(found[table].equals(truth[table]) for table in truth)
                same += equal
                sys.stdout.write(
                    f"{number + 1:>3} {killed:<12} {'the same tables' if equal else 'TABLES DIFFER'}\n"
                )
                sys.stdout.flush()
            sys.stdout.write(
                f"{same} of {kills} ended with the tables of an unbroken run ({seconds:.0f} s)\n"
            )
        finally:
            server.kill()


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    folders = [Path(argument) for argument in sys.argv[1:] if not argument.isdigit()]
    main(numbers[0] if numbers else 50, folders[0] if folders else Path("sample_docs"))
