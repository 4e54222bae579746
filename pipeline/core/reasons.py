"""Why a document could not be read: a closed list, told from the cause and never from a library's message."""

from enum import StrEnum


class Reason(StrEnum):
    """Reasons for quarantine or for a partial document."""

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
    """A document cannot be read for `reason`. Carries no text of the document."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def reason_of(error: BaseException, otherwise: Reason = Reason.DAMAGED) -> Reason:
    """The reason behind an exception, read along its chain of causes (pdfminer wraps MemoryError in its own);
    `otherwise` where none tells: a library's own exception means a damaged file, any other is a fault of ours."""
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
