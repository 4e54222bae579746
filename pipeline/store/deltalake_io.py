"""Reading and writing single Delta tables; a library's message never leaves this module."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import polars as pl
import pyarrow as pa
from deltalake import CommitProperties, write_deltalake
from deltalake.exceptions import DeltaError

from chartline.core.errors import ChartlineError
from chartline.core.tables import OPEN, TABLES, types_of, validated

_KEY_COLUMNS = 8  # no key is longer
_COMMIT_RETRIES = 20  # side by side, the batches of a cluster commit to the same tables


def checked(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` by the schema of its table; the columns that an open table has beyond it are kept."""
    declared = validated(frame, TABLES[table])
    more = [name for name in frame.columns if name not in declared.columns]
    return declared.hstack(frame.select(more)) if table in OPEN else declared


def typed(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Rows as they were read, in the schema's types, ordered by key."""
    declared = types_of(TABLES[table])
    return by_key(frame.cast({n: t for n, t in declared.items() if n in frame.columns}))


def by_key(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows by their first columns, which hold the key.

    Delta Lake gives the parts of a table back in any order.
    """
    plain = [name for name, dtype in frame.schema.items() if not dtype.is_nested()]
    return frame.sort(plain[:_KEY_COLUMNS], maintain_order=True) if plain else frame


def arrow(frame: pl.DataFrame) -> pa.Table:
    """A frame as an Arrow table of types that Delta Lake knows."""
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest())


def statistics(table: str) -> dict[str, str]:
    """The setting that keeps a table's log free of patients' text and identifiers.

    Delta Lake writes the smallest and the largest value of columns into its log. Here it does so
    for numbers, times and truth values alone, identifiers aside.
    """
    columns = [
        name
        for name, dtype in types_of(TABLES[table]).items()
        if (dtype.is_numeric() or dtype.is_temporal() or dtype == pl.Boolean)
        and not name.endswith("_id")
    ]
    if not columns:
        return {"delta.dataSkippingNumIndexedCols": "0"}
    return {"delta.dataSkippingStatsColumns": ",".join(columns)}


def write(uri: str, data: Any, metadata: dict[str, str], **options: Any) -> None:
    """Writes Arrow data in one commit that carries `metadata`; options as for delta-rs.

    Raises:
        ChartlineError: the table cannot be written; the message names it and the cause.
    """
    properties = CommitProperties(custom_metadata=metadata, max_commit_retries=_COMMIT_RETRIES)
    with no_message(uri):
        write_deltalake(uri, data, commit_properties=properties, **options)


@contextmanager
def no_message(uri: str) -> Iterator[None]:
    """Stands around the writing of a table: a library's failure becomes a message of our own.

    Raises:
        ChartlineError: the table cannot be written; the message names it and the cause.
    """
    try:
        with quiet():
            yield
    except (DeltaError, OSError) as error:
        raise ChartlineError(f"{uri}: cannot be written ({_cause(error)})") from None


@contextmanager
def quiet() -> Iterator[None]:
    """Hides what delta-rs's threads print when a disk is full: the exception says it too."""
    kept, silence = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(silence)


def _cause(error: Exception) -> str:
    if "No space left" in str(error):
        return "no space left on the disk"
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno)
    return type(error).__name__
