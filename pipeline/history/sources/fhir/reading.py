"""A folder or file of FHIR resources to events."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import polars as pl
from polars.io.plugins import register_io_source

from chartline.core.settings import EhrSettings
from chartline.history.sources.fhir.files import (
    Resource,
    files_of,
    is_fhir,
    is_ndjson,
    resources,
)
from chartline.history.sources.fhir.rows import rows_of
from chartline.history.sources.source import Source, SourceTable
from chartline.history.sources.typed_events import events_of

_SCHEMA = {  # of `rows.Row`
    "row": pl.UInt32,
    "subject": pl.String,
    "time": pl.String,
    "code": pl.String,
    "encounter": pl.String,
    "refusal": pl.String,
    "description": pl.String,
}
_BATCH = 50_000  # rows a data frame while a file is read, so that memory stays bounded
_SMALL = 2 * 2**30  # bytes of JSON, up to which files are parsed once and their rows held in memory


def is_source(path: Path) -> bool:
    """Whether `path` is a file of FHIR resources, or a folder that holds one."""
    return is_fhir(path) if path.is_file() else bool(files_of(path))


def read(path: Path, settings: EhrSettings) -> Source:
    """Events of every file, read resource by resource, a bundle as a whole.

    Counted as faults are resources without a code, statements that are refuted or entered in
    error, and acts that were not done. Files of more than 2 GiB together are parsed anew each
    time that their events are needed.
    """
    files = [path] if path.is_file() else files_of(path)
    drugs = _medications(files)
    small = sum(file.stat().st_size for file in files) <= _SMALL
    tables = []
    for file in files:
        rows = register_io_source(_reader(file, drugs), schema=_SCHEMA)
        kept = rows.collect().lazy() if small else rows
        tables.append(SourceTable(file, kept, refused=pl.col("refusal"), timeless=True))
    events, faults = events_of(tables)
    described = (
        pl.concat([table.rows.select("code", "description") for table in tables])
        .drop_nulls()
        .unique("code", keep="first")
    )
    codes = (
        described.sort("code")
        .with_columns(parent_codes=pl.lit(None, pl.List(pl.String)))
        .collect(engine="streaming")
    )
    return Source(events, faults, None, codes)


def _reader(file: Path, drugs: dict[str, Resource]) -> Callable[..., Iterator[pl.DataFrame]]:
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


def _medications(files: Iterable[Path]) -> dict[str, Resource]:
    """`drug_codes` of a bulk export, which has a file a type: Medication.ndjson."""
    found: dict[str, Resource] = {}
    for file in files:
        if is_ndjson(file) and "medication" in file.name.lower():
            found |= drug_codes(resource for _, resource in resources(file))
    return found


def drug_codes(found: Iterable[Resource | None]) -> dict[str, Resource]:
    """Codes (CodeableConcepts) of Medication resources, by the references that requests use."""
    drugs = {}
    for resource in found:
        if (
            resource
            and resource.get("resourceType") == "Medication"
            and isinstance(resource.get("code"), dict)
        ):
            identifier = resource.get("id")
            drugs[f"Medication/{identifier}"] = resource["code"]
            drugs[f"urn:uuid:{identifier}"] = resource["code"]
    return drugs
