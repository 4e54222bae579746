"""The glyphs table: what both engines yield, one row a visible character on a page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from chartline.core.reasons import ReadError, Reason

Floats = NDArray[np.float64]
Index = NDArray[np.int64]
Flags = NDArray[np.bool_]

UNMAPPED = "\ufffd"  # a glyph whose font does not say which character it shows
MAX_GLYPHS = 200_000
_MEAN_WIDTH, _WIDEST = 0.5, 1.5  # em: of the glyphs of a usual font, and more than the mean of any
_NO_BOXES = np.zeros((0, 4))


@dataclass(frozen=True)
class Glyphs:
    """Parallel arrays of length n. Boxes are as a person sees the page; `angle` turns text clockwise, in degrees.
    `x` and `baseline` are the glyph's origin; `spaced` says that a space glyph came just before; `hidden` that the
    page does not paint the glyph (text render mode 3, ISO 32000-1, 9.3.6); `font` indexes the page's fonts; `color`
    is the fill colour as 0xRRGGBB, or -1 where the engine was not asked for it.
    """

    text: list[str]
    x0: Floats
    top: Floats
    x1: Floats
    bottom: Floats
    x: Floats
    baseline: Floats
    size: Floats
    angle: Floats
    font: Index
    color: Index
    spaced: Flags
    hidden: Flags

    def __len__(self) -> int:
        return len(self.text)

    def take(self, which: Index) -> "Glyphs":
        """The glyphs `which`, in that order."""
        columns = [getattr(self, column.name)[which] for column in fields(self)[1:]]
        return Glyphs([self.text[index] for index in which.tolist()], *columns)

    def with_true_sizes(self) -> "Glyphs":
        """Sizes in em also where a font has units of its own (Type 3, ISO 32000-1, 9.6.5), as its wide glyphs tell."""
        level = self.angle % 180 == 0
        wide = np.where(level, self.x1 - self.x0, self.bottom - self.top)
        mean = np.bincount(self.font, wide) / np.maximum(
            np.bincount(self.font, self.size), 1e-6
        )  # in em, of each font
        own = mean > _WIDEST
        return (
            replace(self, size=self.size * np.where(own, mean / _MEAN_WIDTH, 1)[self.font])
            if own.any()
            else self
        )

    @classmethod
    def of(cls, text: list[str], rows: list[tuple[float, ...]]) -> "Glyphs":
        """From rows of (x0, top, x1, bottom, x, baseline, size, angle, font, color, spaced, hidden)."""
        table = np.array(rows, dtype=np.float64).reshape(len(rows), 12).T
        plain = [np.ascontiguousarray(column) for column in table[:8]]
        ids = [column.astype(np.int64) for column in table[8:10]]
        return cls(text, *plain, *ids, *(column.astype(np.bool_) for column in table[10:]))


@dataclass(frozen=True)
class Font:
    """A font as the page names it."""

    name: str
    bold: bool
    italic: bool


@dataclass(frozen=True)
class Page:
    """One page as read by an engine; `number` starts at 1. `images` are the boxes of its pictures (k x 4), `annotated`
    says that form fields or other annotations stand on it, `drawings` counts what is neither text nor picture."""

    number: int
    width: float
    height: float
    glyphs: Glyphs
    fonts: list[Font] = field(default_factory=list)
    images: Floats = field(default_factory=lambda: _NO_BOXES)
    annotated: bool = False
    drawings: int = 0

    def bare(self) -> "Page":
        """The page's number and size alone: a long document does not keep its glyphs."""
        return Page(
            self.number, self.width, self.height, Glyphs.of([], []), annotated=self.annotated
        )

    def turned(self, quarters: int) -> "Page":
        """A bare page after quarter turns."""
        return replace(self, width=self.height, height=self.width) if quarters % 2 else self


class Document(Protocol):
    """An open document. Pages can be read in any order, and one that fails leaves the others readable."""

    count: int

    def page(self, number: int, *, colors: bool = False) -> Page:
        """The page `number` (from 1). Raises ReadError, whose `reason` says why it cannot be read."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class Engine(Protocol):
    """Opens a PDF, given by its path or its bytes."""

    name: str

    def open(self, source: str | bytes) -> Document:
        """Raises ReadError, whose `reason` says why the file cannot be read."""
        ...


def pages(engine: Engine, source: str | bytes, *, colors: bool = False) -> Iterator[Page]:
    """Every page of a document, in order.

    Raises:
        ReadError: the file or a page cannot be read.
    """
    with engine.open(source) as document:
        for number in range(1, document.count + 1):
            yield document.page(number, colors=colors)


def check_count(glyphs: int) -> None:
    """Raises ReadError (too_large) where a page holds more glyphs than any page for readers."""
    if glyphs > MAX_GLYPHS:
        raise ReadError(Reason.TOO_LARGE)


_BOLD = re.compile(r"bold|black|heavy|demi|[-,]bd\b", re.IGNORECASE)
_ITALIC = re.compile(r"ital|obli|slant", re.IGNORECASE)
_SUBSET = re.compile(r"^[A-Z]{6}\+")
_FLAG_ITALIC, _FLAG_BOLD = 1 << 6, 1 << 18  # font descriptor flags, ISO 32000-1, table 123


def font_of(name: str, flags: int = 0) -> Font:
    """A font's name without its subset tag; bold and italic by its name or its descriptor's flags.

    >>> font_of("ABCDEF+Lato-BoldItalic")
    Font(name='Lato-BoldItalic', bold=True, italic=True)
    """
    plain = _SUBSET.sub("", name)
    bold, italic = bool(flags & _FLAG_BOLD), bool(flags & _FLAG_ITALIC)
    return Font(plain, bold or bool(_BOLD.search(plain)), italic or bool(_ITALIC.search(plain)))
