"""Folding keeps places; words are cut at marks; numbers keep their decimals."""

from hypothesis import given
from hypothesis import strategies as st

from chartline.mentions.words import fold, passage, shortened


@given(st.text())
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text(max_size=200))
def test_each_word_stands_at_its_place(text: str) -> None:
    cut = passage(text, "fr")
    for word, begin, end in zip(cut.words, cut.begins, cut.ends, strict=True):
        assert cut.folded[begin:end] == word
        assert word.strip() == word != ""


def test_accents_case_and_typographic_marks_do_not_matter() -> None:
    assert fold("L’Œdème — ÉCG\u00a0µ") == "l'œdeme - ecg μ"


def test_a_number_is_one_word() -> None:
    assert passage("K 3,5 Na 1.045,2 10^9 2cp", "fr").words == [
        "k",
        "3,5",
        "na",
        "1.045,2",
        "10",
        "^",
        "9",
        "2cp",
    ]


def test_one_letter_is_left_out_at_each_place() -> None:
    assert shortened("abc") == ["bc", "ac", "ab"]
