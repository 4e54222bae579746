"""The fast engine: pdfium. A page's characters are asked for column by column, its styles once a text object."""

import ctypes
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from numpy.typing import NDArray

from chartline.core.reasons import ReadError, Reason
from chartline.pdf.engines.calls import Buffer, Handle, bare, collect
from chartline.pdf.glyphs import (
    UNMAPPED,
    Flags,
    Floats,
    Font,
    Glyphs,
    Index,
    Page,
    check_count,
    font_of,
)
from chartline.pdf.scans import ocr
from chartline.pdf.view import View, view

_INVISIBLE = 3
_HYPHEN, _HYPHEN_IN_TEXT = 2, 0xFFFE  # pdfium's marks for a hyphen at the end of a line
_BLANKS = np.array(
    [*(code for code in range(1, 33) if code != _HYPHEN), 0xA0, 0x2009, 0x202F, 0x3000], np.uint32
)
_TEXT, _IMAGE, _FORM = raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM
_MAX_NESTED = 500
_BY_ERROR = {raw.FPDF_ERR_PASSWORD: Reason.ENCRYPTED, raw.FPDF_ERR_SECURITY: Reason.ENCRYPTED}

_unicode = bare("FPDFText_GetUnicode")
_generated = bare("FPDFText_IsGenerated")
_unmapped = bare("FPDFText_HasUnicodeMapError")
_loose_box = bare("FPDFText_GetLooseCharBox")
_origin = bare("FPDFText_GetCharOrigin")
_matrix = bare("FPDFText_GetMatrix")
_font_size = bare("FPDFText_GetFontSize", ctypes.c_double)
_text_object = bare("FPDFText_GetTextObject", ctypes.c_size_t)
_render_mode = bare("FPDFTextObj_GetTextRenderMode")
_font_of_object = bare("FPDFTextObj_GetFont", ctypes.c_size_t)
_page_object = bare("FPDFPage_GetObject", Handle)
_object_type = bare("FPDFPageObj_GetType")
_boxes = Buffer(ctypes.c_float, 4)
_origins = Buffer(ctypes.c_double, 2, pointers=2)
_matrices = Buffer(ctypes.c_float, 6)


class PdfiumEngine:
    """Glyphs by pdfium. Origins and advances come from the loose character box; sizes are scaled by the text matrix."""

    name = "pdfium"

    def open(self, source: str | bytes) -> "PdfiumDocument":
        try:
            return PdfiumDocument(pdfium.PdfDocument(source))
        except pdfium.PdfiumError as error:
            code = getattr(error, "err_code", None)
            raise ReadError(_BY_ERROR.get(code, Reason.DAMAGED)) from None


class PdfiumDocument:
    """A document open in pdfium."""

    def __init__(self, document: pdfium.PdfDocument) -> None:
        self.document = document
        self.count = len(document)

    def __enter__(self) -> "PdfiumDocument":
        return self

    def __exit__(self, *_: object) -> None:
        self.document.close()

    def page(self, number: int, *, colors: bool = False) -> Page:
        try:
            page = self.document[number - 1]
            text = page.get_textpage()
        except pdfium.PdfiumError:
            raise ReadError(Reason.DAMAGED) from None
        try:
            place = _view(page)
            width, height = (
                page.get_size()
                if page.get_width() and page.get_height()
                else (place.width, place.height)
            )
            glyphs, fonts = _Text(text.raw, place, colors).read()
            annotated = raw.FPDFPage_GetAnnotCount(page.raw) > 0
            images, drawings = _pictures(page, place)
            return Page(number, width, height, glyphs, fonts, images, annotated, drawings)
        finally:
            text.close()
            page.close()

    def picture(self, number: int, box: ocr.Box, megapixels: float) -> NDArray[np.uint8]:
        """What a person sees of `box` on a page (ocr.render). Raises ReadError."""
        try:
            page = self.document[number - 1]
        except pdfium.PdfiumError:
            raise ReadError(Reason.DAMAGED) from None
        try:
            return ocr.render(page, box, megapixels)
        finally:
            page.close()


