"""How a document is read again after its reading killed a worker: without what killed it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from chartline.core.reasons import Reason

OPENING = 0  # the number of the step before the first page
MOST_DEATHS = 4  # workers that one document may cost before its further pages are given up
_STEP_ENGINES = frozenset({"pdfium", "pdfplumber", "qpdf", "ocr"})


@dataclass(frozen=True)
class Attempt:
    """How a document is to be read.

    Attributes:
        engine: the engine to try first; `auto` takes the fast one.
        avoid: by page (OPENING: opening the file), the engines that killed a worker there, and
            why.
        stop: from this page on nothing is tried.
        stopped: the reason for `stop`.
    """

    engine: str = "auto"
    avoid: Mapping[int, Mapping[str, Reason]] = field(default_factory=dict)
    stop: int | None = None
    stopped: Reason = Reason.CRASH

    def may_use(self, page: int, engine: str) -> bool:
        """Whether `engine` may be tried at `page`."""
        return engine not in self.avoid.get(page, {})

    def fault(self, page: int, otherwise: Reason) -> Reason:
        """Why engines are avoided at `page`; `otherwise` where none is."""
        return next(iter(self.avoid.get(page, {}).values()), otherwise)


def next_attempt(attempt: Attempt, reason: Reason, step: str) -> Attempt | None:
    """How to read the document once more after a worker died.

    Args:
        attempt: how it was read.
        reason: why the worker died.
        step: the step that it reported last (`step_name`).

    Returns:
        None where another attempt would not help.

    >>> next_attempt(Attempt(), Reason.TIMEOUT, step_name(3, "pdfium")).may_use(3, "pdfium")
    False
    """
    number, _, engine = step.partition(" ")
    if engine not in _STEP_ENGINES or attempt.stop is not None:
        return None
    page = int(number)
    if not attempt.may_use(page, engine):
        return None
    deaths = sum(len(engines) for engines in attempt.avoid.values())
    if deaths >= MOST_DEATHS and page != OPENING:
        return replace(attempt, stop=page, stopped=reason)
    avoid = {**attempt.avoid, page: {**attempt.avoid.get(page, {}), engine: reason}}
    return replace(attempt, avoid=avoid) if deaths < MOST_DEATHS else None


def step_name(page: int, engine: str) -> str:
    """The name of the step that reads `page` with `engine`, as a worker reports it."""
    return f"{page} {engine}"


def to_json(attempt: Attempt) -> dict[str, Any]:
    """The attempt as JSON values, for the message to a worker."""
    values = {
        "engine": attempt.engine,
        "avoid": attempt.avoid,
        "stop": attempt.stop,
        "stopped": attempt.stopped,
    }
    return json.loads(json.dumps(values))  # keys become strings, reasons their values


def from_json(values: Mapping[str, Any]) -> Attempt:
    """The inverse of `to_json`."""
    avoid = {
        int(page): {engine: Reason(reason) for engine, reason in engines.items()}
        for page, engines in values["avoid"].items()
    }
    return Attempt(values["engine"], avoid, values["stop"], Reason(values["stopped"]))
