"""The process that reads pictures of pages: RapidOCR (PP-OCRv6, models inside the package) on one core, offline.

`python -m pipeline.extraction.ocr_child` answers each picture on its standard input with boxes and texts on its
standard output (see `ocr`). A process of its own, since it holds some 550 MB and may be killed past its time.
"""

import json
import math
import os
import struct
import sys
from typing import Any, BinaryIO

HEADER = struct.Struct("<III")  # height, width, colours of the picture that follows
LENGTH = struct.Struct("<I")
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
        picture = np.frombuffer(_exactly(pictures, shape[0] * shape[1] * shape[2]), np.uint8).reshape(shape)
        message = json.dumps(_read(engine, picture)).encode()
        answers.write(LENGTH.pack(len(message)) + message)
        answers.flush()


def _exactly(stream: BinaryIO, count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        sys.exit(0)
    return data


def _read(engine: Any, picture: Any) -> list[tuple[list[float], float, str]]:
    """Box in pixels (x0, top, x1, bottom), height across the writing, and text of each piece."""
    found = engine(picture, use_cls=False)
    if found.boxes is None:
        return []
    pieces = []
    for corners, text in zip(found.boxes, found.txts, strict=True):
        xs, ys = corners[:, 0], corners[:, 1]
        height = (math.dist(corners[0], corners[3]) + math.dist(corners[1], corners[2])) / 2
        pieces.append(([float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max())], height, text))
    return pieces


if __name__ == "__main__":
    main()
