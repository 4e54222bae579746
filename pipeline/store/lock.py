"""One run at a time may write a folder of tables, and only as long as it lasts."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from os import getpid
from pathlib import Path

from chartline.core.errors import BusyError, LockLostError

_LOCK, _WRITER = ".lock", ".writer"


class RunLock:
    """The lock of a folder, and the name of the run that may write there.

    A run's threads, and tasks on other machines, may go on after the run has ended: with a time-out
    or a kill. So each of their writes asks for permission (`writing`).

    Attributes:
        run: the run for which this object's writes are made; None for writes of no run, which
            need no permission.
    """

    def __init__(self, root: Path, run: str | None = None) -> None:
        self.root = root
        self.run = run

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Holds this folder for one writer; the lock goes with the process, however it ends.

        Raises:
            BusyError: another process holds it.
        """
        with (self.root / _LOCK).open("a+", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                file.seek(0)
                holder = file.read().strip() or "just started"
                raise BusyError(f"{self.root}: another run is writing here ({holder})") from None
            file.truncate(0)
            file.write(f"process {getpid()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
            file.flush()
            yield

    def is_locked(self) -> bool:
        """Whether a process holds the lock."""
        try:
            with (self.root / _LOCK).open(encoding="utf-8") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False

    @contextmanager
    def writer(self, run: str) -> Iterator[None]:
        """Makes `run` the one that may write until the block ends; the lock must be held.

        Waits at both ends until a write that is going on has ended.
        """
        before, self.run = self.run, run
        self._set_writer(run)
        try:
            yield
        finally:
            self._set_writer("")
            self.run = before

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Stands around each write.

        Raises:
            LockLostError: the run that this object writes for has ended.
        """
        if self.run is None:
            yield
            return
        with (self.root / _WRITER).open("a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_SH)  # side by side, the batches of a cluster write
            file.seek(0)
            if file.read() != self.run or not self.is_locked():
                raise LockLostError(f"{self.root}: the run has ended; nothing more is written")
            yield

    def _set_writer(self, run: str) -> None:
        with (self.root / _WRITER).open("a", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.truncate(0)
            file.write(run)
