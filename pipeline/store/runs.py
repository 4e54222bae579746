"""A row in the runs table for everything that writes."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from chartline.core.errors import described
from chartline.store.delta import Store

COUNTS = ("seen", "read", "unchanged", "removed", "partial", "quarantined", "pages")


@contextmanager
def recorded(store: Store, kind: str) -> Iterator[dict[str, Any]]:
    """Holds the store for a run of this kind and writes its row.

    The row stands as `running` from the start, and as finished or failed at the end, with the
    `COUNTS` that were put into the dictionary that is yielded.

    Raises:
        BusyError: another run holds the store.
    """
    with store.locked():
        begin = time.monotonic()
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
        store.put_run(row)
        try:
            yield row
        except BaseException as error:
            row["status"] = "failed"
            row["reason"] = "stopped" if isinstance(error, KeyboardInterrupt) else described(error)
            raise
        else:
            row["status"] = "finished"
        finally:
            row["seconds"] = round(time.monotonic() - begin, 1)
            store.put_run(row)
