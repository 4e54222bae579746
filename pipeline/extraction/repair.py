"""What qpdf knows of a file: how many pages it should have, which of them are lost, and a mended copy."""

import io
import zlib
from dataclasses import dataclass

import pikepdf

_FAULTS = (
    pikepdf.PdfError,
    pikepdf.PasswordError,
    pikepdf.DataDecodingError,
    RuntimeError,
    ValueError,
    TypeError,
    KeyError,
    OSError,
)


_MOST_BYTES = 1 << 28  # of a page's content; what is longer is a bomb, and the engine's affair


@dataclass(frozen=True)
class Health:
    """`pages` that qpdf finds; `damaged` where qpdf had to mend the file to open it, and then the pages `declared` by
    the page tree, some of which may be gone. `opened` is False where even qpdf could not; then nothing else is known.
    """

    opened: bool
    pages: int = 0
    declared: int = 0
    damaged: bool = False


def examine(data: bytes) -> Health:
    """The health of a file, from its cross-reference table and page tree alone: a millisecond a document."""
    try:
        with _open(data) as pdf:
            pages, damaged = len(pdf.pages), bool(pdf.get_warnings())
            return Health(True, pages, _declared(pdf, pages) if damaged else pages, damaged)
    except _FAULTS:
        return Health(False)


def _open(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data), suppress_warnings=True, inherit_page_attributes=False)


def _declared(pdf: pikepdf.Pdf, found: int) -> int:
    try:
        return max(found, min(int(pdf.Root.Pages.Count), 10 * found + 1000))
    except (*_FAULTS, AttributeError):
        return found


def lost_pages(data: bytes, most: int, *, damaged: bool) -> list[int]:
    """Of the first `most` pages those (from 1) whose content is missing or ends early; engines show these half empty
    without a word. A page without content is an empty page, but in a damaged file one that lost it.
    """
    try:
        with _open(data) as pdf:
            return [number for number, page in enumerate(pdf.pages, 1) if number <= most and _lost(page.obj, damaged)]
    except _FAULTS:
        return []


def _lost(page: pikepdf.Object, damaged: bool) -> bool:
    try:
        contents = page.get("/Contents")
        if contents is None:
            return damaged
        parts = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
        return any(not isinstance(part, pikepdf.Stream) or not _whole(part) for part in parts)
    except _FAULTS:
        return True


def _whole(stream: pikepdf.Stream) -> bool:
    """Whether a deflated stream reaches its end; other filters are left to the engines."""
    if stream.get("/Filter") != pikepdf.Name.FlateDecode or "/DecodeParms" in stream:
        return True
    raw = stream.read_raw_bytes()
    return (
        not raw or _ends(raw, zlib.MAX_WBITS) or _ends(raw[2:], -zlib.MAX_WBITS)
    )  # some writers get the checksum wrong


def _ends(raw: bytes, window: int) -> bool:
    inflater, waiting, left = zlib.decompressobj(window), raw, _MOST_BYTES
    try:
        while waiting and left > 0 and not inflater.eof:
            left -= len(inflater.decompress(waiting, 1 << 20)) or 1
            waiting = inflater.unconsumed_tail
    except zlib.error:
        return False
    return inflater.eof or left <= 0


def repaired(data: bytes) -> bytes | None:
    """A copy whose cross-reference table qpdf has built anew, or None."""
    try:
        with _open(data) as pdf:
            buffer = io.BytesIO()
            pdf.save(buffer)
            return buffer.getvalue()
    except _FAULTS:
        return None
