"""Pages that are pictures are read by OCR, and text of the page is not read twice."""

import io
from pathlib import Path

import numpy as np
import pikepdf
import polars as pl
import pypdfium2
import pytest
import typst
from conftest import BODY, reportlab_letter
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.textpath import TextPath
from pdfs import raw_pdf, shown
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from chartline.core.reasons import ReadError, Reason
from chartline.core.settings import Limits
from chartline.pdf.glyphs import Glyphs, Page
from chartline.pdf.reading import ReadResult, read_file
from chartline.pdf.retries import Attempt
from chartline.pdf.scans import ocr
from chartline.pdf.scans.ocr import OcrReader
from chartline.pdf.scans.pictures import pictures_of_text, render

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def reader():
    reader = OcrReader(60)
    yield reader
    reader.close()


def read(path: Path, reader: OcrReader, **limits: float) -> ReadResult:
    return read_file("d", path, Attempt(), Limits(**limits), reader)  # type: ignore[arg-type]


def picture_of(path: Path, crop: tuple[float, float, float, float] = (0, 0, 0, 0)) -> Image.Image:
    with pypdfium2.PdfDocument(path) as pdf:
        return pdf[0].render(scale=150 / 72, crop=crop).to_pil().convert("L")


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A letter as a scanner makes it: one picture."""
    image = picture_of(reportlab_letter(tmp_path / "letter.pdf"))
    buffer = io.BytesIO()
    image.save(buffer, "PDF", resolution=150, quality=60)
    (tmp_path / "scan.pdf").write_bytes(buffer.getvalue())
    return tmp_path / "scan.pdf"


def test_a_scan_is_read_with_its_accents_and_columns(scan: Path, reader: OcrReader) -> None:
    reading = read(scan, reader)
    assert (reading.status, reading.engine, set(reading.lines["source"])) == (
        "processed",
        "pdfium",
        {"ocr"},
    )
    texts = [text.replace("’", "'") for text in reading.lines["text"]]
    assert set(BODY) <= set(texts)
    body = reading.lines.filter(pl.col("text").str.starts_with("Le patient")).row(0, named=True)
    assert body["x0"] == pytest.approx(190, abs=4)
    assert body["size"] == pytest.approx(10, rel=0.3)
    assert body["top"] < 842 - 680 < body["bottom"]


def test_a_page_that_is_half_a_picture_is_read_whole(tmp_path: Path, reader: OcrReader) -> None:
    letter = picture_of(reportlab_letter(tmp_path / "letter.pdf"), crop=(180, 300, 0, 120))
    pdf = canvas.Canvas(str(tmp_path / "a.pdf"), pagesize=(595, 842))
    pdf.drawString(60, 780, "Courrier reçu ce jour, joint ci-dessous au dossier du patient.")
    width = letter.width * 72 / 150
    pdf.drawImage(ImageReader(letter), 100, 250, width, letter.height * 72 / 150)
    pdf.save()
    lines = read(tmp_path / "a.pdf", reader).lines
    assert lines["source"].to_list()[0] == "native"
    seen = lines.filter(pl.col("source") == "ocr")
    assert BODY[1] in [text.replace("’", "'") for text in seen["text"]]


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_scan_on_its_side_or_head_is_turned(
    scan: Path, reader: OcrReader, tmp_path: Path, degrees: int
) -> None:
    buffer = io.BytesIO()
    picture_of(scan).rotate(degrees, expand=True).save(buffer, "PDF", resolution=150, quality=60)
    (tmp_path / "turned.pdf").write_bytes(buffer.getvalue())
    upright, turned = read(scan, reader).lines, read(tmp_path / "turned.pdf", reader).lines
    assert set(BODY) <= {text.replace("’", "'") for text in turned["text"]}
    assert turned["page_width"][0] == pytest.approx(595, abs=2)
    both = upright.join(turned, on="text", suffix="_turned")
    assert len(both) >= 0.8 * len(upright)
    for edge in ("x0", "top", "x1", "bottom", "size"):
        assert (both[edge] - both[f"{edge}_turned"]).abs().max() < 4, edge


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_picture_among_text_keeps_its_place(
    reader: OcrReader, tmp_path: Path, degrees: int
) -> None:
    letter = picture_of(reportlab_letter(tmp_path / "letter.pdf"), crop=(180, 400, 0, 120)).rotate(
        degrees, expand=True
    )
    path, width, height = tmp_path / "mixed.pdf", letter.width * 72 / 150, letter.height * 72 / 150
    pdf = canvas.Canvas(str(path), pagesize=(595, 842))
    pdf.drawString(60, 800, "Copie du courrier reçu le 4 mai, jointe au dossier de la patiente.")
    pdf.drawImage(ImageReader(letter), 90, 100, width, height)
    pdf.save()
    lines = read(path, reader).lines
    assert (lines["page_width"][0], lines["page_height"][0]) == (595, 842)
    seen = lines.filter(pl.col("source") == "ocr")
    assert "Motif d'hospitalisation" in {text.replace("’", "'") for text in seen["text"]}
    inside = (
        (pl.col("x0") > 85)
        & (pl.col("x1") < 95 + width)
        & (pl.col("top") > 737 - height)
        & (pl.col("bottom") < 747)
    )
    assert seen.filter(~inside).is_empty()


def written_over(scan: Path, content: str) -> Path:
    with pikepdf.open(scan, allow_overwriting_input=True) as pdf:
        page = pdf.pages[0]
        page.Resources.Font = pikepdf.Dictionary(
            F1=pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
        )
        page.contents_add(content.encode(), prepend=False)
        pdf.save(scan)
    return scan


STAMPS = ["RECU LE 3 MAI", "RECU LE 3 MAI PAR LE SECRETARIAT DES ADMISSIONS, DOSSIER 4711"]


@pytest.mark.parametrize("stamp", STAMPS)
def test_text_over_a_scan_is_not_read_twice(scan: Path, reader: OcrReader, stamp: str) -> None:
    lines = read(written_over(scan, shown(stamp, 200, 790, 10)), reader).lines
    assert lines.filter(pl.col("text").str.contains("MAI"))["source"].to_list() == ["native"]
    assert BODY[1] in [text.replace("’", "'") for text in lines["text"]]


def test_a_stamp_does_not_hide_the_layer_of_the_scanner(scan: Path, reader: OcrReader) -> None:
    layer = "".join(
        shown(f"line {row} of the letter as the scanner read it", 50, 700 - 14 * row)
        for row in range(6)
    )
    stamp = shown(" - ".join(STAMPS), 50, 790, 6)
    path = written_over(scan, f"{stamp} 3 Tr {layer}" + shown(STAMPS[0], 50, 790, 6))
    lines = read(path, reader, ocr_seconds=0).lines
    assert lines["source"].to_list() == ["native"] + ["ocr"] * 6
    assert lines["text"].to_list()[6] == "line 5 of the letter as the scanner read it"
    assert BODY[1] in [text.replace("’", "'") for text in read(path, reader).lines["text"]]


def test_letters_drawn_as_shapes_are_read(tmp_path: Path, reader: OcrReader) -> None:
    page = Figure((8.27, 11.69), dpi=72)
    for row, text in enumerate(BODY[:3]):
        page.add_artist(
            PathPatch(TextPath((60, 700 - 30 * row), text, size=11), transform=None, lw=0)
        )
    page.savefig(tmp_path / "a.pdf")
    lines = read(tmp_path / "a.pdf", reader).lines
    assert [text.replace("’", "'") for text in lines["text"]] == BODY[:3]
    assert set(lines["source"]) == {"ocr"}


def test_glyphs_without_characters_are_read_from_their_looks(
    tmp_path: Path, reader: OcrReader
) -> None:
    source = "#set text(size: 12pt)\nInsuffisance cardiaque \\\nTraitement par bisoprolol"
    (tmp_path / "a.pdf").write_bytes(typst.compile(source.encode()))
    with pikepdf.open(tmp_path / "a.pdf", allow_overwriting_input=True) as pdf:
        for font in pdf.pages[0].Resources.Font.values():
            del font["/ToUnicode"]
        pdf.save(tmp_path / "a.pdf")
    lines = read(tmp_path / "a.pdf", reader).lines
    assert lines["text"].to_list() == ["Insuffisance cardiaque", "Traitement par bisoprolol"]
    assert set(lines["source"]) == {"ocr"}


def test_without_ocr_the_layer_behind_the_picture_serves(scan: Path, reader: OcrReader) -> None:
    assert read(scan, reader, ocr_seconds=0).reason is Reason.NO_TEXT
    path = written_over(scan, shown("layer of the scanner", 100, 700, extra="3 Tr"))
    lines = read(path, reader, ocr_seconds=0).lines
    assert lines.select("text", "source").rows() == [("layer of the scanner", "ocr")]


def test_a_picture_that_takes_too_long_is_given_up(scan: Path) -> None:
    hasty = OcrReader(0.001)
    with pypdfium2.PdfDocument(scan) as pdf:
        picture = render(pdf[0], (0, 0, *pdf[0].get_size()), 12)
    with pytest.raises(ReadError) as error:
        hasty.read(picture, (0, 0, 595, 842))
    assert error.value.reason is Reason.TIMEOUT
    hasty.close()


def test_a_scan_that_could_not_be_read_is_said(scan: Path) -> None:
    hasty = OcrReader(0.001)
    found = read(scan, hasty)
    hasty.close()
    assert (found.status, found.reason, found.failed) == (
        "quarantined",
        Reason.TIMEOUT,
        [(1, Reason.TIMEOUT)],
    )


def test_a_reader_that_died_is_replaced(reader: OcrReader) -> None:
    blank = np.full((200, 200, 3), 255, np.uint8)
    assert reader.read(blank, (0, 0, 100, 100)).lines == []
    reader._process.kill()  # type: ignore[union-attr]
    reader._process.wait()  # type: ignore[union-attr]
    assert reader.read(blank, (0, 0, 100, 100)).lines == []


def page(images: list[tuple[float, ...]], glyphs: Glyphs | None = None) -> Page:
    boxes = np.array(images, np.float64).reshape(-1, 4)
    return Page(1, 600, 800, glyphs or Glyphs.of([], []), images=boxes)


def printed(glyphs: int) -> Glyphs:
    """Rows of fifty glyphs."""
    at = [(50 + 6.0 * (index % 50), 60 + 14.0 * (index // 50)) for index in range(glyphs)]
    return Glyphs.of(
        ["a"] * glyphs, [(x, y - 10, x + 5, y + 2, x, y, 10, 0, 0, -1, 0, 0) for x, y in at]
    )


def test_a_reader_without_work_ends_its_process_and_starts_again(reader: OcrReader) -> None:
    white = np.full((80, 300, 3), 255, np.uint8)
    reader.read(white, (0, 0, 300, 80))
    process = reader._process
    assert process is not None
    for _ in range(ocr.IDLE_DOCUMENTS):
        reader.document_done()
    assert process.poll() is None
    reader.document_done()
    assert process.poll() is not None
    assert reader.read(white, (0, 0, 300, 80)).lines == []


def test_which_pictures_are_read() -> None:
    whole = (0.0, 0.0, 600, 800)
    assert pictures_of_text(page([]), 0.0) == []
    assert pictures_of_text(page([(0, 0, 60, 60)]), 0.0) == [whole]  # and nothing else
    assert pictures_of_text(page([(0, 0, 60, 60)], printed(40)), 0.0) == []
    assert pictures_of_text(page([whole]), 0.0) == [whole]
    assert pictures_of_text(page([whole], printed(40)), 0.0) == [whole]
    assert pictures_of_text(page([whole], printed(1500)), 0.0) == []
    strips = [(0.0, 100.0 * i, 600.0, 100.0 * (i + 1)) for i in range(8)]
    assert pictures_of_text(page(strips), 0.0) == [whole]


def test_a_huge_page_is_rendered_small(tmp_path: Path) -> None:
    path = raw_pdf(tmp_path / "a.pdf", shown("x", 50, 50), box=(0, 0, 14000, 14000))
    with pypdfium2.PdfDocument(path) as pdf:
        picture = render(pdf[0], (0, 0, 14000, 14000), 2)
    assert picture.shape[0] * picture.shape[1] <= 2.1e6
