"""Documents to tables over a pool of guarded workers, committed in batches; what is done stays done."""

import atexit
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

import polars as pl

from chartline.core import worker_pool
from chartline.core.errors import ChartlineError
from chartline.core.paths import real_path
from chartline.core.reasons import Reason
from chartline.core.settings import ReadingSettings
from chartline.core.tables import TABLES, UNKNOWN_LANGUAGE, Documents, empty, types_of
from chartline.pdf.retries import Attempt, next_attempt
from chartline.store import Store
from chartline.work import worker
from chartline.work.inventory import content_hash

Tick = Callable[[int], None]


@dataclass
class _Batch:
    """Answers not yet committed."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    frames: dict[str, list[pl.DataFrame]] = field(
        default_factory=lambda: {name: [] for name in worker.TABLES}
    )

    def add(self, row: dict[str, Any], frames: dict[str, pl.DataFrame]) -> None:
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
    """Workers that have loaded their models once they take their first document; to be closed."""
    return worker_pool.Pool(
        partial(worker.start, settings), settings.workers, settings.limits.memory_mb
    )


@cache
def kept_pool(settings: str) -> worker_pool.Pool:
    """This process's own pool for `Reading` settings in JSON, kept from batch to batch and closed at the process's end."""
    pool = new_pool(ReadingSettings.model_validate_json(settings))
    atexit.register(pool.close)
    return pool


def process(
    todo: pl.DataFrame,
    folder: Path,
    store: Store,
    settings: ReadingSettings,
    version: str,
    tick: Tick,
    pool: worker_pool.Pool,
) -> None:
    """Processes the documents in `todo` (documents.describe) and commits every `settings.commit_every` of them.

    Raises:
        ChartlineError: the store cannot be written, or workers do not start. What was committed stays.
    """
    batch = _Batch()
    try:
        for done, (row, frames) in enumerate(results(todo, folder, settings, version, pool), 1):
            batch.add(row, frames)
            if len(batch.rows) >= settings.commit_every:
                batch.commit(store)
            tick(done)
    except KeyboardInterrupt:
        batch.commit(store)
        raise
    except RuntimeError as error:
        raise ChartlineError(f"reading documents: {error}") from None
    batch.commit(store)


def results(
    todo: pl.DataFrame,
    folder: Path,
    settings: ReadingSettings,
    version: str,
    pool: worker_pool.Pool,
) -> Iterator[tuple[dict[str, Any], dict[str, pl.DataFrame]]]:
    """A row of the documents table and the document's other tables, as workers finish."""
    first = Attempt(settings.engine)
    waiting = deque[bytes]()
    attempts: dict[bytes, tuple[dict[str, Any], Attempt]] = {}
    excused = (
        set[str]()
    )  # documents whose worker was killed once: read again in the same way, as if nothing had been
    for row in todo.to_dicts():
        waiting.append(worker.task(row, folder, first))
        attempts[waiting[-1]] = row, first
    for answer in pool.run(waiting, settings.limits.page_seconds):
        row, asked = attempts.pop(answer.task)
        if answer.killed and row["document_id"] not in excused:
            excused.add(row["document_id"])
            waiting.appendleft(answer.task)
            attempts[answer.task] = row, asked
            continue
        if answer.result is not None:
            header, frames = worker.decode(answer.result)
        elif (other := next_attempt(asked, answer.reason or Reason.CRASH, answer.step)) is not None:
            waiting.appendleft(worker.task(row, folder, other))
            attempts[waiting[0]] = row, other
            continue
        else:
            header, frames = _given_up(row, folder, answer.reason), _no_rows()
        yield {**row, **header, "version": version}, frames


def _given_up(row: dict[str, Any], folder: Path, reason: Reason | None) -> dict[str, Any]:
    return {
        "language": row["language"] or UNKNOWN_LANGUAGE,
        "pages": 0,
        "status": "quarantined",
        "reason": reason,
        "failed_pages": [],
        "engine": None,
        "content_hash": _hash(folder / real_path(row["path"])),
        "doubt": None,
    }


def _no_rows() -> dict[str, pl.DataFrame]:
    return {name: empty(TABLES[name]) for name in worker.TABLES}


def _hash(path: Path) -> str:
    try:
        return content_hash(path)
    except OSError:
        return ""


def still_true(todo: pl.DataFrame, folder: Path, known: pl.DataFrame, version: str) -> pl.DataFrame:
    """Rows of `known` whose file was only touched: same bytes, patient and date, this version; with the new file time."""
    same = ["document_id", "patient_id", "encounter_id", "kind", "written_at"]
    hashed = todo.with_columns(
        content_hash=pl.Series(
            [_hash(folder / real_path(path)) for path in todo["path"].to_list()], dtype=pl.String
        )
    )
    current = known.filter(pl.col("version") == version, pl.col("content_hash") != "")
    fresh = hashed.select(*same, "content_hash", new_time="modified_at")
    joined = current.join(fresh, on=[*same, "content_hash"], nulls_equal=True)
    return joined.with_columns(modified_at=pl.col("new_time")).drop("new_time")
