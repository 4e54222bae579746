"""What qpdf finds out about a file: its pages, the lost ones among them, and a repaired copy."""

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
_MOST_BYTES = 1 << 28  # of a page's content, 256 MB: more is a bomb, which the engine must survive
_CHUNK = 1 << 20  # bytes inflated at once


@dataclass(frozen=True)
class Health:
    """The state of a file.

    Attributes:
        opened: whether qpdf could open it; if not, nothing else is known.
        pages: how many pages qpdf finds.
        declared: how many the page tree of a damaged file declares, some of which may be missing.
        damaged: whether qpdf had to repair the file to open it.
        lost: pages (from 1) whose content is missing or ends early. Engines read these as half
            empty pages, without an error.
    """

    opened: bool
    pages: int = 0
    declared: int = 0
    damaged: bool = False
    lost: tuple[int, ...] = ()


def examine(data: bytes, most: int, *, was_damaged: bool = False) -> Health:
    """The state of a file; takes a millisecond a document.

    Args:
        data: the bytes of the file.
        most: pages from the start that are checked for lost content.
        was_damaged: whether the file was damaged before it was repaired. In a damaged file, a page
            without content has lost it; in any other it is an empty page.
    """
    try:
        with _open(data) as pdf:
            pages, damaged = len(pdf.pages), bool(pdf.get_warnings())
            declared = _declared(pdf, pages) if damaged else pages
            lost = _lost_pages(pdf, most, damaged or was_damaged)
            return Health(True, pages, declared, damaged, lost)
    except _FAULTS:
        return Health(False)


def _open(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data), suppress_warnings=True, inherit_page_attributes=False)


def _declared(pdf: pikepdf.Pdf, found: int) -> int:
    """The pages that the page tree declares: at least those found, and no absurd number."""
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
    if not raw or _ends(raw, zlib.MAX_WBITS):
        return True
    return _ends(raw[2:], -zlib.MAX_WBITS)  # without header and checksum, which may be wrong


def _ends(raw: bytes, window: int) -> bool:
    """Whether deflated bytes reach the end of their stream, or are too many to look at."""
    inflater, waiting, left = zlib.decompressobj(window), raw, _MOST_BYTES
    try:
        while waiting and left > 0 and not inflater.eof:
            left -= len(inflater.decompress(waiting, _CHUNK)) or 1
            waiting = inflater.unconsumed_tail
    except zlib.error:
        return False
    return inflater.eof or left <= 0


def repaired(data: bytes) -> bytes | None:
    """A copy with a new cross-reference table, or None where qpdf cannot write one."""
    try:
        with _open(data) as pdf:
            buffer = io.BytesIO()
            pdf.save(buffer)
            return buffer.getvalue()
    except _FAULTS:
        return None
