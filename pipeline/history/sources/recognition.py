"""Which kind of source a path is."""

import os
from collections.abc import Callable
from pathlib import Path

from chartline.core.errors import UsageError
from chartline.core.settings import EhrSettings
from chartline.history.sources import fhir, meds, omop, plain, synthea
from chartline.history.sources.common import Source

READERS: list[tuple[str, Callable[[Path], bool], Callable[[Path, EhrSettings], Source]]] = [
    ("a MEDS dataset (data/**/*.parquet)", meds.is_dataset, meds.read),
    ("OMOP CDM tables (person, condition_occurrence, …)", omop.is_source, omop.read),
    ("Synthea's CSV files (patients, encounters, …)", synthea.is_source, synthea.read),
    ("FHIR R4 (bundles in .json, resources in .ndjson)", fhir.is_source, fhir.read),
    ("one CSV or Parquet file", plain.is_source, plain.read),
]


def read_source(path: Path, settings: EhrSettings | None = None) -> Source:
    """The source at `path`: a folder or a file, recognised by itself.

    Raises:
        UsageError: nothing is recognised, or a table lacks a column; says where.
    """
    if not path.exists():
        raise UsageError(f"{path}: no such EHR source")
    if not os.access(path, os.R_OK):
        raise UsageError(f"{path}: the EHR source cannot be read")
    for _, recognises, read in READERS:
        if recognises(path):
            return read(path, settings or EhrSettings())
    raise UsageError(
        f"{path}: no EHR source is recognised; known are {'; '.join(name for name, _, _ in READERS)}"
    )
