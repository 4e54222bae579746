"""A Delta table whose rows lie on disk in the order in which they are given, written in one commit.

delta-rs's own writer divides a stream of rows among threads and joins it again in any order. Here
the Parquet files are written one after the other and then entered in the table's log together.
"""

import json
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable, Schema
from deltalake.exceptions import TableNotFoundError
from deltalake.fs import DeltaStorageHandler
from deltalake.transaction import AddAction, create_table_with_add_actions
from pyarrow.fs import FileSystem, PyFileSystem

from chartline.store.deltalake_io import arrow, no_message

_ROWS_IN_GROUP = 1_000_000  # of a Parquet file: a reader can skip such groups


def write_in_order(
    uri: str,
    parts: Iterable[pl.DataFrame],
    metadata: dict[str, str],
    configuration: dict[str, str],
) -> None:
    """Puts `parts` in the place of a whole table: a file a part, named in their order.

    Read file by file, by name, the rows come in the order of `parts`. One part is in memory at a
    time. The table's log holds the number of rows of each file and no other statistics.

    Args:
        uri: the table's address, a path or a URL.
        parts: at least one; all of the same columns.
        metadata: what the commit says.
        configuration: settings of a table that is not there yet.

    Raises:
        ChartlineError: the table cannot be written; the message names it and the cause.
    """
    with no_message(uri):
        if "://" not in uri:
            Path(uri).mkdir(parents=True, exist_ok=True)
        folder = PyFileSystem(DeltaStorageHandler(uri))
        with _taken_back(folder) as added:
            schema = None
            for part in parts:
                data = arrow(part)
                schema = schema or data.schema
                added.append(_file(folder, len(added), data.cast(schema)))
            if schema is None:
                raise ValueError("a table needs at least one part")
            _commit(uri, added, schema, metadata, configuration)


def _file(folder: FileSystem, number: int, data: pa.Table) -> AddAction:
    """Writes one file; what the table's log says of it."""
    name = f"part-{number:05d}-{uuid.uuid4()}.snappy.parquet"
    with folder.open_output_stream(name) as file:
        # without Arrow's own schema, any reader finds the plain types that Delta Lake knows
        pq.write_table(data, file, row_group_size=_ROWS_IN_GROUP, store_schema=False)
        size = file.tell()
    rows = json.dumps({"numRecords": len(data)})
    return AddAction(name, size, {}, time.time_ns() // 1_000_000, True, rows)


def _commit(
    uri: str,
    added: list[AddAction],
    schema: pa.Schema,
    metadata: dict[str, str],
    configuration: dict[str, str],
) -> None:
    properties = CommitProperties(custom_metadata=metadata)
    declared = Schema.from_arrow(schema)
    try:
        table = DeltaTable(uri)
    except TableNotFoundError:
        create_table_with_add_actions(
            uri, declared, added, configuration=configuration, commit_properties=properties
        )
    else:
        table.create_write_transaction(
            [*added], "overwrite", declared, commit_properties=properties
        )


@contextmanager
def _taken_back(folder: FileSystem) -> Iterator[list[AddAction]]:
    """A list of files that are deleted again where the block ends with an exception."""
    added: list[AddAction] = []
    try:
        yield added
    except BaseException:
        for file in added:
            with suppress(OSError):
                folder.delete_file(file.path)
        raise
