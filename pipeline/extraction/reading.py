"""One document to lines, whatever it takes: the chosen engine, the other engine, a repair; a failure has a reason."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipeline.extraction.frames import lines_frame
from pipeline.extraction.glyphs import Engine, Page
from pipeline.extraction.lines import Line, page_lines
from pipeline.extraction.pdfium import PdfiumEngine
from pipeline.extraction.plumber import PlumberEngine
from pipeline.extraction.reasons import ReadError, Reason, reason_of
from pipeline.settings import Limits

_FINAL = (Reason.ENCRYPTED, Reason.MEMORY, Reason.TOO_MANY_PAGES)  # no other engine would do better


@dataclass
class Reading:
    """What was read of a document. `reason` is None when all of it was."""

    lines: pl.DataFrame
    pages: int = 0
    engine: str | None = None
    reason: Reason | None = None

    @property
    def status(self) -> str:
        if self.reason is None:
            return "processed"
        return "partial" if len(self.lines) else "quarantined"


@dataclass
class _Attempt:
    engine: str
    pages: list[tuple[Page, list[Line]]] = field(default_factory=list)
    count: int = 0
    reason: Reason | None = None

    @property
    def chars(self) -> int:
        return sum(len(line.text) for _, lines in self.pages for line in lines)


def read_document(document_id: str, path: Path, engine: str, limits: Limits) -> Reading:
    """The lines of a document by the engine asked for, else by the other, else from a copy repaired in memory (qpdf).

    Never raises for what a file holds: the reason says what went wrong, and pages read before it are kept.
    """
    empty = lines_frame(document_id, [])
    try:
        fault = _check(path, limits)
    except OSError:
        fault = Reason.UNREADABLE
    if fault:
        return Reading(empty, reason=fault)
    best = _Attempt(engine)
    for source, name in _ways(path, engine):
        attempt = _attempt(source, _engine(name), limits)
        if best.reason is None or (attempt.chars, attempt.count) > (best.chars, best.count) or attempt.reason is None:
            best = attempt
        if attempt.reason is None or attempt.reason in _FINAL:
            break
    reason = best.reason
    if reason is None:
        reason = Reason.NO_PAGE if not best.count else None if best.chars else _no_text(path)
    return Reading(lines_frame(document_id, best.pages), best.count, best.engine, reason)


def _check(path: Path, limits: Limits) -> Reason | None:
    size = path.stat().st_size
    if size == 0:
        return Reason.EMPTY_FILE
    if size > limits.file_mb * 1e6:
        return Reason.TOO_LARGE
    with path.open("rb") as stream:
        return None if b"%PDF-" in stream.read(1024) else Reason.NOT_A_PDF


def _engine(name: str) -> Engine:
    return PlumberEngine() if name == "pdfplumber" else PdfiumEngine()


def _ways(path: Path, engine: str) -> Iterator[tuple[str | bytes, str]]:
    first = "pdfplumber" if engine == "pdfplumber" else "pdfium"
    yield str(path), first
    yield str(path), "pdfium" if first == "pdfplumber" else "pdfplumber"
    repaired = _repair(path)
    if repaired is not None:
        yield repaired, "pdfium"


def _repair(path: Path) -> bytes | None:
    import pikepdf

    try:
        with pikepdf.open(path) as document:
            buffer = io.BytesIO()
            document.save(buffer)
            return buffer.getvalue()
    except (pikepdf.PdfError, RuntimeError, ValueError, OSError):
        return None


def _no_text(path: Path) -> Reason:
    """Why there is no text: qpdf had to mend the file, or it never held any."""
    import pikepdf

    try:
        with pikepdf.open(path, suppress_warnings=True) as document:
            return Reason.DAMAGED if document.check_pdf_syntax() else Reason.NO_TEXT
    except (pikepdf.PdfError, RuntimeError, ValueError, OSError):
        return Reason.DAMAGED


def _attempt(source: str | bytes, engine: Engine, limits: Limits) -> _Attempt:
    attempt = _Attempt(engine.name)
    try:
        for page in engine.pages(source):
            attempt.count += 1
            if attempt.count > limits.pages:
                raise ReadError(Reason.TOO_MANY_PAGES)
            if len(page.glyphs) > limits.glyphs_a_page:
                raise ReadError(Reason.TOO_LARGE)
            lines = page_lines(page)
            attempt.pages.append((page.without_glyphs(), lines))
    except Exception as error:
        attempt.reason = reason_of(error)
    if not attempt.count and attempt.reason is None:
        attempt.reason = Reason.NO_PAGE
    return attempt
