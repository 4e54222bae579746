"""A document that takes workers down is read round the place where it happened, and not for ever."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chartline.core.reasons import Reason
from chartline.pdf.retries import MOST_DEATHS, Asked, again, from_json, place, to_json

steps = st.builds(
    place, st.integers(0, 5), st.sampled_from(["pdfium", "pdfplumber", "qpdf", "ocr"])
)


def test_the_engine_that_died_is_avoided_there_and_only_there() -> None:
    asked = again(Asked(), Reason.CRASH, place(3, "pdfium"))
    assert asked is not None
    assert not asked.may(3, "pdfium")
    assert asked.may(3, "pdfplumber")
    assert asked.may(2, "pdfium")
    assert asked.fault(3, Reason.DAMAGED) is Reason.CRASH
    assert asked.fault(2, Reason.DAMAGED) is Reason.DAMAGED


@pytest.mark.parametrize("step", ["", "label", "nonsense"])
def test_a_death_at_no_page_is_final(step: str) -> None:
    assert again(Asked(), Reason.CRASH, step) is None


@given(st.lists(steps, min_size=10, max_size=30))
def test_it_ends(deaths: list[str]) -> None:
    asked: Asked | None = Asked()
    attempts = 0
    for step in deaths:
        if asked is None:
            break
        asked = again(asked, Reason.TIMEOUT, step)
        attempts += 1
    assert asked is None
    assert attempts <= MOST_DEATHS + 2


@given(st.lists(steps, max_size=6))
def test_it_survives_the_way_to_the_worker(deaths: list[str]) -> None:
    asked = Asked("pdfplumber")
    for step in deaths:
        asked = again(asked, Reason.MEMORY, step) or asked
    assert from_json(json.loads(json.dumps(to_json(asked)))) == asked
