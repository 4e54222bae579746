"""What a worker process does with a document: read, label, cut into sections, find mentions."""

import io
import json
import logging
import struct
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from chartline.core.paths import real_path
from chartline.core.settings import ReadingSettings
from chartline.core.worker_pool import Handler, ReportStep
from chartline.pdf.retries import Attempt, from_json, to_json
from chartline.pdf.scans.ocr import OcrReader

TABLES = ("lines", "sections", "mentions")


def start(settings: ReadingSettings) -> Handler:
    """Loads the models and returns the handler; called once in each worker process.

    The handler's tasks are made by `task`, its answers are read by `decode`.
    """
    import torch
    from tqdm import tqdm

    from chartline.mentions.own_terms import read_own_terms
    from chartline.text import labelling

    logging.disable(logging.CRITICAL)  # libraries' messages may quote a document
    # tqdm's own lock is a semaphore of the system, which a killed process leaves behind
    tqdm.set_lock(threading.RLock())
    torch.set_num_threads(1)
    model = labelling.load(settings.weights)
    own = read_own_terms(*settings.terms)
    reader = OcrReader(settings.limits.ocr_seconds)

    def handle(message: bytes, report_step: ReportStep) -> bytes:
        try:
            return _process(json.loads(message), settings, model, own, reader, report_step)
        finally:
            reader.document_done()

    return handle


def task(document: dict[str, Any], folder: Path, attempt: Attempt) -> bytes:
    """The message that asks for a document.

    `document` has `document_id`, `path`, `language` and `written_at` of the documents table.
    """
    message = {
        "document_id": document["document_id"],
        "path": str(folder / real_path(document["path"])),
        "language": document["language"],
        "written_at": date.isoformat() if (date := document["written_at"]) else None,
        "attempt": to_json(attempt),
    }
    return json.dumps(message).encode()


def _process(
    task: dict[str, Any],
    settings: ReadingSettings,
    model: Any,
    own: Any,
    reader: OcrReader,
    report_step: ReportStep,
) -> bytes:
    from chartline.mentions import matching
    from chartline.pdf.reading import read_file
    from chartline.text import labelling, sections
    from chartline.text.language import document_language, with_languages

    name, attempt = task["document_id"], from_json(task["attempt"])
    read = read_file(name, Path(task["path"]), attempt, settings.limits, reader, report_step)
    report_step("label", settings.limits.document_seconds)
    lines = labelling.label(model, read.lines)
    found = sections.sections(lines)
    found = with_languages(found, task["language"])
    mentions = matching.mentions(found, own, _dates(task))
    header = {
        "document_id": name,
        "pages": read.pages,
        "engine": read.engine,
        "status": read.status,
        "reason": read.reason,
        "failed_pages": [{"page": page, "reason": reason} for page, reason in read.failed],
        "language": document_language(found),
        "content_hash": read.content_hash,
        "doubt": (1 - lines["confidence"]).mean(),  # the confidence is calibrated
    }
    return encode(header, {"lines": lines, "sections": found, "mentions": mentions})


def _dates(task: dict[str, Any]) -> dict[str, datetime]:
    """The date of the document by its name; empty where nobody has stated it."""
    stated = task["written_at"]
    return {task["document_id"]: datetime.fromisoformat(stated)} if stated else {}


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
    frames = zip(TABLES, parts[1:], strict=True)
    return json.loads(parts[0]), {name: pl.read_ipc(part) for name, part in frames}
