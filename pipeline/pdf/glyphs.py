"""Glyphs, pages and engines: what both engines yield, whatever library they use."""

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
_MEAN_WIDTH = 0.5  # em: the mean width of the glyphs of a usual font
_WIDEST_MEAN = 1.5  # em: no font has a larger mean, unless its units are not em
_NO_BOXES = np.zeros((0, 4))


@dataclass(frozen=True)
class Glyphs:
    """The n glyphs of a page that are no spaces, in the order of writing: arrays of length n.

    Places are in points from the top left of the page as viewers show it.

    Attributes:
        text: the character that each glyph shows; UNMAPPED where its font does not say.
        x0, top, x1, bottom: its box.
        x, baseline: its origin.
        size: font size in points.
        angle: direction of the text, degrees clockwise.
        font: index into the fonts of the page.
        color: fill colour as 0xRRGGBB; -1 where colours were not wanted.
        spaced: a space glyph is written just before it.
        hidden: viewers do not paint it (text render mode 3, ISO 32000-1, 9.3.6).
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
        """The glyphs with sizes in points also where a font has units of its own.

        Type 3 fonts may (ISO 32000-1, 9.6.5); their glyphs are then far wider than their size.
        """
        level = self.angle % 180 == 0
        wide = np.where(level, self.x1 - self.x0, self.bottom - self.top)
        sizes = np.maximum(np.bincount(self.font, self.size), 1e-6)
        mean = np.bincount(self.font, wide) / sizes  # em, of each font
        own_units = mean > _WIDEST_MEAN
        if not own_units.any():
            return self
        factor = np.where(own_units, mean / _MEAN_WIDTH, 1)
        return replace(self, size=self.size * factor[self.font])

    @classmethod
    def of(cls, text: list[str], rows: list[tuple[float, ...]]) -> "Glyphs":
        """From the characters, and rows of the other attributes in their order."""
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
    """One page as an engine reads it.

    Attributes:
        number: its number, from 1.
        width, height: in points, as viewers show it.
        glyphs: what is written on it.
        fonts: the fonts of its glyphs.
        images: the boxes of its pictures (k x 4).
        annotated: whether form fields or other annotations stand on it.
        drawings: the number of objects that are neither text nor picture.
    """

    number: int
    width: float
    height: float
    glyphs: Glyphs
    fonts: list[Font] = field(default_factory=list)
    images: Floats = field(default_factory=lambda: _NO_BOXES)
    annotated: bool = False
    drawings: int = 0

    def bare(self) -> "Page":
        """The page without its glyphs, of which a long document would hold too many."""
        return Page(
            self.number, self.width, self.height, Glyphs.of([], []), annotated=self.annotated
        )

    def turned(self, quarters: int) -> "Page":
        """A page without glyphs, after quarter turns."""
        return replace(self, width=self.height, height=self.width) if quarters % 2 else self


class OpenDocument(Protocol):
    """An open document. Pages can be read in any order, and after one that fails."""

    count: int

    def page(self, number: int, *, colors: bool = False) -> Page:
        """The page `number` (from 1), with the glyphs' colours if wanted. Raises ReadError."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class Engine(Protocol):
    """Opens a PDF, given by its path or its bytes."""

    name: str

    def open(self, source: str | bytes) -> OpenDocument:
        """The open document. Raises ReadError."""
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
    """Raises ReadError (too_large) where a page holds more glyphs than any page of text."""
    if glyphs > MAX_GLYPHS:
        raise ReadError(Reason.TOO_LARGE)


_BOLD = re.compile(r"bold|black|heavy|demi|[-,]bd\b", re.IGNORECASE)
_ITALIC = re.compile(r"ital|obli|slant", re.IGNORECASE)
_SUBSET = re.compile(r"^[A-Z]{6}\+")
_FLAG_ITALIC, _FLAG_BOLD = 1 << 6, 1 << 18  # font descriptor flags, ISO 32000-1, table 123


def font_of(name: str, flags: int = 0) -> Font:
    """A font by its name, without its subset tag, and by the flags of its descriptor.

    >>> font_of("ABCDEF+Lato-BoldItalic")
    Font(name='Lato-BoldItalic', bold=True, italic=True)
    """
    plain = _SUBSET.sub("", name)
    bold, italic = bool(flags & _FLAG_BOLD), bool(flags & _FLAG_ITALIC)
    return Font(plain, bold or bool(_BOLD.search(plain)), italic or bool(_ITALIC.search(plain)))
