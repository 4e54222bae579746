"""What to do with a document whose reading took its worker down: the same again, round the place where it happened."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from chartline.core.reasons import Reason

MOST_DEATHS = 4  # workers that one document may cost before the pages from there on are given up
_STEP_ENGINES = frozenset({"pdfium", "pdfplumber", "qpdf", "ocr"})


@dataclass(frozen=True)
class Attempt:
    """How a document is to be read. `avoid` gives, by page (0: opening the file), the engines that took a worker down
    there, and why; from page `stop` on nothing is tried, for the reason `stopped`.
    """

    engine: str = "auto"
    avoid: Mapping[int, Mapping[str, Reason]] = field(default_factory=dict)
    stop: int | None = None
    stopped: Reason = Reason.CRASH

    def may_use(self, page: int, engine: str) -> bool:
        """Whether `engine` may be tried at `page`."""
        return engine not in self.avoid.get(page, {})

    def fault(self, page: int, otherwise: Reason) -> Reason:
        """Why engines are avoided at `page`."""
        return next(iter(self.avoid.get(page, {}).values()), otherwise)


def next_attempt(attempt: Attempt, reason: Reason, step: str) -> Attempt | None:
    """How to read the document once more after a worker died at `step` (`step_name`); None where that would not help.

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
    if deaths >= MOST_DEATHS and page:
        return replace(attempt, stop=page, stopped=reason)
    avoid = {**attempt.avoid, page: {**attempt.avoid.get(page, {}), engine: reason}}
    return replace(attempt, avoid=avoid) if deaths < MOST_DEATHS else None


def step_name(page: int, engine: str) -> str:
    """The step of reading `page` with `engine`, as a worker tells it."""
    return f"{page} {engine}"


def to_json(attempt: Attempt) -> dict[str, Any]:
    """The inverse of `from_json`; keys are strings, as JSON has them."""
    return json.loads(
        json.dumps(
            {
                "engine": attempt.engine,
                "avoid": attempt.avoid,
                "stop": attempt.stop,
                "stopped": attempt.stopped,
            }
        )
    )


def from_json(fields: Mapping[str, Any]) -> Attempt:
    avoid = {
        int(page): {engine: Reason(reason) for engine, reason in engines.items()}
        for page, engines in fields["avoid"].items()
    }
    return Attempt(fields["engine"], avoid, fields["stop"], Reason(fields["stopped"]))
