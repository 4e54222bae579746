"""Where the index for searching lies: OUT/.search, which holds patients' text."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chartline.core.errors import ChartlineError

NAME = ".search"
_CURRENT, _LOCK = "current", ".lock"


class IndexFolder:
    """A folder of generations of the index, of which `current` names the one that counts.

    Args:
        root: the folder of the tables. Nothing is made before `locked`.
    """

    def __init__(self, root: Path) -> None:
        self.path = root / NAME

    def current(self) -> Path:
        """The folder of the generation that counts.

        Raises:
            OSError: there is none.
        """
        return self.path / (self.path / _CURRENT).read_text("utf-8")

    def set_current(self, generation: Path) -> None:
        """Names the generation that counts from now on, by one rename."""
        pointer = self.path / f"{_CURRENT}.new"
        pointer.write_text(generation.name, "utf-8")
        pointer.chmod(0o600)
        pointer.replace(self.path / _CURRENT)

    def sweep(self) -> None:
        """Takes away all generations but the current one; who searches an old one still can."""
        pointer = self.path / _CURRENT
        kept = pointer.read_text("utf-8") if pointer.is_file() else ""
        for path in self.path.iterdir():
            if path.is_dir() and path.name != kept:
                shutil.rmtree(path, ignore_errors=True)

    def forget(self) -> None:
        """Deletes the index, where there is one: rows that it was made of are deleted."""
        if self.path.is_dir():
            with self.locked():
                (self.path / _CURRENT).unlink(missing_ok=True)
                self.sweep()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Holds the index for one writer; waits for another, and goes with the process.

        Raises:
            ChartlineError: the folder cannot be made or written.
        """
        try:
            self.path.mkdir(mode=0o700, exist_ok=True)
            lock = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            cause = os.strerror(error.errno or 0)
            raise ChartlineError(f"{self.path}: cannot be written ({cause})") from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)
