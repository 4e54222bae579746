"""Page images, rendered in guarded children: pdfium may abort its process on a bad file.

This module imports little, since every child imports it.
"""

import io
import json
import struct
from collections.abc import Callable
from pathlib import Path

from chartline.core import worker_pool

SCALE = 92 / 72  # pixels a point
_SECONDS = 30.0


def start() -> worker_pool.Handler:
    """The handler that renders pages of a document as WebP."""
    return _render


def _render(message: bytes, report_step: worker_pool.ReportStep) -> bytes:
    import pypdfium2

    asked = json.loads(message)
    parts = []
    with pypdfium2.PdfDocument(asked["path"]) as pdf:
        for number in range(min(asked["pages"], len(pdf))):
            buffer = io.BytesIO()
            page = pdf[number]
            page.render(scale=min(SCALE, 2000 / max(page.get_size()))).to_pil().convert("RGB").save(
                buffer, "WEBP", quality=60, method=2
            )
            page.close()
            parts.append(buffer.getvalue())
    return b"".join(struct.pack("<Q", len(part)) + part for part in parts)


def render(
    documents: dict[str, tuple[Path, int]],
    workers: int,
    memory_mb: int,
    tick: Callable[[int], None],
) -> dict[str, list[bytes]]:
    """WebP images of the first pages of each document (`document_id`: path, pages); a document that fails has none."""
    asked = {
        json.dumps({"path": str(path), "pages": pages}).encode(): name
        for name, (path, pages) in documents.items()
    }
    found: dict[str, list[bytes]] = {}
    for done, answer in enumerate(worker_pool.run(asked, start, workers, _SECONDS, memory_mb), 1):
        found[asked[answer.task]] = _parts(answer.result or b"")
        tick(done)
    return found


def _parts(message: bytes) -> list[bytes]:
    parts, at = [], 0
    while at < len(message):
        (length,) = struct.unpack_from("<Q", message, at)
        parts.append(message[at + 8 : at + 8 + length])
        at += 8 + length
    return parts
