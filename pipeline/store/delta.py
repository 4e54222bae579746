"""Where tables live: Delta Lake, one folder a table, on a disk or in object storage; writes are atomic and idempotent by document."""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, write_deltalake
from deltalake.exceptions import DeltaError, TableNotFoundError

from chartline.core.errors import BusyError, ChartlineError, UsageError
from chartline.core.tables import OPEN, TABLES, Documents, Runs, empty, types_of, validated

_MANY_FILES = 100
OF_DOCUMENTS = (
    "lines",
    "sections",
    "mentions",
    "documents",
)  # documents last: its row says that the others are there


class Store:
    """One folder: its tables, and beside them the lock, plans, notes, model and report of the runs that write them.

    Args:
        root: the folder.
        tables: an address (`s3://bucket/prefix`, `abfss://…`, `gs://…`) below which the tables lie instead of in `root`, which
            remembers it. How to get in is read from the environment, as the delta-rs library does (`AWS_ACCESS_KEY_ID`, …).

    Raises:
        ChartlineError: the folder cannot be made. UsageError: it is an address, or its tables lie elsewhere already.
    """

    def __init__(self, root: Path, tables: str | None = None) -> None:
        self.root = root
        if (root.parts or ("",))[0].endswith(":"):  # an address that became a path
            raise UsageError(
                f"{root}: a folder is needed here; tables go to object storage by the setting tables"
            )
        try:
            root.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise ChartlineError(
                f"{root}: cannot be made ({os.strerror(error.errno or 0)})"
            ) from None
        self._elsewhere = _remembered(root, tables.rstrip("/") if tables else None)

    def uri(self, table: str) -> str:
        """The address of a table: a path, or a URL of object storage."""
        return f"{self._elsewhere or self.root}/{table}"

    def has(self, table: str) -> bool:
        if self._elsewhere is None:
            return (self.root / table / "_delta_log").is_dir()
        try:
            return DeltaTable.is_deltatable(self.uri(table))
        except (DeltaError, OSError) as error:
            raise ChartlineError(
                f"{self.uri(table)}: cannot be reached ({type(error).__name__})"
            ) from None

    def read(
        self, table: str, columns: list[str] | None = None, version: int | None = None
    ) -> pl.DataFrame:
        """A table's rows by key, as they are or were at a Delta version; an empty frame of its schema when it was never written.

        Raises:
            ChartlineError: the table is damaged, or that version is no longer kept.
        """
        try:
            arrow = DeltaTable(self.uri(table), version=version).to_pyarrow_table(columns=columns)
        except TableNotFoundError:
            none = empty(TABLES[table])
            return none.select(columns) if columns else none
        except (DeltaError, OSError) as error:
            raise ChartlineError(
                f"{self.uri(table)}: the table cannot be read ({type(error).__name__})"
            ) from None
        frame = pl.DataFrame(pl.from_arrow(arrow))
        declared = types_of(TABLES[table])
        return _in_order(frame.cast({n: t for n, t in declared.items() if n in frame.columns}))

    def needed(self, table: str, command: str) -> pl.DataFrame:
        """A table that an earlier command makes.

        Raises:
            UsageError: it was not made yet; the message names the command.
        """
        if not self.has(table):
            raise UsageError(
                f"{self.uri(table)}: no such table yet; run `chartline {command}` first"
            )
        return self.read(table)

    def overwrite(
        self, table: str, frame: pl.DataFrame, came_from: dict[str, Any] | None = None
    ) -> bool:
        """Puts `frame` in the place of the whole table; an equal table is left alone. Says whether it was written.

        `came_from` (tables' versions, settings) is kept in the commit: see `provenance`.
        """
        frame = _checked(table, frame)
        if self.has(table) and self.read(table).equals(_in_order(frame)):
            return False
        self._write(table, frame, came_from, mode="overwrite", schema_mode="overwrite")
        return True

    def overwrite_parts(self, table: str, parts: Iterable[pl.DataFrame]) -> int:
        """The same from parts, of which one is in memory at a time, in one commit. The number of rows."""
        schema = _arrow(empty(TABLES[table])).schema
        rows = 0

        def batches() -> Iterator[pa.RecordBatch]:
            nonlocal rows
            for part in parts:
                rows += len(part)
                yield from _arrow(validated(part, TABLES[table])).cast(schema).to_batches()

        self._deliver(
            table,
            pa.RecordBatchReader.from_batches(schema, batches()),
            None,
            mode="overwrite",
            schema_mode="overwrite",
        )
        return rows

    def lazy(self, table: str, columns: list[str] | None = None) -> pl.LazyFrame:
        """A table's rows, in any order, read when and where they are needed."""
        if not self.has(table):
            return self.read(table, columns).lazy()
        frame = pl.scan_delta(self.uri(table))
        return frame.select(columns) if columns else frame

    def provenance(self, table: str) -> dict[str, Any]:
        """What the table's last commit says it came from."""
        commit = DeltaTable(self.uri(table)).history(1)[0] if self.has(table) else {}
        return json.loads(commit.get("from", "{}"))

    def replace_documents(self, parts: dict[str, pl.DataFrame], documents: Iterable[str]) -> None:
        """Replaces the rows of these documents in every table of documents, the documents table last."""
        names = ", ".join(f"'{name}'" for name in documents)
        if not names:
            return
        for table in OF_DOCUMENTS:
            frame = validated(parts[table], TABLES[table])
            if self.has(table):
                self._write(table, frame, mode="overwrite", predicate=f"document_id IN ({names})")
            else:
                self._write(table, frame, mode="append")

    def remove_documents(self, documents: list[str]) -> None:
        """Takes the rows of these documents out of every table of documents."""
        if documents:
            listed = ", ".join(f"'{name}'" for name in documents)
            for table in OF_DOCUMENTS:
                DeltaTable(self.uri(table)).delete(f"document_id IN ({listed})")

    def settle(self) -> int:
        """Takes away what a run that was killed left half done: rows of documents that the documents table does not have. Their number."""
        known = self.read("documents", ["document_id"])["document_id"]
        lost = 0
        for table in OF_DOCUMENTS[:-1]:
            if not self.has(table):
                continue
            names = self.read(table, ["document_id"])["document_id"].unique()
            if len(orphans := names.filter(~names.is_in(known.implode()))):
                listed = ", ".join(f"'{name}'" for name in orphans)
                lost += int(
                    DeltaTable(self.uri(table)).delete(f"document_id IN ({listed})")[
                        "num_deleted_rows"
                    ]
                )
        return lost

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Holds this store for one writer; the lock goes with the process, however it ends.

        Raises:
            BusyError: another process holds it.
        """
        with (self.root / ".lock").open("a+", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                file.seek(0)
                raise BusyError(
                    f"{self.root}: another run is writing here ({file.read().strip() or 'just started'})"
                ) from None
            file.truncate(0)
            file.write(f"process {os.getpid()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
            file.flush()
            yield

    def vacuum(self, days: int) -> None:
        """Takes away files that no version of the last `days` needs. Concept vectors keep all: models are bound to theirs."""
        for table in TABLES:
            if self.has(table) and table != "concept_vectors":
                delta = DeltaTable(self.uri(table))
                if len(delta.file_uris()) > _MANY_FILES:
                    delta.optimize.compact()
                delta.vacuum(
                    retention_hours=days * 24, dry_run=False, enforce_retention_duration=False
                )

    def put_run(self, row: dict[str, Any]) -> None:
        """Adds a run, or replaces its row."""
        frame = validated(pl.DataFrame([row], schema=types_of(Runs)), Runs)
        if self.has("runs"):
            self._write("runs", frame, mode="overwrite", predicate=f"run_id = '{row['run_id']}'")
        else:
            self._write("runs", frame, mode="append")

    def update_documents(self, rows: pl.DataFrame) -> None:
        """Replaces rows of the documents table alone (a file was touched, its content is the same)."""
        names = ", ".join(f"'{name}'" for name in rows["document_id"].to_list())
        self._write(
            "documents",
            validated(rows, Documents),
            mode="overwrite",
            predicate=f"document_id IN ({names})",
        )

    def version(self, table: str) -> int | None:
        """The Delta version of a table; None when it was never written."""
        return DeltaTable(self.uri(table)).version() if self.has(table) else None

    def note(self, name: str) -> str | None:
        """A small note that a run left beside the tables."""
        file = self.root / f".{name}.json"
        return file.read_text("utf-8") if file.is_file() else None

    def set_note(self, name: str, text: str) -> None:
        (self.root / f".{name}.json").write_text(text, "utf-8")

    def plan(self, run: str) -> pl.DataFrame:
        """What a run is to read (see `set_plan`)."""
        return pl.read_parquet(self.root / f".plan-{run}.parquet")

    def set_plan(self, run: str, todo: pl.DataFrame) -> None:
        """Keeps what a run is to read where its batches find it, on any machine: no path of a document is a flow's parameter."""
        for old in self.root.glob(".plan-*.parquet"):  # of a run that was killed
            old.unlink()
        todo.write_parquet(self.root / f".plan-{run}.parquet")

    def drop_plan(self, run: str) -> None:
        (self.root / f".plan-{run}.parquet").unlink(missing_ok=True)

    def _write(
        self,
        table: str,
        frame: pl.DataFrame,
        came_from: dict[str, Any] | None = None,
        **options: Any,
    ) -> None:
        self._deliver(table, _arrow(frame), came_from, **options)

    def _deliver(
        self, table: str, data: Any, came_from: dict[str, Any] | None, **options: Any
    ) -> None:
        told = {"from": json.dumps(came_from)} if came_from else None
        try:
            with _quiet():
                write_deltalake(
                    self.uri(table),
                    data,
                    commit_properties=CommitProperties(custom_metadata=told, max_commit_retries=20),
                    **options,
                )
        except (DeltaError, OSError) as error:
            raise ChartlineError(
                f"{self.uri(table)}: cannot be written ({_cause(error)})"
            ) from None


