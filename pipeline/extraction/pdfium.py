"""The fast engine: pdfium, glyph by glyph through raw ctypes calls, fonts and matrices looked up once a text object."""

import ctypes
import math
from collections.abc import Iterator
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from pipeline.extraction.glyphs import GlyphRows, Glyphs, Page
from pipeline.extraction.reasons import ReadError, Reason

_INVISIBLE = 3
_HYPHEN = 2  # pdfium's mark for a hyphen at the end of a line
_BLANK = frozenset({*range(33), 0xA0, 0x2009, 0x202F, 0x3000}) - {_HYPHEN}
_BY_ERROR = {raw.FPDF_ERR_PASSWORD: Reason.ENCRYPTED, raw.FPDF_ERR_SECURITY: Reason.ENCRYPTED}


class PdfiumEngine:
    """Glyphs by pdfium. Origins and advances come from the loose character box; sizes are scaled by the text matrix."""

    name = "pdfium"

    def pages(self, source: str | bytes, *, colors: bool = False) -> Iterator[Page]:
        try:
            document = pdfium.PdfDocument(source)
        except pdfium.PdfiumError as error:
            code = getattr(error, "err_code", None)
            raise ReadError(_BY_ERROR.get(code, Reason.DAMAGED)) from None
        try:
            for index in range(len(document)):
                yield _read(document, index, colors)
        finally:
            document.close()


def _read(document: pdfium.PdfDocument, index: int, colors: bool) -> Page:
    try:
        page = document[index]
    except pdfium.PdfiumError:
        raise ReadError(Reason.DAMAGED) from None
    text = page.get_textpage()
    try:
        width, height = page.get_size()
        walk = _Walk(page, text, colors)
        return Page(index + 1, width, height, walk.glyphs(), walk.fonts)
    finally:
        text.close()
        page.close()


class _Walk:
    """One pass over the characters of a page."""

    def __init__(self, page: pdfium.PdfPage, text: pdfium.PdfTextPage, colors: bool) -> None:
        self.page, self.text, self.colors = page, text.raw, colors
        self.fonts: list[str] = []
        self._font_ids: dict[str, int] = {}
        self._styles: dict[int, tuple[float, float, int, int, bool]] = {}
        self._place = _placement(page)

    def glyphs(self) -> Glyphs:
        text, rows = self.text, GlyphRows()
        box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
        box_ref, x_ref, y_ref = ctypes.byref(box), ctypes.byref(x), ctypes.byref(y)
        a, b, c, d, e, f = self._place
        spaced = False
        for index in range(raw.FPDFText_CountChars(text)):
            code = raw.FPDFText_GetUnicode(text, index)
            if code in _BLANK:
                spaced = spaced or raw.FPDFText_IsGenerated(text, index) != 1
                continue
            if raw.FPDFText_IsGenerated(text, index) == 1:
                continue
            raw.FPDFText_GetLooseCharBox(text, index, box_ref)
            raw.FPDFText_GetCharOrigin(text, index, x_ref, y_ref)
            size, angle, font, color, hidden = self._style(index)
            if hidden:
                continue
            left, low, right, high = box.left, box.bottom, box.right, box.top
            xs = (a * left + c * low + e, a * right + c * high + e)
            ys = (b * left + d * low + f, b * right + d * high + f)
            rows.text.append(chr(code) if code != _HYPHEN else "-")
            origin = a * x.value + c * y.value + e, b * x.value + d * y.value + f
            rows.rows.append((min(xs), min(ys), max(xs), max(ys), *origin, size, angle, font, color, spaced))
            spaced = False
        return rows.freeze()

    def _style(self, index: int) -> tuple[float, float, int, int, bool]:
        handle = raw.FPDFText_GetTextObject(self.text, index)
        key = ctypes.cast(handle, ctypes.c_void_p).value or 0
        style = self._styles.get(key)
        if style is None:
            style = self._styles[key] = self._look_up(index, handle)
        return style

    def _look_up(self, index: int, handle: Any) -> tuple[float, float, int, int, bool]:
        matrix = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(self.text, index, ctypes.byref(matrix))
        a, b, c, d, _, _ = self._place
        up = (matrix.c * a + matrix.d * c, matrix.c * b + matrix.d * d)
        along = (matrix.a * a + matrix.b * c, matrix.a * b + matrix.b * d)
        size = raw.FPDFText_GetFontSize(self.text, index) * math.hypot(*up)
        angle = round(math.degrees(math.atan2(along[1], along[0])), 1) % 360
        hidden = bool(handle) and raw.FPDFTextObj_GetTextRenderMode(handle) == _INVISIBLE
        return size, angle, self._font(index), self._color(index), hidden

    def _font(self, index: int) -> int:
        flags, buffer = ctypes.c_int(), ctypes.create_string_buffer(256)
        raw.FPDFText_GetFontInfo(self.text, index, buffer, 256, ctypes.byref(flags))
        name = buffer.value.decode("utf-8", "replace")
        if name not in self._font_ids:
            self._font_ids[name] = len(self.fonts)
            self.fonts.append(name)
        return self._font_ids[name]

    def _color(self, index: int) -> int:
        if not self.colors:
            return -1
        parts = [ctypes.c_uint() for _ in range(4)]
        raw.FPDFText_GetFillColor(self.text, index, *(ctypes.byref(part) for part in parts))
        return parts[0].value << 16 | parts[1].value << 8 | parts[2].value


def _placement(page: pdfium.PdfPage) -> tuple[float, float, float, float, float, float]:
    """The affine map from PDF user space to the page as seen: crop box origin, rotation, y downwards."""
    left, low, right, high = page.get_bbox()
    match page.get_rotation():
        case 90:
            return 0, 1, 1, 0, -low, -left
        case 180:
            return -1, 0, 0, 1, right, -low
        case 270:
            return 0, -1, -1, 0, high, right
        case _:
            return 1, 0, 0, -1, -left, high
