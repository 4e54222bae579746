"""Readable text keeps the way back to the original; pieces are the whole text."""

import unicodedata
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from chartline.api.plain_text import pieces, readable

LETTERS = st.sampled_from("eéaœAÀ \n\t\x00\x85\u0301\u0327\u0308\ud800x.'")


@given(st.text(LETTERS, max_size=30))
def test_each_readable_character_comes_from_where_it_says(text: str) -> None:
    found, places = readable(text)
    if places is None:
        assert len(found) == len(text)
        return
    assert len(places) == len(found) + 1
    assert (places[0], places[-1]) == (0, len(text))
    assert list(places) == sorted(places)
    letters = [at for at, mark in enumerate(found) if not unicodedata.combining(mark)]
    for begin, end in pairwise([*letters, len(found)]):
        original, _ = readable(text[places[begin] : places[end]])
        assert original == found[begin:end]


@given(st.text(max_size=200), st.integers(2, 50))
def test_pieces_are_the_text(text: str, most: int) -> None:
    found = list(pieces(text, most))
    assert "".join(piece for _, piece in found) == text
    assert all(len(piece) <= most for _, piece in found)
    assert all(text[begin : begin + len(piece)] == piece for begin, piece in found)


def test_control_characters_and_half_characters_become_spaces() -> None:
    assert readable("a\x00b\x1b\x7f\x9f\ud83dc\t\n")[0] == "a b    c\t\n"


def test_a_piece_ends_with_its_sentence() -> None:
    text = "Un mot. Pas d'HTA. Asthme."
    assert [piece for _, piece in pieces(text, 20)] == ["Un mot. Pas d'HTA. ", "Asthme."]
