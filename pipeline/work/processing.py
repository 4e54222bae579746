"""Documents to tables, over a pool of guarded worker processes, committed in batches."""

import atexit
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

import polars as pl

from chartline.core import worker_pool
from chartline.core.paths import real_path
from chartline.core.reasons import Reason
from chartline.core.settings import ReadingSettings
from chartline.core.tables import TABLES, UNKNOWN_LANGUAGE, Documents, empty, types_of
from chartline.pdf.retries import Attempt, next_attempt
from chartline.store import Store
from chartline.work import worker
from chartline.work.inventory import content_hash

Row = dict[str, Any]
Frames = dict[str, pl.DataFrame]


@dataclass
class _Batch:
    """Documents that are read and not yet committed."""

    rows: list[Row] = field(default_factory=list)
    frames: dict[str, list[pl.DataFrame]] = field(
        default_factory=lambda: {name: [] for name in worker.TABLES}
    )

    def add(self, row: Row, frames: Frames) -> None:
        self.rows.append(row)
        for name, frame in frames.items():
            self.frames[name].append(frame)

    def commit(self, store: Store) -> None:
        if not self.rows:
            return
        parts = {
            name: pl.concat([empty(TABLES[name]), *frames]) for name, frames in self.frames.items()
        }
        parts["documents"] = pl.DataFrame(self.rows, schema=types_of(Documents))
        store.replace_documents(parts, parts["documents"]["document_id"].to_list())
        self.rows.clear()
        for frames in self.frames.values():
            frames.clear()


def new_pool(settings: ReadingSettings) -> worker_pool.Pool:
    """Workers that load their models when they take their first document; to be closed."""
    start = partial(worker.start, settings)
    return worker_pool.Pool(start, settings.workers, settings.limits.memory_mb)


@cache
def kept_pool(settings: str) -> worker_pool.Pool:
    """This process's own pool, kept from batch to batch and closed at the process's end.

    `settings` is a `ReadingSettings` in JSON.
    """
    pool = new_pool(ReadingSettings.model_validate_json(settings))
    atexit.register(pool.close)
    return pool


def process(
    todo: pl.DataFrame,
    folder: Path,
    store: Store,
    settings: ReadingSettings,
    version: str,
    done: Callable[[int], None],
    pool: worker_pool.Pool,
) -> None:
    """Reads the documents in `todo` (`inventory.describe`) into the tables of documents.

    Every `settings.commit_every` of them are committed; `done` is called with their number so far.

    Raises:
        ChartlineError: the store cannot be written, or workers do not start. What was committed
            stays.
    """
    batch = _Batch()
    try:
        found = results(todo, folder, settings, version, pool)
        for number, (row, frames) in enumerate(found, 1):
            batch.add(row, frames)
            if len(batch.rows) >= settings.commit_every:
                batch.commit(store)
            done(number)
    except KeyboardInterrupt:
        batch.commit(store)
        raise
    batch.commit(store)


def results(
    todo: pl.DataFrame,
    folder: Path,
    settings: ReadingSettings,
    version: str,
    pool: worker_pool.Pool,
) -> Iterator[tuple[Row, Frames]]:
    """A row of the documents table and the document's other tables, as workers finish."""
    queue = _Queue(folder)
    for row in todo.to_dicts():
        queue.put(row, Attempt(settings.engine))
    for answer in pool.run(queue.waiting, settings.limits.page_seconds):
        row, attempt = queue.take(answer.task)
        if answer.killed and queue.excuse(row):
            queue.put_first(row, attempt)
            continue
        if answer.result is not None:
            header, frames = worker.decode(answer.result)
        elif other := next_attempt(attempt, answer.reason or Reason.CRASH, answer.step):
            queue.put_first(row, other)
            continue
        else:
            header, frames = _given_up(row, folder, answer.reason), _no_rows()
        yield {**row, **header, "version": version}, frames


class _Queue:
    """The tasks that wait for a worker, and the documents and attempts that they stand for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.waiting = deque[bytes]()
        self._stands_for: dict[bytes, tuple[Row, Attempt]] = {}
        self._excused = set[str]()

    def put(self, row: Row, attempt: Attempt) -> None:
        task = worker.task(row, self.folder, attempt)
        self._stands_for[task] = row, attempt
        self.waiting.append(task)

    def put_first(self, row: Row, attempt: Attempt) -> None:
        self.put(row, attempt)
        self.waiting.rotate(1)

    def take(self, task: bytes) -> tuple[Row, Attempt]:
        return self._stands_for.pop(task)

    def excuse(self, row: Row) -> bool:
        """Whether this is the first time that a document's worker was killed from outside.

        It is then read again in the same way, as if nothing had happened.
        """
        first = row["document_id"] not in self._excused
        self._excused.add(row["document_id"])
        return first


def _given_up(row: Row, folder: Path, reason: Reason | None) -> Row:
    return {
        "language": row["language"] or UNKNOWN_LANGUAGE,
        "pages": 0,
        "status": "quarantined",
        "reason": reason,
        "failed_pages": [],
        "engine": None,
        "content_hash": content_hash(folder / real_path(row["path"])),
        "doubt": None,
    }


def _no_rows() -> Frames:
    return {name: empty(TABLES[name]) for name in worker.TABLES}
