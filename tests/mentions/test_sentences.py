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
    ("No fever.Cough", ["No fever.", "Cough"]),
    ("V.A. Psoriasis", ["V.A. Psoriasis"]),
    ("Hépatite C. Asthme", ["Hépatite C.", "Asthme"]),
    ("Pas de\nFièvre", ["Pas de\nFièvre"]),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_sentences(text: str, expected: list[str]) -> None:
    cut = passage(text, "fr")
    found = [text[cut.begins[first] : cut.ends[last - 1]] for first, last in sentences(cut)]
    assert found == expected


def test_a_long_german_line_goes_on_with_a_noun() -> None:
    text = "Im Verlauf zeigte sich weiterhin kein sicherer sonstiger\nHerd"
    assert len(sentences(passage(text, "de"))) == 1
    assert len(sentences(passage(text, "fr"))) == 2
    assert len(sentences(passage("Kurze Zeile\nHerd", "de"))) == 2
