"""One document to lines, page by page: the chosen engine, the other engine, a repair, OCR; a failure has a reason."""

import hashlib
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import numpy as np
import polars as pl

from chartline.core.reasons import ReadError, Reason, reason_of
from chartline.core.settings import Limits
from chartline.pdf.engines.pdfium import PdfiumDocument
from chartline.pdf.forms.fields import Forms
from chartline.pdf.frames import lines_frame
from chartline.pdf.glyphs import UNMAPPED, Page
from chartline.pdf.layout.lines import Line, page_lines
from chartline.pdf.layout.order import reading_order
from chartline.pdf.opened import FAST, Opened, ReportStep
from chartline.pdf.retries import Attempt
from chartline.pdf.scans import ocr
from chartline.pdf.scans.ocr import OcrReader

_MOSTLY = 0.5  # of the glyphs
_PAGES_A_FRAME = 100  # then the line objects are let go, and what pdfium keeps of the pages
_LESS = 0.98  # of the other engine's characters: fewer than that is a loss


@dataclass
class ReadResult:
    """What was read of a document. `reason` is None when all of it was; `failed` gives pages that were not, and why."""

    lines: pl.DataFrame
    pages: int = 0
    engine: str | None = None
    reason: Reason | None = None
    failed: list[tuple[int, Reason]] = field(default_factory=list)
    content_hash: str = ""

    @property
    def status(self) -> str:
        if self.reason is None:
            return "processed"
        return "partial" if len(self.lines) else "quarantined"


def snapshot(path: Path, limits: Limits) -> bytes:
    """The bytes of a PDF, read at once, so that all that follows sees the same file.

    Raises:
        ReadError: it cannot be read, is empty, too large or no PDF, or was written to meanwhile.
    """
    try:
        before = path.stat()
        if before.st_size > limits.file_mb * 1e6:
            raise ReadError(Reason.TOO_LARGE)
        data = path.read_bytes()
        after = path.stat()
    except OSError:
        raise ReadError(Reason.UNREADABLE) from None
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(
        data
    ) != after.st_size:
        raise ReadError(Reason.CHANGED)
    if not data:
        raise ReadError(Reason.EMPTY_FILE)
    if b"%PDF-" not in data[:1024] and not (
        b" obj" in data[:1024] and b"startxref" in data[-1024:]
    ):
        raise ReadError(
            Reason.NOT_A_PDF
        )  # some writers, or what cut their first line off, leave out the header
    return data


def read_file(
    document_id: str,
    path: Path,
    attempt: Attempt,
    limits: Limits,
    reader: OcrReader,
    report_step: ReportStep = lambda *_: None,
) -> ReadResult:
    """`read_document` of the file at `path`; one that cannot be read at all has its reason too."""
    try:
        data = snapshot(path, limits)
    except ReadError as error:
        return ReadResult(lines_frame(document_id, []), reason=error.reason)
    reading = read_document(document_id, data, attempt, limits, reader, report_step)
    reading.content_hash = hashlib.sha256(data).hexdigest()
    return reading


def read_document(
    document_id: str,
    data: bytes,
    attempt: Attempt,
    limits: Limits,
    reader: OcrReader,
    report_step: ReportStep = lambda *_: None,
) -> ReadResult:
    """The lines of a PDF. Never raises for what a file holds: the reason says what went wrong, and pages that could be
    read are kept.

    `report_step(step, seconds)` is called before each thing that may not come back, with the time that it may take; `step`
    is what `retries.next_attempt` wants to know of it.
    """
    try:
        with Opened(data, attempt, limits.page_seconds, report_step) as opened:
            opened.begin(limits.pages)
            return _Book(opened, limits, reader).read(document_id)
    except ReadError as error:
        return ReadResult(lines_frame(document_id, []), reason=error.reason)


@dataclass
class _Found:
    """A page as one engine sees it."""

    engine: str
    page: Page
    total: int  # glyphs that are painted
    unmapped: float  # share of them whose font does not say which characters they show

    @property
    def chars(self) -> float:
        return self.total * (1 - self.unmapped)

    def beats(self, other: Self) -> bool:
        """Whether this engine sees more characters, or as many and more glyphs besides."""
        more = self.chars * _LESS > other.chars
        return more or (self.chars >= other.chars * _LESS and self.total * _LESS > other.total)


