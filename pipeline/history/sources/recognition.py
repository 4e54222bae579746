"""Which kind of EHR source a path is."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

from chartline.core.errors import UsageError
from chartline.core.settings import EhrSettings
from chartline.history.sources import fhir, meds, omop, plain, synthea
from chartline.history.sources.source import Source

# (what it is, whether a path is one, its reader), the most particular first
Read = Callable[[Path, EhrSettings, date | None], Source]
READERS: list[tuple[str, Callable[[Path], bool], Read]] = [
    ("a MEDS dataset (data/**/*.parquet)", meds.is_source, meds.read),
    ("OMOP CDM tables (person, condition_occurrence, …)", omop.is_source, omop.read),
    ("Synthea's CSV files (patients, encounters, …)", synthea.is_source, synthea.read),
    ("FHIR R4 (bundles in .json, resources in .ndjson)", fhir.is_source, fhir.read),
    ("one CSV or Parquet file", plain.is_source, plain.read),
]


def read_source(
    path: Path, settings: EhrSettings | None = None, today: date | None = None
) -> Source:
    """The EHR source at `path`, a folder or a file whose kind is recognised by its content.

    Args:
        path: The folder or file.
        settings: How it is read where it does not say so itself.
        today: The run's date: later events are faults. None: there are no later ones.

    Raises:
        UsageError: there is none, it cannot be read, no kind is recognised, or a table lacks a
            column.
    """
    if not path.exists():
        raise UsageError(f"{path}: no such EHR source")
    if not os.access(path, os.R_OK):
        raise UsageError(f"{path}: the EHR source cannot be read")
    for _, is_source, read in READERS:
        if is_source(path):
            return read(path, settings or EhrSettings(), today)
    kinds = "; ".join(kind for kind, _, _ in READERS)
    raise UsageError(f"{path}: no EHR source is recognised; known are {kinds}")
