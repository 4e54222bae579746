"""The OCR process: how it is started, given pictures, and ended."""

import json
import os
import select
import subprocess
import sys
import time

import numpy as np
from numpy.typing import NDArray

from chartline.core.reasons import ReadError, Reason
from chartline.pdf.scans.ocr_child import HEADER, LENGTH
from chartline.pdf.scans.pictures import Box
from chartline.pdf.scans.pieces import PictureLines, picture_lines

_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "PYTHONSAFEPATH": "1",
    "ORT_DISABLE_TELEMETRY": "1",  # onnxruntime 1.29 and later would send some
}
IDLE_DOCUMENTS = 50  # without a picture, then the process ends; a new start takes three seconds


class OcrReader:
    """Reads pictures in a process of its own (`ocr_child`).

    The process is started at the first picture, replaced when it hangs or dies, and ended after
    IDLE_DOCUMENTS documents without a picture, since it holds 550 MB.

    Args:
        seconds: the longest that one picture may take.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds, self._idle = seconds, 0
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, picture: NDArray[np.uint8], box: Box) -> PictureLines:
        """The lines in a picture (height x width x 3), whichever way up it is.

        Args:
            picture: the rendered box.
            box: its place on the page.

        Raises:
            ReadError: the process died, or took more than its seconds.
        """
        self._idle = 0
        try:
            self._send(picture)
            turn, pieces = json.loads(self._receive_message())
        except (OSError, ReadError) as error:
            self.close()
            raise error if isinstance(error, ReadError) else ReadError(Reason.CRASH) from None
        return picture_lines(pieces, turn, box, picture.shape[1])

    def _send(self, picture: NDArray[np.uint8]) -> None:
        if self._process is None or self._process.poll() is not None:
            environment = {**os.environ, **_ENVIRONMENT}
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

    def _receive_message(self) -> bytes:
        deadline = time.monotonic() + self.seconds
        (length,) = LENGTH.unpack(self._receive(LENGTH.size, deadline))
        return self._receive(length, deadline)

    def _receive(self, count: int, deadline: float) -> bytes:
        """`count` bytes of the process's output. Raises ReadError past the deadline."""
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
        """To be called after each document."""
        self._idle += 1
        if self._idle > IDLE_DOCUMENTS:
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
