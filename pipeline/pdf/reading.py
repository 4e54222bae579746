"""One document to lines, page by page: by the engines, a repair of the file, and OCR."""

import hashlib
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl

from chartline.core.reasons import ReadError, Reason
from chartline.core.settings import Limits
from chartline.core.worker_pool import ReportStep
from chartline.pdf.engines.pdfium import PdfiumDocument
from chartline.pdf.forms.fields import Forms
from chartline.pdf.frames import lines_frame
from chartline.pdf.glyphs import Page
from chartline.pdf.layout.lines import Line, page_lines
from chartline.pdf.layout.order import reading_order
from chartline.pdf.opened import FAST, Opened
from chartline.pdf.page_choice import EnginePage, best_page
from chartline.pdf.retries import Attempt
from chartline.pdf.scans.ocr import OcrReader
from chartline.pdf.scans.pictures import Box, pictures_of_text, without_covered
from chartline.pdf.scans.pieces import PictureLines
from chartline.pdf.snapshot import snapshot

_MOSTLY_UNMAPPED = 0.5  # share of the glyphs: above it, the page is read as a picture
_PAGES_A_FRAME = 100  # then Line objects are freed, and what pdfium keeps of the pages


@dataclass
class ReadResult:
    """What was read of a document.

    Attributes:
        lines: the lines table of the document, labels still empty.
        pages: how many pages the document has.
        engine: the engine that read most of the pages.
        reason: why not all was read; None when all was.
        failed: the pages that were not read, and why.
        content_hash: SHA-256 of the file, in hexadecimal digits.
    """

    lines: pl.DataFrame
    pages: int = 0
    engine: str | None = None
    reason: Reason | None = None
    failed: list[tuple[int, Reason]] = field(default_factory=list)
    content_hash: str = ""

    @property
    def status(self) -> str:
        """Processed when all was read, partial when some lines were, else quarantined."""
        if self.reason is None:
            return "processed"
        return "partial" if len(self.lines) else "quarantined"


def read_file(
    document_id: str,
    path: Path,
    attempt: Attempt,
    limits: Limits,
    reader: OcrReader,
    report_step: ReportStep = lambda *_: None,
) -> ReadResult:
    """`read_document` of the file at `path`; a file that cannot be read gives a reason too."""
    try:
        data = snapshot(path, limits)
    except ReadError as error:
        return ReadResult(lines_frame(document_id, []), reason=error.reason)
    result = read_document(document_id, data, attempt, limits, reader, report_step)
    result.content_hash = hashlib.sha256(data).hexdigest()
    return result


def read_document(
    document_id: str,
    data: bytes,
    attempt: Attempt,
    limits: Limits,
    reader: OcrReader,
    report_step: ReportStep = lambda *_: None,
) -> ReadResult:
    """The lines of a PDF.

    Never raises for what a file holds: the result has a reason then, and the pages that could be
    read.

    Args:
        document_id: the key of the document, for the lines table.
        data: the bytes of the file.
        attempt: the engine to use, and what to avoid because it killed a worker before.
        limits: of pages, seconds and picture size.
        reader: the OCR process, kept from document to document.
        report_step: called before each step that may never return, with the step's name
            (`retries.step_name`) and the seconds that it may take.
    """
    try:
        with Opened(data, attempt, limits.page_seconds, report_step) as opened:
            opened.begin(limits.pages)
            return _DocumentReading(opened, limits, reader).read(document_id)
    except ReadError as error:
        return ReadResult(lines_frame(document_id, []), reason=error.reason)


