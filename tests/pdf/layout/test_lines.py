"""Lines, their boxes and their order are the same whatever wrote the PDF and whatever reads it."""

from pathlib import Path

import numpy as np
import pytest
from conftest import BODY, DOCTORS
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen import canvas

from chartline.pdf.engines.pdfium import PdfiumEngine
from chartline.pdf.engines.plumber import PlumberEngine
from chartline.pdf.glyphs import Engine, pages
from chartline.pdf.layout.lines import Line, page_lines
from chartline.pdf.layout.order import reading_order

ENGINES = [PdfiumEngine(), PlumberEngine()]
engines = pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)


def lines_of(path: Path, engine: Engine) -> list[Line]:
    return [line for page in pages(engine, str(path)) for line in page_lines(page)]


@engines
def test_margin_notes_and_body_never_share_a_line(letter: Path, engine: Engine) -> None:
    texts = [line.text for line in lines_of(letter, engine)]
    assert set(BODY) <= set(texts)
    assert set(DOCTORS) <= set(texts)


@engines
def test_body_is_read_in_one_piece_beside_its_margin(letter: Path, engine: Engine) -> None:
    texts = [line.text for line in lines_of(letter, engine)]
    first = texts.index(BODY[0])
    assert texts[first : first + len(BODY)] == BODY


def test_engines_give_the_same_lines(letter: Path) -> None:
    one, other = (lines_of(letter, engine) for engine in ENGINES)
    assert [line.text for line in one] == [line.text for line in other]
    boxes = [
        np.array([(line.x0, line.top, line.x1, line.bottom) for line in lines])
        for lines in (one, other)
    ]
    assert np.abs(boxes[0] - boxes[1]).max() < 1.5


@engines
def test_font_attributes_are_kept(tmp_path: Path, engine: Engine) -> None:
    pdf = canvas.Canvas(str(tmp_path / "a.pdf"), pagesize=(300, 300))
    for index, font in enumerate(["Times-Roman", "Times-Bold", "Times-Italic", "Times-BoldItalic"]):
        pdf.setFont(font, 10 + index)
        pdf.drawString(30, 250 - 40 * index, f"line {index}")
    pdf.save()
    lines = lines_of(tmp_path / "a.pdf", engine)
    assert [(line.bold, line.italic) for line in lines] == [
        (False, False),
        (True, False),
        (False, True),
        (True, True),
    ]
    assert [round(line.size) for line in lines] == [10, 11, 12, 13]


@engines
def test_of_fonts_used_alike_the_first_counts(tmp_path: Path, engine: Engine) -> None:
    fonts = [
        "Times-Roman",
        "Courier",
        "Helvetica",
        "Times-Bold",
        "Courier-Bold",
        "Helvetica-Bold",
        "Times-Italic",
    ]
    for first in range(len(fonts)):
        pdf = canvas.Canvas(str(tmp_path / f"{first}.pdf"), pagesize=(300, 300))
        for index, font in enumerate([*fonts[first:], *fonts[:first]]):
            pdf.setFont(font, 12)
            pdf.drawString(30 + 15 * index, 250, "ab")
        pdf.save()
    assert [
        lines_of(tmp_path / f"{first}.pdf", engine)[0].font for first in range(len(fonts))
    ] == fonts


@engines
def test_boxes_are_points_from_the_top_left(tmp_path: Path, engine: Engine) -> None:
    pdf = canvas.Canvas(str(tmp_path / "a.pdf"), pagesize=(300, 400))
    pdf.setFont("Helvetica", 10)
    pdf.drawString(50, 350, "x")
    pdf.save()
    (line,) = lines_of(tmp_path / "a.pdf", engine)
    assert line.x0 == pytest.approx(50, abs=1)
    assert line.top < 50 < line.bottom
    assert line.bottom - line.top == pytest.approx(10, abs=0.5)


@engines
def test_two_columns_are_read_one_after_the_other(tmp_path: Path, engine: Engine) -> None:
    pdf = canvas.Canvas(str(tmp_path / "a.pdf"), pagesize=(595, 842))
    pdf.setFont("Helvetica", 10)
    left = [f"left column sentence number {i} goes on to here" for i in range(8)]
    right = [f"right column sentence number {i} goes on as well" for i in range(8)]
    for index in range(8):
        pdf.drawString(50, 700 - 13 * index, left[index])
        pdf.drawString(310, 700 - 13 * index, right[index])
    pdf.save()
    assert [line.text for line in lines_of(tmp_path / "a.pdf", engine)] == left + right


@engines
def test_names_and_their_values_are_read_row_by_row(tmp_path: Path, engine: Engine) -> None:
    """Though names as long as these could be a column of prose."""
    names = [
        "Interventricular septum thickness",
        "Posterior wall",
        "Left ventricular ejection fraction",
        "Left atrial diameter",
        "Mean aortic gradient, at rest",
    ]
    values = ["12 mm", "11 mm", "61 %", "41 mm", "14 mmHg"]
    pdf = canvas.Canvas(str(tmp_path / "a.pdf"), pagesize=(595, 842))
    pdf.setFont("Helvetica", 10)
    for index, (name, value) in enumerate(zip(names, values, strict=True)):
        pdf.drawString(50, 700 - 13 * index, name)
        pdf.drawString(310, 700 - 13 * index, value)
    pdf.save()
    found = [line.text for line in lines_of(tmp_path / "a.pdf", engine)]
    assert found == [text for pair in zip(names, values, strict=True) for text in pair]


@engines
def test_addresses_beside_each_other_are_read_one_after_the_other(
    tmp_path: Path, engine: Engine
) -> None:
    left = [
        "The Old Pottery Medical Centre Group",
        "Dr Nora Fairholt and partners",
        "14 Kiln Street, Upper Cleeford",
    ]
    right = [
        "Cleeford Royal Infirmary and Hospice",
        "Emergency Department, First Floor",
        "Ring Road, Lower Cleeford",
    ]
    pdf = canvas.Canvas(str(tmp_path / "a.pdf"), pagesize=(595, 842))
    pdf.setFont("Helvetica", 10)
    for index in range(3):
        pdf.drawString(50, 700 - 13 * index, left[index])
        pdf.drawString(310, 700 - 13 * index, right[index])
    pdf.save()
    assert [line.text for line in lines_of(tmp_path / "a.pdf", engine)] == left + right


@engines
def test_a_rotated_page_is_read_as_viewers_show_it(
    engine: Engine, request: pytest.FixtureRequest
) -> None:
    lines = lines_of(request.config.rootpath / "sample_docs/odd/rotated.pdf", engine)
    widths = [line.x1 - line.x0 for line in lines if len(line.text) > 40]
    assert widths
    assert min(widths) > 100


boxes = st.lists(
    st.tuples(st.floats(0, 500), st.floats(0, 700), st.floats(1, 100), st.floats(4, 20)).map(
        lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3])
    ),
    max_size=40,
)


@given(boxes)
def test_reading_order_is_a_permutation(found: list[tuple[float, float, float, float]]) -> None:
    assert sorted(reading_order(np.array(found).reshape(-1, 4))) == list(range(len(found)))
