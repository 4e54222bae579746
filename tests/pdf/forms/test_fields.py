"""Values of form fields and texts of annotations are read as lines of source `form`."""

from pathlib import Path

import pikepdf
import polars as pl
import pytest
from pdfs import raw_pdf, shown
from pikepdf import Array, Dictionary, Name
from reportlab.pdfgen import canvas

from chartline.core.settings import Limits
from chartline.pdf.forms.fields import Forms
from chartline.pdf.reading import read_file
from chartline.pdf.retries import Attempt
from chartline.pdf.scans.ocr import OcrReader


def read(path: Path, engine: str = "auto") -> pl.DataFrame:
    return read_file("d", path, Attempt(engine), Limits(), OcrReader(60)).lines


@pytest.fixture
def form(tmp_path: Path) -> Path:
    pdf = canvas.Canvas(str(tmp_path / "form.pdf"), pagesize=(595, 842), invariant=1)
    pdf.drawString(50, 700, "Traitement de sortie :")
    fields = pdf.acroForm
    fields.textfield(name="drug", value="Bisoprolol 2,5 mg", x=200, y=695, width=200, height=18)
    fields.textfield(
        name="secret", value="hunter2", x=200, y=595, width=200, height=18, fieldFlags="password"
    )
    fields.checkbox(name="smoker", checked=True, x=200, y=650, size=12)
    fields.checkbox(name="diabetic", checked=False, x=200, y=630, size=12)
    fields.choice(
        name="side",
        value="gauche",
        options=["gauche", "droite"],
        x=200,
        y=560,
        width=100,
        height=18,
    )
    pdf.save()
    return tmp_path / "form.pdf"


@pytest.mark.parametrize("engine", ["pdfium", "pdfplumber"])
def test_values_of_fields_are_lines_beside_their_captions(form: Path, engine: str) -> None:
    lines = read(form, engine)
    typed = lines.filter(pl.col("source") == "form")
    assert typed["text"].to_list() == ["Bisoprolol 2,5 mg", "☒", "gauche"]
    assert lines["text"].to_list()[:2] == ["Traitement de sortie :", "Bisoprolol 2,5 mg"]
    drug = typed.row(0, named=True)
    assert (drug["x0"], drug["x1"]) == pytest.approx((200, 400), abs=1)
    assert 842 - 713 - 1 <= drug["top"] <= drug["bottom"] <= 842 - 695 + 1


def annotated(path: Path, *annotations: Dictionary, **page: object) -> Path:
    raw_pdf(path, shown("Compte rendu", 50, 700), Annots=Array(annotations), **page)
    return path


def note(kind: Name, text: str, **more: object) -> Dictionary:
    return Dictionary(
        Type=Name.Annot, Subtype=kind, Rect=Array([100, 500, 300, 530]), Contents=text, **more
    )


def test_notes_on_a_page_are_read_line_by_line(tmp_path: Path) -> None:
    path = annotated(
        tmp_path / "a.pdf", note(Name.FreeText, "Allergie à la pénicilline\rVu le 3 mai")
    )
    found = read(path).filter(pl.col("source") == "form")
    assert found["text"].to_list() == ["Allergie à la pénicilline", "Vu le 3 mai"]
    assert found["top"][0] < found["top"][1]


def test_annotations_that_viewers_do_not_show_are_left_out(tmp_path: Path) -> None:
    path = annotated(
        tmp_path / "a.pdf",
        note(Name.FreeText, "hidden", F=2),
        note(Name.Link, "a link"),
        note(Name.Popup, "pop"),
    )
    assert read(path)["source"].to_list() == ["native"]


def drawn(path: Path, content: bytes, **more: object) -> Path:
    """A page with one field that holds no value, only an appearance."""
    annotated(path, note(Name.Widget, "", FT=Name.Tx, **more))
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        resources = Dictionary(Font=Dictionary(F1=pdf.pages[0].Resources.Font.F1))
        look = pdf.make_stream(content, Type=Name.XObject, Subtype=Name.Form, Resources=resources)
        look.BBox = Array([0, 0, 200, 30])
        pdf.pages[0].Annots[0].AP = Dictionary(N=look)
        pdf.save(path)
    return path


@pytest.mark.parametrize("engine", ["pdfium", "pdfplumber"])
def test_a_field_without_a_value_says_what_its_appearance_shows(
    tmp_path: Path, engine: str
) -> None:
    path = drawn(
        tmp_path / "a.pdf", (shown("Bisoprolol 2.5 mg", 2, 18) + shown("1-0-0", 2, 5)).encode()
    )
    typed = read(path, engine).filter(pl.col("source") == "form")
    assert typed["text"].to_list() == ["Bisoprolol 2.5 mg", "1-0-0"]


def test_appearances_of_passwords_and_of_nothing_are_not_read(tmp_path: Path) -> None:
    secret = drawn(tmp_path / "a.pdf", shown("hunter2", 2, 18).encode(), Ff=1 << 13)
    blank = drawn(tmp_path / "b.pdf", b"/Tx BMC 1 g 0 0 200 30 re f EMC")
    broken = drawn(tmp_path / "c.pdf", b"(Tj ( BT [ 1 0")
    for path in (secret, blank, broken):
        assert read(path)["text"].to_list() == ["Compte rendu"]


def test_fields_follow_the_rotation_of_the_page(tmp_path: Path) -> None:
    path = annotated(tmp_path / "a.pdf", note(Name.FreeText, "turned"), Rotate=90)
    (line,) = read(path).filter(pl.col("source") == "form").to_dicts()
    assert (line["x0"], line["x1"]) == pytest.approx((500, 530), abs=1)


def test_a_ring_of_parents_ends(tmp_path: Path) -> None:
    path = annotated(tmp_path / "a.pdf", note(Name.Widget, ""))
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        field = pdf.make_indirect(Dictionary(T="ring"))
        field.Parent = field
        pdf.pages[0].Annots[0].Parent = field
        pdf.save(path)
    assert read(path)["text"].to_list() == ["Compte rendu"]


def test_what_is_no_pdf_has_no_forms() -> None:
    assert Forms(b"%PDF-1.7 and nothing more").lines(1) == []
