"""A PostgreSQL server of our own, for tests and measurements, that can be killed."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

_START = 120  # seconds within which a server must answer, recovery of its log included
_FOUND = [
    Path(name).parent
    for name in (
        shutil.which("initdb"),
        *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))),
    )
    if name
]
PROGRAMS = _FOUND[-1] if _FOUND else None  # folder of PostgreSQL's programs; None: not installed


class Postgres:
    """A server with an empty database, on the loopback address.

    It refuses to run as root, so it is run as `nobody` there: all users must be able to enter the
    folder's parents.

    Args:
        folder: where its data is kept; made here.
        port: where it listens.

    Raises:
        FileNotFoundError: PostgreSQL is not installed.
    """

    def __init__(self, folder: Path, port: int) -> None:
        if PROGRAMS is None:
            raise FileNotFoundError("no PostgreSQL on this machine (apt install postgresql)")
        self.programs, self.folder, self.port = PROGRAMS, folder, port
        self.address = f"postgresql+asyncpg://prefect@127.0.0.1:{port}/postgres"
        self.process: subprocess.Popen[bytes] | None = None
        folder.mkdir(exist_ok=True)
        self._how: dict[str, Any] = {
            "stdout": subprocess.DEVNULL,
            "stderr": subprocess.DEVNULL,
            "cwd": folder,
        }
        if os.geteuid() == 0:
            shutil.chown(folder, "nobody")
            self._how |= {"user": "nobody", "extra_groups": []}
        data = ["--auth=trust", "--username=prefect", "--no-sync", folder / "data"]
        subprocess.run([self.programs / "initdb", *data], check=True, timeout=_START, **self._how)

    def start(self) -> None:
        """Starts the server and waits until it answers.

        Raises:
            TimeoutError: it did not.
        """
        options = ["-D", self.folder / "data", "-h", "127.0.0.1", "-p", str(self.port)]
        command = [self.programs / "postgres", *options, "-k", self.folder]
        self.process = subprocess.Popen(command, start_new_session=True, **self._how)
        ready = [self.programs / "pg_isready", "-h", "127.0.0.1", "-p", str(self.port)]
        end = time.monotonic() + _START
        while subprocess.run(ready, capture_output=True, check=False).returncode:
            if time.monotonic() > end or self.process.poll() is not None:
                raise TimeoutError("PostgreSQL does not answer")
            time.sleep(0.2)

    def kill(self) -> None:
        """Kills the server and all its processes at once."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
