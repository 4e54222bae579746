"""CSV and Parquet files of a source: found by name, scanned lazily, columns looked up by name."""

import re
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path

import polars as pl
from polars.io.plugins import register_io_source

from chartline.core.errors import UsageError
from chartline.core.tables import EventFaults, types_of
from chartline.history.faults import ROW, count_faults, fault_row, merge_faults
from chartline.history.sources.compressed import UNREADABLE
from chartline.history.sources.csv_layout import Layout, blocks, layout_of

_TABLE = re.compile(r"^(.+?)\.(csv|tsv|csv\.gz|tsv\.gz|parquet)$")
_NUMBERED = re.compile(r"^(.+?)[_.-](?:part[_-]?)?\d+$")  # condition_occurrence_2, …-part-00002
_EXTRA = "\x00surplus"  # a column beyond the header's; no header holds a null character
_NOT_READ = "table not read"
_NO_FIELDS = (pl.List, pl.Array, pl.Struct, pl.Object, pl.Binary, pl.Duration, pl.Time)
_UNREADABLE = (*UNREADABLE, pl.exceptions.PolarsError)


def table_name(file: Path) -> str | None:
    """The table that a CSV or Parquet file holds, by its name in lower case; None for others.

    >>> table_name(Path("CONCEPT.csv.gz")), table_name(Path("drug_exposure_02.parquet"))
    ('concept', 'drug_exposure')
    """
    match = _TABLE.match(file.name.lower())
    if not match:
        return None
    numbered = _NUMBERED.match(match[1])
    return numbered[1] if numbered else match[1]


def is_csv(file: Path) -> bool:
    """Whether a table's file is one of text, rather than Parquet."""
    return not file.name.lower().endswith(".parquet")


def find_all(folder: Path, name: str) -> list[Path]:
    """The files of the table `name`: one, or the numbered parts of one; of the first suffix."""
    files = [file for file in _files(folder) if table_name(file) == name]
    return [file for file in files if _suffix(file) == _suffix(files[0])]


def find(folder: Path, name: str) -> Path | None:
    """The first file of the table `name` in a folder, in any case; None where there is none."""
    return next(iter(find_all(folder, name)), None)


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.is_file()) if folder.is_dir() else []


def _suffix(file: Path) -> str:
    match = _TABLE.match(file.name.lower())
    return match[2] if match else ""


def scan(file: Path, separator: str | None = None) -> pl.LazyFrame:
    """A CSV file's rows as text, or a Parquet file's rows in their types.

    Column names are in lower case, unless two would become one; `row` holds row numbers from 1.
    Parquet columns that are no plain values, such as lists, are null.

    Args:
        file: The file; CSV in any encoding, compressed or not.
        separator: Of a CSV file's fields; None: seen in its header.

    Raises:
        UsageError: the file cannot be read.
    """
    try:
        frame = _csv(file, separator) if is_csv(file) else _parquet(file)
        names = frame.collect_schema().names()
    except _UNREADABLE as error:
        raise UsageError(f"{file}: cannot be read ({type(error).__name__})") from None
    lower = [name.strip().lower() for name in names]
    if len(set(lower)) < len(lower):
        return frame
    return frame.rename(dict(zip(names, lower, strict=True)))


def _parquet(file: Path) -> pl.LazyFrame:
    frame = pl.scan_parquet(file, row_index_name=ROW, row_index_offset=1)
    nested = [
        name for name, dtype in frame.collect_schema().items() if isinstance(dtype, _NO_FIELDS)
    ]
    return frame.with_columns(pl.lit(None, pl.String).alias(name) for name in nested)


def _csv(file: Path, separator: str | None, *, extra: bool = False) -> pl.LazyFrame:
    """A CSV file's rows as text; `extra` adds a column of what follows the header's fields."""
    layout = layout_of(file, separator)
    names = [*_header(file, layout), *([_EXTRA] if extra else [])]
    schema = dict.fromkeys(names, pl.String)
    if not layout.plain:
        return register_io_source(
            _blockwise(file, layout, names), schema={ROW: pl.UInt32, **schema}
        )
    return pl.scan_csv(
        file,
        schema=schema,
        separator=layout.separator,
        quote_char=layout.quote,
        row_index_name=ROW,
        row_index_offset=1,
        truncate_ragged_lines=True,
    )


