"""The text that an annotation's appearance stream shows (ISO 32000-1, 12.5.5)."""

import io
from typing import Any

import pikepdf
import pypdfium2 as pdfium

_SHOWS = (b"Tj", b"TJ", b"'", b'"', b"Do")  # operators without which a stream shows no text
_MOST = 100_000  # bytes of a stream, characters of a text


def shown(annotation: Any) -> str:
    """The text of the normal appearance, line by line; empty where it shows none.

    Raises:
        pikepdf.PdfError, pdfium.PdfiumError, RuntimeError, ValueError, TypeError: the stream is
            faulty.
    """
    stream = _normal(annotation)
    if stream is None or not any(operator in stream.read_bytes()[:_MOST] for operator in _SHOWS):
        return ""
    x0, y0, x1, y1 = (float(edge) for edge in stream.get("/BBox", [0, 0, 0, 0]))
    with pikepdf.new() as alone:
        page = alone.add_blank_page(page_size=(max(abs(x1 - x0), 3.0), max(abs(y1 - y0), 3.0)))
        form = alone.copy_foreign(stream)
        form.Matrix = pikepdf.Array([1, 0, 0, 1, -min(x0, x1), -min(y0, y1)])
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(A=form))
        page.obj.Contents = alone.make_stream(b"/A Do")
        data = io.BytesIO()
        alone.save(data)
    return _text(data.getvalue())


def _normal(annotation: Any) -> Any:
    """The stream of the normal appearance; that of the current state where it has several."""
    normal = annotation.get("/AP", pikepdf.Dictionary()).get("/N")
    if isinstance(normal, pikepdf.Dictionary) and not isinstance(normal, pikepdf.Stream):
        normal = normal.get(str(annotation.get("/AS", "/Off")))
    return normal if isinstance(normal, pikepdf.Stream) else None


def _text(data: bytes) -> str:
    with pdfium.PdfDocument(data) as document:
        return str(document[0].get_textpage().get_text_range())[:_MOST]
