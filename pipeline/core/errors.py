"""What can go wrong for a reason that a user can mend; each carries one clear line."""

import os
import traceback


class ChartlineError(Exception):
    """The run cannot go on (exit 1)."""


class UsageError(ChartlineError):
    """The call or its configuration is wrong (exit 2)."""


class BusyError(ChartlineError):
    """Another run is at work on the same tables."""


def described(error: BaseException) -> str:
    """One line on any exception. A library's own message is never shown: it could quote a patient's text."""
    if isinstance(error, ChartlineError):
        return str(error)
    if isinstance(error, OSError) and error.errno:
        return f"{error.filename or 'input or output'}: {os.strerror(error.errno)}"
    at = traceback.extract_tb(error.__traceback__)[-1]
    return f"internal error: {type(error).__name__} at {os.path.basename(at.filename)}:{at.lineno}"
