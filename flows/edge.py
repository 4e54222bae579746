"""What may pass from a stage to Prefect's database: counts, and errors without patients' text."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from prefect.context import FlowRunContext
from prefect.exceptions import TerminationSignal

from chartline.core.errors import LockLostError, UsageError, described, is_panic
from chartline.core.settings import ReadingSettings, Settings, load

P = ParamSpec("P")
R = TypeVar("R")
_ROUNDING = 1.0  # seconds by which two clocks may differ when a time-out is recognised


class StageFailed(Exception):
    """A stage failed. Its message is made here, since a library's could quote a patient's text."""


class FinalFailure(StageFailed):
    """Trying again would not help: the call or its configuration is wrong, or the run has ended."""


def safely(function: Callable[P, R]) -> Callable[P, R]:
    """`function`, with any exception replaced by `StageFailed` without its cause and context."""

    @wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except StageFailed as error:
            failure = error
        except BaseException as error:
            if not isinstance(error, Exception) and not is_panic(error):
                raise
            final = isinstance(error, UsageError | LockLostError)
            kind = FinalFailure if final else StageFailed
            failure = kind(described(error))
        # Prefect may pickle a failure with its cause and context: raised out here, and stripped,
        # it has none that could quote a patient's text
        failure.__cause__ = failure.__context__ = None
        raise failure

    return guarded


def may_pass(task: Any, run: Any, state: Any) -> bool:
    """Whether a failed task is worth another try."""
    try:
        state.result()
    except FinalFailure:
        return False
    except Exception:
        return True
    return False


def reason_of(error: BaseException) -> str:
    """The reason that the runs table notes for an exception that ends a flow, in one line.

    Prefect ends a flow by an exception of its own: after its time-out, where it has lost its
    place among the runs of its deployment, and when it is cancelled.
    """
    if isinstance(error, TerminationSignal):
        return "cancelled"
    if not isinstance(error, asyncio.CancelledError):
        return described(error)
    context = FlowRunContext.get()
    if context and context.flow and context.flow_run and context.flow_run.start_time:
        limit = context.flow.timeout_seconds
        seconds = (datetime.now(UTC) - context.flow_run.start_time).total_seconds()
        if limit and seconds >= limit - _ROUNDING:
            return f"timed out after {limit:.0f} s"
    return "ended by Prefect, which did not hear from it in time"


def alarm(counts: dict[str, Any], settings: ReadingSettings) -> None:
    """Fails the run where too many documents were quarantined; the tables are written by then.

    Args:
        counts: The run's row of the table runs; `read` and `quarantined` are used.
        settings: `alarm_share` and `alarm_documents` are used.

    Raises:
        StageFailed: more documents than both allow are quarantined.
    """
    read, bad = counts["read"], counts["quarantined"]
    if bad > settings.alarm_documents and bad > settings.alarm_share * read:
        raise StageFailed(
            f"{bad} of {read} documents that were read are quarantined, more than "
            f"{settings.alarm_share:.0%}: see `chartline show`"
        )


def settings_of(config: Path | None) -> Settings:
    """The settings of a deployment: `config` and the environment."""
    return load(config)