class _Book:
    """One document, page by page."""

    def __init__(self, opened: Opened, limits: Limits, reader: OcrReader) -> None:
        self.opened, self.limits, self.reader = opened, limits, reader
        self.forms: Forms | None = None
        self.used: Counter[str] = Counter()
        self.failed: dict[int, Reason] = {}
        self.ends = time.monotonic() + limits.document_seconds

    def read(self, document_id: str) -> ReadResult:
        """Reads the pages of the opened document, and says what is missing."""
        count, health = self.opened.count, self.opened.health
        last = min(count, self.limits.pages)
        frames = list(self._frames(document_id, last))
        for number in [
            *range(count + 1, min(health.declared, self.limits.pages) + 1),
            *self.opened.lost(last),
        ]:
            self.failed.setdefault(number, Reason.DAMAGED)
        lines = pl.concat(frames, rechunk=True)
        reason = (
            Reason.TOO_MANY_PAGES
            if count > last
            else self.failed[min(self.failed)]
            if self.failed
            else None
        )
        if reason is None and lines.is_empty():
            reason = Reason.DAMAGED if health.damaged else Reason.NO_TEXT
        engine = self.used.most_common(1)[0][0] if self.used else None
        return ReadResult(lines, count, engine, reason, sorted(self.failed.items()))

    def _frames(self, document_id: str, last: int) -> Iterator[pl.DataFrame]:
        """The lines of pages 1 to `last`, some pages a frame."""
        pages: list[tuple[Page, list[Line]]] = []
        for number in range(1, last + 1):
            if reason := self._stopped(number):
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

    def _stopped(self, number: int) -> Reason | None:
        attempt = self.opened.attempt
        if attempt.stop is not None and number >= attempt.stop:
            return attempt.stopped
        return Reason.TIMEOUT if time.monotonic() > self.ends else None

    def _page(self, number: int) -> tuple[Page, list[Line]]:
        """A page's number and size (its glyphs are let go), and its lines."""
        found = self._best(number)
        self.used[found.engine] += 1
        lines = page_lines(found.page) if found.unmapped <= _MOSTLY else []
        boxes = ocr.pictured(found.page, found.unmapped)
        page = found.page.bare()
        page, seen = self._seen(page, boxes, lines) if boxes else (page, [])
        if (
            boxes and not seen
        ):  # no OCR: what another OCR wrote behind the picture, or glyphs as they are
            lines = lines or page_lines(found.page)
            layer = page_lines(found.page, hidden=True)
            seen = [line._replace(source="ocr") for line in _beside(layer, lines)]
        if found.page.annotated:
            seen += self._form_lines(number)
        return page, _in_order([*lines, *seen]) if seen else lines

    def _best(self, number: int) -> _Found:
        """The page by the first engine, unless that fails or seems to lose text and another does better; where all
        fail, the same from a repaired copy."""
        try:
            return self._compared(number)
        except ReadError:
            if not self.opened.mend():
                raise
            return self._compared(number)

    def _compared(self, number: int) -> _Found:
        best: _Found | None = None
        fault = self.opened.attempt.fault(number, Reason.DAMAGED)
        for name in self.opened.engines(number):
            if best is not None and not self._doubtful(best):
                break
            try:
                document = self.opened.document(name)
                if number > document.count:
                    continue
                self.opened.announce(number, name)
                found = _weighed(name, document.page(number))
            except Exception as error:
                fault = reason_of(error, Reason.INTERNAL)
                continue
            if best is None or found.beats(best):
                best = found
        if best is None:
            raise ReadError(fault)
        return best

    def _doubtful(self, found: _Found) -> bool:
        """pdfplumber loses text without a word, and pdfium costs next to nothing: always compared. pdfium is compared
        where it sees glyphs without characters, some of which it leaves out, or no glyph on a page without pictures."""
        if found.engine != FAST:
            return True
        return found.unmapped > 0 or (not found.total and not len(found.page.images))

    def _seen(
        self, page: Page, boxes: list[ocr.Box], native: list[Line]
    ) -> tuple[Page, list[Line]]:
        """What OCR sees in parts of a page, less what the page says itself; where OCR fails, the page is a failed one.

        A page that is nothing but a scan lying on its side or its head is turned, as its reader would.
        """
        if not self.limits.ocr_seconds:
            return page, []
        try:
            seen = [self._read(page.number, box) for box in boxes]
        except ReadError as error:
            self.failed[page.number] = error.reason
            return page, []
        if (
            not native
            and not page.annotated
            and len(boxes) == 1
            and boxes[0] == (0.0, 0.0, page.width, page.height)
        ):
            return page.turned(seen[0].turn), seen[0].lines
        lines = [line for box, one in zip(boxes, seen, strict=True) for line in one.on_page(box)]
        return page, _beside(lines, native)

    def _read(self, number: int, box: ocr.Box) -> ocr.Seen:
        document = self.opened.document(FAST)
        if not self.opened.announce(number, "ocr", self.limits.ocr_seconds):
            raise ReadError(self.opened.attempt.fault(number, Reason.CRASH))
        assert isinstance(document, PdfiumDocument)
        return self.reader.read(document.picture(number, box, self.limits.megapixels), box)

    def _form_lines(self, number: int) -> list[Line]:
        if not self.opened.announce(number, "qpdf"):
            return []
        if self.forms is None:
            self.forms = Forms(self.opened.data)
        return self.forms.lines(number)


def _weighed(name: str, page: Page) -> _Found:
    total = len(page.glyphs.text) - int(page.glyphs.hidden.sum())
    unmapped = page.glyphs.text.count(UNMAPPED)
    if unmapped and total < len(page.glyphs.text):
        unmapped = sum(
            page.glyphs.text[at] == UNMAPPED for at in np.flatnonzero(~page.glyphs.hidden).tolist()
        )
    return _Found(name, page, total, unmapped / total if total else 0.0)


def _beside(lines: list[Line], native: list[Line]) -> list[Line]:
    """The lines that say what no native line says: those that lie over none."""
    return [line for line in lines if not any(_over(line, other) for other in native)]


def _over(line: Line, other: Line) -> bool:
    width = min(line.x1, other.x1) - max(line.x0, other.x0)
    height = min(line.bottom, other.bottom) - max(line.top, other.top)
    return width > 0.5 * (line.x1 - line.x0) and height > 0.4 * (line.bottom - line.top)


def _in_order(lines: list[Line]) -> list[Line]:
    boxes = np.array([(line.x0, line.top, line.x1, line.bottom) for line in lines])
    return [lines[index] for index in reading_order(boxes)]