def _remembered(root: Path, tables: str | None) -> str | None:
    """The address that this folder's tables have outside it; a new one is written down."""
    file = root / ".tables"
    known = file.read_text("utf-8").strip() if file.is_file() else None
    if tables is None or tables == known:
        return known
    if known or any(root.glob("*/_delta_log")):
        raise UsageError(
            f"{root}: its tables lie in {known or 'it'}, so the setting tables cannot be {tables}"
        )
    file.write_text(tables, "utf-8")
    return tables


def _checked(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` by the schema of its table; the columns that an open table has beyond it are kept."""
    declared = validated(frame, TABLES[table])
    more = [name for name in frame.columns if name not in declared.columns]
    return declared.hstack(frame.select(more)) if table in OPEN else declared


def _in_order(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows by their first columns, which hold the key: Delta gives the parts of a table back in any order."""
    plain = [name for name, dtype in frame.schema.items() if not dtype.is_nested()][:8]
    return frame.sort(plain, maintain_order=True) if plain else frame


@contextmanager
def _quiet() -> Iterator[None]:
    """Hides what delta-rs's threads print when a disk is full; the exception tells it too, and in one line."""
    kept, silence = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(silence)


def _arrow(frame: pl.DataFrame) -> pa.Table:
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest())


def _cause(error: Exception) -> str:
    if "No space left" in str(error):
        return "no space left on the disk"
    return (
        os.strerror(error.errno)
        if isinstance(error, OSError) and error.errno
        else type(error).__name__
    )
