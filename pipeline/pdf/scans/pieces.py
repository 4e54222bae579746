"""Pieces of text that OCR finds in a picture, to lines on the page."""

from typing import NamedTuple

import numpy as np

from chartline.pdf.characters import normalise
from chartline.pdf.layout.lines import ASCENT, DESCENT, Line
from chartline.pdf.layout.order import reading_order
from chartline.pdf.scans.pictures import Box

Piece = tuple[list[float], float, str]  # box in pixels, height across the text, text

_SIZE = 0.68  # of the height that the OCR gives a box: the font size
_LINE_GAP = 0.8  # em: pieces of one row that are nearer are one line
_OVERLAP = 0.5  # em: boxes of neighbouring pieces overlap by less
_LEVEL = 0.35  # em: the middles of pieces of one row differ by less
_OTHER_SIZE = 1.5  # times as large: a heading beside a note, not one line


class PictureLines(NamedTuple):
    """The lines of a picture, after `turn` quarter turns counterclockwise that put it upright.

    The places of the lines are those on the turned picture; `on_page` gives those on the page.
    """

    lines: list[Line]
    turn: int

    def on_page(self, box: Box) -> list[Line]:
        """The lines where they stand on the page, `box` being the picture's place."""
        return [_unturned(line, box, self.turn) for line in self.lines] if self.turn else self.lines


def picture_lines(pieces: list[Piece], turn: int, box: Box, columns: int) -> PictureLines:
    """The lines that pieces form.

    Args:
        pieces: what OCR found.
        turn: the quarter turns counterclockwise before it was found.
        box: the picture's place on the page.
        columns: the width of the picture in pixels, before the turns.
    """
    scale = (box[2] - box[0]) / columns
    origin = (0.0, 0.0) if turn else box[:2]
    lines = [
        _line(edges, height, text, scale, origin)
        for edges, height, text in pieces
        if normalise(text)
    ]
    return PictureLines(_joined(lines), turn)


def _line(
    edges: list[float], height: float, text: str, scale: float, origin: tuple[float, float]
) -> Line:
    x0, top, x1, bottom = (edge * scale for edge in edges)
    size = max(1.0, height * scale * _SIZE)
    baseline = origin[1] + (top + bottom) / 2 + size * (ASCENT - DESCENT) / 2
    return Line(
        text=normalise(text),
        x0=origin[0] + x0,
        top=baseline - ASCENT * size,
        x1=origin[0] + max(x1, x0 + 0.1),
        bottom=baseline + DESCENT * size,
        font="",
        size=size,
        bold=False,
        italic=False,
        source="ocr",
    )


def _unturned(line: Line, box: Box, turn: int) -> Line:
    """A line of a turned picture where it stands on the page."""
    width, height = box[2] - box[0], box[3] - box[1]
    places = {
        1: (width - line.bottom, line.x0, width - line.top, line.x1),
        2: (width - line.x1, height - line.bottom, width - line.x0, height - line.top),
        3: (line.top, height - line.x1, line.bottom, height - line.x0),
    }
    x0, top, x1, bottom = places[turn]
    return line._replace(x0=box[0] + x0, top=box[1] + top, x1=box[0] + x1, bottom=box[1] + bottom)


def _joined(pieces: list[Line]) -> list[Line]:
    """Pieces of one row that nearly touch as one line; all lines in reading order."""
    lines: list[Line] = []
    for piece in sorted(pieces, key=lambda line: line.x0):
        at = next((i for i, line in enumerate(lines) if _continues(line, piece)), None)
        if at is None:
            lines.append(piece)
        else:
            first = lines[at]
            lines[at] = first._replace(
                text=f"{first.text} {piece.text}", x1=max(first.x1, piece.x1)
            )
    if not lines:
        return []
    boxes = np.array([(line.x0, line.top, line.x1, line.bottom) for line in lines])
    return [lines[index] for index in reading_order(boxes)]


def _continues(line: Line, piece: Line) -> bool:
    """Whether a piece goes on where the line ends."""
    size, larger = min(line.size, piece.size), max(line.size, piece.size)
    apart = abs((line.top + line.bottom) - (piece.top + piece.bottom)) / 2
    near = -_OVERLAP * size < piece.x0 - line.x1 < _LINE_GAP * size
    return apart < _LEVEL * size and near and larger < _OTHER_SIZE * size
