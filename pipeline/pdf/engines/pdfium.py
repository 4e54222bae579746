"""The fast engine: pdfium."""

import ctypes
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from numpy.typing import NDArray

from chartline.core.reasons import ReadError, Reason
from chartline.pdf.engines.calls import Handle, bare
from chartline.pdf.engines.pdfium_text import TextPage
from chartline.pdf.glyphs import Floats, Page
from chartline.pdf.scans.pictures import Box, render
from chartline.pdf.view import View, view

_TEXT, _IMAGE, _FORM = raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM
_MAX_NESTED = 500  # objects of a form XObject that are looked at
_MAX_OF_FORM = 50  # objects of each form XObject in it
_BY_ERROR = {raw.FPDF_ERR_PASSWORD: Reason.ENCRYPTED, raw.FPDF_ERR_SECURITY: Reason.ENCRYPTED}

_page_object = bare("FPDFPage_GetObject", Handle)
_object_type = bare("FPDFPageObj_GetType")


class PdfiumEngine:
    """Glyphs by pdfium.

    Edges come from the loose character box, which holds the advance; sizes are scaled by the text
    matrix.
    """

    name = "pdfium"

    def open(self, source: str | bytes) -> "PdfiumDocument":
        """See `glyphs.Engine`."""
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
        """See `glyphs.Document`."""
        try:
            page = self.document[number - 1]
            text = page.get_textpage()
        except pdfium.PdfiumError:
            raise ReadError(Reason.DAMAGED) from None
        try:
            place = _view(page)
            width, height = page.get_size()
            if not (width and height):
                width, height = place.width, place.height
            glyphs, fonts = TextPage(text.raw, place, colors).read()
            annotated = raw.FPDFPage_GetAnnotCount(page.raw) > 0
            images, drawings = _pictures(page, place)
            return Page(number, width, height, glyphs, fonts, images, annotated, drawings)
        finally:
            text.close()
            page.close()

    def picture(self, number: int, box: Box, megapixels: float) -> NDArray[np.uint8]:
        """The rendered box of a page, see `pictures.render`. Raises ReadError."""
        try:
            page = self.document[number - 1]
        except pdfium.PdfiumError:
            raise ReadError(Reason.DAMAGED) from None
        try:
            return render(page, box, megapixels)
        finally:
            page.close()


def _pictures(page: pdfium.PdfPage, place: View) -> tuple[Floats, int]:
    """The boxes (k x 4) of a page's pictures, those in form XObjects too, and the number of its
    other drawings, of which a form XObject is one."""
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
                for i in range(min(_MAX_OF_FORM, raw.FPDFFormObj_CountObjects(item)))
            ]
    return False


def _view(page: pdfium.PdfPage) -> View:
    """The view of a page. A crop box outside the media box is ignored."""
    left, bottom, right, top = page.get_bbox()
    is_box = left < right and bottom < top
    box = (left, bottom, right, top) if is_box else page.get_mediabox()
    return view(box, box, page.get_rotation())