class _Text:
    """The characters of one text page."""

    def __init__(self, text: Any, place: View, colors: bool) -> None:
        self.raw, self.handle = text, ctypes.cast(text, ctypes.c_void_p)
        self.place, self.colors = place, colors

    def read(self) -> tuple[Glyphs, list[Font]]:
        count = raw.FPDFText_CountChars(self.raw)
        check_count(count)
        codes = self._codes(count)
        blank = np.isin(codes, _BLANKS)
        shown = np.flatnonzero(~blank)
        spaced = self._spaced(blank, shown)
        (size, angle, font, color, hidden), change, fonts = self._styles(shown)
        (x0, top, x1, bottom), (x, baseline) = self._places(shown, angle, change)
        codes = codes[shown]
        codes[codes == _HYPHEN] = ord("-")
        codes[(codes == 0) | self._unmapped(codes, shown, font)] = ord(UNMAPPED)
        text = list(codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass"))
        return Glyphs(
            text, x0, top, x1, bottom, x, baseline, size, angle, font, color, spaced, hidden
        ), fonts

    def _codes(self, count: int) -> NDArray[np.uint32]:
        """The characters' code points: in one call where each is one unit of UTF-16, else one by one."""
        units: Any = (ctypes.c_ushort * (count + 1))()
        if raw.FPDFText_GetText(self.raw, 0, count, units) == count + 1:
            found = np.frombuffer(units, np.uint16, count).astype(np.uint32)
            found[found == _HYPHEN_IN_TEXT] = _HYPHEN
            if not ((found == 0) | (found >> 11 == 0x1B)).any():  # 0x1B: halves of a pair
                return found
        return collect(_unicode, self.handle, np.arange(count), np.uint32)

    def _spaced(self, blank: NDArray[np.bool_], shown: Index) -> NDArray[np.bool_]:
        """Whether a blank that the file holds, not one that pdfium puts in, stands before each shown character."""
        blanks = np.flatnonzero(blank)
        made = collect(_generated, self.handle, blanks, np.int64)
        real = np.zeros(len(blank) + 1, np.int64)
        real[blanks[made != 1] + 1] = 1
        before = np.cumsum(real)[shown]
        return np.diff(before, prepend=0) > 0

    def _places(
        self, shown: Index, angle: Floats, change: Flags
    ) -> tuple[list[Floats], list[Floats]]:
        """Corners and origins. A level object's characters share its baseline: only the first one's is asked for."""
        a, b, c, d, e, f = self.place[:6]
        left, high, right, low = _boxes.fill(_loose_box, self.handle, shown).astype(np.float64).T
        xs = a * left + c * low + e, a * right + c * high + e
        ys = b * left + d * low + f, b * right + d * high + f
        corners = [np.minimum(*xs), np.minimum(*ys), np.maximum(*xs), np.maximum(*ys)]
        first = (
            np.flatnonzero(change)[np.cumsum(change) - 1] if len(shown) else np.zeros(0, np.int64)
        )
        level = (angle == 0) & (
            np.abs(corners[3] - corners[3][first]) < 0.01
        )  # vertical writing is not
        asked = np.flatnonzero(~level | change)
        found = _origins.fill(_origin, self.handle, shown[asked]).T
        x, baseline = corners[0].copy(), np.empty(len(shown))
        x[asked], baseline[asked] = a * found[0] + c * found[1] + e, b * found[0] + d * found[1] + f
        baseline[level] = baseline[first[level]]
        return corners, [x, baseline]

    def _styles(self, shown: Index) -> tuple[list[NDArray[Any]], Flags, list[Font]]:
        """Size, angle, font, colour and hiddenness of each character, asked for once a text object; whether the object
        is another than the character's before; the fonts."""
        found = collect(_text_object, self.handle, shown, np.uint64)
        change = found != np.concatenate(
            [[np.uint64(0)], found[:-1]]
        )  # an object's characters stand together
        change[:1] = True
        at = shown[change]
        handles = [*map(Handle, found[change].tolist())]
        a, b, c, d = self.place[:4]
        m = _matrices.fill(_matrix, self.handle, at).astype(np.float64)
        up = np.hypot(m[:, 2] * a + m[:, 3] * c, m[:, 2] * b + m[:, 3] * d)
        size = collect(_font_size, self.handle, at, np.float64) * up
        sign = np.where(
            size < 0, -1, 1
        )  # a negative size turns the glyphs half round (ISO 32000-1, 9.3)
        along = np.arctan2((m[:, 0] * b + m[:, 1] * d) * sign, (m[:, 0] * a + m[:, 1] * c) * sign)
        hidden = np.array([*map(_render_mode, handles)], np.int64) == _INVISIBLE
        color = np.array(
            [*map(self._color, at.tolist())] if self.colors else np.full(len(at), -1), np.int64
        )
        font, fonts = _fonts(handles)
        of_glyph = np.cumsum(change) - 1
        styles = [np.abs(size), np.round(np.degrees(along), 1) % 360, font, color, hidden]
        return [column[of_glyph] for column in styles], change, fonts

    def _unmapped(self, codes: NDArray[np.uint32], shown: Index, fonts: Index) -> Flags:
        """Whether pdfium made a character up: each font is asked once for each of its codes."""
        _, first, of_glyph = np.unique(fonts << 32 | codes, return_index=True, return_inverse=True)
        return (collect(_unmapped, self.handle, shown[first], np.int64) == 1)[of_glyph.reshape(-1)]

    def _color(self, index: int) -> int:
        parts = [ctypes.c_uint() for _ in range(4)]
        raw.FPDFText_GetFillColor(self.raw, index, *(ctypes.byref(part) for part in parts))
        return parts[0].value << 16 | parts[1].value << 8 | parts[2].value


def _fonts(objects: list[Any]) -> tuple[Index, list[Font]]:
    """Each object's font as an index into the fonts, which stand in the order of their first use: that of the pointers
    changes from run to run."""
    pointers = [*map(_font_of_object, objects)]
    number = {pointer: index for index, pointer in enumerate(dict.fromkeys(pointers))}
    return np.array([*map(number.__getitem__, pointers)], np.int64), [*map(_font, number)]


def _font(pointer: int) -> Font:
    if not pointer:
        return font_of("")
    font = ctypes.cast(ctypes.c_void_p(pointer), raw.FPDF_FONT)
    buffer = ctypes.create_string_buffer(256)
    raw.FPDFFont_GetBaseFontName(font, buffer, 256)
    return font_of(buffer.value.decode("utf-8", "replace"), max(0, raw.FPDFFont_GetFlags(font)))


def _pictures(page: pdfium.PdfPage, place: View) -> tuple[Floats, int]:
    """Boxes of the page's pictures, those in form XObjects too; how much else is drawn, a form XObject counting as one."""
    boxes: list[tuple[float, ...]] = []
    handle, count = ctypes.cast(page.raw, ctypes.c_void_p), raw.FPDFPage_CountObjects(page.raw)
    objects = [*map(_page_object, repeat(handle), range(count))]
    kinds = np.fromiter(map(_object_type, objects), np.int64, count)
    for index in np.flatnonzero((kinds == _IMAGE) | (kinds == _FORM)).tolist():
        if kinds[index] == _FORM and not _holds_image(objects[index]):
            continue
        edges = [ctypes.c_float() for _ in range(4)]
        item = ctypes.cast(objects[index], raw.FPDF_PAGEOBJECT)
        if raw.FPDFPageObj_GetBounds(item, *(ctypes.byref(edge) for edge in edges)):
            boxes.append(place.box(*(edge.value for edge in edges)))
    drawings = int(((kinds != _TEXT) & (kinds != _IMAGE)).sum())
    return np.array(boxes, np.float64).reshape(-1, 4), drawings


def _holds_image(form: Any) -> bool:
    """Whether a picture is among the first objects of a form XObject, nested ones included."""
    waiting = [ctypes.cast(form, raw.FPDF_PAGEOBJECT)]
    for _ in range(_MAX_NESTED):
        if not waiting:
            break
        item = waiting.pop()
        kind = raw.FPDFPageObj_GetType(item)
        if kind == _IMAGE:
            return True
        if kind == _FORM:
            waiting += [
                raw.FPDFFormObj_GetObject(item, i)
                for i in range(min(50, raw.FPDFFormObj_CountObjects(item)))
            ]
    return False


def _view(page: pdfium.PdfPage) -> View:
    left, bottom, right, top = page.get_bbox()
    seen = left < right and bottom < top  # a crop box beside the media box leaves nothing
    box = (left, bottom, right, top) if seen else page.get_mediabox()
    return view(box, box, page.get_rotation())
