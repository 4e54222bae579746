"""A page by the engine that reads most of it."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from chartline.core.reasons import ReadError, Reason, reason_of
from chartline.pdf.glyphs import UNMAPPED, Page
from chartline.pdf.opened import FAST, Opened

_AS_MANY = 0.98  # of the other engine's characters: fewer than that is a loss


@dataclass
class EnginePage:
    """A page as one engine reads it.

    `painted` is the number of glyphs that viewers paint, `unmapped` the share of these whose font
    does not say which characters they show.
    """

    engine: str
    page: Page
    painted: int
    unmapped: float

    @property
    def characters(self) -> float:
        """How many of the painted glyphs have a character."""
        return self.painted * (1 - self.unmapped)

    def beats(self, other: Self) -> bool:
        """Whether this engine reads more characters, or as many and more glyphs."""
        more = self.characters * _AS_MANY > other.characters
        as_many = self.characters >= other.characters * _AS_MANY
        return more or (as_many and self.painted * _AS_MANY > other.painted)

    def is_doubtful(self) -> bool:
        """Whether the other engine is to be compared.

        pdfplumber may lose text without an error, and pdfium costs little beside it: always.
        pdfium: where glyphs have no characters, some of which it leaves out, and where it finds no
        glyph on a page without pictures.
        """
        if self.engine != FAST:
            return True
        return self.unmapped > 0 or (not self.painted and not len(self.page.images))


def best_page(opened: Opened, number: int) -> EnginePage:
    """The page `number` by the first engine, or by the other where that one fails or reads less.

    Where all fail, the same from a copy of the file that qpdf has repaired.

    Raises:
        ReadError: no engine can read the page.
    """
    try:
        return _compared(opened, number)
    except ReadError:
        if not opened.repair():
            raise
        return _compared(opened, number)


def _compared(opened: Opened, number: int) -> EnginePage:
    best: EnginePage | None = None
    fault = opened.attempt.fault(number, Reason.DAMAGED)
    for name in opened.engines(number):
        if best is not None and not best.is_doubtful():
            break
        try:
            document = opened.document(name)
            if number > document.count:
                continue
            opened.announce(number, name)
            found = _counted(name, document.page(number))
        except Exception as error:
            fault = reason_of(error, Reason.INTERNAL)
            continue
        if best is None or found.beats(best):
            best = found
    if best is None:
        raise ReadError(fault)
    return best


def _counted(name: str, page: Page) -> EnginePage:
    text, hidden = page.glyphs.text, page.glyphs.hidden
    painted = len(text) - int(hidden.sum())
    unmapped = text.count(UNMAPPED)
    if unmapped and painted < len(text):
        unmapped = sum(text[at] == UNMAPPED for at in np.flatnonzero(~hidden).tolist())
    return EnginePage(name, page, painted, unmapped / painted if painted else 0.0)
