"""The second engine: pdfplumber, with the characters of pdfminer.six in the order of writing."""

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pdfplumber
from pdfminer.layout import LTChar, LTContainer, LTCurve, LTImage, LTPage
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdftypes import resolve_all
from pdfplumber.page import PDFPageAggregatorWithMarkedContent
from pdfplumber.utils.exceptions import PdfminerException

from chartline.core.reasons import ReadError, Reason, reason_of
from chartline.pdf.glyphs import UNMAPPED, Floats, Font, Glyphs, Page, check_count, font_of

_INVISIBLE = 3  # text render mode (ISO 32000-1, 9.3.6)
# Codes that WinAnsiEncoding leaves open show a bullet (ISO 32000-1, annex D.2, note 3);
# pdfminer leaves them unmapped.
_FAULTS = (PdfminerException, RecursionError, MemoryError, ValueError, TypeError, KeyError)
_BULLETS = {f"(cid:{code})": "•" for code in (127, 129, 141, 143, 144, 157)}


class PlumberEngine:
    """Glyphs by pdfplumber."""

    name = "pdfplumber"

    def open(self, source: str | bytes) -> "PlumberDocument":
        """See `glyphs.Engine`."""
        try:
            file = io.BytesIO(source) if isinstance(source, bytes) else source
            return PlumberDocument(pdfplumber.open(file))
        except _FAULTS as error:
            raise ReadError(_reason(error)) from None


class PlumberDocument:
    """A document open in pdfplumber."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.count = len(document.pages)

    def __enter__(self) -> "PlumberDocument":
        return self

    def __exit__(self, *_: object) -> None:
        self.document.close()

    def page(self, number: int, *, colors: bool = False) -> Page:
        """See `glyphs.Document`; colours are never read."""
        page = self.document.pages[number - 1]
        try:
            view, fonts = _view(page), list[Font]()
            layout, device = _interpret(page)
            glyphs = _glyphs(view, layout, device, fonts)
            drawings = sum(isinstance(item, LTCurve) for item in _items(layout))
            images, annotated = _images(view, layout), bool(page.page_obj.annots)
            return Page(number, view.width, view.height, glyphs, fonts, images, annotated, drawings)
        except Exception as error:
            raise ReadError(reason_of(error)) from None
        finally:
            page.close()


class _Device(PDFPageAggregatorWithMarkedContent):
    """Collects what pdfminer's characters do not hold.

    Attributes:
        flags: the descriptor flags of each font, by its name.
        unpainted: the ids of characters that viewers do not paint.
        sizes: font sizes in points, by the id of the character.
        turned: the ids of characters that a negative size or scale turns by 180 degrees, which
            their matrix does not show (ISO 32000-1, 9.3).
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.flags: dict[str, int] = {}
        self.unpainted: set[int] = set()
        self.sizes: dict[int, float] = {}
        self.turned: set[int] = set()
        self.painted = True
        self.count = 0

    def render_string(self, textstate: Any, *args: Any) -> None:
        self.painted = textstate.render != _INVISIBLE
        self.flags[str(textstate.font.fontname)] = int(getattr(textstate.font, "flags", 0) or 0)
        super().render_string(textstate, *args)

    def render_char(
        self, matrix: Any, font: Any, fontsize: float, scaling: float, *args: Any, **options: Any
    ) -> float:
        advance = super().render_char(matrix, font, fontsize, scaling, *args, **options)
        char = id(self.cur_item._objs[-1])
        self.sizes[char] = abs(float(fontsize)) * math.hypot(matrix[2], matrix[3])
        if fontsize * scaling < 0:
            self.turned.add(char)
        if not self.painted:
            self.unpainted.add(char)
        self.count += 1
        check_count(self.count)
        return float(advance)


def _interpret(page: Any) -> tuple[LTPage, _Device]:
    """The items of a page, and the device that collected more of its characters."""
    device = _Device(page.pdf.rsrcmgr, pageno=page.page_number, laparams=None)
    PDFPageInterpreter(page.pdf.rsrcmgr, device).process_page(page.page_obj)
    return device.get_result(), device


