"""French, English, or not known: what small words say of a text, and when they say too little."""

import pytest

from chartline.text.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Le patient est admis pour une dyspnée", "fr"),
        ("The patient was admitted with dyspnoea", "en"),
        ("LE PATIENT EST ADMIS", "fr"),
        ("", "und"),
        ("42 mg, 3/j", "und"),
        ("Dyspnoea NYHA II, BNP 300", "und"),  # no small word at all
        ("le the", "und"),  # as many of either
        ("un the of", "en"),
    ],
)
def test_language_by_its_small_words(text: str, language: str) -> None:
    assert language_of(text) == language


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    assert language_of("le " * 2000 + "the of and " * 2000) == "fr"
    assert language_of("le " * 1900 + "the " * 2000) == "fr"
    assert language_of("le " * 900 + "the " * 2000) == "en"
