"""No exception of a stage reaches Prefect with more than our own words."""

import pytest

from chartline.core.errors import UsageError
from chartline.flows.edge import FinalFailure, StageFailed, safely

CANARY = "Zephyrine"


@safely
def failing(error: Exception) -> None:
    raise error


def test_neither_message_nor_context_quotes_the_error() -> None:
    with pytest.raises(StageFailed, match="ValueError") as caught:
        failing(ValueError(CANARY))
    assert CANARY not in str(caught.value)
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None


def test_a_failure_of_an_inner_stage_loses_its_context() -> None:
    @safely
    def outer() -> None:
        try:
            raise ValueError(CANARY)
        except ValueError:
            failing(KeyError(CANARY))

    with pytest.raises(StageFailed, match="KeyError") as caught:
        outer()
    assert caught.value.__context__ is None


def test_a_wrong_call_is_told_from_a_failed_stage() -> None:
    with pytest.raises(FinalFailure, match="no such folder"):
        failing(UsageError("no such folder"))
