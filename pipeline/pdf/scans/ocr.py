"""Scans to lines: which parts of a page are pictures of text, and what a reader in another process sees in them."""

import json
import os
import select
import subprocess
import sys
import time
from typing import NamedTuple

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray

from chartline.core.reasons import ReadError, Reason
from chartline.pdf.characters import normalise
from chartline.pdf.glyphs import Floats, Glyphs, Page
from chartline.pdf.layout.lines import ASCENT, DESCENT, Line
from chartline.pdf.layout.order import reading_order
from chartline.pdf.scans.ocr_child import HEADER, LENGTH

Box = tuple[float, float, float, float]

DPI = 150
_FEW = 30  # glyphs: a stamp or a page number on a scan, not a page of text
_LARGE = 0.2  # of the page: a picture that may hold text of its own; a logo is smaller
_DRAWN = 30  # drawings on a page of next to no text: letters may be among them
_GLYPHS_A_PICTURE = 5  # text printed over a picture says that it is a background
_PRINTED = 0.01  # of a picture's area: text that covers less is a stamp on a scan
_SIZE = 0.68  # of the height that the reader gives a box
_PATIENCE = 50  # documents: starting again takes some three seconds
_LINE_GAP = 0.8  # of a line's height: pieces of one row that are nearer are one line


def pictured(page: Page, unmapped: float) -> list[Box]:
    """The boxes to be read as pictures: the whole page where it has next to no text, else large pictures without text.

    `unmapped` is the share of glyphs whose font does not say which characters they show.
    """
    visible, large = int((~page.glyphs.hidden).sum()), _large(page)
    silent = visible <= _FEW and (len(large) or page.drawings >= _DRAWN)
    if (
        (unmapped > 0.5 and visible)
        or silent
        or (not visible and (page.drawings or len(page.images)))
    ):
        return [(0.0, 0.0, page.width, page.height)]
    boxes: list[Box] = []
    for x0, top, x1, bottom in large.tolist():
        if (x0, top, x1, bottom) not in boxes and _unread(page.glyphs, (x0, top, x1, bottom)):
            boxes.append((x0, top, x1, bottom))
    return boxes


def _unread(glyphs: Glyphs, box: Box) -> bool:
    """Whether a picture holds more than the text over it says: a scan may bear a stamp, and the hidden layer of another OCR."""
    x0, top, x1, bottom = box
    x, y = (glyphs.x0 + glyphs.x1) / 2, (glyphs.top + glyphs.bottom) / 2
    inside = (x > x0) & (x < x1) & (y > top) & (y < bottom)
    over = inside & ~glyphs.hidden
    if int(over.sum()) < max(_GLYPHS_A_PICTURE, int((inside & glyphs.hidden).sum())):
        return True
    covered = ((glyphs.x1 - glyphs.x0) * (glyphs.bottom - glyphs.top))[over].sum()
    return bool(covered < _PRINTED * (x1 - x0) * (bottom - top))


def _large(page: Page) -> Floats:
    """The pictures that cover enough of the page, clipped to it; strips of one scan are taken as one."""
    if not len(page.images):
        return page.images
    limits = np.array([page.width, page.height, page.width, page.height])
    clipped = np.clip(page.images, 0, limits)
    area = (clipped[:, 2] - clipped[:, 0]) * (clipped[:, 3] - clipped[:, 1])
    paper = page.width * page.height
    if len(clipped) > 1 and not (area >= _LARGE * paper).any() and area.sum() >= _LARGE * paper:
        return np.concatenate([clipped[:, :2].min(0), clipped[:, 2:].max(0)])[None, :]
    return clipped[area >= _LARGE * paper]


class Seen(NamedTuple):
    """The lines of a picture, and by how many quarter turns against the clock it was put upright to be read.

    Their places are those on the picture after the turns; `on_page` gives those on the page as it lies.
    """

    lines: list[Line]
    turn: int

    def on_page(self, box: Box) -> list[Line]:
        """The lines where they stand on the page, `box` being the picture's place."""
        return [_unturned(line, box, self.turn) for line in self.lines] if self.turn else self.lines


