"""Every file ends with lines or with a reason, never with an exception."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pikepdf
import polars as pl
import pytest
from conftest import BODY, reportlab_letter
from hostile import many_pages
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.pdfgen import canvas

from chartline.core.reasons import ReadError, Reason, reason_of
from chartline.core.settings import Limits
from chartline.pdf import opened, reading
from chartline.pdf.engines.pdfium import PdfiumEngine
from chartline.pdf.glyphs import Page
from chartline.pdf.reading import ReadResult, read_file
from chartline.pdf.retries import Attempt
from chartline.pdf.scans.ocr import OcrReader


def read(path: Path, engine: str = "auto", **limits: float) -> ReadResult:
    return read_file("d", path, Attempt(engine), Limits(**limits), OcrReader(60))  # type: ignore[arg-type]


def test_a_sound_letter_is_processed(letter: Path) -> None:
    found = read(letter)
    assert (found.status, found.reason, found.pages, found.engine) == (
        "processed",
        None,
        1,
        "pdfium",
    )
    assert set(BODY) <= set(found.lines["text"])


def test_the_engine_asked_for_is_used(letter: Path) -> None:
    assert read(letter, "pdfplumber").engine == "pdfplumber"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Reason.EMPTY_FILE),
        (b"just text", Reason.NOT_A_PDF),
        (b"%PDF-1.7\nnothing more", Reason.DAMAGED),
    ],
)
def test_what_is_no_document_has_its_reason(tmp_path: Path, content: bytes, reason: Reason) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(content)
    found = read(file)
    assert (found.status, found.reason) == ("quarantined", reason)


def test_a_file_without_its_first_line_is_read(letter: Path, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%\n" + letter.read_bytes().split(b"\n", 2)[2])
    found = read(tmp_path / "a.pdf")
    assert found.status == "processed"
    assert found.lines["text"].to_list() == read(letter).lines["text"].to_list()


def test_a_fault_of_ours_is_not_the_files(letter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> Page:
        raise ZeroDivisionError

    monkeypatch.setattr("chartline.pdf.engines.pdfium.PdfiumDocument.page", broken)
    assert read(letter).engine == "pdfplumber"  # one engine's fault costs nothing
    monkeypatch.setattr("chartline.pdf.engines.plumber.PlumberDocument.page", broken)
    assert read(letter).reason is Reason.INTERNAL


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
    found = read(reportlab_letter(tmp_path / "a.pdf", pages=5), pages=3)
    assert (found.status, found.reason) == ("partial", Reason.TOO_MANY_PAGES)
    assert found.lines["page"].max() == 3


def test_a_long_document_is_read_to_its_end(tmp_path: Path) -> None:
    found = read(reportlab_letter(tmp_path / "a.pdf", pages=230))
    assert (found.status, found.pages) == ("processed", 230)
    assert found.lines["page"].unique(maintain_order=True).to_list() == list(range(1, 231))
    counts = found.lines.group_by("page").len()["len"]
    assert counts.n_unique() == 1


@pytest.mark.slow
def test_ten_thousand_pages_are_read_up_to_the_limit(tmp_path: Path) -> None:
    many_pages(tmp_path / "a.pdf")
    found = read(tmp_path / "a.pdf", pages=150)
    assert (found.status, found.reason, found.pages) == ("partial", Reason.TOO_MANY_PAGES, 10_000)
    assert found.lines["page"].max() == 150


def test_a_file_too_large_is_not_opened(letter: Path) -> None:
    assert read(letter, file_mb=0.0001).reason is Reason.TOO_LARGE


def test_a_file_cut_short_is_partial_and_names_its_lost_pages(tmp_path: Path) -> None:
    path = reportlab_letter(tmp_path / "a.pdf", pages=4)
    data = path.read_bytes()
    path.write_bytes(
        data[: data.rindex(b"endstream") - 200]
    )  # the last page's content is not whole
    found = read(path)
    assert (found.status, found.reason) == ("partial", Reason.DAMAGED)
    assert (4, Reason.DAMAGED) in found.failed
    assert set(BODY) <= set(found.lines.filter(pl.col("page") == 1)["text"])


def test_a_file_that_qpdf_can_mend_is_read_whole(tmp_path: Path) -> None:
    path = reportlab_letter(tmp_path / "a.pdf", pages=2)
    data = path.read_bytes()
    path.write_bytes(data[: data.rindex(b"xref\n0")])  # no cross-reference table, no trailer
    found = read(path)
    assert found.pages == 2
    assert set(BODY) <= set(found.lines["text"])


class Lossy:
    """An engine that reads a fifth of the glyphs of every page, or that fails on every page."""

    name = "pdfplumber"

    def __init__(self, fails: bool) -> None:
        self.fails = fails

    def open(self, source: str | bytes) -> "Lossy":
        self.document = PdfiumEngine().open(source)
        self.count = self.document.count
        return self

    def __exit__(self, *_: object) -> None:
        self.document.__exit__()

    def page(self, number: int, *, colors: bool = False) -> Page:
        if self.fails:
            raise RecursionError
        page = self.document.page(number)
        return replace(page, glyphs=page.glyphs.take(np.arange(len(page.glyphs) // 5)))


@pytest.mark.parametrize("fails", [False, True])
def test_a_page_on_which_an_engine_fails_or_loses_text_is_read_by_the_other(
    letter: Path, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    monkeypatch.setitem(opened.ENGINES, "pdfplumber", Lossy(fails))
    found = read(letter, "pdfplumber")
    assert (found.status, found.engine) == ("processed", "pdfium")
    assert set(BODY) <= set(found.lines["text"])


def test_an_engine_that_took_a_worker_down_is_not_tried_there_again(tmp_path: Path) -> None:
    path = reportlab_letter(tmp_path / "a.pdf", pages=3)
    both = dict.fromkeys(("pdfium", "pdfplumber"), Reason.TIMEOUT)
    steps: list[str] = []
    attempt = Attempt(avoid={2: both})
    found = read_file(
        "d", path, attempt, Limits(), OcrReader(0), lambda step, seconds: steps.append(step)
    )
    assert found.failed == [(2, Reason.TIMEOUT)]
    assert found.status == "partial"
    assert set(found.lines["page"]) == {1, 3}
    assert "2 pdfium" not in steps
    assert "3 pdfium" in steps


def test_an_engine_that_took_a_worker_down_while_opening_is_not_tried_at_all(
    tmp_path: Path,
) -> None:
    path = reportlab_letter(tmp_path / "a.pdf", pages=2)
    steps: list[str] = []
    attempt = Attempt(avoid={0: {"pdfium": Reason.CRASH, "qpdf": Reason.CRASH}})
    found = read_file(
        "d", path, attempt, Limits(), OcrReader(0), lambda step, seconds: steps.append(step)
    )
    assert (found.status, found.engine) == ("processed", "pdfplumber")
    assert not [step for step in steps if step.endswith(("pdfium", "qpdf"))]


def test_pages_past_the_last_worker_that_died_are_given_up(tmp_path: Path) -> None:
    path = reportlab_letter(tmp_path / "a.pdf", pages=4)
    found = read_file("d", path, Attempt(stop=3, stopped=Reason.CRASH), Limits(), OcrReader(0))
    assert found.failed == [(3, Reason.CRASH), (4, Reason.CRASH)]
    assert set(found.lines["page"]) == {1, 2}


def test_a_file_that_grows_while_it_is_read_is_left_for_the_next_run(
    letter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = letter.read_bytes()

    def growing(path: Path) -> bytes:
        with letter.open("ab") as stream:
            stream.write(b"more")
        return whole

    monkeypatch.setattr(Path, "read_bytes", growing)
    assert read(letter).reason is Reason.CHANGED


def test_a_document_that_takes_too_long_keeps_what_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = reportlab_letter(tmp_path / "a.pdf", pages=5)
    clock = iter(range(1000))
    monkeypatch.setattr(reading.time, "monotonic", lambda: float(next(clock)))
    found = read(path, document_seconds=2.5)
    assert (found.status, found.reason) == ("partial", Reason.TIMEOUT)
    assert 0 < found.lines["page"].n_unique() < 5


def test_the_cause_gives_the_reason() -> None:
    wrapped = ValueError("of no use")
    wrapped.__cause__ = MemoryError()
    assert reason_of(wrapped) is Reason.MEMORY
    assert reason_of(ReadError(Reason.ENCRYPTED)) is Reason.ENCRYPTED
    assert reason_of(KeyError()) is Reason.DAMAGED


@pytest.mark.slow
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(at=st.floats(0, 1), length=st.integers(1, 400), fill=st.integers(0, 255))
def test_corrupted_letters_never_raise(tmp_path: Path, at: float, length: int, fill: int) -> None:
    path = reportlab_letter(tmp_path / "a.pdf")
    data = bytearray(path.read_bytes())
    begin = int(at * len(data))
    data[begin : begin + length] = bytes([fill]) * len(data[begin : begin + length])
    path.write_bytes(bytes(data))
    found = read(path)
    assert found.status == "processed" or found.reason is not None
