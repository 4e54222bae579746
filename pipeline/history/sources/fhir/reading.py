"""A folder or file of FHIR resources to events."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl
from polars.io.plugins import register_io_source

from chartline.core.settings import EhrSettings
from chartline.history.faults import fault_row, merge_faults
from chartline.history.sources.fhir.files import (
    Resource,
    all_files,
    files_of,
    is_fhir,
    is_ndjson,
    lines,
    parsed,
    resources,
    size_of,
)
from chartline.history.sources.fhir.rows import rows_of
from chartline.history.sources.source import Source, SourceTable
from chartline.history.sources.typed_events import events_of

_SCHEMA = {  # of `rows.Row`
    "row": pl.UInt32,
    **dict.fromkeys(("subject", "time", "code", "encounter", "refusal", "description"), pl.String),
    "numeric_value": pl.Float64,
    **dict.fromkeys(("text_value", "unit", "end", "known"), pl.String),
    "certain": pl.Boolean,
    "lost": pl.Boolean,
    **dict.fromkeys(("key", "version"), pl.String),
}
_BATCH = 50_000  # rows a data frame while a file is read, so that memory stays bounded
_SMALL = 2 * 2**30  # bytes of JSON, up to which files are parsed once and their rows held in memory
_MEDICATION = re.compile(rb'"resourceType"\s*:\s*"Medication"')
_AGAIN = "the same resource again, or an older version of it"


def is_source(path: Path) -> bool:
    """Whether `path` is a file of FHIR resources, or a folder that holds one."""
    return is_fhir(path) if path.is_file() else bool(files_of(path))


def read(path: Path, settings: EhrSettings, today: date | None = None) -> Source:
    """Events of every file, read resource by resource, a bundle as a whole.

    Counted as faults are files and types of resources that are not read, resources without a code,
    statements that are no facts (see `facts`), and resources that are there twice. Files of more
    than 2 GiB together are parsed anew each time that their events are needed.
    """
    files = [path] if path.is_file() else files_of(path)
    drugs = _medications(files)
    small = sum(size_of(file) for file in files) <= _SMALL
    tables = []
    for file in files:
        rows = register_io_source(_reader(file, drugs), schema=_SCHEMA)
        kept = rows.collect().lazy() if small else rows
        tables.append(SourceTable(file, kept, refused=pl.col("refusal"), timeless=True))
    tables = _each_once(tables)
    events, faults = events_of(tables, today)
    others = [fault_row(file, "file not read") for file in all_files(path) if file not in files]
    return Source(events, merge_faults([faults, *others]), None, _code_table(tables))


def _each_once(tables: Sequence[SourceTable]) -> list[SourceTable]:
    """The tables, with all but the latest version of each resource refused."""
    keyed = pl.concat(
        table.rows.filter(pl.col("key").is_not_null()).select(
            "row",
            "version",
            file=pl.lit(number, pl.UInt32),
            key=pl.col("key").hash(),
            unit=_unit(),
        )
        for number, table in enumerate(tables)
    ).unique(["file", "unit"], maintain_order=False)
    several = keyed.group_by("key").agg(number=pl.len()).filter(pl.col("number") > 1)
    older = (
        keyed.join(several, on="key", how="semi")
        .collect(engine="streaming")
        .sort("version", "file", "row", descending=[True, False, False])
        .filter(~pl.col("key").is_first_distinct())
    )
    return [
        _without(table, older.filter(file=number)["unit"]) for number, table in enumerate(tables)
    ]


def _unit() -> pl.Expr:
    """What tells the rows of one file apart that have a key: a resource, or a part of one."""
    return pl.struct("row", "key").hash()


def _without(table: SourceTable, older: pl.Series) -> SourceTable:
    """A table whose rows of these units are refused; nothing of them is lost."""
    if older.is_empty():
        return table
    is_older = pl.col("key").is_not_null() & _unit().is_in(older.implode())
    return replace(
        table,
        rows=table.rows.with_columns(lost=pl.col("lost") & ~is_older),
        refused=pl.when(is_older).then(pl.lit(_AGAIN)).otherwise(table.refused),
    )


def _code_table(tables: Sequence[SourceTable]) -> pl.DataFrame:
    described = pl.concat([table.rows.select("code", "description") for table in tables])
    return (
        described.drop_nulls()
        .unique("code", keep="first")
        .sort("code")
        .with_columns(parent_codes=pl.lit(None, pl.List(pl.String)))
        .collect(engine="streaming")
    )


def _reader(file: Path, drugs: dict[str, Any]) -> Callable[..., Iterator[pl.DataFrame]]:
    """The function that polars calls to scan `file`; `drugs` are those of other files."""

    def batches(
        with_columns: list[str] | None,
        predicate: pl.Expr | None,
        n_rows: int | None,
        batch_size: int | None,
    ) -> Iterator[pl.DataFrame]:
        if is_ndjson(file):
            numbered, known = resources(file), drugs
        else:  # a bundle is in memory as a whole in any case
            whole = list(resources(file))
            numbered, known = iter(whole), drugs | drug_codes(resource for _, resource in whole)
        rows = (row for number, resource in numbered for row in rows_of(number, resource, known))
        while chunk := list(islice(rows, _BATCH)):
            frame = pl.DataFrame(chunk, schema=_SCHEMA, orient="row")
            if predicate is not None:
                frame = frame.filter(predicate)
            yield frame.select(with_columns) if with_columns else frame

    return batches


def _medications(files: Iterable[Path]) -> dict[str, Any]:
    """`drug_codes` of the NDJSON files of a bulk export."""
    found: dict[str, Any] = {}
    for file in files:
        if is_ndjson(file):
            found |= drug_codes(parsed(line) for line in lines(file) if _MEDICATION.search(line))
    return found


def drug_codes(found: Iterable[Resource | str]) -> dict[str, Any]:
    """Codes (CodeableConcepts) of Medication resources, by their identifiers."""
    return {
        str(resource.get("id")): resource["code"]
        for resource in found
        if isinstance(resource, dict)
        and resource.get("resourceType") == "Medication"
        and isinstance(resource.get("code"), dict)
    }
