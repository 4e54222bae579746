"""What callers give to the public functions, checked: settings, times, languages."""

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from chartline.core.errors import UsageError
from chartline.core.settings import Settings, load

AnyPath = str | os.PathLike[str]
Time = str | date | datetime
_LANGUAGE = re.compile(r"[a-z]{2,3}")  # ISO 639-1 has two letters, ISO 639-2 (`und`) three


def path_of(given: AnyPath, name: str) -> Path:
    """A path from what the caller gave as the argument `name`.

    Raises:
        UsageError: it is neither text nor a path.
    """
    try:
        return Path(given)
    except TypeError:
        raise UsageError(f"{name}: a path is needed, not {type(given).__name__}") from None


def settings_of(
    config: AnyPath | None, settings: Mapping[str, Any] | None, **flags: Any
) -> Settings:
    """The settings of a call: a TOML file, overruled by `CHARTLINE_*`, `settings` and `flags`.

    `settings` has dotted names (`"reading.limits.pages": 10`). In `flags` two underscores stand
    for the dot; None leaves a setting as it is.

    Raises:
        UsageError: the file cannot be read, or a setting is unknown or out of range.
    """
    named = {name.replace("__", "."): value for name, value in flags.items()}
    chosen = dict(settings or {}) | {name: v for name, v in named.items() if v is not None}
    return load(None if config is None else path_of(config, "config"), chosen)


def language_code(language: str | None) -> str | None:
    """An ISO 639 code as given; None stays None.

    Raises:
        UsageError: it is no such code.

    >>> language_code("fr")
    'fr'
    """
    if language is None or (isinstance(language, str) and _LANGUAGE.fullmatch(language)):
        return language
    raise UsageError("language: an ISO 639-1 code such as 'fr' or 'en' is needed")


def utc_time(given: Time | None, name: str = "written_at") -> datetime | None:
    """A time in UTC from ISO 8601 text, a date or a time; one without a time zone is UTC.

    Raises:
        UsageError: it is not a time.

    >>> utc_time("2021-05-06T10:00+02:00").isoformat()
    '2021-05-06T08:00:00+00:00'
    """
    if given is None:
        return None
    found: date | None = given if isinstance(given, date) else None
    if isinstance(given, str):
        with suppress(ValueError):
            found = datetime.fromisoformat(given)
    if found is None:
        raise UsageError(f"{name}: an ISO 8601 time such as '2021-05-06' is needed")
    if not isinstance(found, datetime):
        return datetime(found.year, found.month, found.day, tzinfo=UTC)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
