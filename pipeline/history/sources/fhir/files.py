"""Files of FHIR resources: a JSON resource or bundle, or NDJSON with one resource a line."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from chartline.history.sources.compressed import UNREADABLE, opened

Resource = dict[str, Any]
NO_JSON = "not a JSON object"
TOO_DEEP = "nested too deep"
TOO_LONG = "too long to be read at once"
_SUFFIXES = (".ndjson", ".json", ".ndjson.gz", ".json.gz")
_LARGEST = 2**30  # bytes of a file that is read as a whole
_LONGEST = 2**28  # bytes of a line of NDJSON


def is_fhir(file: Path) -> bool:
    """Whether a file may hold FHIR resources, by its name."""
    return file.name.lower().endswith(_SUFFIXES)


def is_ndjson(file: Path) -> bool:
    """Whether a file holds one resource a line."""
    return file.name.lower().endswith((".ndjson", ".ndjson.gz"))


def files_of(folder: Path) -> list[Path]:
    """FHIR's files in a folder and below, sorted."""
    return [file for file in all_files(folder) if is_fhir(file)]


def all_files(folder: Path) -> list[Path]:
    """All files in a folder and below, sorted, without hidden ones."""
    if not folder.is_dir():
        return []
    found = (file for file in folder.rglob("*") if not file.name.startswith("."))
    return sorted(file for file in found if file.is_file())


def size_of(file: Path) -> int:
    """About how many bytes of JSON a file holds."""
    expansion = 20 if file.suffix.lower() == ".gz" else 1  # about what gzip makes of JSON
    return file.stat().st_size * expansion


def resources(file: Path) -> Iterator[tuple[int, Resource | str]]:
    """A file's resources with their numbers from 1; a fault, as text, for what is none.

    Bundles give what they hold, also bundles in bundles. A file that cannot be read gives one
    fault, so that the other files are read. No message names it, since files of one patient are
    often named after the patient.
    """
    number = 0
    try:
        for found in _objects(file):
            if found is None:
                number += 1
                continue
            for resource in [found] if isinstance(found, str) else _entries(found):
                number += 1
                yield number, resource
    except UNREADABLE:
        yield number + 1, "the file cannot be read"


def lines(file: Path) -> Iterator[bytes]:
    """The lines of NDJSON as far as they can be read, each of at most `_LONGEST` bytes."""
    with suppress(*UNREADABLE), opened(file) as stream:
        while line := stream.readline(_LONGEST):
            yield line


def _objects(file: Path) -> Iterator[Resource | str | None]:
    """What a file holds, or the lines of NDJSON; None for an empty line, which has a number too."""
    with opened(file) as stream:
        if not is_ndjson(file):
            content = stream.read(_LARGEST + 1)
            yield TOO_LONG if len(content) > _LARGEST else parsed(content)
            return
        while line := stream.readline(_LONGEST):
            if not line.strip():
                yield None
            elif len(line) == _LONGEST and not line.endswith(b"\n"):
                while len(line) == _LONGEST and not line.endswith(b"\n"):
                    line = stream.readline(_LONGEST)
                yield TOO_LONG
            else:
                yield parsed(line)


def parsed(content: bytes) -> Resource | str:
    """A JSON object, or the fault of what is none."""
    try:
        value = json.loads(content)
    except ValueError:
        return NO_JSON
    except RecursionError:
        return TOO_DEEP
    return value if isinstance(value, dict) else NO_JSON


def _entries(top: Resource) -> Iterator[Resource | str]:
    """A resource itself, or what a bundle holds, in order; without recursion."""
    waiting: list[Any] = [top]
    while waiting:
        resource = waiting.pop()
        if not isinstance(resource, dict):
            yield NO_JSON
        elif resource.get("resourceType") == "Bundle":
            entries = resource.get("entry") or []
            held = [_held(entry) for entry in entries] if isinstance(entries, list) else [None]
            waiting += reversed(held)
        else:
            yield resource


def _held(entry: Any) -> Any:
    """The resource of a bundle's entry; without an id, its identity is that of the entry."""
    if not isinstance(entry, dict) or not isinstance(entry.get("resource"), dict):
        return None
    resource, address = entry["resource"], entry.get("fullUrl")
    if "id" not in resource and isinstance(address, str):
        return {**resource, "id": address.removeprefix("urn:uuid:").rsplit("/", 1)[-1]}
    return resource
