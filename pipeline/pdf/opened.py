"""One document, open in several engines, from the bytes of the file or of a repaired copy."""

from typing import Self

from chartline.core.reasons import ReadError, Reason, reason_of
from chartline.core.worker_pool import ReportStep
from chartline.pdf import repair
from chartline.pdf.engines.pdfium import PdfiumEngine
from chartline.pdf.engines.plumber import PlumberEngine
from chartline.pdf.glyphs import Engine, OpenDocument
from chartline.pdf.retries import OPENING, Attempt, step_name

ENGINES: dict[str, Engine] = {"pdfium": PdfiumEngine(), "pdfplumber": PlumberEngine()}
FAST = "pdfium"


class Opened:
    """A document that each engine opens once, when it is first needed.

    Args:
        data: the bytes of the file.
        attempt: the engine to use, and what to avoid.
        seconds: the longest that one step of an engine may take.
        report_step: called before each step, see `reading.read_document`.

    Attributes:
        count: the number of pages, once `begin` has been called.
        health: the state of the file according to qpdf, once `begin` has been called.
    """

    def __init__(
        self, data: bytes, attempt: Attempt, seconds: float, report_step: ReportStep
    ) -> None:
        self.data, self.attempt = data, attempt
        self.seconds, self.report_step = seconds, report_step
        self.count, self.health = 0, repair.Health(False)
        self._repaired = False
        self._documents: dict[str, OpenDocument | None] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for document in self._documents.values():
            if document is not None:
                document.__exit__()
        self._documents.clear()

    def begin(self, most: int) -> None:
        """Counts the pages, of which the first `most` will be read.

        A file that no engine opens, or that has fewer pages than qpdf finds, is repaired once.

        Raises:
            ReadError: no engine opens it, or it has no page.
        """
        if self.announce(OPENING, "qpdf"):
            self.health = repair.examine(self.data, most)
        self.count, fault = self._counted()
        if fault in (Reason.ENCRYPTED, Reason.MEMORY):
            raise ReadError(fault)
        if fault or self.count < self.health.pages:
            fault = self._count_repaired(fault)
        if fault:
            raise ReadError(fault)

    def announce(self, page: int, engine: str, more: float = 0.0) -> bool:
        """Reports the next step, in case that it never returns.

        Args:
            page: the page (from 1), or OPENING.
            engine: the engine of the step.
            more: seconds that the step may take in addition.

        Returns:
            False where the engine is to be avoided there; then nothing is reported.
        """
        if not self._may_use(page, engine):
            return False
        self.report_step(step_name(page, engine), self.seconds + more)
        return True

    def engines(self, page: int) -> list[str]:
        """The engines to try for a page, in order, without those to be avoided there."""
        first = FAST if self.attempt.engine == "auto" else self.attempt.engine
        order = [first, *(name for name in ENGINES if name != first)]
        return [name for name in order if self._may_use(page, name)]

    def _may_use(self, page: int, engine: str) -> bool:
        return self.attempt.may_use(page, engine) and self.attempt.may_use(OPENING, engine)

    def document(self, name: str) -> OpenDocument:
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

    def repair(self) -> bool:
        """Continues with a copy that qpdf has repaired. False where there is none, or this is one
        already."""
        if self._repaired or not self.announce(OPENING, "qpdf"):
            return False
        self._repaired = True
        copy = repair.repaired(self.data)
        if copy is None:
            return False
        self.__exit__()
        self.data = copy
        return True

    def refresh(self) -> None:
        """Frees what pdfium keeps of the pages it has read, by opening the document anew."""
        document = self._documents.pop(FAST, None)
        if document is not None:
            document.__exit__()

    def lost(self, last: int) -> list[int]:
        """Pages up to `last` whose content is missing or ends early."""
        health = self.health
        if health.opened and self._repaired:
            if not self.announce(OPENING, "qpdf"):
                return []
            health = repair.examine(self.data, last, was_damaged=health.damaged)
        return [number for number in health.lost if number <= last]

    def _counted(self) -> tuple[int, Reason | None]:
        """The pages by the first engine that finds any, or why there are none."""
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

    def _count_repaired(self, fault: Reason | None) -> Reason | None:
        """Counts the pages of a repaired copy, and keeps the copy if it has more."""
        original = self.data
        if not self.repair():
            return fault
        count, still = self._counted()
        if count > self.count:
            self.count = count
            return still
        if self.count:
            self.__exit__()
            self.data = original
        return fault
