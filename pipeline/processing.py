"""Documents to tables over a pool of guarded workers, committed in batches; what is done stays done."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from pipeline import worker
from pipeline.documents import content_hash
from pipeline.errors import ChartlineError
from pipeline.extraction import guard
from pipeline.settings import Reading
from pipeline.store import SCHEMAS, Store

Tick = Callable[[int], None]


@dataclass
class _Batch:
    """Answers not yet committed."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    frames: dict[str, list[pl.DataFrame]] = field(default_factory=lambda: {name: [] for name in worker.TABLES})

    def add(self, row: dict[str, Any], frames: dict[str, pl.DataFrame]) -> None:
        self.rows.append(row)
        for name, frame in frames.items():
            self.frames[name].append(frame)

    def commit(self, store: Store) -> None:
        if not self.rows:
            return
        parts = {name: pl.concat([_empty(name), *frames]) for name, frames in self.frames.items()}
        parts["documents"] = pl.DataFrame(self.rows, schema=_schema("documents"))
        store.replace_documents(parts, parts["documents"]["document_id"].to_list())
        self.rows.clear()
        for frames in self.frames.values():
            frames.clear()


def process(todo: pl.DataFrame, folder: Path, store: Store, settings: Reading, version: str, tick: Tick) -> None:
    """Processes the documents in `todo` (documents.describe) and commits every `settings.commit_every` of them.

    Raises:
        ChartlineError: the store cannot be written, or workers do not start. What was committed stays.
    """
    batch = _Batch()
    try:
        for done, (row, frames) in enumerate(results(todo, folder, settings, version), 1):
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
    todo: pl.DataFrame, folder: Path, settings: Reading, version: str
) -> Iterator[tuple[dict[str, Any], dict[str, pl.DataFrame]]]:
    """A row of the documents table and the document's other tables, as workers finish."""
    rows = {worker.task(row, folder): row for row in todo.to_dicts()}
    limits = settings.limits
    start = partial(worker.start, settings)
    for answer in guard.run(rows, start, settings.workers, limits.document_seconds, limits.memory_mb):
        row = rows[answer.task]
        if answer.result is None:
            reason = answer.reason.value if answer.reason else None
            header = {
                "pages": 0,
                "status": "quarantined",
                "reason": reason,
                "engine": None,
                "content_hash": _hash(folder / row["path"]),
            }
            frames = {name: _empty(name) for name in worker.TABLES}
        else:
            header, frames = worker.decode(answer.result)
        yield {**row, **header, "version": version}, frames


def _hash(path: Path) -> str:
    try:
        return content_hash(path)
    except OSError:
        return ""


def _schema(table: str) -> dict[str, Any]:
    return {name: column.dtype for name, column in SCHEMAS[table].columns().items()}


def _empty(table: str) -> pl.DataFrame:
    return pl.DataFrame(schema=_schema(table))


def still_true(todo: pl.DataFrame, folder: Path, known: pl.DataFrame, version: str) -> pl.DataFrame:
    """Rows of `known` whose file was only touched: same bytes, patient and date, this version; with the new file time."""
    same = ["document_id", "patient_id", "encounter_id", "kind", "written_at"]
    hashed = todo.with_columns(
        content_hash=pl.Series([_hash(folder / path) for path in todo["path"].to_list()], dtype=pl.String)
    )
    current = known.filter(pl.col("version") == version, pl.col("content_hash") != "")
    fresh = hashed.select(*same, "content_hash", new_time="modified_at")
    joined = current.join(fresh, on=[*same, "content_hash"], nulls_equal=True)
    return joined.with_columns(modified_at=pl.col("new_time")).drop("new_time")
