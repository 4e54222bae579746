"""What is known of a word: its codes in each language, in every form of it."""

import pytest

from chartline.mentions.known import known_of
from chartline.mentions.own_terms import OwnTerm, OwnTerms


@pytest.mark.parametrize("word", ["heart failure", "Heart Failures", "HEART-FAILURE"])
def test_a_term_in_any_form(word: str) -> None:
    first = known_of(word).row(0, named=True)
    assert (first["language"], first["code"], first["source"]) == ("en", "ICD10//I50.9", "core")


def test_a_term_of_several_languages_has_a_row_for_each() -> None:
    found = known_of("angina").filter(code="ICD10//I20.9")
    assert {"en", "es", "it"} <= set(found["language"])


def test_a_weak_term_says_so() -> None:
    assert known_of("goutte").row(0, named=True)["counts"] == "with support beside it"


def test_a_typing_error_is_named_by_the_right_term() -> None:
    assert known_of("hyperthyriodism")["term"].to_list() == ["hyperthyroidism"]


def test_a_code_has_its_name_in_seven_languages() -> None:
    found = known_of("ICD10//I50.9")
    assert len(found) == 7
    assert found.filter(language="de")["name"].item() == "Herzinsuffizienz"


def test_own_terms_stand_first() -> None:
    own = OwnTerms([OwnTerm("heart failure", "7", "LOCAL", "en")])
    assert known_of("heart failure", own)["code"][0] == "LOCAL//7"


@pytest.mark.parametrize("word", ["zzzz", "LOCAL//nothing", "  ", "?"])
def test_nothing_is_known(word: str) -> None:
    assert known_of(word).is_empty()
