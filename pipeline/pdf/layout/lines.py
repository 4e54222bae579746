"""Glyphs to lines, cut at column gaps, in reading order; the same for every engine."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chartline.pdf.characters import (
    has_marks,
    is_right_to_left,
    join_accents,
    normalise,
    reading_direction,
)
from chartline.pdf.glyphs import Floats, Glyphs, Index, Page
from chartline.pdf.layout.cuts import segments
from chartline.pdf.layout.directions import text_directions, turned_upright
from chartline.pdf.layout.order import reading_order
from chartline.pdf.layout.raised import join_raised
from chartline.pdf.layout.rows import WORD_GAP, Run, gaps_before, grouped_median

ASCENT, DESCENT = 0.8, 0.2  # em: a line's box around its baseline, the same for every engine
_MOST_SPACING = 0.5  # em: letters that are spaced by more are words
_FEW_GAPS = 3  # of a line: too few for its letter spacing to be measured
_LEAST_SPACE = -0.3  # em: a space glyph counts, unless its neighbours overlap by more
_LEAST_SPACE_RTL = 0.1  # em: in Hebrew and Arabic, engines count the space at the other end


class Line(NamedTuple):
    """A line of text.

    Attributes:
        text: normalised (`characters.normalise`).
        x0, top, x1, bottom: its box, in points from the page's top left.
        font: the name of its commonest font.
        size: the median font size in points.
        bold, italic: of that font.
        source: `native`, `ocr` or `form`.
        glyphs: the glyphs of the page that it is made of, where they were wanted.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    font: str
    size: float
    bold: bool
    italic: bool
    source: str = "native"
    glyphs: tuple[int, ...] = ()


def page_lines(page: Page, *, hidden: bool = False, keep_glyphs: bool = False) -> list[Line]:
    """The lines of a page in reading order.

    Text is normalised (NFC, ligatures split, soft hyphens resolved). Text outside the page's box
    and text of render mode 3, which is painted by no viewer, is left out.

    Args:
        page: the glyphs of a page, by any engine.
        hidden: gives only the text of render mode 3: the layer that the OCR of a scanner wrote
            behind the picture.
        keep_glyphs: fills in `Line.glyphs`.
    """
    directions = text_directions(page, hidden=hidden)
    if directions is None:
        return []
    page, lines = directions.page, list[Line]()
    columns = directions.columns
    if columns is not None:
        lines += _lines(page, columns, columns.row, upright=False, keep_glyphs=keep_glyphs)
    for angle, run in directions.runs:
        segment = join_raised(run, segments(run, page.glyphs.text))
        lines += _lines(page, run, segment, upright=angle == 0, keep_glyphs=keep_glyphs)
    if not lines:
        return []
    boxes = np.array([(line.x0, line.top, line.x1, line.bottom) for line in lines])
    turned = turned_upright(boxes, directions.main_angle, page)
    return [lines[index] for index in reading_order(turned)]


def _lines(page: Page, run: Run, segment: Index, *, upright: bool, keep_glyphs: bool) -> list[Line]:
    """One line a segment that holds any text."""
    if not _sorted(run, segment):
        order = np.lexsort((run.u0, segment))
        run, segment = run.take(order), segment[order]
    begin = np.flatnonzero(np.diff(segment, prepend=-1))
    ends = np.append(begin[1:], len(run))
    boxes, size, font = _places(page.glyphs, run, segment, begin, upright)
    texts = _texts(page.glyphs, run, segment, begin)
    lines = []
    for index, (text, (x0, top, x1, bottom)) in enumerate(zip(texts, boxes.tolist(), strict=True)):
        if not text:
            continue
        face = page.fonts[font[index]]
        line = Line(text, x0, top, x1, bottom, face.name, size[index], face.bold, face.italic)
        if keep_glyphs:
            line = line._replace(glyphs=tuple(run.glyph[begin[index] : ends[index]].tolist()))
        lines.append(line)
    return lines


def _sorted(run: Run, segment: Index) -> bool:
    """Whether the glyphs are sorted by segment and from left to right: they are where no segments
    were joined."""
    step = np.diff(segment)
    return bool(((step > 0) | ((step == 0) & (np.diff(run.u0) >= 0))).all())


def _places(
    glyphs: Glyphs, run: Run, segment: Index, begin: Index, upright: bool
) -> tuple[Floats, list[float], list[int]]:
    """Box (k x 4), size and commonest font of each segment."""
    at, count = run.glyph, len(begin)
    size = grouped_median(run.size, segment, count)
    x0, x1 = np.minimum.reduceat(glyphs.x0[at], begin), np.maximum.reduceat(glyphs.x1[at], begin)
    if upright:
        baseline = grouped_median(glyphs.baseline[at], segment, count)
        top, bottom = baseline - ASCENT * size, baseline + DESCENT * size
    else:
        top, bottom = (
            np.minimum.reduceat(glyphs.top[at], begin),
            np.maximum.reduceat(glyphs.bottom[at], begin),
        )
    boxes = np.stack([x0, top, np.maximum(x1, x0 + 0.1), np.maximum(bottom, top + 0.1)], axis=1)
    fonts = int(glyphs.font.max()) + 1
    uses = np.bincount(segment * fonts + glyphs.font[at], minlength=count * fonts).reshape(
        count, fonts
    )
    return boxes, size.tolist(), uses.argmax(1).tolist()


def _texts(glyphs: Glyphs, run: Run, segment: Index, begin: Index) -> list[str]:
    """The normalised text of each segment."""
    gap = gaps_before(run, segment)
    inner = np.isfinite(gap)
    spacing = grouped_median(gap[inner], segment[inner], len(begin))
    spacing[np.bincount(segment[inner], minlength=len(begin)) <= _FEW_GAPS] = 0.0
    apart = gap > WORD_GAP + np.clip(np.nan_to_num(spacing), 0.0, _MOST_SPACING)[segment]
    chars = [glyphs.text[index] for index in run.glyph.tolist()]
    text = "".join(chars)
    least = _LEAST_SPACE_RTL if is_right_to_left(text) else _LEAST_SPACE
    apart |= run.spaced & (gap > least)
    if has_marks(text):
        chars = _accented(chars, run, begin)
    for at in np.flatnonzero(apart & inner).tolist():
        chars[at] = " " + chars[at]
    for at in begin[1:].tolist():
        chars[at] = "\n" + chars[at]
    return [normalise(reading_direction(text)) for text in "".join(chars).split("\n")]


def _accented(chars: list[str], run: Run, begin: NDArray[np.int64]) -> list[str]:
    x0, x1 = run.u0.tolist(), run.u1.tolist()
    out: list[str] = []
    for start, end in zip(begin.tolist(), [*begin[1:].tolist(), len(chars)], strict=True):
        out += join_accents(chars[start:end], x0[start:end], x1[start:end])
    return out
