"""An EHR source and the mentions in documents to one stream of MEDS events."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipeline.errors import UsageError
from pipeline.tables import UTC, Events, conform
from pipeline.times import iso_times

DOCUMENT, EHR = "document", "ehr"
_REQUIRED = ("subject_id", "time", "code")
_OPTIONAL = {"numeric_value": pl.Float32, "text_value": pl.String}
_ORDER = ["subject_id", "time", "code", "source", "document_id", "numeric_value", "text_value"]  # total: no ties


@dataclass(frozen=True)
class Source:
    """An EHR as read: its events, and where the source declares them each subject's split and each code's description."""

    events: pl.DataFrame
    splits: pl.DataFrame | None = None
    codes: pl.DataFrame | None = None


def read_source(path: Path) -> Source:
    """Events of a MEDS dataset (a folder with `data/**/*.parquet`), or of one Parquet or CSV file with MEDS columns.

    Raises:
        UsageError: nothing is recognised, a column is missing, or times or subjects do not parse; says where.
    """
    files = _files(path)
    events = pl.concat([_read(file) for file in files])
    return Source(
        conform(events.sort(_ORDER, nulls_last=False), Events),
        _metadata(path / "metadata" / "subject_splits.parquet", {"subject_id": pl.Int64, "split": pl.String}),
        _metadata(path / "metadata" / "codes.parquet", {"code": pl.String, "description": pl.String}),
    )


def _metadata(file: Path, columns: dict[str, pl.DataType | type[pl.DataType]]) -> pl.DataFrame | None:
    if not file.is_file():
        return None
    try:
        return pl.read_parquet(file, columns=list(columns)).cast(columns).sort(next(iter(columns)))  # type: ignore[arg-type]
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UsageError(
            f"{file}: cannot be read; it needs the columns {', '.join(columns)} ({type(error).__name__})"
        ) from None


def _files(path: Path) -> list[Path]:
    if path.exists() and not os.access(path, os.R_OK):
        raise UsageError(f"{path}: the EHR source cannot be read")
    if path.is_file() and path.suffix.lower() in (".csv", ".parquet"):
        return [path]
    files = sorted((path / "data").rglob("*.parquet")) if path.is_dir() else []
    if not files:
        what = (
            "no such EHR source"
            if not path.exists()
            else "no MEDS dataset (data/**/*.parquet) and no CSV or Parquet file"
        )
        raise UsageError(f"{path}: {what}")
    return files


def _read(file: Path) -> pl.DataFrame:
    try:
        table = pl.read_csv(file, infer_schema=False) if file.suffix.lower() == ".csv" else pl.read_parquet(file)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UsageError(f"{file}: cannot be read ({type(error).__name__})") from None
    missing = [name for name in _REQUIRED if name not in table.columns]
    if missing:
        raise UsageError(f"{file}: no column {missing[0]!r}; MEDS events have {', '.join(_REQUIRED)}")
    return table.select(
        _converted(file, table, "subject_id", pl.Int64),
        _converted(file, table, "time", UTC),
        _converted(file, table, "code", pl.String),
        *(
            _converted(file, table, name, dtype) if name in table.columns else pl.lit(None, dtype).alias(name)
            for name, dtype in _OPTIONAL.items()
        ),
        source=pl.lit(EHR),
        document_id=pl.lit(None, pl.String),
    )


def _converted(file: Path, table: pl.DataFrame, name: str, dtype: pl.DataType | type[pl.DataType]) -> pl.Series:
    column = table[name]
    if dtype == UTC and column.dtype == pl.String:
        converted = iso_times(column)
    elif dtype == UTC and isinstance(column.dtype, pl.Datetime):
        zoned = column if column.dtype.time_zone else column.dt.replace_time_zone("UTC")
        converted = zoned.dt.cast_time_unit("us").dt.convert_time_zone("UTC")
    else:
        converted = column.cast(dtype, strict=False)
    bad = converted.is_null() & column.is_not_null()
    if bad.any():
        wanted = "an ISO 8601 time" if dtype == UTC else "a number" if dtype != pl.String else "text"
        raise UsageError(
            f"{file}: row {int(bad.arg_max() or 0) + 1}: {name} is not {wanted} ({int(bad.sum())} such rows)"
        )
    if name in ("subject_id", "code") and column.null_count():
        raise UsageError(f"{file}: row {int(column.is_null().arg_max() or 0) + 1}: {name} is empty")
    return converted.alias(name)


def subject_id(patient_id: str) -> int:
    """A patient's MEDS subject: the identifier itself where it is a whole number, else 63 bits of its SHA-256."""
    if patient_id.isascii() and patient_id.isdigit() and len(patient_id) < 19:
        return int(patient_id)
    return int.from_bytes(hashlib.sha256(patient_id.encode()).digest()[:8]) >> 1


def document_events(mentions: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Mentions as events at their document's date for its patient; one a code and document.

    Left out: what is negated, hypothetical or of the family; drugs and procedures of the past, whose date is not the
    document's; documents without a patient or a date.
    """
    dated = documents.filter(pl.col("patient_id").is_not_null(), pl.col("written_at").is_not_null())
    subjects = dated.select("document_id", pl.col("written_at").alias("time"),
                            pl.col("patient_id").map_elements(subject_id, pl.Int64).alias("subject_id"))  # fmt: skip
    stated = mentions.filter(
        ~(pl.col("negated") | pl.col("hypothetical") | pl.col("family")),
        ~pl.col("past") | (pl.col("vocabulary") == "ICD10"),
    )
    rows = stated.join(subjects, on="document_id").select(
        "subject_id", "time", pl.concat_str("vocabulary", "code", separator="//").alias("code"),
        numeric_value=pl.lit(None, pl.Float32), text_value=pl.lit(None, pl.String),
        source=pl.lit(DOCUMENT), document_id="document_id",
    )  # fmt: skip
    return conform(rows.unique(["document_id", "code"], keep="first", maintain_order=True), Events)


def join(ehr: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Both streams as one, in MEDS order (subject, then time, facts without a time first)."""
    return pl.concat([ehr, documents]).sort(_ORDER, nulls_last=False)
