"""Where tables live: Delta Lake, one folder a table, on a disk or in object storage.

Writes are atomic, and idempotent by document. The commit of a table that is made as a whole says
what it was made from (`core.lineage`) and carries an identity of its content.
"""

import json
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl
from deltalake import CommitProperties, DeltaTable
from deltalake.exceptions import DeltaError, TableNotFoundError

from chartline.core.errors import ChartlineError, UsageError
from chartline.core.lineage import Inputs
from chartline.core.tables import TABLES, Runs, empty, types_of
from chartline.store import index_folder
from chartline.store.deltalake_io import arrow, by_key, checked, statistics, typed, write
from chartline.store.folder import Folder
from chartline.store.in_order import write_in_order

OF_DOCUMENTS = ("lines", "sections", "mentions", "documents")  # documents last: see `settle`
MODEL = "onset_model"  # folder of the model that predicts
_KEPT = frozenset({"concept_vectors"})  # all versions: a model is bound to those it was fitted on
_IN_ORDER = frozenset({"events"})  # their rows lie on disk in the order in which they were given
_MANY_FILES = 100  # of a table, from which on they are compacted
_INPUTS, _CONTENT = "inputs", "content"  # what a commit carries


class Store(Folder):
    """A folder with its tables, and what the runs that write them leave beside them.

    Args:
        root: the folder.
        tables: an address (`s3://bucket/prefix`, `abfss://…`, `gs://…`) below which the tables lie
            instead of in `root`, which remembers it. How to get in is read from the environment,
            as the delta-rs library does (`AWS_ACCESS_KEY_ID`, …).
        rebuild: set aside the tables that are here, of whichever contract.
        run: the run that is written for; once it has ended, every write raises `LockLostError`.

    Raises:
        ChartlineError: the folder cannot be made.
        UsageError: it is an address, its tables lie elsewhere already, or they are of another
            contract.
    """

    def __init__(
        self,
        root: Path,
        tables: str | None = None,
        rebuild: bool = False,
        run: str | None = None,
    ) -> None:
        super().__init__(root, run)
        self._elsewhere = self.remembered_address(tables.rstrip("/") if tables else None)
        if rebuild:
            self._set_all_aside()
        self.check_contract(self._has_any)

    def uri(self, table: str) -> str:
        """The address of a table: a path, or a URL of object storage."""
        return f"{self._elsewhere or self.root}/{table}"

    def has(self, table: str) -> bool:
        """Whether a table was ever written."""
        if self._elsewhere is None:
            return (self.root / table / "_delta_log").is_dir()
        try:
            return DeltaTable.is_deltatable(self.uri(table))
        except (DeltaError, OSError) as error:
            cause = type(error).__name__
            raise ChartlineError(f"{self.uri(table)}: cannot be reached ({cause})") from None

    def read(
        self, table: str, columns: list[str] | None = None, version: int | None = None
    ) -> pl.DataFrame:
        """A table's rows by key, as they are or were at a Delta version.

        A table that was never written gives an empty frame of its schema.

        Raises:
            ChartlineError: the table is damaged, or that version is no longer kept.
        """
        try:
            rows = DeltaTable(self.uri(table), version=version).to_pyarrow_table(columns=columns)
        except TableNotFoundError:
            none = empty(TABLES[table])
            return none.select(columns) if columns else none
        except (DeltaError, OSError) as error:
            cause = type(error).__name__
            raise ChartlineError(f"{self.uri(table)}: cannot be read ({cause})") from None
        return typed(table, pl.DataFrame(pl.from_arrow(rows)))

    def needed(self, table: str, command: str) -> pl.DataFrame:
        """A table that an earlier command makes.

        Raises:
            UsageError: it holds no row; the message names the command.
        """
        rows = self.read(table)
        if rows.is_empty():
            raise UsageError(
                f"{self.uri(table)}: nothing here yet; run `chartline {command}` first"
            )
        return rows

    def lazy(self, table: str, columns: list[str] | None = None) -> pl.LazyFrame:
        """A table's rows, in any order, read when and where they are needed."""
        if not self.has(table):
            return self.read(table, columns).lazy()
        frame = pl.scan_delta(self.uri(table))
        return frame.select(columns) if columns else frame

    def overwrite(self, table: str, frame: pl.DataFrame, inputs: Inputs | None = None) -> bool:
        """Puts `frame` in the place of the whole table. Returns whether its content changed.

        An equal table is left alone, or keeps its identity where `inputs`, what it was made from,
        are others than before.
        """
        frame = checked(table, frame)
        if self.has(table) and self.read(table).equals(by_key(frame)):
            if inputs is None or inputs == self.made_from(table):
                return False
            self._replace(table, frame, inputs, self.identity(table))
            return False
        self._replace(table, frame, inputs, uuid.uuid4().hex)
        return True

    def overwrite_parts(self, table: str, parts: Iterable[pl.DataFrame], content: str) -> None:
        """The same from parts, of which one is in memory at a time, in one commit.

        The rows lie on disk in the order of the parts; each part is a file. `content` is a digest
        of all rows; it becomes the table's identity.
        """
        self._replace_in_order(table, (checked(table, part) for part in parts), None, content)

    def clear(self, table: str) -> None:
        """Takes all rows out of a table; nothing where it was never written."""
        if self.has(table):
            self.overwrite(table, empty(TABLES[table]), {})

    def identity(self, table: str, version: int | None = None) -> str:
        """What changes when a table's content changes; empty where it was never written."""
        if not self.has(table):
            return ""
        commit = self._commit(table, version)
        return str(commit.get(_CONTENT) or f"version {commit['version']}")

    def made_from(self, table: str) -> Inputs:
        """What the table's last commit says that it was made from; empty where it says nothing."""
        commit = self._commit(table) if self.has(table) else {}
        return json.loads(commit.get(_INPUTS) or "{}")

    def version(self, table: str) -> int | None:
        """The Delta version of a table; None when it was never written."""
        return DeltaTable(self.uri(table)).version() if self.has(table) else None

    def replace_documents(self, parts: dict[str, pl.DataFrame], documents: Iterable[str]) -> None:
        """Replaces the rows of these documents in every table of documents."""
        listed = _listed(documents)
        with self.writing():
            for table in OF_DOCUMENTS if listed else ():
                frame = checked(table, parts[table])
                if self.has(table):
                    self._write(table, frame, mode="overwrite", predicate=listed)
                else:
                    self._write(table, frame, mode="append")

    def remove_documents(self, documents: Iterable[str]) -> None:
        """Takes the rows of these documents out of every table of documents.

        The index for searching, which holds their text, goes too.
        """
        listed = _listed(documents)
        with self.writing():
            for table in OF_DOCUMENTS if listed else ():
                DeltaTable(self.uri(table)).delete(listed)
            if listed:
                index_folder.IndexFolder(self.root).forget()

    def update_documents(self, rows: pl.DataFrame) -> None:
        """Replaces rows of the documents table alone: a file has another time, the same content."""
        listed = _listed(rows["document_id"])
        with self.writing():
            self._write("documents", checked("documents", rows), mode="overwrite", predicate=listed)

    def settle(self) -> int:
        """Takes away what a killed run left half done. Returns the number of rows.

        The documents table is written last: rows of documents that it does not have are such.
        """
        known = self.read("documents", ["document_id"])["document_id"]
        lost = 0
        for table in OF_DOCUMENTS[:-1]:
            if not self.has(table):
                continue
            names = self.read(table, ["document_id"])["document_id"].unique()
            if listed := _listed(names.filter(~names.is_in(known.implode()))):
                with self.writing():
                    deleted = DeltaTable(self.uri(table)).delete(listed)
                lost += int(deleted["num_deleted_rows"])
        return lost

    def put_run(self, row: dict[str, Any]) -> None:
        """Adds a run, or replaces its row."""
        frame = checked("runs", pl.DataFrame([row], schema=types_of(Runs)))
        with self.writing():
            if self.has("runs"):
                mine = f"run_id = '{row['run_id']}'"
                self._write("runs", frame, mode="overwrite", predicate=mine)
            else:
                self._write("runs", frame, mode="append")

    def vacuum(self, days: int) -> None:
        """Takes away files that no version of the last `days` needs, and compacts many small ones.

        Concept vectors keep all versions: models are bound to theirs.
        """
        for table in TABLES:
            if table not in _KEPT and self.has(table):
                with self.writing():
                    self._vacuum(table, days)

    def _vacuum(self, table: str, days: int) -> None:
        delta = DeltaTable(self.uri(table))
        commit = self._commit(table)
        kept = {name: commit[name] for name in (_INPUTS, _CONTENT) if name in commit}
        properties = CommitProperties(custom_metadata=kept)
        if table not in _IN_ORDER and len(delta.file_uris()) > _MANY_FILES:
            delta.optimize.compact(commit_properties=properties)
        delta.vacuum(
            retention_hours=days * 24,
            dry_run=False,
            enforce_retention_duration=False,
            commit_properties=properties,
        )

    def _has_any(self) -> bool:
        if self._elsewhere is None:
            return any(self.root.glob("*/_delta_log"))
        try:
            return any(self.has(table) for table in ("runs", "documents", "events"))
        except ChartlineError:  # whoever reads or writes there is told that it cannot be reached
            return False

    def _commit(self, table: str, version: int | None = None) -> dict[str, Any]:
        """What the commit of a version says; that of the newest when absent."""
        delta = DeltaTable(self.uri(table))
        if version is None:
            return delta.history(1)[0]
        return next(commit for commit in delta.history() if commit["version"] == version)

    def _write(self, table: str, frame: pl.DataFrame, **options: Any) -> None:
        self.set_contract()
        write(self.uri(table), arrow(frame), {}, configuration=statistics(table), **options)

    def _replace(
        self, table: str, frame: pl.DataFrame, inputs: Inputs | None, content: str
    ) -> None:
        if table in _IN_ORDER:
            self._replace_in_order(table, [frame], inputs, content)
            return
        self.set_contract()
        how = {"mode": "overwrite", "schema_mode": "overwrite", "configuration": statistics(table)}
        with self.writing():
            write(self.uri(table), arrow(frame), _metadata(inputs, content), **how)

    def _replace_in_order(
        self, table: str, parts: Iterable[pl.DataFrame], inputs: Inputs | None, content: str
    ) -> None:
        self.set_contract()
        metadata = _metadata(inputs, content)
        with self.writing():
            write_in_order(self.uri(table), parts, metadata, statistics(table))

    def _set_all_aside(self) -> None:
        if self._elsewhere is not None:
            raise UsageError(
                f"{self.root}: its tables lie in {self._elsewhere} and cannot be set aside there; "
                "move them, or give OUT and the setting tables other addresses"
            )
        self.set_aside([*TABLES, MODEL, index_folder.NAME])


def _metadata(inputs: Inputs | None, content: str) -> dict[str, str]:
    """What the commit of a table that is made as a whole carries."""
    return {_CONTENT: content, _INPUTS: json.dumps(inputs or {})}


def _listed(documents: Iterable[str]) -> str:
    """The predicate that selects these documents' rows; empty for none."""
    names = ", ".join(f"'{name}'" for name in documents)
    return f"document_id IN ({names})" if names else ""
