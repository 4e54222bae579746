"""The process that reads pictures of pages: RapidOCR (PP-OCRv6, models inside the package) on one core, offline.

`python -m chartline.pdf.scans.ocr_child` answers each picture on its standard input with its turn, boxes and texts on its
standard output (see `ocr`). A process of its own, since it holds some 550 MB and may be killed past its time.
"""

import json
import math
import os
import struct
import sys
from typing import Any, BinaryIO

Piece = tuple[list[float], float, str]

HEADER = struct.Struct("<III")  # height, width, colours of the picture that follows
LENGTH = struct.Struct("<I")
SURE = 0.85  # mean score of a picture that lies the right way; upside down it is below 0.75
_OPTIONS = {
    "Global.log_level": "critical",
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    "Rec.rec_batch_num": 1,  # no padding to the widest line: less memory, and faster on one core
    "Det.limit_type": "max",
    "Det.limit_side_len": 1280,
}


def main() -> None:
    """Serves until the standard input ends. Nothing a library prints is shown: it could be a patient's text."""
    pictures, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    silence = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(silence, descriptor)
    import numpy as np
    from rapidocr import RapidOCR

    engine: Any = RapidOCR(params=_OPTIONS)
    while len(header := pictures.read(HEADER.size)) == HEADER.size:
        shape = HEADER.unpack(header)
        picture = np.frombuffer(
            _exactly(pictures, shape[0] * shape[1] * shape[2]), np.uint8
        ).reshape(shape)
        message = json.dumps(_upright(engine, picture)).encode()
        answers.write(LENGTH.pack(len(message)) + message)
        answers.flush()


def _exactly(stream: BinaryIO, count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        sys.exit(0)
    return data


def _upright(engine: Any, picture: Any) -> tuple[int, list[Piece]]:
    """How many quarter turns (against the clock) put the picture upright, and what stands in it then.

    The reader turns tall boxes itself, one way: text that runs downwards is read well, upwards as badly as upside down.
    """
    import numpy as np

    pieces, score = _read(engine, picture)
    tall = 2 * sum(len(text) for box, _, text in pieces if _is_tall(box, text)) > sum(
        len(text) for _, _, text in pieces
    )
    if score >= SURE and not tall:
        return 0, pieces
    turn = 2 if not tall else 1 if score >= SURE else 3
    others, better = _read(engine, np.ascontiguousarray(np.rot90(picture, turn)))
    return (turn, others) if turn == 1 or better > score else (0, pieces)


def _read(engine: Any, picture: Any) -> tuple[list[Piece], float]:
    """Box in pixels (x0, top, x1, bottom), height across the writing, and text of each piece; their mean score a character."""
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
    score = sum(n * float(one) for n, one in zip(letters, found.scores, strict=True)) / max(
        1, sum(letters)
    )
    return pieces, score


def _is_tall(box: list[float], text: str) -> bool:
    """Whether writing runs along the height; a figure alone is tall, too."""
    return len(text) > 2 and box[3] - box[1] > 1.5 * (box[2] - box[0])


if __name__ == "__main__":
    main()
