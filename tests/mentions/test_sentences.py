"""Sentences end where a reader would say so."""

import pytest

from chartline.mentions.sentences import sentences
from chartline.mentions.words import passage

CASES = [
    ("No fever. Cough.", ["No fever.", "Cough."]),
    ("Seen by Dr. Smith on Monday", ["Seen by Dr. Smith on Monday"]),
    ("V. a. Psoriasis. Z. n. Sturz", ["V. a. Psoriasis.", "Z. n. Sturz"]),
    ("HTA : 0\nAsthme : +", ["HTA : 0", "Asthme : +"]),
    ("Pas de fièvre\nni de toux", ["Pas de fièvre\nni de toux"]),
    ("Dose 2.5 mg daily", ["Dose 2.5 mg daily"]),
    ("Asthma; no cough", ["Asthma;", "no cough"]),
    ("Père\n\nfièvre", ["Père", "fièvre"]),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_sentences(text: str, expected: list[str]) -> None:
    cut = passage(text, "fr")
    found = [text[cut.begins[first] : cut.ends[last - 1]] for first, last in sentences(cut)]
    assert found == expected
