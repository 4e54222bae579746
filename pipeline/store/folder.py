"""What lies in OUT beside the tables: the contract's number, notes and plans of runs."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl

from chartline.core.errors import ChartlineError, UsageError
from chartline.core.tables import CONTRACT
from chartline.store.lock import RunLock

_FIRST_CONTRACT = 1  # tables of the time before the number was written down


class Folder(RunLock):
    """The folder of a run's tables.

    Args:
        root: the folder; it is made where it is not there, readable by its owner alone.
        run: the run that is written for (see `RunLock`).

    Raises:
        ChartlineError: the folder cannot be made.
        UsageError: it is the address of an object store.
    """

    def __init__(self, root: Path, run: str | None = None) -> None:
        super().__init__(root, run)
        if (root.parts or ("",))[0].endswith(":"):  # an address that became a path
            raise UsageError(
                f"{root}: a folder is needed here; tables go to object storage by the setting "
                "tables"
            )
        try:
            root.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            cause = os.strerror(error.errno or 0)
            raise ChartlineError(f"{root}: cannot be made ({cause})") from None

    def check_contract(self, has_tables: Callable[[], bool]) -> None:
        """Checks that the tables here follow the contract of this version.

        `has_tables` is asked only where no number was written down.

        Raises:
            UsageError: they follow an older one, or a newer one.
        """
        file = self.root / ".contract"
        if file.is_file():
            number = int(file.read_text("utf-8"))
        else:
            number = _FIRST_CONTRACT if has_tables() else CONTRACT
        if number < CONTRACT:
            raise UsageError(
                f"{self.root}: its tables are of an older contract ({number}; now {CONTRACT}); "
                "`chartline run … --rebuild` sets them aside and makes all of them anew"
            )
        if number > CONTRACT:
            raise UsageError(
                f"{self.root}: its tables are of a newer contract ({number}; this version knows "
                f"{CONTRACT}); install a newer Chartline"
            )

    def set_contract(self) -> None:
        """Notes that the tables here follow the contract of this version."""
        file = self.root / ".contract"
        if not file.is_file():
            file.write_text(str(CONTRACT), "utf-8")

    def set_aside(self, names: list[str]) -> None:
        """Moves these tables, models and the notes about them into a new folder `set-aside-N`.

        Raises:
            BusyError: a run is writing here.
        """
        with self.locked():
            number = 1 + len(list(self.root.glob("set-aside-*")))
            aside = self.root / f"set-aside-{number}"
            aside.mkdir(mode=0o700)
            for name in [*names, ".contract"]:
                if (self.root / name).exists():
                    shutil.move(self.root / name, aside / name)

    def note(self, name: str) -> str | None:
        """A small note that a run left beside the tables; None where there is none."""
        file = self.root / f".{name}.json"
        return file.read_text("utf-8") if file.is_file() else None

    def set_note(self, name: str, text: str) -> None:
        """Leaves a small note beside the tables."""
        (self.root / f".{name}.json").write_text(text, "utf-8")

    def plan(self, run: str) -> pl.DataFrame:
        """The documents that a run is to read (see `set_plan`)."""
        return pl.read_parquet(self.root / f".plan-{run}.parquet")

    def set_plan(self, run: str, todo: pl.DataFrame) -> None:
        """Keeps the documents that a run is to read where its batches find them, on any machine.

        So no path of a document becomes a parameter of a flow.
        """
        for old in self.root.glob(".plan-*.parquet"):  # of a run that was killed
            old.unlink()
        todo.write_parquet(self.root / f".plan-{run}.parquet")

    def drop_plan(self, run: str) -> None:
        """Deletes a run's plan."""
        (self.root / f".plan-{run}.parquet").unlink(missing_ok=True)

    def remembered_address(self, tables: str | None) -> str | None:
        """The address outside this folder below which its tables lie; a new one is written down.

        Raises:
            UsageError: the tables lie elsewhere already.
        """
        file = self.root / ".tables"
        known = file.read_text("utf-8").strip() if file.is_file() else None
        if tables is None or tables == known:
            return known
        if known or any(self.root.glob("*/_delta_log")):
            place = known or "it"
            raise UsageError(
                f"{self.root}: its tables lie in {place}, so the setting tables cannot be {tables}"
            )
        file.write_text(tables, "utf-8")
        return tables
