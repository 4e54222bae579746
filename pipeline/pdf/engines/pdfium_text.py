"""The glyphs of a page by pdfium: columns of numbers, and the styles of each text object."""

import ctypes
from typing import Any

import numpy as np
import pypdfium2.raw as raw
from numpy.typing import NDArray

from chartline.pdf.engines.calls import Buffer, Handle, bare, collect
from chartline.pdf.glyphs import (
    UNMAPPED,
    Flags,
    Floats,
    Font,
    Glyphs,
    Index,
    check_count,
    font_of,
)
from chartline.pdf.view import View

_INVISIBLE = 3  # text render mode (ISO 32000-1, 9.3.6)
_HYPHEN, _HYPHEN_IN_TEXT = 2, 0xFFFE  # what pdfium gives for a hyphen at the end of a line
_BLANKS = np.array(
    [*(code for code in range(1, 33) if code != _HYPHEN), 0xA0, 0x2009, 0x202F, 0x3000], np.uint32
)
_HALF_OF_PAIR = 0x1B  # the upper five bits of one half of a surrogate pair
_LEVEL = 0.01  # points: boxes of characters on one baseline differ by less
_NAME_BYTES = 256  # of a font

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
_boxes = Buffer(ctypes.c_float, 4)
_origins = Buffer(ctypes.c_double, 2, pointers=2)
_matrices = Buffer(ctypes.c_float, 6)


