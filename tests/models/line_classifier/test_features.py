"""Features of a line's text, place and page, against values worked out by hand."""

import numpy as np
import polars as pl
import pytest

from chartline.models.line_classifier import layout_features, page_features, text_features
from chartline.models.line_classifier.columns import LineColumns
from chartline.models.line_classifier.tokens import Tokenizer, Tokens


def columns(
    *lines: tuple[str, float, float, float], page: int = 1, size: float = 10
) -> LineColumns:
    """Lines (text, x0, x1, top) of one page, as high as their size."""
    rows = [
        {
            "document_id": "d",
            "page": page,
            "text": text,
            "x0": x0,
            "x1": x1,
            "top": top,
            "bottom": top + size,
            "size": size,
            "bold": False,
            "italic": True,
        }
        for text, x0, x1, top in lines
    ]
    return LineColumns.of(pl.DataFrame(rows))


def tokens(lines: LineColumns) -> Tokens:
    return Tokenizer(500, 200).tokenize(lines.text)


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("Il va bien.", 0),
        ("Conclusion: ", 1),
        ("repos, ", None),
        ("antibio-", 2),
        ("Hier", 3),
        ("hier", 4),
        ("3 mai", 5),
        ("HTA", 6),
        ("a:b", 7),
        ("• repos", 8),
        ("b) repos", 8),
        ("01 02 03 04 05", 9),
        ("03/05/2019", 10),
        ("www.example", 11),
    ],
)
def test_flags_of_the_text(text: str, flag: int | None) -> None:
    lines = columns((text, 0, 100, 0), ("", 0, 100, 20))
    found = text_features.characters(lines, tokens(lines))[:, 6:]
    assert flag is None or found[0, flag] == 1
    assert not found[1].any()


def test_amounts_of_characters() -> None:
    lines = columns(("AB c1!", 0, 30, 0))
    found = text_features.characters(lines, tokens(lines))[0, :6]
    wanted = [np.log1p(6) / 5, np.log1p(1) / 3, 1 / 6, 2 / 3, 1 / 6, 30 / 60]
    assert found == pytest.approx(wanted)


def test_white_space_to_the_four_sides() -> None:
    lines = columns(
        ("a long line of text", 50, 250, 100),
        ("another long line", 50, 250, 118),
        ("a cell", 280, 320, 100),
    )
    found = layout_features.white_space(lines)
    below, above, right, left, indent = found.T
    assert below == pytest.approx([0.8 / 6, 1, 1])
    assert above == pytest.approx([1, 0.8 / 6, 1])
    assert right == pytest.approx([3 / 6, 1, 1])
    assert left == pytest.approx([1, 1, 3 / 6])
    # edges are rounded to 3 points: the text runs from 51 to 249
    assert indent == pytest.approx([-1 / 198, -1 / 198, 229 / 198])


def test_lines_with_the_same_edges_are_counted() -> None:
    lines = columns(("a", 50, 90, 0), ("b", 51, 200, 20), ("c", 53, 91, 40), ("d", 50, 300, 41))
    counts = np.expm1(4 * layout_features.alignment(lines))
    assert counts.round(6).tolist() == [[2, 1, 0], [2, 0, 0], [0, 1, 1], [2, 0, 1]]


def test_style_against_page_and_document() -> None:
    frame = {
        "document_id": ["d", "d"],
        "page": [1, 2],
        "text": ["abc", "Dr"],
        **{name: [0.0, 0.0] for name in ("x0", "top", "x1", "bottom")},
        "size": [10.0, 16.0],
        "bold": [False, True],
        "italic": [True, False],
    }
    lines = LineColumns.of(pl.DataFrame(frame))
    found = page_features.style(lines, tokens(lines))
    mean = (4 * 10 + 3 * 16) / 7  # weighted by characters and one
    assert found[:, 0] == pytest.approx([10 / 12, 16 / 12])
    assert found[:, 1] == pytest.approx([1, 1])
    assert found[:, 2] == pytest.approx([10 / mean, 16 / mean])
    assert found[:, 3:5].tolist() == [[0, 1], [1, 0]]
    assert found[:, 5:7].tolist() == [[1, 0], [0, 1]]
    assert found[:, 8:].tolist() == [[0.5, 0], [1, 1]]
