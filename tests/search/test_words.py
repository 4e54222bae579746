"""Stems, accents and case of seven languages; words of others as they are."""

import pytest

from chartline.search.words import STEMMED, forms, words

# written in a document, and what someone types to find it
SAME = {
    "de": [
        ("Ödeme", "Oedem"),
        ("Ödeme", "odem"),
        ("Übelkeit", "ubelkeit"),
        ("Herzinsuffizienzen", "Herzinsuffizienz"),
    ],
    "en": [("failures", "FAILURE"), ("bleeding", "bleed"), ("edema", "oedema"), ("naïve", "naive")],
    "es": [("insuficiencias", "insuficiencia"), ("cardíaca", "cardiaca"), ("lesión", "lesiones")],
    "fr": [("opérées", "operee"), ("Œdèmes", "oedeme"), ("cardiaques", "CARDIAQUE")],
    "it": [("polmonari", "polmonare"), ("mobilità", "mobilita"), ("fratture", "frattura")],
    "nl": [("ziekten", "ziekte"), ("oedemen", "oedeem"), ("patiënten", "patient")],
    "pt": [("infecções", "infecção"), ("infecção", "infeccao"), ("cardíacas", "cardiaca")],
}


def found(written: str, typed: str, language: str) -> bool:
    return any(
        one == other
        for one, other in zip(forms(written, language), forms(typed, language), strict=True)
    )


@pytest.mark.parametrize("language", sorted(STEMMED))
def test_endings_accents_and_case_do_not_count(language: str) -> None:
    assert set(SAME) == set(STEMMED)
    for written, typed in SAME[language]:
        assert found(written, typed, language), (written, typed)


def test_other_words_stay_other_words() -> None:
    assert not found("cardiaque", "cardiogramme", "fr")
    assert not found("hyperkalaemia", "hypokalaemia", "en")


@pytest.mark.parametrize("language", ["und", "pl", ""])
def test_words_of_other_languages_keep_their_endings(language: str) -> None:
    assert found("Zażółć", "zazołc", language)
    assert not found("failures", "failure", language)


def test_words_are_letters_and_digits() -> None:
    assert words("l’œdème (I50.9), 12,5 mg\tK+_x 😀") == "l œdème I50 9 12 5 mg K x".split()


def test_what_is_too_long_is_a_word_all_the_same() -> None:
    assert forms("x" * 100_000, "en") == ("x" * 100, "x" * 100)
