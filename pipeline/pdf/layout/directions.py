"""A page's glyphs by the direction of their text: each direction is cut into lines by itself."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from chartline.pdf.glyphs import Floats, Index, Page
from chartline.pdf.layout.rows import Run, rows, untangled, upright_columns, without_doubles

_SMALLEST = 0.5  # points: smaller glyphs are no text that anyone could see


@dataclass(frozen=True)
class Directions:
    """The visible glyphs of a page, by the direction of their text.

    `page` is the page with true glyph sizes; `main_angle` the direction of most of its glyphs, in
    degrees clockwise; `columns` holds upright letters that are written one below the other.
    """

    page: Page
    main_angle: float
    columns: Run | None
    level: Index  # all other glyphs

    @property
    def runs(self) -> Iterator[tuple[float, Run]]:
        """Every other direction: its angle, and its glyphs in rows."""
        if not len(self.level):
            return
        glyphs = self.page.glyphs
        angles = np.round(glyphs.angle) % 360
        for angle in _distinct(angles[self.level]):
            run = rows(glyphs, self.level[angles[self.level] == angle])
            yield angle, untangled(without_doubles(run, glyphs.text))


def text_directions(page: Page, *, hidden: bool = False) -> Directions | None:
    """The directions of a page's text, or None where it shows none.

    Args:
        page: the glyphs of a page, by any engine.
        hidden: takes only the glyphs that are not painted, instead of those that are.
    """
    page = replace(page, glyphs=page.glyphs.with_true_sizes())
    kept = _inside(page, hidden)
    if not len(kept):
        return None
    angles = np.round(page.glyphs.angle) % 360
    main = max(_distinct(angles), key=lambda angle: int((angles == angle).sum()))
    columns = upright_columns(page.glyphs, kept[angles[kept] == 0])
    if columns is not None:
        kept = np.setdiff1d(kept, columns.glyph)
    return Directions(page, main, columns, kept)


def turned_upright(boxes: Floats, angle: float, page: Page) -> Floats:
    """The boxes (k x 4) of a page whose text is turned by `angle`, as if it stood upright."""
    x0, top, x1, bottom = boxes.T
    width, height = page.width, page.height
    match angle:
        case 90.0:
            return np.stack([top, width - x1, bottom, width - x0], axis=1)
        case 180.0:
            return np.stack([width - x1, height - bottom, width - x0, height - top], axis=1)
        case 270.0:
            return np.stack([height - bottom, x0, height - top, x1], axis=1)
        case _:
            return boxes


def _distinct(angles: Floats) -> list[float]:
    """The angles that occur, rising; sorting is spared on pages that are all level."""
    return np.unique(angles).tolist() if angles.any() else [0.0]


def _inside(page: Page, hidden: bool) -> Index:
    """The glyphs whose middle lies on the page."""
    glyphs = page.glyphs
    x, y = (glyphs.x0 + glyphs.x1) / 2, (glyphs.top + glyphs.bottom) / 2
    inside = (x >= 0) & (x <= page.width) & (y >= 0) & (y <= page.height)
    return np.flatnonzero(inside & (glyphs.size > _SMALLEST) & (glyphs.hidden == hidden))
