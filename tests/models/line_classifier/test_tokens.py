"""Words to numbers: what a line gets does not depend on what was seen before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chartline.models.line_classifier import tokens
from chartline.models.line_classifier.tokens import COUNTS, MAX_WORDS, Tokenizer

LINES = st.lists(st.text(max_size=60), min_size=1, max_size=8)


@given(LINES, LINES)
def test_earlier_lines_change_nothing(lines: list[str], earlier: list[str]) -> None:
    fresh, used = Tokenizer(500, 200), Tokenizer(500, 200)
    used.tokenize(earlier)
    one, other = fresh.tokenize(lines), used.tokenize(lines)
    for name in ("words", "word_at", "grams", "gram_at", "first", "last", "counts"):
        assert (getattr(one, name) == getattr(other, name)).all(), name


@given(LINES)
def test_every_line_has_its_own_words(lines: list[str]) -> None:
    together = Tokenizer(500, 200).tokenize(lines)
    assert len(together.word_at) == len(together.gram_at) == len(lines) + 1
    for number, line in enumerate(lines):
        alone = Tokenizer(500, 200).tokenize([line])
        words = together.words[together.word_at[number] : together.word_at[number + 1]]
        assert words.tolist() == alone.words.tolist()
        assert 1 <= len(words) <= MAX_WORDS
        assert (together.counts[number] == alone.counts[0]).all()


def test_counts_are_of_characters() -> None:
    counts = dict(
        zip(
            COUNTS,
            Tokenizer(500, 200).tokenize(["Née le 09/08/46 !"]).counts[0].tolist(),
            strict=True,
        )
    )
    assert counts == {
        "length": 14,
        "digits": 6,
        "upper": 1,
        "lower": 4,
        "letters": 5,
        "signs": 3,
        "doctors": 0,
    }


@pytest.mark.parametrize(
    ("text", "doctors"), [("Docteur Ivo MARN, MD", 2), ("PROF. A. Lund", 1), ("drain, le 3", 0)]
)
def test_doctors_are_counted(text: str, doctors: int) -> None:
    assert Tokenizer(500, 200).tokenize([text]).counts[0, COUNTS.index("doctors")] == doctors


def test_memory_is_bounded(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(tokens, "_WORDS_KEPT", 10)
    tokenizer = Tokenizer(500, 200)
    for start in range(0, 100, 5):
        found = tokenizer.tokenize([f"word{'x' * number}" for number in range(start, start + 5)])
        assert len(found.words) == 5
    assert len(tokenizer._index) <= 15