class TextPage:
    """The characters of one text page.

    Args:
        text: pdfium's handle of the text page.
        place: the map from user space to the shown page.
        colors: whether fill colours are read, which takes a call for each text object.
    """

    def __init__(self, text: Any, place: View, colors: bool) -> None:
        self.raw, self.handle = text, ctypes.cast(text, ctypes.c_void_p)
        self.place, self.colors = place, colors

    def read(self) -> tuple[Glyphs, list[Font]]:
        """The glyphs of the page, and its fonts. Raises ReadError where there are too many."""
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
        places = x0, top, x1, bottom, x, baseline
        return Glyphs(text, *places, size, angle, font, color, spaced, hidden), fonts

    def _codes(self, count: int) -> NDArray[np.uint32]:
        """The code points: in one call where each is one unit of UTF-16, else one by one."""
        units: Any = (ctypes.c_ushort * (count + 1))()
        if raw.FPDFText_GetText(self.raw, 0, count, units) == count + 1:
            found = np.frombuffer(units, np.uint16, count).astype(np.uint32)
            found[found == _HYPHEN_IN_TEXT] = _HYPHEN
            if not ((found == 0) | (found >> 11 == _HALF_OF_PAIR)).any():
                return found
        return collect(_unicode, self.handle, np.arange(count), np.uint32)

    def _spaced(self, blank: Flags, shown: Index) -> Flags:
        """Whether a blank of the file, not one that pdfium adds, stands before each character."""
        blanks = np.flatnonzero(blank)
        made = collect(_generated, self.handle, blanks, np.int64)
        real = np.zeros(len(blank) + 1, np.int64)
        real[blanks[made != 1] + 1] = 1
        before = np.cumsum(real)[shown]
        return np.diff(before, prepend=0) > 0

    def _places(
        self, shown: Index, angle: Floats, change: Flags
    ) -> tuple[list[Floats], list[Floats]]:
        """The corners and the origins of the characters.

        All characters of a level text object have one baseline: it is read once an object.
        """
        a, b, c, d, e, f = self.place[:6]
        left, high, right, low = _boxes.fill(_loose_box, self.handle, shown).astype(np.float64).T
        xs = a * left + c * low + e, a * right + c * high + e
        ys = b * left + d * low + f, b * right + d * high + f
        corners = [np.minimum(*xs), np.minimum(*ys), np.maximum(*xs), np.maximum(*ys)]
        first = np.zeros(0, np.int64)
        if len(shown):
            first = np.flatnonzero(change)[np.cumsum(change) - 1]
        bottom = corners[3]
        level = (angle == 0) & (np.abs(bottom - bottom[first]) < _LEVEL)  # not vertical writing
        read = np.flatnonzero(~level | change)
        origin_x, origin_y = _origins.fill(_origin, self.handle, shown[read]).T
        x, baseline = corners[0].copy(), np.empty(len(shown))
        x[read] = a * origin_x + c * origin_y + e
        baseline[read] = b * origin_x + d * origin_y + f
        baseline[level] = baseline[first[level]]
        return corners, [x, baseline]

    def _styles(self, shown: Index) -> tuple[list[NDArray[Any]], Flags, list[Font]]:
        """The styles of the characters, read once a text object, whose characters are neighbours.

        Returns:
            Size, angle, font, colour and hiddenness of each character; whether its text object is
            another than that of the character before; the fonts.
        """
        objects = collect(_text_object, self.handle, shown, np.uint64)
        change = objects != np.concatenate([[np.uint64(0)], objects[:-1]])
        change[:1] = True
        at = shown[change]
        handles = [*map(Handle, objects[change].tolist())]
        a, b, c, d = self.place[:4]
        m = _matrices.fill(_matrix, self.handle, at).astype(np.float64)
        up = np.hypot(m[:, 2] * a + m[:, 3] * c, m[:, 2] * b + m[:, 3] * d)
        size = collect(_font_size, self.handle, at, np.float64) * up
        sign = np.where(size < 0, -1, 1)  # a negative size turns the glyphs (ISO 32000-1, 9.3)
        along = np.arctan2((m[:, 0] * b + m[:, 1] * d) * sign, (m[:, 0] * a + m[:, 1] * c) * sign)
        hidden = np.array([*map(_render_mode, handles)], np.int64) == _INVISIBLE
        color = np.full(len(at), -1, np.int64)
        if self.colors:
            color = np.array([*map(self._color, at.tolist())], np.int64)
        font, fonts = _fonts(handles)
        of_glyph = np.cumsum(change) - 1
        styles = [np.abs(size), np.round(np.degrees(along), 1) % 360, font, color, hidden]
        return [column[of_glyph] for column in styles], change, fonts

    def _unmapped(self, codes: NDArray[np.uint32], shown: Index, fonts: Index) -> Flags:
        """Whether pdfium made a character up; it is called once for each code of each font."""
        _, first, of_glyph = np.unique(fonts << 32 | codes, return_index=True, return_inverse=True)
        return (collect(_unmapped, self.handle, shown[first], np.int64) == 1)[of_glyph.reshape(-1)]

    def _color(self, index: int) -> int:
        """The fill colour of a character as 0xRRGGBB."""
        parts = [ctypes.c_uint() for _ in range(4)]
        raw.FPDFText_GetFillColor(self.raw, index, *(ctypes.byref(part) for part in parts))
        return parts[0].value << 16 | parts[1].value << 8 | parts[2].value


def _fonts(objects: list[Any]) -> tuple[Index, list[Font]]:
    """Each text object's font as an index into the fonts, which are in the order of first use.

    The order of their pointers would change from run to run.
    """
    pointers = [*map(_font_of_object, objects)]
    number = {pointer: index for index, pointer in enumerate(dict.fromkeys(pointers))}
    return np.array([*map(number.__getitem__, pointers)], np.int64), [*map(_font, number)]


def _font(pointer: int) -> Font:
    if not pointer:
        return font_of("")
    font = ctypes.cast(ctypes.c_void_p(pointer), raw.FPDF_FONT)
    buffer = ctypes.create_string_buffer(_NAME_BYTES)
    raw.FPDFFont_GetBaseFontName(font, buffer, _NAME_BYTES)
    return font_of(buffer.value.decode("utf-8", "replace"), max(0, raw.FPDFFont_GetFlags(font)))
