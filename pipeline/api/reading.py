"""One PDF to a Document, read by a child process that is kept for the next one."""

import atexit
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from chartline.api.arguments import AnyPath, Time, language_code, path_of, settings_of, utc_time
from chartline.api.document import Document
from chartline.core.errors import UsageError
from chartline.core.paths import document_id, shown_path
from chartline.core.settings import ReadingSettings
from chartline.core.worker_pool import Pool
from chartline.work import inventory, made_from, processing


def read(
    path: AnyPath,
    *,
    language: str | None = None,
    written_at: Time | None = None,
    engine: str | None = None,
    config: AnyPath | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Document:
    """Reads one PDF: lines with labels, sections, clinical facts.

    The file is read in a child process with limits of time and memory, as in `chartline.run`, so
    a hostile file cannot take this process down. The child starts at the first call, which takes
    some seconds, and is kept until this process ends or other settings are given.

    Args:
        path: the PDF.
        language: ISO 639-1 code of its language; by default found in its text.
        written_at: when it was written (ISO 8601 text, date or time; UTC without a time zone).
            "Three weeks ago" counts from it; without it such times have no date.
        engine: `auto` (the default), `pdfium` or `pdfplumber`.
        config: settings in a TOML file.
        settings: single settings that overrule it, such as `{"reading.limits.pages": 10}`.

    Returns:
        The Document. One that cannot be read has the status `quarantined`, its reason and no rows.

    Raises:
        UsageError: there is no such file, or an argument or a setting is wrong.
        ChartlineError: the child process does not start.
    """
    file = path_of(path, "path")
    chosen = settings_of(config, settings, reading__engine=engine)
    known = {"language": language_code(language), "written_at": utc_time(written_at)}
    if not os.path.isfile(file):  # a named pipe would never end
        other = (
            "is a folder; chartline.run reads folders" if os.path.isdir(file) else "no such file"
        )
        raise UsageError(f"{file}: {other}")
    made_from.reading(chosen)  # the weights are there
    # absolute: the child process keeps the working directory that it was started in
    row, frames = _reader.results(_one_row(file, known), file.absolute().parent, chosen.reading)
    return Document(
        path=file,
        document_id=row["document_id"],
        status=row["status"],
        reason=row["reason"] and str(row["reason"]),
        pages=row["pages"],
        failed_pages={page["page"]: str(page["reason"]) for page in row["failed_pages"]},
        language=row["language"],
        written_at=row["written_at"],
        engine=row["engine"],
        doubt=row["doubt"],
        content_hash=row["content_hash"],
        lines=frames["lines"],
        sections=frames["sections"],
        mentions=frames["mentions"],
    )


def _one_row(file: Path, known: dict[str, Any]) -> pl.DataFrame:
    """The file as `inventory.describe` would show a folder that holds it alone."""
    found = pl.DataFrame(
        {"document_id": [document_id(file.name)], "path": [shown_path(file.name)]},
    )
    described = inventory.describe(found, None)
    return described.with_columns(
        pl.lit(value, described.schema[name]).alias(name) for name, value in known.items()
    )


class _Reader:
    """The child process of this process, one at a time, whatever thread calls."""

    _lock: threading.Lock
    _pool: Pool | None
    _settings: ReadingSettings | None

    def __init__(self) -> None:
        self._forget()
        os.register_at_fork(after_in_child=self._forget)
        atexit.register(self._close)

    def results(
        self, todo: pl.DataFrame, folder: Path, settings: ReadingSettings
    ) -> tuple[dict[str, Any], dict[str, pl.DataFrame]]:
        """A row of the documents table and the other tables of the one document in `todo`."""
        alone = settings.model_copy(update={"workers": 1})
        with self._lock:
            pool = self._pool_for(alone.model_copy(update={"engine": "auto"}))
            ((row, frames),) = processing.results(todo, folder, alone, "", pool)
        return row, frames

    def _pool_for(self, settings: ReadingSettings) -> Pool:
        """The pool in use; a new one where the worker's settings differ (tasks name the engine)."""
        if self._pool is None or settings != self._settings:
            self._close()
            self._pool, self._settings = processing.new_pool(settings), settings
        return self._pool

    def _close(self) -> None:
        if self._pool is not None:
            self._pool.close()

    def _forget(self) -> None:
        """A forked process has neither the child nor the lock of its parent."""
        self._lock = threading.Lock()
        self._pool = None
        self._settings = None


_reader = _Reader()
