"""CSV and Parquet files of a source: found by name, scanned lazily, columns looked up by name."""

from pathlib import Path

import polars as pl

from chartline.core.errors import UsageError
from chartline.history.faults import ROW


def find(folder: Path, name: str) -> Path | None:
    """The table `name` in a folder: a CSV or Parquet file of that name, in any case."""
    for file in sorted(folder.iterdir()) if folder.is_dir() else []:
        if (
            file.is_file()
            and file.stem.lower() == name
            and file.suffix.lower() in (".csv", ".parquet")
        ):
            return file
    return None


def scan(file: Path, separator: str = ",") -> pl.LazyFrame:
    """A CSV file's rows as text, or a Parquet file's rows in their types.

    Column names are in lower case, unless two would become one; `row` holds row numbers from 1.

    Raises:
        UsageError: the file cannot be read.
    """
    try:
        if file.suffix.lower() == ".parquet":
            frame = pl.scan_parquet(file, row_index_name=ROW, row_index_offset=1)
        else:
            frame = pl.scan_csv(
                file,
                infer_schema=False,
                separator=separator,
                row_index_name=ROW,
                row_index_offset=1,
                truncate_ragged_lines=True,
                encoding="utf8-lossy",
            )
        names = frame.collect_schema().names()
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UsageError(f"{file}: cannot be read ({type(error).__name__})") from None
    lower = [name.strip().lower() for name in names]
    if len(set(lower)) < len(lower):
        return frame
    return frame.rename(dict(zip(names, lower, strict=True)))


def surplus_fields(file: Path, separator: str) -> pl.LazyFrame:
    """Rows of a CSV file with more fields than its header names: the columns `row` and `fault`.

    Only the named fields of such a row are read, so a person should look at it.
    """
    names = pl.scan_csv(
        file,
        infer_schema=False,
        separator=separator,
        truncate_ragged_lines=True,
        encoding="utf8-lossy",
    ).collect_schema()
    extra = "\x00surplus"  # no header holds a null character
    rows = pl.scan_csv(
        file,
        schema=dict.fromkeys([*names, extra], pl.String),
        separator=separator,
        row_index_name=ROW,
        row_index_offset=1,
        truncate_ragged_lines=True,
        encoding="utf8-lossy",
    )
    return rows.filter(pl.col(extra).is_not_null()).select(
        ROW, fault=pl.lit("more fields than the header names")
    )


def require(file: Path, frame: pl.LazyFrame, *columns: str) -> None:
    """Checks that `frame`, the rows of `file`, has these columns.

    Raises:
        UsageError: a column is missing; names it.
    """
    names = frame.collect_schema().names()
    for column in columns:
        if column not in names:
            raise UsageError(f"{file}: no column {column!r}")


def first_filled(frame: pl.LazyFrame, *columns: str) -> pl.Expr:
    """As text, the first of these columns that holds something; null where none does.

    Columns that `frame` lacks are passed over.
    """
    present = [
        pl.col(name).cast(pl.String) for name in columns if name in frame.collect_schema().names()
    ]
    filled = [pl.when(column.str.strip_chars() != "").then(column) for column in present]
    return pl.coalesce(filled) if filled else pl.lit(None, pl.String)
