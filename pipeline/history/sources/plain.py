"""One CSV or Parquet file, whose columns bear MEDS's names or are mapped in the settings."""

from pathlib import Path

import polars as pl

from chartline.core.errors import UsageError
from chartline.core.settings import EhrSettings
from chartline.history.sources import meds
from chartline.history.sources.common import Part, Source, events_of, need, scan

_KNOWN = ("subject_id", "time", "code", "numeric_value", "text_value", "encounter_id")


def is_source(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in (".csv", ".parquet")


def read(path: Path, settings: EhrSettings) -> Source:
    """The file's rows as events.

    Raises:
        UsageError: a column is missing, or the settings map a name that an event does not have.
    """
    mapped = {name: column.strip().lower() for name, column in settings.columns.items()}
    for name in mapped:
        if name not in _KNOWN:
            raise UsageError(f"setting ehr.columns.{name}: an event has {', '.join(_KNOWN)}")
    if not mapped and path.suffix.lower() == ".parquet":
        return Source(*events_of([meds.part(path)]))
    rows = scan(path, settings.separator)
    wanted = {name: mapped.get(name, name) for name in _KNOWN}
    need(path, rows, *(wanted[name] for name in _KNOWN[:3]))
    need(path, rows, *mapped.values())
    names = rows.collect_schema().names()
    code = _text(wanted["code"]) if path.suffix.lower() == ".csv" else pl.col(wanted["code"])
    if settings.vocabulary:
        code = pl.lit(settings.vocabulary + "//") + code
    others = {
        {"encounter_id": "encounter"}.get(name, name): _text(wanted[name])
        for name in ("numeric_value", "text_value", "encounter_id")
        if wanted[name] in names
    }
    csv = path.suffix.lower() == ".csv"
    subject, time = (
        (_text(wanted[name]) if csv else pl.col(wanted[name])) for name in ("subject_id", "time")
    )
    kept = rows.select("row", subject=subject, time=time, code=code, **others)
    return Source(
        *events_of(
            [
                Part(
                    path,
                    kept,
                    timeless=True,
                    time_format=settings.time_format,
                    separator=settings.separator,
                )
            ]
        )
    )


def _text(column: str) -> pl.Expr:
    """An empty field is nothing."""
    stripped = pl.col(column).cast(pl.String).str.strip_chars()
    return pl.when(stripped != "").then(stripped)
