"""Images of pages for the report, rendered in guarded child processes.

pdfium may abort its process on a damaged file. Every child imports this module, so it imports
little itself.
"""

import io
import json
import struct
from collections.abc import Callable
from pathlib import Path

from chartline.core import worker_pool

_SCALE = 92 / 72  # pixels a point: 92 dpi, at which 10-point text can be read beside its section
_LONGEST = 2000  # pixels of a page's longer side at most: a poster costs no more memory
_QUALITY = 60  # of WebP, of 100: text stays sharp
_METHOD = 2  # of WebP's 0 to 6: more takes much longer for little
_SECONDS = 30.0  # for the pages of one document


def start() -> worker_pool.Handler:
    """The handler of a child process: renders pages of a document as WebP."""
    return _render


def _render(message: bytes, report_step: worker_pool.ReportStep) -> bytes:
    """Images, each after its length.

    `message` is JSON with `path`, the number of `pages` and, where it is not 0, the `first`.
    """
    import pypdfium2

    request = json.loads(message)
    images = []
    with pypdfium2.PdfDocument(request["path"]) as pdf:
        first = request.get("first", 0)
        for number in range(first, min(first + request["pages"], len(pdf))):
            page = pdf[number]
            scale = min(_SCALE, _LONGEST / max(page.get_size()))
            buffer = io.BytesIO()
            picture = page.render(scale=scale).to_pil().convert("RGB")
            picture.save(buffer, "WEBP", quality=_QUALITY, method=_METHOD)
            page.close()
            images.append(buffer.getvalue())
    return b"".join(struct.pack("<Q", len(image)) + image for image in images)


def render(
    documents: dict[str, tuple[Path, int]],
    workers: int,
    memory_mb: int,
    done: Callable[[int], None],
) -> dict[str, list[bytes]]:
    """WebP images of the first pages of documents.

    Args:
        documents: By `document_id`, the path and the number of pages to render.
        workers: Child processes.
        memory_mb: Memory that a child may use.
        done: Called with the number of documents rendered so far.

    Returns:
        Images by `document_id`; none of a document that cannot be rendered.
    """
    tasks = {
        json.dumps({"path": str(path), "pages": pages}).encode(): name
        for name, (path, pages) in documents.items()
    }
    images: dict[str, list[bytes]] = {}
    for count, answer in enumerate(worker_pool.run(tasks, start, workers, _SECONDS, memory_mb), 1):
        images[tasks[answer.task]] = split(answer.result or b"")
        done(count)
    return images


def split(message: bytes) -> list[bytes]:
    """The images of a message of `_render`."""
    images, at = [], 0
    while at < len(message):
        (length,) = struct.unpack_from("<Q", message, at)
        begin = at + struct.calcsize("<Q")
        images.append(message[begin : begin + length])
        at = begin + length
    return images