class _DocumentReading:
    """The reading of one document, page by page."""

    def __init__(self, opened: Opened, limits: Limits, reader: OcrReader) -> None:
        self.opened, self.limits, self.reader = opened, limits, reader
        self.forms: Forms | None = None
        self.engines_used: Counter[str] = Counter()
        self.failed: dict[int, Reason] = {}
        self.ends = time.monotonic() + limits.document_seconds

    def read(self, document_id: str) -> ReadResult:
        """Reads the pages of the opened document, and finds those that are missing."""
        count, health = self.opened.count, self.opened.health
        last = min(count, self.limits.pages)
        frames = list(self._frames(document_id, last))
        missing = range(count + 1, min(health.declared, self.limits.pages) + 1)
        for number in [*missing, *self.opened.lost(last)]:
            self.failed.setdefault(number, Reason.DAMAGED)
        lines = pl.concat(frames, rechunk=True)
        reason = self.failed[min(self.failed)] if self.failed else None
        if count > last:
            reason = Reason.TOO_MANY_PAGES
        if reason is None and lines.is_empty():
            reason = Reason.DAMAGED if health.damaged else Reason.NO_TEXT
        used = self.engines_used.most_common(1)
        engine = used[0][0] if used else None
        return ReadResult(lines, count, engine, reason, sorted(self.failed.items()))

    def _frames(self, document_id: str, last: int) -> Iterator[pl.DataFrame]:
        """The lines of pages 1 to `last`, some pages a frame."""
        pages: list[tuple[Page, list[Line]]] = []
        for number in range(1, last + 1):
            if reason := self._stop_reason(number):
                self.failed |= dict.fromkeys(range(number, last + 1), reason)
                break
            try:
                pages.append(self._page(number))
            except ReadError as error:
                self.failed[number] = error.reason
            if len(pages) == _PAGES_A_FRAME:
                yield lines_frame(document_id, pages)
                pages.clear()
                self.opened.refresh()
        yield lines_frame(document_id, pages)
        if self.forms is not None:
            self.forms.close()

    def _stop_reason(self, number: int) -> Reason | None:
        """Why reading ends before page `number`, or None."""
        attempt = self.opened.attempt
        if attempt.stop is not None and number >= attempt.stop:
            return attempt.stopped
        return Reason.TIMEOUT if time.monotonic() > self.ends else None

    def _page(self, number: int) -> tuple[Page, list[Line]]:
        """A page's number and size, without its glyphs, and its lines."""
        found = best_page(self.opened, number)
        self.engines_used[found.engine] += 1
        native = page_lines(found.page) if found.unmapped <= _MOSTLY_UNMAPPED else []
        boxes = pictures_of_text(found.page, found.unmapped)
        page, others = found.page.bare(), list[Line]()
        if boxes:
            page, others = self._picture_lines(page, boxes, native)
        if boxes and not others:
            native, others = _without_ocr(found, native)
        if found.page.annotated:
            others += self._form_lines(number)
        return page, _in_order([*native, *others]) if others else native

    def _picture_lines(
        self, page: Page, boxes: list[Box], native: list[Line]
    ) -> tuple[Page, list[Line]]:
        """The lines of OCR in parts of a page that native text does not cover.

        A page that holds one scan and nothing else is turned upright with its lines. Where OCR
        fails, the page counts as failed, and there are no lines.
        """
        if not self.limits.ocr_seconds:
            return page, []
        try:
            found = [self._read_picture(page.number, box) for box in boxes]
        except ReadError as error:
            self.failed[page.number] = error.reason
            return page, []
        whole = boxes == [(0.0, 0.0, page.width, page.height)]
        if whole and not native and not page.annotated:
            return page.turned(found[0].turn), found[0].lines
        lines = [line for box, one in zip(boxes, found, strict=True) for line in one.on_page(box)]
        return page, without_covered(lines, native)

    def _read_picture(self, number: int, box: Box) -> PictureLines:
        """What OCR reads in a box of page `number`. Raises ReadError."""
        document = self.opened.document(FAST)
        if not self.opened.announce(number, "ocr", self.limits.ocr_seconds):
            raise ReadError(self.opened.attempt.fault(number, Reason.CRASH))
        assert isinstance(document, PdfiumDocument)
        return self.reader.read(document.picture(number, box, self.limits.megapixels), box)

    def _form_lines(self, number: int) -> list[Line]:
        """The lines of form fields and annotations on page `number`."""
        if not self.opened.announce(number, "qpdf"):
            return []
        if self.forms is None:
            self.forms = Forms(self.opened.data)
        return self.forms.lines(number)


def _without_ocr(found: EnginePage, native: list[Line]) -> tuple[list[Line], list[Line]]:
    """The native lines, unmapped glyphs included, and beside them the text layer that another OCR
    wrote behind the picture."""
    native = native or page_lines(found.page)
    layer = [line._replace(source="ocr") for line in page_lines(found.page, hidden=True)]
    return native, without_covered(layer, native)


def _in_order(lines: list[Line]) -> list[Line]:
    boxes = np.array([(line.x0, line.top, line.x1, line.bottom) for line in lines])
    return [lines[index] for index in reading_order(boxes)]
