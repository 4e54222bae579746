"""Settings from a TOML file, overruled by the environment, overruled by flags."""

import json
import os
import tomllib
from collections.abc import Iterable
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from chartline.core.errors import UsageError
from chartline.core.settings.groups import Settings
from chartline.core.settings.listing import group_names, listed

PREFIX = "CHARTLINE_"
VARIABLES = {  # environment variables that are ours and no setting
    "CHARTLINE_DASK": "Address of the Dask scheduler that flows/cluster.py gives its batches to.",
}
_ALIKE = 0.6  # difflib's own cutoff: below it, two names only share letters by chance
_ELSEWHERE = 0.95  # weight of a name that is right but stands in another group


def load(file: Path | None = None, flags: dict[str, Any] | None = None) -> Settings:
    """Settings from a TOML file, the environment and flags; a later one overrules an earlier one.

    Args:
        file: TOML; a group of settings is a table.
        flags: values by dotted name (`{"reading.engine": "pdfium"}`); None leaves a setting alone.

    In the environment `CHARTLINE_READING__WORKERS` is reading.workers; lists and tables are JSON.

    Raises:
        UsageError: the file cannot be read, a name is unknown (the message gives the nearest one)
            or a value does not fit.
    """
    values: dict[str, Any] = {} if file is None else _read(file)
    for name, value in _environment().items():
        _put(values, name.split("."), value)
    for name, value in (flags or {}).items():
        if value is not None:
            _put(values, name.split("."), value)
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise UsageError(f"setting {name}: unknown{did_you_mean(name, _names())}") from None
        raise UsageError(f"setting {name}: {first['msg']}") from None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`; did you mean …?` with the known name most like `name`; nothing where none is like it.

    A dotted name is also compared by its last part, since the group may be what is wrong.

    >>> did_you_mean("reading.worker", ["reading.workers", "embedding.workers"])
    '; did you mean reading.workers?'
    >>> did_you_mean("reading.page_seconds", ["reading.limits.page_seconds", "reading.engine"])
    '; did you mean reading.limits.page_seconds?'
    """

    def likeness(other: str) -> float:
        last = _ratio(name.rpartition(".")[2], other.rpartition(".")[2])
        return max(_ratio(name, other), _ELSEWHERE * last)

    best = max(known, key=lambda other: (likeness(other), _ratio(name, other)), default="")
    return f"; did you mean {best}?" if best and likeness(best) >= _ALIKE else ""


def variable(name: str) -> str:
    """The environment variable of a setting.

    >>> variable("reading.limits.pages")
    'CHARTLINE_READING__LIMITS__PAGES'
    """
    return PREFIX + name.upper().replace(".", "__")


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()


def _names() -> list[str]:
    return [setting.name for setting in listed(Settings)] + group_names(Settings)


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: not a readable TOML file ({type(error).__name__})") from None


def _environment() -> dict[str, Any]:
    """Values of settings by dotted name, from our environment variables.

    Raises:
        UsageError: a variable with our prefix is neither a setting nor one of `VARIABLES`.
    """
    known = {variable(name): name for name in _names()}
    found = {}
    for given, value in os.environ.items():
        if not given.startswith(PREFIX) or given in VARIABLES:
            continue
        name = known.get(given.upper()) or _entry(given.upper())
        if name is None:
            nearest = did_you_mean(given, [*known, *VARIABLES])
            raise UsageError(f"environment variable {given}: unknown{nearest}")
        found[name] = _decoded(value)
    return dict(sorted(found.items()))  # a group before its settings


def _entry(given: str) -> str | None:
    """The dotted name of an entry of a setting that is a table: `CHARTLINE_EHR__COLUMNS__TIME`."""
    for setting in listed(Settings):
        begin = f"{variable(setting.name)}__"
        if isinstance(setting.default, dict) and given.startswith(begin):
            return f"{setting.name}.{given[len(begin) :].lower()}"
    return None


def _decoded(value: str) -> Any:
    """A list or table in the environment is written as JSON; all else is left to the types."""
    if not value.startswith(("[", "{")):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _put(values: dict[str, Any], path: list[str], value: Any) -> None:
    for part in path[:-1]:
        inner = values.setdefault(part, {})
        if not isinstance(inner, dict):
            raise UsageError(f"setting {'.'.join(path)}: {part} is not a group of settings")
        values = inner
    values[path[-1]] = value
