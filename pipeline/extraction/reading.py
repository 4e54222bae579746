"""One document to lines, page by page: the chosen engine, the other engine, a repair, OCR; a failure has a reason."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import numpy as np
import polars as pl

from pipeline.extraction import ocr, repair
from pipeline.extraction.forms import Forms
from pipeline.extraction.frames import lines_frame
from pipeline.extraction.glyphs import UNMAPPED, Document, Engine, Page
from pipeline.extraction.lines import Line, page_lines
from pipeline.extraction.ocr import Reader
from pipeline.extraction.order import reading_order
from pipeline.extraction.pdfium import PdfiumDocument, PdfiumEngine
from pipeline.extraction.plumber import PlumberEngine
from pipeline.extraction.reasons import ReadError, Reason, reason_of
from pipeline.extraction.retries import Asked, place
from pipeline.settings import Limits

ENGINES: dict[str, Engine] = {"pdfium": PdfiumEngine(), "pdfplumber": PlumberEngine()}
FAST = "pdfium"
OPENING = 0  # the number of the step before the first page
_MOSTLY = 0.5  # of the glyphs
_PAGES_A_FRAME = 100  # columns take a tenth of the room that line objects take
_LESS = 0.98  # of the other engine's characters: fewer than that is a loss

Step = Callable[[str, float], None]


@dataclass
class Reading:
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
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(data) != after.st_size:
        raise ReadError(Reason.CHANGED)
    if not data:
        raise ReadError(Reason.EMPTY_FILE)
    if b"%PDF-" not in data[:1024]:
        raise ReadError(Reason.NOT_A_PDF)
    return data


def read_file(
    document_id: str, path: Path, asked: Asked, limits: Limits, reader: Reader, step: Step = lambda *_: None
) -> Reading:
    """`read_document` of the file at `path`; one that cannot be read at all has its reason too."""
    try:
        data = snapshot(path, limits)
    except ReadError as error:
        return Reading(lines_frame(document_id, []), reason=error.reason)
    reading = read_document(document_id, data, asked, limits, reader, step)
    reading.content_hash = hashlib.sha256(data).hexdigest()
    return reading


def read_document(
    document_id: str, data: bytes, asked: Asked, limits: Limits, reader: Reader, step: Step = lambda *_: None
) -> Reading:
    """The lines of a PDF. Never raises for what a file holds: the reason says what went wrong, and pages that could be
    read are kept.

    `step(place, seconds)` is called before each thing that may not come back, with the time that it may take; `place`
    is what `retries.again` wants to know of it.
    """
    book = _Book(data, asked, limits, reader, step)
    try:
        with book:
            return book.read(document_id)
    except ReadError as error:
        return Reading(lines_frame(document_id, []), reason=error.reason)


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
    """One document under the hands of several engines."""

    def __init__(self, data: bytes, asked: Asked, limits: Limits, reader: Reader, step: Step) -> None:
        self.data, self.asked, self.limits, self.reader, self.step = data, asked, limits, reader, step
        self.original: bytes | None = None  # where a repaired copy has been tried
        self.open: dict[str, Document | None] = {}
        self.forms: Forms | None = None
        self.used: dict[str, int] = {}
        self.ends = time.monotonic() + limits.document_seconds

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for document in self.open.values():
            if document is not None:
                document.__exit__()
        if self.forms is not None:
            self.forms.close()

    def read(self, document_id: str) -> Reading:
        """Opens the document and reads its pages."""
        count, health = self._open()
        known = max(count, health.declared)
        failed = dict.fromkeys(range(count + 1, min(known, self.limits.pages) + 1), Reason.DAMAGED)
        last = min(count, self.limits.pages)
        frames: list[pl.DataFrame] = [lines_frame(document_id, [])]
        pages: list[tuple[Page, list[Line]]] = []
        for number in range(1, last + 1):
            if reason := self._stopped(number):
                failed |= dict.fromkeys(range(number, last + 1), reason)
                break
            try:
                pages.append(self._page(number))
            except ReadError as error:
                failed[number] = error.reason
            if len(pages) == _PAGES_A_FRAME:
                frames.append(lines_frame(document_id, pages))
                pages.clear()
        for number in self._lost(last, health):
            failed.setdefault(number, Reason.DAMAGED)
        lines = pl.concat([*frames, lines_frame(document_id, pages)], rechunk=True)
        engine = max(self.used, key=lambda name: self.used[name]) if self.used else None
        reason = Reason.TOO_MANY_PAGES if count > last else failed[min(failed)] if failed else None
        if reason is None and not len(lines):
            reason = Reason.DAMAGED if health.damaged else Reason.NO_TEXT
        return Reading(lines, count, engine, reason, sorted(failed.items()))

    def _lost(self, last: int, health: repair.Health) -> list[int]:
        if not health.opened or not self._tell(OPENING, "qpdf"):
            return []
        return repair.lost_pages(self.data, last, damaged=health.damaged)

    def _tell(self, page: int, engine: str, more: float = 0.0) -> bool:
        """Says what comes next, in case that it never comes back; False where it took a worker down before."""
        if not self.asked.may(page, engine):
            return False
        self.step(place(page, engine), self.limits.page_seconds + more)
        return True

    def _engines(self, page: int) -> list[str]:
        """Engines in the order of trying."""
        first = FAST if self.asked.engine == "auto" else self.asked.engine
        order = [first, *(name for name in ENGINES if name != first)]
        return [name for name in order if self.asked.may(page, name)]

    def _stopped(self, number: int) -> Reason | None:
        if self.asked.stop is not None and number >= self.asked.stop:
            return self.asked.stopped
        return Reason.TIMEOUT if time.monotonic() > self.ends else None

    def _open(self) -> tuple[int, repair.Health]:
        """Page count and health; a file that no engine opens, or that opens short of pages, is repaired once."""
        health = repair.examine(self.data) if self._tell(OPENING, "qpdf") else repair.Health(False)
        count, fault = self._count()
        if fault in (Reason.ENCRYPTED, Reason.MEMORY):
            raise ReadError(fault)
        if (fault or count < health.pages) and self._mend():
            again, still = self._count()
            if again > count:
                count, fault = again, still
            elif count:
                self._unmend()
        if fault:
            raise ReadError(fault)
        if count == 0:
            raise ReadError(Reason.NO_PAGE)
        return count, health

    def _count(self) -> tuple[int, Reason | None]:
        """Pages by the first engine that opens the document and finds any, and why there are none."""
        fault = self.asked.fault(OPENING, Reason.DAMAGED)
        for name in self._engines(OPENING):
            try:
                if count := self._document(name).count:
                    return count, None
                fault = Reason.NO_PAGE
            except ReadError as error:
                fault = error.reason
                if fault is Reason.ENCRYPTED:
                    break
        return 0, fault

    def _mend(self) -> bool:
        """Goes on with a copy that qpdf has repaired, once."""
        if self.original is not None or not self._tell(OPENING, "qpdf"):
            return False
        self.original, mended = self.data, repair.repaired(self.data)
        if mended is None:
            return False
        self.data = mended
        self._forget()
        return True

    def _unmend(self) -> None:
        assert self.original is not None
        self.data = self.original
        self._forget()

    def _forget(self) -> None:
        for document in self.open.values():
            if document is not None:
                document.__exit__()
        self.open.clear()

    def _document(self, name: str) -> Document:
        if name not in self.open:
            self._tell(OPENING, name)
            self.open[name] = None
            try:
                self.open[name] = ENGINES[name].open(self.data)
            except Exception as error:
                raise ReadError(reason_of(error)) from None
        document = self.open[name]
        if document is None:
            raise ReadError(Reason.DAMAGED)
        return document

    def _page(self, number: int) -> tuple[Page, list[Line]]:
        """A page's number and size (its glyphs are let go), and its lines."""
        found = self._best(number)
        self.used[found.engine] = self.used.get(found.engine, 0) + 1
        lines = page_lines(found.page) if found.unmapped <= _MOSTLY else []
        boxes = ocr.pictured(found.page, found.unmapped)
        seen = self._seen(number, boxes, lines) if boxes else []
        if boxes and not seen:  # no OCR: what another OCR wrote behind the picture, or glyphs as they are
            seen = [line._replace(source="ocr") for line in page_lines(found.page, hidden=True)]
            lines = lines or page_lines(found.page)
        if found.page.annotated:
            seen += self._form_lines(number)
        return found.page.bare(), _in_order([*lines, *seen]) if seen else lines

    def _best(self, number: int) -> _Found:
        """The page by the first engine, unless that fails or seems to lose text and another does better; where all
        fail, the same from a repaired copy."""
        try:
            return self._compared(number)
        except ReadError:
            if not self._mend():
                raise
            return self._compared(number)

    def _compared(self, number: int) -> _Found:
        best: _Found | None = None
        fault = self.asked.fault(number, Reason.DAMAGED)
        for name in self._engines(number):
            if best is not None and not self._doubtful(best):
                break
            try:
                document = self._document(name)
                if number > document.count:
                    continue
                self._tell(number, name)
                found = _weighed(name, document.page(number))
            except Exception as error:
                fault = reason_of(error)
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

    def _seen(self, number: int, boxes: list[ocr.Box], native: list[Line]) -> list[Line]:
        """What OCR sees in parts of a page, less what the page says itself. Nothing where OCR fails."""
        if not self.limits.ocr_seconds:
            return []
        try:
            document = self._document(FAST)
            if not isinstance(document, PdfiumDocument):
                return []
            lines: list[Line] = []
            for box in boxes:
                if not self._tell(number, "ocr", self.limits.ocr_seconds):
                    return []
                picture = document.picture(number, box, self.limits.megapixels)
                lines += self.reader.lines(picture, box)
            return [line for line in lines if not any(_over(line, other) for other in native)]
        except ReadError:
            return []

    def _form_lines(self, number: int) -> list[Line]:
        if not self._tell(number, "qpdf"):
            return []
        if self.forms is None:
            self.forms = Forms(self.data)
        return self.forms.lines(number)


def _weighed(name: str, page: Page) -> _Found:
    shown = ~page.glyphs.hidden
    total = int(shown.sum())
    unmapped = sum(text == UNMAPPED for text, seen in zip(page.glyphs.text, shown.tolist(), strict=True) if seen)
    return _Found(name, page, total, unmapped / total if total else 0.0)


def _over(line: Line, other: Line) -> bool:
    width = min(line.x1, other.x1) - max(line.x0, other.x0)
    height = min(line.bottom, other.bottom) - max(line.top, other.top)
    return width > 0.5 * (line.x1 - line.x0) and height > 0.4 * (line.bottom - line.top)


def _in_order(lines: list[Line]) -> list[Line]:
    boxes = np.array([(line.x0, line.top, line.x1, line.bottom) for line in lines])
    return [lines[index] for index in reading_order(boxes)]
