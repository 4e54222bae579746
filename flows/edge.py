"""What may pass from a stage to Prefect's database: counts, and errors in our own words."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from pipeline.errors import described

P = ParamSpec("P")
R = TypeVar("R")


class StageFailed(Exception):
    """A stage failed. The message is ours: a library's could quote a patient's text."""


def safely(function: Callable[P, R]) -> Callable[P, R]:
    """Replaces any exception by `StageFailed`, without its cause."""

    @wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except Exception as error:
            raise StageFailed(described(error)) from None

    return guarded


def silent(what: str, done: int, total: int) -> None:
    """The progress of a stage that no one watches."""
