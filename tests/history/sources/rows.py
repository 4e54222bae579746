"""Files of sources for tests, and what a source that was read holds."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from chartline.history.sources import Source

MARCH = datetime(2020, 3, 1, tzinfo=UTC)


def csv(file: Path, rows: list[dict[str, Any]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(rows, infer_schema_length=None).write_csv(file)


def triples(source: Source) -> set[tuple[int, datetime | None, str]]:
    return set(source.collected().select("subject_id", "time", "code").iter_rows())


def faults(source: Source) -> dict[str, tuple[int, list[int]]]:
    return {
        fault: (count, rows)
        for fault, count, rows in source.faults.select("fault", "count", "rows").iter_rows()
    }


def values(source: Source, *columns: str) -> list[tuple[Any, ...]]:
    """These columns of the events, sorted."""
    return sorted(source.collected().select(columns).rows(), key=str)
