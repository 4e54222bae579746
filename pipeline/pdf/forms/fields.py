"""Values of form fields and texts of annotations as lines, whose source is `form`.

They are no part of a page's content (ISO 32000-1, 12.5 and 12.7), so no engine reads them.
"""

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
_WITHOUT_TEXT = {
    "/Link",
    "/Popup",
    "/PrinterMark",
    "/TrapNet",
    "/Watermark",
    "/Screen",
    "/Movie",
    "/Sound",
}
_MOST_ANNOTATIONS = 2000  # of a page
_MOST_CHARACTERS = 100_000  # of a value
_MOST_PARENTS = 32  # of a field; a ring of them ends too
_DEFAULT_SIZE = 10.0  # points: where a field leaves its font size to the viewer
_SMALLEST_SIZE = 0.5  # points: a smaller one is no size
_SIZE = re.compile(r"([\d.]+)\s+Tf")
_WITH_APPEARANCE = {"/Widget", "/FreeText", "/Stamp"}  # it is read where they hold no text
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
        """Closes the document."""
        if self._pdf is not None:
            self._pdf.close()


def _geometry(page: pikepdf.Page) -> tuple[Iterable[float], Iterable[float], int]:
    """The media box, the crop box and the rotation of a page."""
    media = [float(edge) for edge in page.mediabox]
    return media, [float(edge) for edge in page.cropbox], int(page.obj.get("/Rotate", 0)) % 360


def _annotations(page: pikepdf.Page) -> Iterator[Any]:
    """The annotations of a page that viewers show."""
    found = page.obj.get("/Annots")
    for annotation in list(found)[:_MOST_ANNOTATIONS] if found is not None else []:
        if (
            isinstance(annotation, pikepdf.Dictionary)
            and not int(annotation.get("/F", 0)) & _HIDDEN
        ):
            yield annotation


def _lines(annotation: Any, placed: View) -> Iterator[Line]:
    """The lines of one annotation, spread over its height."""
    kind = str(annotation.get("/Subtype", ""))
    if kind in _WITHOUT_TEXT:
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
            text=row,
            x0=x0,
            top=baseline - ASCENT * size,
            x1=max(x1, x0 + 0.1),
            bottom=baseline + DESCENT * size,
            font="",
            size=size,
            bold=False,
            italic=False,
            source="form",
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
    if isinstance(value, pikepdf.Array):
        return ", ".join(_plain(part) for part in value)
    return _plain(value)


def _password(annotation: Any) -> bool:
    return str(_inherited(annotation, "/FT")) == "/Tx" and bool(
        int(_inherited(annotation, "/Ff") or 0) & _PASSWORD
    )


def _drawn(annotation: Any) -> str:
    """The text of the appearance of a field, a stamp or a free text.

    Not of a button: its state is its value. Not of a password.
    """
    if str(annotation.get("/Subtype")) not in _WITH_APPEARANCE or _password(annotation):
        return ""
    is_button = str(_inherited(annotation, "/FT")) == "/Btn"
    return "" if is_button else appearances.shown(annotation)


def _inherited(field: Any, key: str) -> Any:
    """The value of a key in a field, or in the nearest of its parents."""
    for _ in range(_MOST_PARENTS):
        if field is None:
            return None
        if key in field:
            return field.get(key)
        field = field.get("/Parent")
    return None


def _plain(value: Any) -> str:
    """The text of a string or a stream; nothing of any other value."""
    if isinstance(value, pikepdf.Stream):
        return value.read_bytes()[:_MOST_CHARACTERS].decode("utf-8", "replace")
    return str(value)[:_MOST_CHARACTERS] if isinstance(value, pikepdf.String) else ""


def _size(annotation: Any) -> float:
    """The font size of the default appearance (ISO 32000-1, 12.7.3.3), in points."""
    found = _SIZE.search(str(_inherited(annotation, "/DA") or ""))
    size = float(found.group(1)) if found and found.group(1).count(".") < 2 else 0.0
    return size if size > _SMALLEST_SIZE else _DEFAULT_SIZE
