"""The bytes of a file that is about to be read."""

from pathlib import Path

from chartline.core.reasons import ReadError, Reason
from chartline.core.settings import Limits

_EDGE = 1024  # bytes at either end of a file in which its header and trailer are looked for


def snapshot(path: Path, limits: Limits) -> bytes:
    """The bytes of a PDF, read at once, so that every engine sees the same file.

    Raises:
        ReadError: it cannot be read, is empty, too large or no PDF, or was written to meanwhile.
    """
    try:
        before = path.stat()
        if before.st_size > limits.file_mb * 1e6:
            raise ReadError(Reason.TOO_LARGE)
        data = path.read_bytes()
        after = path.stat()
    except OSError:
        raise ReadError(Reason.UNREADABLE) from None
    same_time = before.st_mtime_ns == after.st_mtime_ns
    if not same_time or not before.st_size == after.st_size == len(data):
        raise ReadError(Reason.CHANGED)
    if not data:
        raise ReadError(Reason.EMPTY_FILE)
    if not _is_pdf(data):
        raise ReadError(Reason.NOT_A_PDF)
    return data


def _is_pdf(data: bytes) -> bool:
    """Whether a header stands at the start; or an object at the start and a trailer at the end:
    some writers leave the header out, and some transfers cut the first line off."""
    start, end = data[:_EDGE], data[-_EDGE:]
    return b"%PDF-" in start or (b" obj" in start and b"startxref" in end)
