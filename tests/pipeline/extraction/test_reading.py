"""Every file ends with lines or with a reason, never with an exception."""

from pathlib import Path

import pikepdf
import pytest
from conftest import BODY, reportlab_letter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.pdfgen import canvas

from pipeline.extraction.ocr import Reader
from pipeline.extraction.reading import Reading, read_file
from pipeline.extraction.reasons import ReadError, Reason, reason_of
from pipeline.extraction.retries import Asked
from pipeline.settings import Limits


def read(path: Path, engine: str = "auto", **limits: float) -> Reading:
    return read_file("d", path, Asked(engine), Limits(**limits), Reader(60))  # type: ignore[arg-type]


def test_a_sound_letter_is_processed(letter: Path) -> None:
    reading = read(letter)
    assert (reading.status, reading.reason, reading.pages, reading.engine) == ("processed", None, 1, "pdfium")
    assert set(BODY) <= set(reading.lines["text"])


def test_the_engine_asked_for_is_used(letter: Path) -> None:
    assert read(letter, "pdfplumber").engine == "pdfplumber"


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", Reason.EMPTY_FILE), (b"just text", Reason.NOT_A_PDF), (b"%PDF-1.7\nnothing more", Reason.DAMAGED)],
)
def test_what_is_no_document_has_its_reason(tmp_path: Path, content: bytes, reason: Reason) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(content)
    reading = read(file)
    assert (reading.status, reading.reason) == ("quarantined", reason)


def test_a_missing_file_is_unreadable(tmp_path: Path) -> None:
    assert read(tmp_path / "gone.pdf").reason is Reason.UNREADABLE


def test_a_password_is_a_reason(tmp_path: Path) -> None:
    path = reportlab_letter(tmp_path / "a.pdf")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="o", user="u"))
    assert read(path).reason is Reason.ENCRYPTED
    assert read(path, "pdfplumber").reason is Reason.ENCRYPTED


def test_an_empty_password_is_none(tmp_path: Path) -> None:
    path = reportlab_letter(tmp_path / "a.pdf")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="o", user=""))
    assert read(path).status == "processed"


def test_a_blank_page_has_no_text(tmp_path: Path) -> None:
    pdf = canvas.Canvas(str(tmp_path / "a.pdf"))
    pdf.showPage()
    pdf.save()
    assert read(tmp_path / "a.pdf").reason is Reason.NO_TEXT


def test_pages_beyond_the_limit_make_it_partial(tmp_path: Path) -> None:
    reading = read(reportlab_letter(tmp_path / "a.pdf", pages=5), pages=3)
    assert (reading.status, reading.reason) == ("partial", Reason.TOO_MANY_PAGES)
    assert reading.lines["page"].max() == 3


def test_a_file_too_large_is_not_opened(letter: Path) -> None:
    assert read(letter, file_mb=0.0001).reason is Reason.TOO_LARGE


def test_the_cause_gives_the_reason() -> None:
    wrapped = ValueError("of no use")
    wrapped.__cause__ = MemoryError()
    assert reason_of(wrapped) is Reason.MEMORY
    assert reason_of(ReadError(Reason.ENCRYPTED)) is Reason.ENCRYPTED
    assert reason_of(KeyError()) is Reason.DAMAGED


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.floats(0, 1), length=st.integers(1, 400), fill=st.integers(0, 255))
def test_corrupted_letters_never_raise(tmp_path: Path, at: float, length: int, fill: int) -> None:
    path = reportlab_letter(tmp_path / "a.pdf")
    data = bytearray(path.read_bytes())
    begin = int(at * len(data))
    data[begin : begin + length] = bytes([fill]) * len(data[begin : begin + length])
    path.write_bytes(bytes(data))
    reading = read(path)
    assert reading.status == "processed" or reading.reason is not None
