"""A document that kills workers is read again without what killed them, a few times at most."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chartline.core.reasons import Reason
from chartline.pdf.retries import MOST_DEATHS, Attempt, from_json, next_attempt, step_name, to_json

steps = st.builds(
    step_name, st.integers(0, 5), st.sampled_from(["pdfium", "pdfplumber", "qpdf", "ocr"])
)


def test_the_engine_that_died_is_avoided_there_and_only_there() -> None:
    attempt = next_attempt(Attempt(), Reason.CRASH, step_name(3, "pdfium"))
    assert attempt is not None
    assert not attempt.may_use(3, "pdfium")
    assert attempt.may_use(3, "pdfplumber")
    assert attempt.may_use(2, "pdfium")
    assert attempt.fault(3, Reason.DAMAGED) is Reason.CRASH
    assert attempt.fault(2, Reason.DAMAGED) is Reason.DAMAGED


@pytest.mark.parametrize("step", ["", "label", "nonsense"])
def test_a_death_at_no_page_is_final(step: str) -> None:
    assert next_attempt(Attempt(), Reason.CRASH, step) is None


@given(st.lists(steps, min_size=10, max_size=30))
def test_it_ends(deaths: list[str]) -> None:
    attempt: Attempt | None = Attempt()
    attempts = 0
    for step in deaths:
        if attempt is None:
            break
        attempt = next_attempt(attempt, Reason.TIMEOUT, step)
        attempts += 1
    assert attempt is None
    assert attempts <= MOST_DEATHS + 2


@given(st.lists(steps, max_size=6))
def test_it_survives_the_way_to_the_worker(deaths: list[str]) -> None:
    attempt = Attempt("pdfplumber")
    for step in deaths:
        attempt = next_attempt(attempt, Reason.MEMORY, step) or attempt
    assert from_json(json.loads(json.dumps(to_json(attempt)))) == attempt