class OcrReader:
    """Reads pictures in a process of its own, started at the first picture; a hung or dead one is replaced, one that has had
    nothing to read in `_PATIENCE` documents is ended: it holds 550 MB."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self._idle = seconds, 0
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, picture: NDArray[np.uint8], box: Box) -> Seen:
        """What stands in a picture (height x width x 3) that shows `box` of the page, whichever way up it is.

        Raises:
            ReadError: the process died, or took more than its seconds.
        """
        self._idle = 0
        try:
            self._ask(picture)
            turn, pieces = json.loads(self._answer())
        except (OSError, ReadError) as error:
            self.close()
            raise error if isinstance(error, ReadError) else ReadError(Reason.CRASH) from None
        scale = (box[2] - box[0]) / picture.shape[1]
        origin = (0.0, 0.0) if turn else box[:2]
        lines = [
            _line(edges, height, text, scale, origin)
            for edges, height, text in pieces
            if normalise(text)
        ]
        return Seen(_joined(lines), turn)

    def _ask(self, picture: NDArray[np.uint8]) -> None:
        if self._process is None or self._process.poll() is not None:
            environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONSAFEPATH": "1"}
            command = [sys.executable, "-m", "chartline.pdf.scans.ocr_child"]
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
            )
        stdin = self._process.stdin
        assert stdin is not None
        stdin.write(HEADER.pack(*picture.shape) + np.ascontiguousarray(picture).tobytes())
        stdin.flush()

    def _answer(self) -> bytes:
        deadline = time.monotonic() + self.seconds
        (length,) = LENGTH.unpack(self._receive(LENGTH.size, deadline))
        return self._receive(length, deadline)

    def _receive(self, count: int, deadline: float) -> bytes:
        assert self._process is not None
        assert self._process.stdout is not None
        descriptor, data = self._process.stdout.fileno(), b""
        while len(data) < count:
            ready, _, _ = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise ReadError(Reason.TIMEOUT)
            part = os.read(descriptor, count - len(data))
            if not part:
                raise ReadError(Reason.CRASH)
            data += part
        return data

    def document_done(self) -> None:
        """To be told after each document."""
        self._idle += 1
        if self._idle > _PATIENCE:
            self.close()

    def close(self) -> None:
        """Ends the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    stream.close()
            self._process = None


def render(page: pdfium.PdfPage, box: Box, megapixels: float) -> NDArray[np.uint8]:
    """The picture of `box` (points from the top left of the page as seen), at 150 dpi unless that is too many pixels.

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


def _unturned(line: Line, box: Box, turn: int) -> Line:
    width, height = box[2] - box[0], box[3] - box[1]
    places = {
        1: (width - line.bottom, line.x0, width - line.top, line.x1),
        2: (width - line.x1, height - line.bottom, width - line.x0, height - line.top),
        3: (line.top, height - line.x1, line.bottom, height - line.x0),
    }
    x0, top, x1, bottom = places[turn]
    return line._replace(x0=box[0] + x0, top=box[1] + top, x1=box[0] + x1, bottom=box[1] + bottom)


def _line(
    edges: list[float], height: float, text: str, scale: float, origin: tuple[float, float]
) -> Line:
    x0, top, x1, bottom = (edge * scale for edge in edges)
    size = max(1.0, height * scale * _SIZE)
    baseline = origin[1] + (top + bottom) / 2 + size * (ASCENT - DESCENT) / 2
    return Line(
        normalise(text),
        origin[0] + x0,
        baseline - ASCENT * size,
        origin[0] + max(x1, x0 + 0.1),
        baseline + DESCENT * size,
        "",
        size,
        False,
        False,
        "ocr",
    )


def _joined(pieces: list[Line]) -> list[Line]:
    """Pieces of one row that nearly touch are one line; then the order of reading."""
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
    size = min(line.size, piece.size)
    level = abs((line.top + line.bottom) - (piece.top + piece.bottom)) / 2 < 0.35 * size
    return (
        level
        and -0.5 * size < piece.x0 - line.x1 < _LINE_GAP * size
        and max(line.size, piece.size) < 1.5 * size
    )
