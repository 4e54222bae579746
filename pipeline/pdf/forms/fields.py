"""Values of form fields and texts of annotations as lines (source = form): they stand beside a page's content, not in it."""

import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pikepdf
from pypdfium2 import PdfiumError

from chartline.pdf.characters import normalise
from chartline.pdf.forms import appearances
from chartline.pdf.layout.lines import ASCENT, DESCENT, Line
from chartline.pdf.view import View, view

_HIDDEN = 1 << 1 | 1 << 5  # annotation flags Hidden and NoView (ISO 32000-1, table 165)
_PASSWORD, _BUTTON = 1 << 13, 1 << 16  # field flags (tables 228 and 226)
_SILENT = {
    "/Link",
    "/Popup",
    "/PrinterMark",
    "/TrapNet",
    "/Watermark",
    "/Screen",
    "/Movie",
    "/Sound",
}
_MOST = 2000  # annotations a page
_SIZE = re.compile(r"([\d.]+)\s+Tf")
_SHOWN = {
    "/Widget",
    "/FreeText",
    "/Stamp",
}  # kinds whose appearance is read where they hold no text
_FAULTS = (
    pikepdf.PdfError,
    pikepdf.PasswordError,
    PdfiumError,
    RuntimeError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
)


class Forms:
    """The form fields and annotations of one document, page by page."""

    def __init__(self, data: bytes) -> None:
        try:
            self._pdf: pikepdf.Pdf | None = pikepdf.open(io.BytesIO(data), suppress_warnings=True)
        except _FAULTS:
            self._pdf = None

    def lines(self, number: int) -> list[Line]:
        """The lines of page `number` (from 1); none where they cannot be read."""
        try:
            if self._pdf is None:
                return []
            page = self._pdf.pages[number - 1]
            placed = view(*_geometry(page))
            return [
                line for annotation in _annotations(page) for line in _lines(annotation, placed)
            ]
        except (*_FAULTS, IndexError):
            return []

    def close(self) -> None:
        if self._pdf is not None:
            self._pdf.close()


def _geometry(page: pikepdf.Page) -> tuple[Iterable[float], Iterable[float], int]:
    media = [float(edge) for edge in page.mediabox]
    return media, [float(edge) for edge in page.cropbox], int(page.obj.get("/Rotate", 0)) % 360


def _annotations(page: pikepdf.Page) -> Iterator[Any]:
    found = page.obj.get("/Annots")
    for annotation in list(found)[:_MOST] if found is not None else []:
        if (
            isinstance(annotation, pikepdf.Dictionary)
            and not int(annotation.get("/F", 0)) & _HIDDEN
        ):
            yield annotation


def _lines(annotation: Any, placed: View) -> Iterator[Line]:
    kind = str(annotation.get("/Subtype", ""))
    if kind in _SILENT:
        return
    try:
        text = _field(annotation) if kind == "/Widget" else _plain(annotation.get("/Contents"))
        text = text or _drawn(annotation)
        rect = [float(edge) for edge in annotation.get("/Rect")]
    except _FAULTS:
        return
    rows = [row for row in map(normalise, re.split(r"[\r\n\u2028\u2029]+", text)) if row]
    if not rows or len(rect) != 4:
        return
    x0, top, x1, bottom = placed.box(*rect)
    height = (bottom - top) / len(rows)
    size = min(_size(annotation), max(height, 1.0))
    for index, row in enumerate(rows):
        baseline = top + height * index + (height - size) / 2 + ASCENT * size
        yield Line(
            row,
            x0,
            baseline - ASCENT * size,
            max(x1, x0 + 0.1),
            baseline + DESCENT * size,
            "",
            size,
            False,
            False,
            "form",
        )


def _field(widget: Any) -> str:
    """The value of a form field as its widget shows it; nothing for push buttons and passwords."""
    kind, flags = str(_inherited(widget, "/FT") or ""), int(_inherited(widget, "/Ff") or 0)
    if kind == "/Btn":
        state = str(widget.get("/AS", "/Off"))
        return "" if flags & _BUTTON or state == "/Off" else "☒"
    if _password(widget):
        return ""
    value = _inherited(widget, "/V")
    return (
        ", ".join(_plain(part) for part in value)
        if isinstance(value, pikepdf.Array)
        else _plain(value)
    )


def _password(annotation: Any) -> bool:
    return str(_inherited(annotation, "/FT")) == "/Tx" and bool(
        int(_inherited(annotation, "/Ff") or 0) & _PASSWORD
    )


def _drawn(annotation: Any) -> str:
    """What the appearance of a field, a stamp or a free text shows; a button's says nothing that its state does not."""
    wanted = (
        str(annotation.get("/Subtype")) in _SHOWN and str(_inherited(annotation, "/FT")) != "/Btn"
    )
    return appearances.shown(annotation) if wanted and not _password(annotation) else ""


def _inherited(field: Any, key: str) -> Any:
    for _ in range(32):  # a field's parents; a ring of them ends too
        if field is None:
            return None
        if key in field:
            return field.get(key)
        field = field.get("/Parent")
    return None


def _plain(value: Any) -> str:
    if isinstance(value, pikepdf.Stream):
        return value.read_bytes()[:100_000].decode("utf-8", "replace")
    return str(value)[:100_000] if isinstance(value, pikepdf.String) else ""


def _size(annotation: Any) -> float:
    found = _SIZE.search(str(_inherited(annotation, "/DA") or ""))
    size = float(found.group(1)) if found and found.group(1).count(".") < 2 else 0.0
    return size if size > 0.5 else 10.0
