"""What a child process does with a document: read, label, cut into sections, find concepts; once, with models loaded once."""

import io
import json
import logging
import struct
import threading
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.extraction.guard import Handler
from pipeline.settings import Reading

TABLES = ("lines", "sections", "mentions")


def start(settings: Reading) -> Handler:
    """Loads the models and returns the handler. Tasks and answers are bytes: `task`, `decode`."""
    import torch
    from tqdm import tqdm

    from pipeline import labels

    logging.disable(logging.CRITICAL)  # libraries' messages may quote a document
    tqdm.set_lock(threading.RLock())  # its own lock is a semaphore of the system, which a killed child leaves behind
    torch.set_num_threads(1)
    model = labels.load(settings.weights)

    def handle(message: bytes) -> bytes:
        return _process(json.loads(message), settings, model)

    return handle


def task(document: dict[str, Any], folder: Path) -> bytes:
    """The message that asks for a document (`document_id`, `path`, `language` of the documents table)."""
    return json.dumps({
        "document_id": document["document_id"], "path": str(folder / document["path"]), "language": document["language"],
    }).encode()  # fmt: skip


def _process(asked: dict[str, Any], settings: Reading, model: Any) -> bytes:
    from pipeline import concepts, labels, sections
    from pipeline.documents import content_hash
    from pipeline.extraction.reading import read_document
    from pipeline.extraction.reasons import Reason
    from pipeline.language import language_of

    path = Path(asked["path"])
    before = _digest(content_hash, path)
    reading = read_document(asked["document_id"], path, settings.engine, settings.limits)
    reason = reading.reason
    if before and _digest(content_hash, path) != before:
        reason = Reason.CHANGED
    lines = labels.label(model, reading.lines if reason is not Reason.CHANGED else reading.lines.clear())
    found = sections.sections(lines)
    language = asked["language"] or language_of("\n".join(found["text"].to_list()))
    mentioned = concepts.mentions(found, {asked["document_id"]: language})
    status = "quarantined" if reason is Reason.CHANGED else reading.status
    header = {
        "document_id": asked["document_id"], "pages": reading.pages, "engine": reading.engine, "status": status,
        "reason": reason.value if reason else None, "language": language, "content_hash": before or "",
    }  # fmt: skip
    return encode(header, {"lines": lines, "sections": found, "mentions": mentioned})


def _digest(digest: Any, path: Path) -> str | None:
    try:
        return str(digest(path))
    except OSError:
        return None


def encode(header: dict[str, Any], frames: dict[str, pl.DataFrame]) -> bytes:
    """A JSON header and the tables as Arrow IPC, each part behind its length."""
    parts = [json.dumps(header).encode()]
    for name in TABLES:
        buffer = io.BytesIO()
        frames[name].write_ipc(buffer)
        parts.append(buffer.getvalue())
    return b"".join(struct.pack("<Q", len(part)) + part for part in parts)


def decode(message: bytes) -> tuple[dict[str, Any], dict[str, pl.DataFrame]]:
    """The inverse of `encode`."""
    parts, at = [], 0
    while at < len(message):
        (length,) = struct.unpack_from("<Q", message, at)
        parts.append(message[at + 8 : at + 8 + length])
        at += 8 + length
    return json.loads(parts[0]), {name: pl.read_ipc(part) for name, part in zip(TABLES, parts[1:], strict=True)}
