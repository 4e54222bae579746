"""The reference engine: pdfplumber (pdfminer.six)."""

import io
import math
from collections.abc import Iterator
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from pipeline.extraction.glyphs import GlyphRows, Glyphs, Page
from pipeline.extraction.reasons import ReadError, Reason, reason_of

# Codes that WinAnsiEncoding leaves open show a bullet (ISO 32000-1, annex D.2, note 3); pdfminer leaves them unmapped.
_BULLETS = {f"(cid:{code})": "•" for code in (127, 129, 141, 143, 144, 157)}


class PlumberEngine:
    """Glyphs by pdfplumber. pdfminer's wrapped exceptions are told apart by their cause."""

    name = "pdfplumber"

    def pages(self, source: str | bytes, *, colors: bool = False) -> Iterator[Page]:
        try:
            document = pdfplumber.open(io.BytesIO(source) if isinstance(source, bytes) else source)
        except (PdfminerException, RecursionError, MemoryError, ValueError, TypeError, KeyError) as error:
            raise ReadError(_reason(error)) from None
        with document:
            for page in document.pages:
                try:
                    fonts: list[str] = []
                    yield Page(page.page_number, float(page.width), float(page.height), _glyphs(page, fonts), fonts)
                except GeneratorExit:
                    raise
                except Exception as error:
                    raise ReadError(reason_of(error)) from None
                finally:
                    page.close()


def _reason(error: BaseException) -> Reason:
    inner = error.args[0] if error.args else None
    if isinstance(inner, PDFPasswordIncorrect | PDFEncryptionError):
        return Reason.ENCRYPTED
    return reason_of(inner if isinstance(inner, BaseException) else error)


def _glyphs(page: Any, fonts: list[str]) -> Glyphs:
    ids: dict[str, int] = {}
    rows = GlyphRows()
    left, top = page.bbox[0], page.bbox[1]
    bottom_edge = (
        page.mediabox[3] - page.mediabox[1] if page.rotation % 180 == 0 else page.mediabox[2] - page.mediabox[0]
    )
    spaced = False
    for char in page.chars:
        text = _BULLETS.get(char["text"], char["text"])
        if not text.strip():
            spaced = True
            continue
        a, b, _, _, e, f = char["matrix"]
        name = str(char["fontname"])
        if name not in ids:
            ids[name] = len(fonts)
            fonts.append(name)
        size = float(char["size"]) if char["upright"] else float(char["width"])
        angle = round(math.degrees(math.atan2(-b, a)), 1) % 360
        box = (char["x0"] - left, char["top"] - top, char["x1"] - left, char["bottom"] - top)
        baseline = float(bottom_edge) - f - top
        rows.text.append(text)
        rows.rows.append((*map(float, box), e - left, baseline, size, angle, ids[name], -1, spaced))
        spaced = False
    return rows.freeze()
