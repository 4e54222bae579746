"""A line's numbers do not depend on other documents, and features mean what they are named."""

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from chartline.models.line_classifier.encoding import FEATURES, NEIGHBOUR_PAGES, encode
from chartline.pdf.frames import lines_frame
from chartline.pdf.glyphs import Glyphs, Page
from chartline.pdf.layout.lines import Line

COORDINATE = st.floats(0, 800)
LINE = st.builds(
    lambda text, x, y, w, size: Line(text, x, y, x + w, y + size, "F", size, False, False),
    st.text(max_size=40),
    COORDINATE,
    COORDINATE,
    st.floats(0.1, 500),
    st.floats(4, 40),
)


def frame(name: str, *pages: list[Line]) -> pl.DataFrame:
    sheets = [Page(number, 600, 800, Glyphs.of([], [])) for number in range(1, len(pages) + 1)]
    return lines_frame(name, zip(sheets, pages, strict=True))


def at(text: str, y: float = 100) -> Line:
    return Line(text, 50, y, 300, y + 10, "F", 10, False, False)


@settings(max_examples=40)
@given(
    st.lists(st.lists(LINE, min_size=1, max_size=6), min_size=1, max_size=3),
    st.lists(LINE, min_size=1, max_size=6),
)
def test_company_changes_nothing(pages: list[list[Line]], other: list[Line]) -> None:
    one, two = frame("one", *pages), frame("two", other)
    alone, together = encode(one, 500, 200), encode(pl.concat([two, one]), 500, 200)
    assert alone.features.shape == (len(one), FEATURES)
    assert np.isfinite(together.features).all()
    assert (together.features[len(two) :] == alone.features).all()
    assert (together.boxes[len(two) :] == alone.boxes).all()
    assert together.pages.tolist() == [0, *(alone.pages + len(two)).tolist()]


def test_a_pages_number_is_known_in_any_language() -> None:
    texts = [
        "Lembar 2",
        "2 dari 2",
        "Lembar 3",
        "ward 2 since 2019 and the rest of a sentence",
        "none",
    ]
    lines = frame("d", [at("first")], [at(text, 20.0 * row) for row, text in enumerate(texts)])
    assert encode(lines, 500, 200).features[1:, -2:].tolist() == [
        [1, 0],
        [0, 1],
        [0, 0],
        [0, 0],
        [0, 0],
    ]


def test_what_returns_at_its_place_is_seen() -> None:
    pages = [
        [at(f"Hospital, printed {number}"), at(f"text {number}" * number, 400)]
        for number in (1, 2, 3)
    ]
    cues = encode(frame("d", *pages), 500, 200).features[:, NEIGHBOUR_PAGES]
    assert cues[2].tolist() == [
        1,
        1,
        1,
        1,
        1,
    ]  # the same text but for its digits, on the pages before, after and on all
    assert cues[3].tolist() == [0, 1, 0, 1, 0]  # another text at the same place
    assert not encode(frame("d", pages[0]), 500, 200).features[:, NEIGHBOUR_PAGES].any()
