"""What may pass from a stage to Prefect's database: counts, and errors in our own words."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from chartline.core.errors import UsageError, described
from chartline.core.settings import Settings, load

P = ParamSpec("P")
R = TypeVar("R")
_FEW = 5  # quarantined documents, up to which no share is alarming


class StageFailed(Exception):
    """A stage failed. The message is ours: a library's could quote a patient's text."""


class UsageFailed(StageFailed):
    """The call or its configuration is wrong: trying again would not help."""


def safely(function: Callable[P, R]) -> Callable[P, R]:
    """Replaces any exception by `StageFailed`, without its cause."""

    @wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except StageFailed:
            raise
        except Exception as error:
            kind = UsageFailed if isinstance(error, UsageError) else StageFailed
            raise kind(described(error)) from None

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
    """Raises:
    StageFailed: more than this share of the documents that were read is quarantined (and more than a few). All is written by then.
    """
    read, bad = counts["read"], counts["quarantined"]
    if bad > _FEW and bad > share * read:
        raise StageFailed(
            f"{bad} of {read} documents that were read are quarantined, more than {share:.0%}: see `chartline show`"
        )


def settings_of(config: Path | None) -> Settings:
    """The settings of a deployment."""
    return load(config)


def silent(what: str, done: int, total: int) -> None:
    """The progress of a stage that no one watches."""
