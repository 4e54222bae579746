"""A row in the runs table for everything that writes."""

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from importlib.metadata import version
from typing import Any

import polars as pl

from chartline.core.errors import described
from chartline.store.delta import Store

COUNTS = ("seen", "read", "unchanged", "removed", "partial", "quarantined", "pages")


def run_date() -> date:
    """Today, by this machine's clock or by UTC, whichever is later.

    Times of sources are in either; a time of today must not seem to lie in the future.
    """
    now = datetime.now(UTC)
    return max(now.date(), now.astimezone().date())


@contextmanager
def recorded(
    store: Store, kind: str, reason_of: Callable[[BaseException], str] = described
) -> Iterator[dict[str, Any]]:
    """Holds the store for a run of this kind and writes its row.

    The row stands as `running` from the start, and as finished or failed at the end, with the
    `COUNTS` that were put into the dictionary that is yielded. Runs that still stand as `running`
    were killed, since the lock is free: their rows become failed. Until the block ends, `store`
    and other stores of this `run_id` may write.

    Args:
        store: where the run writes.
        kind: the name of the command or flow.
        reason_of: the reason to note for an exception that ends the run, in one line.

    Raises:
        BusyError: another run holds the store.
    """
    row: dict[str, Any] = {
        "run_id": uuid.uuid4().hex,
        "kind": kind,
        "status": "running",
        "reason": None,
        "started_at": datetime.now(UTC),
        "seconds": None,
        "version": version("chartline"),
        **dict.fromkeys(COUNTS),
    }
    begin = time.monotonic()
    with store.locked(), store.writer(row["run_id"]):
        _end_killed(store)
        store.put_run(row)
        try:
            yield row
        except BaseException as error:
            row["status"] = "failed"
            row["reason"] = "stopped" if isinstance(error, KeyboardInterrupt) else reason_of(error)
            raise
        else:
            row["status"] = "finished"
        finally:
            row["seconds"] = round(time.monotonic() - begin, 1)
            store.put_run(row)


def _end_killed(store: Store) -> None:
    for row in store.read("runs").filter(pl.col("status") == "running").to_dicts():
        store.put_run(row | {"status": "failed", "reason": "killed"})
