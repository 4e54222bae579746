"""Words to numbers: what a line gets does not depend on what was seen before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chartline.models.line_classifier import tokens
from chartline.models.line_classifier.tokens import COUNTS, MAX_WORDS, Vocabulary

LINES = st.lists(st.text(max_size=60), min_size=1, max_size=8)


@given(LINES, LINES)
def test_earlier_lines_change_nothing(lines: list[str], earlier: list[str]) -> None:
    fresh, used = Vocabulary(500, 200), Vocabulary(500, 200)
    used.tokens(earlier)
    one, other = fresh.tokens(lines), used.tokens(lines)
    for name in ("words", "word_at", "grams", "gram_at", "first", "last", "counts"):
        assert (getattr(one, name) == getattr(other, name)).all(), name


@given(LINES)
def test_every_line_has_its_own_words(lines: list[str]) -> None:
    together = Vocabulary(500, 200).tokens(lines)
    assert len(together.word_at) == len(together.gram_at) == len(lines) + 1
    for number, line in enumerate(lines):
        alone = Vocabulary(500, 200).tokens([line])
        words = together.words[together.word_at[number] : together.word_at[number + 1]]
        assert words.tolist() == alone.words.tolist()
        assert 1 <= len(words) <= MAX_WORDS
        assert (together.counts[number] == alone.counts[0]).all()


def test_counts_are_of_characters() -> None:
    counts = dict(
        zip(
            COUNTS,
            Vocabulary(500, 200).tokens(["Née le 09/08/46 !"]).counts[0].tolist(),
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
    assert Vocabulary(500, 200).tokens([text]).counts[0, COUNTS.index("doctors")] == doctors


def test_memory_is_bounded(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(tokens, "_KEPT", 10)
    vocabulary = Vocabulary(500, 200)
    for start in range(0, 100, 5):
        found = vocabulary.tokens([f"word{'x' * number}" for number in range(start, start + 5)])
        assert len(found.words) == 5
    assert len(vocabulary._index) <= 15
