"""Why a document could not be read: a closed list of reasons.

A reason is derived from the kind of an error, never from a library's message, which could quote a
patient's text.
"""

from enum import StrEnum


class Reason(StrEnum):
    """Why a document is in quarantine, or only partly read."""

    NOT_A_PDF = "not_a_pdf"
    EMPTY_FILE = "empty_file"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    NO_PAGE = "no_page"
    NO_TEXT = "no_text"
    TOO_LARGE = "too_large"
    TOO_MANY_PAGES = "too_many_pages"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASH = "crash"
    UNREADABLE = "unreadable"
    CHANGED = "changed_while_read"
    INTERNAL = "internal_error"


class ReadError(Exception):
    """A document cannot be read, for `reason`. Holds no text of the document."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def reason_of(error: BaseException, otherwise: Reason = Reason.DAMAGED) -> Reason:
    """The reason behind an exception.

    Args:
        error: its chain of causes is followed, since libraries wrap errors in their own (pdfminer
            does so with MemoryError).
        otherwise: the reason where nothing in the chain decides. The exception of a PDF library
            means a damaged file, any other a fault of ours.

    >>> reason_of(ValueError()), reason_of(PermissionError())
    (<Reason.DAMAGED: 'damaged'>, <Reason.UNREADABLE: 'unreadable'>)
    """
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        if isinstance(current, ReadError):
            return current.reason
        if isinstance(current, MemoryError):
            return Reason.MEMORY
        if isinstance(current, RecursionError):
            return otherwise
        if isinstance(current, PermissionError):
            return Reason.UNREADABLE
        current = current.__cause__ or current.__context__
    return otherwise
