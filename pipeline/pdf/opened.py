"""A document in the hands of several engines: opened once each, from the file's bytes or from a repaired copy."""

from collections.abc import Callable
from typing import Self

from chartline.core.reasons import ReadError, Reason, reason_of
from chartline.pdf import repair
from chartline.pdf.engines.pdfium import PdfiumEngine
from chartline.pdf.engines.plumber import PlumberEngine
from chartline.pdf.glyphs import Document, Engine
from chartline.pdf.retries import Attempt, step_name

ENGINES: dict[str, Engine] = {"pdfium": PdfiumEngine(), "pdfplumber": PlumberEngine()}
FAST = "pdfium"
OPENING = 0  # the number of the step before the first page

ReportStep = Callable[[str, float], None]


class Opened:
    """The engines' views of one document. `count` is its pages, `health` what qpdf knows of it, once `begin` has been called."""

    def __init__(
        self, data: bytes, attempt: Attempt, seconds: float, report_step: ReportStep
    ) -> None:
        self.data, self.attempt, self.seconds, self.report_step = (
            data,
            attempt,
            seconds,
            report_step,
        )
        self.count, self.health = 0, repair.Health(False)
        self._mended = False
        self._documents: dict[str, Document | None] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for document in self._documents.values():
            if document is not None:
                document.__exit__()
        self._documents.clear()

    def begin(self, most: int) -> None:
        """Counts the pages, of which the first `most` will be read. A file that no engine opens, or that opens short of
        pages, is repaired once.

        Raises:
            ReadError: no engine opens it, or it has no page.
        """
        if self.announce(OPENING, "qpdf"):
            self.health = repair.examine(self.data, most)
        self.count, fault = self._counted()
        if fault in (Reason.ENCRYPTED, Reason.MEMORY):
            raise ReadError(fault)
        if fault or self.count < self.health.pages:
            fault = self._count_mended(fault)
        if fault:
            raise ReadError(fault)

    def announce(self, page: int, engine: str, more: float = 0.0) -> bool:
        """Says what comes next, in case that it never comes back; False where it took a worker down before."""
        if not self.attempt.may_use(page, engine) or not self.attempt.may_use(OPENING, engine):
            return False
        self.report_step(step_name(page, engine), self.seconds + more)
        return True

    def engines(self, page: int) -> list[str]:
        """Engines in the order of trying, without those that took a worker down there or while opening."""
        first = FAST if self.attempt.engine == "auto" else self.attempt.engine
        order = [first, *(name for name in ENGINES if name != first)]
        return [
            name
            for name in order
            if self.attempt.may_use(page, name) and self.attempt.may_use(OPENING, name)
        ]

    def document(self, name: str) -> Document:
        """The document as engine `name` opens it. Raises ReadError."""
        if name not in self._documents:
            if not self.announce(OPENING, name):
                raise ReadError(self.attempt.fault(OPENING, Reason.CRASH))
            self._documents[name] = None
            try:
                self._documents[name] = ENGINES[name].open(self.data)
            except Exception as error:
                raise ReadError(reason_of(error, Reason.INTERNAL)) from None
        document = self._documents[name]
        if document is None:
            raise ReadError(Reason.DAMAGED)
        return document

    def mend(self) -> bool:
        """Goes on with a copy that qpdf has repaired, once; says whether there is one."""
        if self._mended or not self.announce(OPENING, "qpdf"):
            return False
        self._mended = True
        mended = repair.repaired(self.data)
        if mended is None:
            return False
        self.__exit__()
        self.data = mended
        return True

    def refresh(self) -> None:
        """Lets go of what pdfium keeps of the pages it has read; it opens the document again when it is next used."""
        document = self._documents.pop(FAST, None)
        if document is not None:
            document.__exit__()

    def lost(self, last: int) -> list[int]:
        """Pages up to `last` whose content is missing or ends early."""
        health = self.health
        if health.opened and self._mended:
            if not self.announce(OPENING, "qpdf"):
                return []
            health = repair.examine(self.data, last, was_damaged=health.damaged)
        return [number for number in health.lost if number <= last]

    def _counted(self) -> tuple[int, Reason | None]:
        """Pages by the first engine that opens the document and finds any, and why there are none."""
        fault = self.attempt.fault(OPENING, Reason.DAMAGED)
        for name in self.engines(OPENING):
            try:
                if count := self.document(name).count:
                    return count, None
                fault = Reason.NO_PAGE
            except ReadError as error:
                fault = error.reason
                if fault is Reason.ENCRYPTED:
                    break
        return 0, fault

    def _count_mended(self, fault: Reason | None) -> Reason | None:
        """Counts the pages of a repaired copy and stays with it if it has more."""
        original = self.data
        if not self.mend():
            return fault
        count, still = self._counted()
        if count > self.count:
            self.count = count
            return still
        if self.count:
            self.__exit__()
            self.data = original
        return fault
