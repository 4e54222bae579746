"""What may pass from a stage to Prefect's database: counts, and errors without patients' text."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from chartline.core.errors import UsageError, described, is_panic
from chartline.core.settings import Settings, load

P = ParamSpec("P")
R = TypeVar("R")
_FEW = (
    5  # so few quarantined documents never raise an alarm: of a handful read, any share is chance
)


class StageFailed(Exception):
    """A stage failed. Its message is made here, since a library's could quote a patient's text."""


class UsageFailed(StageFailed):
    """The call or its configuration is wrong: trying again would not help."""


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
            kind = UsageFailed if isinstance(error, UsageError) else StageFailed
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
    except UsageFailed:
        return False
    except Exception:
        return True
    return False


def alarm(counts: dict[str, Any], share: float) -> None:
    """Fails the run where too many documents were quarantined; the tables are written by then.

    Args:
        counts: The run's row of the table runs; `read` and `quarantined` are used.
        share: Largest share of the documents read that may be quarantined.

    Raises:
        StageFailed: the share is exceeded, by more than five documents in all.
    """
    read, bad = counts["read"], counts["quarantined"]
    if bad > _FEW and bad > share * read:
        raise StageFailed(
            f"{bad} of {read} documents that were read are quarantined, more than {share:.0%}: "
            "see `chartline show`"
        )


def settings_of(config: Path | None) -> Settings:
    """The settings of a deployment: `config` and the environment."""
    return load(config)
