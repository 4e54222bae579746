"""Files of FHIR resources: a JSON resource or bundle, or NDJSON with one resource a line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Resource = dict[str, Any]
_SUFFIXES = (".ndjson", ".json")


def is_fhir(file: Path) -> bool:
    """Whether a file may hold FHIR resources, by its name."""
    return file.suffix.lower() in _SUFFIXES


def is_ndjson(file: Path) -> bool:
    """Whether a file holds one resource a line."""
    return file.suffix.lower() == ".ndjson"


def files_of(folder: Path) -> list[Path]:
    """FHIR's files in a folder and below, sorted."""
    if not folder.is_dir():
        return []
    return sorted(file for file in folder.rglob("*") if is_fhir(file) and file.is_file())


def resources(file: Path) -> Iterator[tuple[int, Resource | None]]:
    """A file's resources with their numbers from 1; None for what is no JSON object.

    A file that cannot be read gives one None, so that the other files are read. No message names
    it, since files of one patient are often named after the patient.
    """
    try:
        yield from _resources(file)
    except (OSError, ValueError):
        yield 1, None


def _resources(file: Path) -> Iterator[tuple[int, Resource | None]]:
    with file.open("rb") as stream:
        if is_ndjson(file):
            for number, line in enumerate(stream, 1):
                if line.strip():
                    yield number, _parsed(line)
            return
        top = json.load(stream)
    entries = (
        [entry.get("resource") for entry in top.get("entry", [])]
        if isinstance(top, dict) and top.get("resourceType") == "Bundle"
        else [top]
    )
    yield from enumerate((entry if isinstance(entry, dict) else None for entry in entries), 1)


def _parsed(line: bytes) -> Resource | None:
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
