"""What to do with a document whose reading took its worker down: the same again, round the place where it happened."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from chartline.core.reasons import Reason

MOST_DEATHS = 4  # workers that one document may cost before the pages from there on are given up
_PLACE_ENGINES = frozenset({"pdfium", "pdfplumber", "qpdf", "ocr"})


@dataclass(frozen=True)
class Asked:
    """How a document is to be read. `avoid` gives, by page (0: opening the file), the engines that took a worker down
    there, and why; from page `stop` on nothing is tried, for the reason `stopped`.
    """

    engine: str = "auto"
    avoid: Mapping[int, Mapping[str, Reason]] = field(default_factory=dict)
    stop: int | None = None
    stopped: Reason = Reason.CRASH

    def may(self, page: int, engine: str) -> bool:
        """Whether `engine` may be tried at `page`."""
        return engine not in self.avoid.get(page, {})

    def fault(self, page: int, otherwise: Reason) -> Reason:
        """Why engines are avoided at `page`."""
        return next(iter(self.avoid.get(page, {}).values()), otherwise)


def again(asked: Asked, reason: Reason, step: str) -> Asked | None:
    """How to read the document once more after a worker died at `step` (`place`); None where that would not help.

    >>> again(Asked(), Reason.TIMEOUT, place(3, "pdfium")).may(3, "pdfium")
    False
    """
    number, _, engine = step.partition(" ")
    if engine not in _PLACE_ENGINES or asked.stop is not None:
        return None
    page = int(number)
    if not asked.may(page, engine):
        return None
    deaths = sum(len(engines) for engines in asked.avoid.values())
    if deaths >= MOST_DEATHS and page:
        return replace(asked, stop=page, stopped=reason)
    avoid = {**asked.avoid, page: {**asked.avoid.get(page, {}), engine: reason}}
    return replace(asked, avoid=avoid) if deaths < MOST_DEATHS else None


def place(page: int, engine: str) -> str:
    """The step of reading `page` with `engine`, as a worker tells it."""
    return f"{page} {engine}"


def to_json(asked: Asked) -> dict[str, Any]:
    """The inverse of `from_json`; keys are strings, as JSON has them."""
    return json.loads(
        json.dumps(
            {
                "engine": asked.engine,
                "avoid": asked.avoid,
                "stop": asked.stop,
                "stopped": asked.stopped,
            }
        )
    )


def from_json(told: Mapping[str, Any]) -> Asked:
    avoid = {
        int(page): {engine: Reason(reason) for engine, reason in engines.items()}
        for page, engines in told["avoid"].items()
    }
    return Asked(told["engine"], avoid, told["stop"], Reason(told["stopped"]))