def _header(file: Path, layout: Layout) -> list[str]:
    first = next(blocks(file, layout), b"")
    if not first.strip():
        raise pl.exceptions.NoDataError
    return pl.read_csv(
        BytesIO(first.partition(b"\n")[0] + b"\n"),
        infer_schema=False,
        n_rows=0,
        separator=layout.separator,
        quote_char=layout.quote,
        truncate_ragged_lines=True,
    ).columns


def _blockwise(
    file: Path, layout: Layout, names: list[str]
) -> Callable[..., Iterator[pl.DataFrame]]:
    """The function that polars calls to scan a file that it cannot scan itself."""

    def batches(
        with_columns: list[str] | None,
        predicate: pl.Expr | None,
        n_rows: int | None,
        batch_size: int | None,
    ) -> Iterator[pl.DataFrame]:
        start = 1
        for number, block in enumerate(blocks(file, layout)):
            frame = pl.read_csv(
                BytesIO(block),
                has_header=False,
                skip_rows=int(number == 0),
                schema=dict.fromkeys(names, pl.String),
                separator=layout.separator,
                quote_char=layout.quote,
                truncate_ragged_lines=True,
                raise_if_empty=False,
            )
            numbered = frame.with_row_index(ROW, start).cast({ROW: pl.UInt32})
            start += len(frame)
            if predicate is not None:
                numbered = numbered.filter(predicate)
            yield numbered.select(with_columns) if with_columns else numbered

    return batches


def separator_of(file: Path, separator: str | None) -> str:
    """What separates the fields of a table's file; a comma for Parquet."""
    return layout_of(file, separator).separator if is_csv(file) else ","


def layout_faults(file: Path, separator: str | None) -> pl.DataFrame:
    """What a CSV file's form cost, as the table event_faults; nothing of it loses a row.

    Rows with more fields than the header names, of which only the named ones are read; lines that
    are not UTF-8. No rows for a Parquet file.
    """
    if not is_csv(file):
        return merge_faults([])
    surplus = (
        _csv(file, separator, extra=True)
        .filter(pl.col(_EXTRA).is_not_null())
        .select(ROW, fault=pl.lit("more fields than the header names"))
    )
    layout = layout_of(file, separator)
    kinds = {
        "not UTF-8: read as Windows-1252": layout.foreign,
        "a quotation mark without its end: left out": layout.unclosed,
    }
    rows = [
        {"file": str(file), "fault": fault, "lost": False, "count": count, "rows": first}
        for fault, (count, first) in kinds.items()
        if count
    ]
    lines = pl.DataFrame(rows, schema=types_of(EventFaults))
    return merge_faults([count_faults([(file, surplus)], lost=False), lines])


def unread(folder: Path, read: Sequence[Path], patient_columns: tuple[str, ...]) -> pl.DataFrame:
    """Files of a folder that are not read, as the table event_faults.

    A table counts its rows; it loses something where it has one of `patient_columns`.
    """
    found = []
    for file in _files(folder):
        if file in read or file.name.startswith("."):
            continue
        if table_name(file) is None:
            found.append(fault_row(file, "file not read"))
            continue
        try:
            rows = scan(file)
            lost = bool(set(rows.collect_schema().names()) & set(patient_columns))
            count = int(rows.select(pl.len()).collect(engine="streaming").item())
        except (UsageError, *_UNREADABLE):
            found.append(fault_row(file, "the file cannot be read"))
        else:
            found.append(fault_row(file, _NOT_READ, count, lost=lost))
    return merge_faults(found)


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


def whole_number(frame: pl.LazyFrame, *columns: str) -> pl.Expr:
    """`first_filled` for numbers such as OMOP's concepts: 8507.0, as pandas writes it, is 8507."""
    return first_filled(frame, *columns).str.strip_chars().str.strip_suffix(".0")
