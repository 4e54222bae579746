"""Errors that end a run for a reason the user can act on, each with a message of one line."""

import os
import traceback


class ChartlineError(Exception):
    """The run cannot go on (exit 1)."""


class UsageError(ChartlineError):
    """The call or its configuration is wrong (exit 2)."""


class TooLittleError(ChartlineError):
    """There is too little to learn from; stages that learn are left out, others go on."""


class LeakError(ChartlineError):
    """Something that a prediction must not know would have entered it."""


class BusyError(ChartlineError):
    """Another run is writing the same tables."""


class LockLostError(ChartlineError):
    """A run that has ended, with a time-out or a kill, tried to write."""


def is_panic(error: BaseException) -> bool:
    """Whether a library in Rust (polars, delta-rs) met a fault of its own.

    Such an exception is no `Exception`, and its message may quote data.
    """
    return type(error).__name__ == "PanicException"


def described(error: BaseException) -> str:
    """One line that describes any exception.

    A library's own message is never part of it, since it could quote a patient's text.

    >>> described(UsageError("letters: no such folder"))
    'letters: no such folder'
    >>> described(FileNotFoundError(2, "No such file or directory", "a.toml"))
    'a.toml: No such file or directory'
    """
    if isinstance(error, ChartlineError):
        return str(error)
    if isinstance(error, OSError) and error.errno:
        return f"{error.filename or 'input or output'}: {os.strerror(error.errno)}"
    at = traceback.extract_tb(error.__traceback__)[-1]
    return f"internal error: {type(error).__name__} at {os.path.basename(at.filename)}:{at.lineno}"
