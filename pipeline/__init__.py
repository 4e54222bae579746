"""Hospital PDFs and coded histories to tables a model can learn from.

    document = chartline.read("letter.pdf")             # Document: .lines .sections .mentions
    chartline.facts("Pas d'HTA.", language="fr")        # clinical facts in text, as a frame
    chartline.run("docs", "out", ehr="ehr")             # everything, as the command does it
    tables = chartline.open("out")                      # Tables: .lines .events .features …

Every error is a ChartlineError, with one line that says what to do: UsageError (the call or its
configuration is wrong), BusyError (another run writes to the same folder), LeakError (a prediction
would have seen what it must not know). `__version__` is the version of the package.

Importing `chartline` loads nothing else; each name loads its module when it is first used.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chartline.api.document import Document
    from chartline.api.facts import facts
    from chartline.api.reading import read
    from chartline.api.running import run
    from chartline.api.tables import Tables, open
    from chartline.core.errors import BusyError, ChartlineError, LeakError, UsageError

    __version__: str

__all__ = [
    "BusyError",
    "ChartlineError",
    "Document",
    "LeakError",
    "Tables",
    "UsageError",
    "__version__",
    "facts",
    "open",
    "read",
    "run",
]

_HOMES = {
    "BusyError": "chartline.core.errors",
    "ChartlineError": "chartline.core.errors",
    "Document": "chartline.api.document",
    "LeakError": "chartline.core.errors",
    "Tables": "chartline.api.tables",
    "UsageError": "chartline.core.errors",
    "facts": "chartline.api.facts",
    "open": "chartline.api.tables",
    "read": "chartline.api.reading",
    "run": "chartline.api.running",
}

if not TYPE_CHECKING:  # a type checker would take any name for one that exists

    def __getattr__(name: str) -> Any:
        if name == "__version__":
            from importlib.metadata import version

            found = version("chartline")
        elif name in _HOMES:
            from importlib import import_module

            found = getattr(import_module(_HOMES[name]), name)
        else:
            raise AttributeError(f"module 'chartline' has no attribute {name!r}")
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    return sorted(__all__)
