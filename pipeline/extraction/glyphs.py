"""The glyphs table: what both engines yield, one row a visible character on a page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Glyphs:
    """Parallel arrays of length n. Boxes are as a person sees the page; `angle` turns text clockwise, in degrees.
    `x` and `baseline` are the glyph's origin; `spaced` says that a space glyph came just before; `color` is the fill
    colour as 0xRRGGBB, or -1 where the engine was not asked for it.
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
    font: NDArray[np.int64]
    color: NDArray[np.int64]
    spaced: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.text)


@dataclass(frozen=True)
class Page:
    """One page as read by an engine; `number` starts at 1."""

    number: int
    width: float
    height: float
    glyphs: Glyphs
    fonts: list[str] = field(default_factory=list)

    def without_glyphs(self) -> "Page":
        """The page's number and size alone; a long document does not keep its glyphs."""
        return Page(self.number, self.width, self.height, GlyphRows().freeze())


class Engine(Protocol):
    """Reads the glyphs of a PDF, given by its path or its bytes, page by page.

    Raises:
        ReadError: the file or a page cannot be read; `reason` says why.
    """

    name: str

    def pages(self, source: str | bytes, *, colors: bool = False) -> Iterator[Page]: ...


@dataclass
class GlyphRows:
    """Collects rows while an engine walks a page, then freezes them."""

    rows: list[tuple[float, ...]] = field(default_factory=list)
    text: list[str] = field(default_factory=list)

    def freeze(self) -> Glyphs:
        table = np.array(self.rows, dtype=np.float64).reshape(len(self.rows), 11)
        columns = [np.ascontiguousarray(table[:, index]) for index in range(8)]
        ids = table[:, 8].astype(np.int64), table[:, 9].astype(np.int64)
        x0, top, x1, bottom, x, baseline, size, angle = columns
        return Glyphs(self.text, x0, top, x1, bottom, x, baseline, size, angle, *ids, table[:, 10].astype(np.bool_))


_BOLD = re.compile(r"bold|black|heavy|demi|[-,]bd\b", re.IGNORECASE)
_ITALIC = re.compile(r"ital|obli|slant", re.IGNORECASE)
_SUBSET = re.compile(r"^[A-Z]{6}\+")


def font_style(name: str) -> tuple[str, bool, bool]:
    """A font's name without its subset tag, and whether it is bold and italic, from the name alone.

    >>> font_style("ABCDEF+Lato-BoldItalic")
    ('Lato-BoldItalic', True, True)
    """
    plain = _SUBSET.sub("", name)
    return plain, bool(_BOLD.search(plain)), bool(_ITALIC.search(plain))
