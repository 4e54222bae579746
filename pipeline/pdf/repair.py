"""What qpdf knows of a file: how many pages it should have, which of them are lost, and a mended copy."""

import io
import zlib
from dataclasses import dataclass
from itertools import islice

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
    the page tree, some of which may be gone. `lost` are pages (from 1) whose content is missing or ends early; engines
    show these half empty without a word. `opened` is False where even qpdf could not; then nothing else is known.
    """

    opened: bool
    pages: int = 0
    declared: int = 0
    damaged: bool = False
    lost: tuple[int, ...] = ()


def examine(data: bytes, most: int, *, was_damaged: bool = False) -> Health:
    """The health of a file: a millisecond a document. Of its first `most` pages it says whether they are lost; a page
    without content is an empty page, but in a file that is damaged, or was before it was mended, one that lost it.
    """
    try:
        with _open(data) as pdf:
            pages, damaged = len(pdf.pages), bool(pdf.get_warnings())
            declared = _declared(pdf, pages) if damaged else pages
            return Health(
                True, pages, declared, damaged, _lost_pages(pdf, most, damaged or was_damaged)
            )
    except _FAULTS:
        return Health(False)


def _open(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data), suppress_warnings=True, inherit_page_attributes=False)


def _declared(pdf: pikepdf.Pdf, found: int) -> int:
    try:
        return max(found, min(int(pdf.Root.Pages.Count), 10 * found + 1000))
    except (*_FAULTS, AttributeError):
        return found


def _lost_pages(pdf: pikepdf.Pdf, most: int, damaged: bool) -> tuple[int, ...]:
    try:
        return tuple(
            number
            for number, page in enumerate(islice(pdf.pages, most), 1)
            if _lost(page.obj, damaged)
        )
    except _FAULTS:
        return ()


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
