"""Typing errors of one letter, OCR's confusions, and compound words."""

import pytest

from chartline.mentions.lookup import lookup
from chartline.mentions.words import passage

RIGHT = [
    ("en", "hyperthyriodism", "E05.9"),
    ("en", "pneumonnia", "J18.9"),
    ("en", "hypertensi0n", "I10"),
    ("en", "pneurnonia", "J18.9"),
    ("fr", "insuffisance cardiauqe", "I50.9"),
    ("de", "Unterlappenpneumonie", "J18.9"),
    ("nl", "onderkwabpneumonie", "J18.9"),
]
NOTHING = [
    ("en", "hypertansiun"),  # two errors
    ("en", "asthna"),  # short words are others' words
    ("fr", "Unterlappenpneumonie"),  # French does not compound
    ("de", "Pneumonieprophylaxe"),  # the tail says what it is
]


@pytest.mark.parametrize(("language", "text", "code"), RIGHT)
def test_it_is_read_with_less_confidence(language: str, text: str, code: str) -> None:
    (found,) = lookup(passage(text, language))
    assert found.span.code == code
    assert 0.5 < found.span.confidence < 1


@pytest.mark.parametrize(("language", "text"), NOTHING)
def test_it_is_no_term(language: str, text: str) -> None:
    assert lookup(passage(text, language)) == []
