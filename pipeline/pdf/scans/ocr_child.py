"""The OCR process: RapidOCR (PP-OCRv6, its models inside the package) on one core, offline.

`python -m chartline.pdf.scans.ocr_child` reads pictures from its standard input and writes a
message for each to its standard output (`ocr.OcrReader` is the other side):

- a picture: HEADER (height, width, colours), then its pixels, one byte a colour;
- a message: LENGTH, then JSON: the quarter turns counterclockwise that put the picture upright,
  and its pieces, each a box in pixels (x0, top, x1, bottom), a height across the text and a text.

It is a process of its own since it holds some 550 MB and may have to be killed.
"""

import json
import math
import os
import struct
import sys
from typing import Any, BinaryIO

Piece = tuple[list[float], float, str]

HEADER = struct.Struct("<III")
LENGTH = struct.Struct("<I")

_UPRIGHT_SCORE = 0.85  # mean score of an upright picture; upside down it is below 0.75
_TALL = 1.5  # times as high as wide: text that runs upwards or downwards
_FEW_LETTERS = 2  # a single digit is tall, too
_OPTIONS = {
    "Global.log_level": "critical",
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    "Rec.rec_batch_num": 1,  # no padding to the widest line: less memory, faster on one core
    "Det.limit_type": "max",
    "Det.limit_side_len": 1280,
}


def main() -> None:
    """Serves until the standard input ends.

    What libraries print goes nowhere: it could be a patient's text.
    """
    pictures, messages = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    silence = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(silence, descriptor)
    import numpy as np
    from rapidocr import RapidOCR

    engine: Any = RapidOCR(params=_OPTIONS)
    while len(header := pictures.read(HEADER.size)) == HEADER.size:
        height, width, colours = HEADER.unpack(header)
        pixels = np.frombuffer(_exactly(pictures, height * width * colours), np.uint8)
        message = json.dumps(_upright(engine, pixels.reshape(height, width, colours))).encode()
        messages.write(LENGTH.pack(len(message)) + message)
        messages.flush()


def _exactly(stream: BinaryIO, count: int) -> bytes:
    """`count` bytes; ends the process where the input ends before."""
    data = stream.read(count)
    if len(data) < count:
        sys.exit(0)
    return data


def _upright(engine: Any, picture: Any) -> tuple[int, list[Piece]]:
    """How many quarter turns counterclockwise put the picture upright, and its pieces then.

    RapidOCR turns tall boxes itself, one way: text that runs downwards is read well, text that
    runs upwards as badly as text that is upside down.
    """
    import numpy as np

    pieces, score = _read(engine, picture)
    letters = sum(len(text) for _, _, text in pieces)
    tall = 2 * sum(len(text) for box, _, text in pieces if _is_tall(box, text)) > letters
    if score >= _UPRIGHT_SCORE and not tall:
        return 0, pieces
    turn = 2 if not tall else 1 if score >= _UPRIGHT_SCORE else 3
    others, better = _read(engine, np.ascontiguousarray(np.rot90(picture, turn)))
    return (turn, others) if turn == 1 or better > score else (0, pieces)


def _read(engine: Any, picture: Any) -> tuple[list[Piece], float]:
    """The pieces of a picture as it lies, and their mean score a character."""
    found = engine(picture, use_cls=False)
    if found.boxes is None:
        return [], 1.0
    pieces: list[Piece] = []
    for corners, text in zip(found.boxes, found.txts, strict=True):
        xs, ys = corners[:, 0], corners[:, 1]
        box = [float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max())]
        sides = ((0, 1), (3, 2)) if _is_tall(box, text) else ((0, 3), (1, 2))
        pieces.append((box, sum(math.dist(corners[a], corners[b]) for a, b in sides) / 2, text))
    letters = [len(text) for text in found.txts]
    total = sum(n * float(one) for n, one in zip(letters, found.scores, strict=True))
    return pieces, total / max(1, sum(letters))


def _is_tall(box: list[float], text: str) -> bool:
    """Whether the text of a box runs along its height."""
    return len(text) > _FEW_LETTERS and box[3] - box[1] > _TALL * (box[2] - box[0])


if __name__ == "__main__":
    main()