def _reason(error: BaseException) -> Reason:
    """The reason of an exception, or of the one of pdfminer that pdfplumber has wrapped in it."""
    inner = error.args[0] if error.args else None
    if isinstance(inner, PDFPasswordIncorrect | PDFEncryptionError):
        return Reason.ENCRYPTED
    return reason_of(inner if isinstance(inner, BaseException) else error)


def _items(container: LTContainer[Any]) -> Iterator[Any]:
    """The items of a page, those of its figures included."""
    for item in container:
        if isinstance(item, LTContainer):
            yield from _items(item)
        else:
            yield item


@dataclass(frozen=True)
class _View:
    """The shown part of a page: its crop box, which pdfplumber ignores, turned by its rotation.

    pdfminer's coordinates are those of the turned media box, upwards.

    Attributes:
        left, top: the edges of the crop box, from those of the turned media box.
        width, height: of the shown part.
        media_height: of the turned media box.
    """

    left: float
    top: float
    width: float
    height: float
    media_height: float

    def box(self, item: Any) -> tuple[float, float, float, float]:
        """The box of an item as (x0, top, x1, bottom)."""
        ceiling = self.media_height
        top, bottom = ceiling - item.y1 - self.top, ceiling - item.y0 - self.top
        return item.x0 - self.left, top, item.x1 - self.left, bottom


def _view(page: Any) -> _View:
    """The view of a page. A crop box outside the media box is ignored."""
    media = _sorted_box(page.page_obj.mediabox)
    crop = _sorted_box(page.page_obj.cropbox or media)
    crop = (*map(max, crop[:2], media[:2]), *map(min, crop[2:], media[2:]))
    if crop[0] >= crop[2] or crop[1] >= crop[3]:
        crop = media
    before = [crop[i] - media[i] for i in (0, 1)]  # from the media box's left and floor
    after = [media[i] - crop[i] for i in (2, 3)]  # from its right and ceiling
    width, height = crop[2] - crop[0], crop[3] - crop[1]
    match page.rotation:
        case 90:
            return _View(before[1], before[0], height, width, media[2] - media[0])
        case 180:
            return _View(after[0], before[1], width, height, media[3] - media[1])
        case 270:
            return _View(after[1], after[0], height, width, media[2] - media[0])
        case _:
            return _View(before[0], after[1], width, height, media[3] - media[1])


def _sorted_box(box: Any) -> tuple[float, ...]:
    x0, y0, x1, y1 = (float(edge) for edge in resolve_all(box))
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _glyphs(view: _View, layout: LTPage, device: _Device, fonts: list[Font]) -> Glyphs:
    """The glyphs of a page; appends its fonts to `fonts`."""
    ids: dict[str, int] = {}
    texts: list[str] = []
    rows: list[tuple[float, ...]] = []
    spaced = False
    for char in _items(layout):
        if not isinstance(char, LTChar):
            continue
        text = char.get_text()
        text = _BULLETS.get(text, text)
        if not text.strip():
            spaced = True
            continue
        a, b, _, _, e, f = char.matrix
        if id(char) in device.turned:
            a, b = -a, -b
        name = str(char.fontname)
        if name not in ids:
            ids[name] = len(fonts)
            fonts.append(font_of(name, device.flags.get(name, 0)))
        size = device.sizes.get(id(char), float(char.size))
        angle = round(math.degrees(math.atan2(-b, a)), 1) % 360
        texts.append(UNMAPPED if text.startswith("(cid:") else text)
        origin, hidden = (
            (e - view.left, view.media_height - f - view.top),
            id(char) in device.unpainted,
        )
        rows.append((*view.box(char), *origin, size, angle, ids[name], -1, spaced, hidden))
        spaced = False
    return Glyphs.of(texts, rows)


def _images(view: _View, layout: LTPage) -> Floats:
    """The boxes (k x 4) of a page's pictures."""
    boxes = [view.box(item) for item in _items(layout) if isinstance(item, LTImage)]
    return np.array(boxes, np.float64).reshape(-1, 4)
