"""Which parts of a page are pictures of text, and how they are rendered for OCR."""

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray

from chartline.core.reasons import ReadError, Reason
from chartline.pdf.glyphs import Floats, Glyphs, Page
from chartline.pdf.layout.lines import Line

Box = tuple[float, float, float, float]  # x0, top, x1, bottom in points

DPI = 150  # of the rendered picture: letters of 8 points are 17 pixels high
_FEW_GLYPHS = 30  # a stamp or a page number on a scan, not a page of text
_LARGE = 0.2  # of the page's area: a picture that may hold text; a logo is smaller
_MANY_DRAWINGS = 30  # on a page with next to no text: letters may be drawn as shapes
_MOSTLY_UNMAPPED = 0.5  # share of glyphs without characters: the text is unreadable as it is
_BACKGROUND_GLYPHS = 5  # glyphs over a picture: it is a background, not a scan
_STAMP = 0.01  # of a picture's area: text that covers less is a stamp on a scan
_COVERED_WIDTH, _COVERED_HEIGHT = 0.5, 0.4  # of a line: covered by another line, it is the same


def pictures_of_text(page: Page, unmapped: float) -> list[Box]:
    """The boxes of a page to be read by OCR.

    The whole page where it has next to no text; else its large pictures without text over them.

    Args:
        page: the page as an engine reads it.
        unmapped: the share of its glyphs whose font does not say which characters they show.
    """
    painted, large = int((~page.glyphs.hidden).sum()), _large(page)
    unreadable = unmapped > _MOSTLY_UNMAPPED and painted > 0
    scanned = painted <= _FEW_GLYPHS and (len(large) or page.drawings >= _MANY_DRAWINGS)
    pictures_only = not painted and (page.drawings or len(page.images))
    if unreadable or scanned or pictures_only:
        return [(0.0, 0.0, page.width, page.height)]
    boxes: list[Box] = []
    for x0, top, x1, bottom in large.tolist():
        box = (x0, top, x1, bottom)
        if box not in boxes and _holds_unread_text(page.glyphs, box):
            boxes.append(box)
    return boxes


def _holds_unread_text(glyphs: Glyphs, box: Box) -> bool:
    """Whether a picture may hold more text than is printed over it.

    A scan may bear a stamp, and the hidden text layer of another OCR.
    """
    x0, top, x1, bottom = box
    x, y = (glyphs.x0 + glyphs.x1) / 2, (glyphs.top + glyphs.bottom) / 2
    inside = (x > x0) & (x < x1) & (y > top) & (y < bottom)
    printed = inside & ~glyphs.hidden
    if int(printed.sum()) < max(_BACKGROUND_GLYPHS, int((inside & glyphs.hidden).sum())):
        return True
    covered = ((glyphs.x1 - glyphs.x0) * (glyphs.bottom - glyphs.top))[printed].sum()
    return bool(covered < _STAMP * (x1 - x0) * (bottom - top))


def _large(page: Page) -> Floats:
    """The pictures (k x 4) that cover enough of the page, clipped to it.

    Strips, into which some scanners split a picture, are taken together.
    """
    if not len(page.images):
        return page.images
    limits = np.array([page.width, page.height, page.width, page.height])
    clipped = np.clip(page.images, 0, limits)
    area = (clipped[:, 2] - clipped[:, 0]) * (clipped[:, 3] - clipped[:, 1])
    least = _LARGE * (page.width * page.height)
    if len(clipped) > 1 and not (area >= least).any() and area.sum() >= least:
        return np.concatenate([clipped[:, :2].min(0), clipped[:, 2:].max(0)])[None, :]
    return clipped[area >= least]


def render(page: pdfium.PdfPage, box: Box, megapixels: float) -> NDArray[np.uint8]:
    """The picture (height x width x 3) of a box of the page, at DPI unless that is too large.

    Args:
        page: the page, open in pdfium.
        box: in points from the top left of the page as viewers show it.
        megapixels: the most that the picture may have.

    Raises:
        ReadError: the page cannot be rendered.
    """
    width, height = page.get_size()
    area = max(1.0, (box[2] - box[0]) * (box[3] - box[1]))
    scale = min(DPI / 72, (megapixels * 1e6 / area) ** 0.5)
    crop = (box[0], height - box[3], width - box[2], box[1])  # left, bottom, right, top
    try:
        bitmap = page.render(
            scale=scale, crop=tuple(max(0.0, edge) for edge in crop), rev_byteorder=True
        )
        return bitmap.to_numpy()[:, :, :3].copy()
    except (pdfium.PdfiumError, ValueError, IndexError):
        raise ReadError(Reason.DAMAGED) from None


def without_covered(lines: list[Line], native: list[Line]) -> list[Line]:
    """The lines that no native line covers: the others repeat text of the page."""
    return [line for line in lines if not any(_covers(other, line) for other in native)]


def _covers(native: Line, line: Line) -> bool:
    width = min(line.x1, native.x1) - max(line.x0, native.x0)
    height = min(line.bottom, native.bottom) - max(line.top, native.top)
    wide = width > _COVERED_WIDTH * (line.x1 - line.x0)
    return wide and height > _COVERED_HEIGHT * (line.bottom - line.top)
