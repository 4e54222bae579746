"""One CSV or Parquet file of events; its columns have MEDS's names, or settings name them."""

from datetime import date
from pathlib import Path

import polars as pl

from chartline.core.errors import UsageError
from chartline.core.settings import EhrSettings
from chartline.history.sources import meds
from chartline.history.sources.files import is_csv, require, scan, table_name
from chartline.history.sources.source import Source, SourceTable
from chartline.history.sources.typed_events import events_of

_NEEDED = ("subject_id", "time", "code")
_OPTIONAL = {  # column of events -> column of a source table
    "numeric_value": "numeric_value",
    "text_value": "text_value",
    "unit": "unit",
    "end_time": "end",
    "known_at": "known",
    "encounter_id": "encounter",
}
_KNOWN = (*_NEEDED, *_OPTIONAL)


def is_source(path: Path) -> bool:
    """Whether `path` is a CSV or Parquet file."""
    return path.is_file() and table_name(path) is not None


def read(path: Path, settings: EhrSettings, today: date | None = None) -> Source:
    """The file's rows as events.

    Raises:
        UsageError: a column is missing, or `settings.columns` names one that events do not have.
    """
    mapped = {name: column.strip().lower() for name, column in settings.columns.items()}
    for name in mapped:
        if name not in _KNOWN:
            raise UsageError(f"setting ehr.columns.{name}: an event has {', '.join(_KNOWN)}")
    if not mapped and not is_csv(path):
        return Source(*events_of([meds.source_table(path)], today))
    rows = scan(path, settings.separator)
    columns = {name: mapped.get(name, name) for name in _KNOWN}
    require(path, rows, *(columns[name] for name in _NEEDED))
    require(path, rows, *mapped.values())
    subject, time, code = (
        _text(columns[name]) if is_csv(path) else pl.col(columns[name]) for name in _NEEDED
    )
    if settings.vocabulary:
        code = pl.lit(settings.vocabulary + "//") + code
    present = rows.collect_schema().names()
    optional = {
        name: _text(columns[column])
        for column, name in _OPTIONAL.items()
        if columns[column] in present
    }
    table = SourceTable(
        path,
        rows.select("row", subject=subject, time=time, code=code, **optional),
        timeless=True,
        time_format=settings.time_format,
        separator=settings.separator,
    )
    return Source(*events_of([table], today))


def _text(column: str) -> pl.Expr:
    """A column as text, null where a field is empty."""
    stripped = pl.col(column).cast(pl.String).str.strip_chars()
    return pl.when(stripped != "").then(stripped)
