"""The reference engine: pdfplumber, with pdfminer.six's characters as its interpreter meets them."""

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

_INVISIBLE = 3
# Codes that WinAnsiEncoding leaves open show a bullet (ISO 32000-1, annex D.2, note 3); pdfminer leaves them unmapped.
_BULLETS = {f"(cid:{code})": "•" for code in (127, 129, 141, 143, 144, 157)}


class PlumberEngine:
    """Glyphs by pdfplumber. pdfminer's wrapped exceptions are told apart by their cause."""

    name = "pdfplumber"

    def open(self, source: str | bytes) -> "PlumberDocument":
        try:
            return PlumberDocument(
                pdfplumber.open(io.BytesIO(source) if isinstance(source, bytes) else source)
            )
        except (
            PdfminerException,
            RecursionError,
            MemoryError,
            ValueError,
            TypeError,
            KeyError,
        ) as error:
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
    """Remembers what pdfminer's characters do not tell: whether they are painted, or turned by a negative size, their
    font's size and flags."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.flags: dict[str, int] = {}
        self.unseen: set[int] = set()
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
        if fontsize * scaling < 0:  # half round, which the matrix does not say (ISO 32000-1, 9.3)
            self.turned.add(char)
        if not self.painted:
            self.unseen.add(char)
        self.count += 1
        check_count(self.count)
        return float(advance)


def _interpret(page: Any) -> tuple[LTPage, _Device]:
    """What is on the page, and the device that met it."""
    device = _Device(page.pdf.rsrcmgr, pageno=page.page_number, laparams=None)
    PDFPageInterpreter(page.pdf.rsrcmgr, device).process_page(page.page_obj)
    return device.get_result(), device


def _reason(error: BaseException) -> Reason:
    inner = error.args[0] if error.args else None
    if isinstance(inner, PDFPasswordIncorrect | PDFEncryptionError):
        return Reason.ENCRYPTED
    return reason_of(inner if isinstance(inner, BaseException) else error)


def _items(container: LTContainer[Any]) -> Iterator[Any]:
    for item in container:
        if isinstance(item, LTContainer):
            yield from _items(item)
        else:
            yield item


@dataclass(frozen=True)
class _View:
    """What a person sees of the media box: the crop box (pdfplumber ignores it), turned by the page's rotation.

    pdfminer's coordinates are those of the turned media box, upwards; `left` and `top` are the crop box's edges there.
    """

    left: float
    top: float
    width: float
    height: float
    floor: float  # the turned media box's height

    def box(self, item: Any) -> tuple[float, float, float, float]:
        x0, y1, x1, y0 = item.x0, item.y1, item.x1, item.y0
        return (
            x0 - self.left,
            self.floor - y1 - self.top,
            x1 - self.left,
            self.floor - y0 - self.top,
        )


def _view(page: Any) -> _View:
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
        origin, hidden = (e - view.left, view.floor - f - view.top), id(char) in device.unseen
        rows.append((*view.box(char), *origin, size, angle, ids[name], -1, spaced, hidden))
        spaced = False
    return Glyphs.of(texts, rows)


def _images(view: _View, layout: LTPage) -> Floats:
    boxes = [view.box(item) for item in _items(layout) if isinstance(item, LTImage)]
    return np.array(boxes, np.float64).reshape(-1, 4)
