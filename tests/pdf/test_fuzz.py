"""Mutated sample documents: no hang, no crash of the run, no document lost.

20 seconds in CI; longer, and with another seed, on demand:
`FUZZ_SECONDS=300 FUZZ_SEED=7 pytest tests/pdf/test_fuzz.py`.
"""

import os
import random
import time

import pytest
from conftest import SAMPLES

from chartline.core.reasons import Reason
from chartline.core.settings import Limits
from chartline.core.worker_pool import Handler, ReportStep, run
from chartline.pdf.reading import read_document
from chartline.pdf.retries import Attempt
from chartline.pdf.scans.ocr import OcrReader

SECONDS, SEED = float(os.environ.get("FUZZ_SECONDS", "20")), int(os.environ.get("FUZZ_SEED", "1"))
PAGE_SECONDS = 10.0


def start() -> Handler:
    reader, limits = (
        OcrReader(0),
        Limits(ocr_seconds=0, document_seconds=30, page_seconds=PAGE_SECONDS),
    )

    def handle(data: bytes, report_step: ReportStep) -> bytes:
        reading = read_document("d", data, Attempt(), limits, reader, report_step)
        assert reading.status == "processed" or reading.reason in set(Reason)
        return f"{reading.status} {reading.reason}".encode()

    return handle


def mutated(data: bytes, rng: random.Random) -> bytes:
    """A few small changes: bits, bytes, numbers, keywords, whole parts."""
    out = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 4, 16, 64])):
        at = rng.randrange(len(out))
        match rng.randrange(6):
            case 0:
                out[at] ^= 1 << rng.randrange(8)
            case 1:
                out[at : at + rng.randrange(1, 200)] = b""
            case 2:
                out[at:at] = rng.randbytes(rng.randrange(1, 60))
            case 3:
                digits = out.find(rng.choice([b"0 obj", b"/Length ", b" R", b"/Count "]), at)
                if digits >= 0:
                    out[digits : digits + 1] = str(rng.choice([-1, 0, 1, 2**31, 10**20])).encode()
            case 4:
                word = rng.choice(
                    [
                        b"endobj",
                        b"stream",
                        b"/Kids",
                        b"/Font",
                        b"xref",
                        b"/Filter",
                        b"/Parent",
                        b"trailer",
                    ]
                )
                found = out.find(word, at)
                if found >= 0:
                    out[found : found + len(word)] = rng.choice(
                        [b"", b"/Kids", b"null", b"<<", b"[[[["]
                    )
            case _:
                other = rng.randrange(len(out))
                out[at:at] = out[other : other + rng.randrange(1, 2000)]
        if not out:
            break
    return bytes(out)


@pytest.mark.slow
def test_no_mutation_hangs_or_loses_a_document() -> None:
    rng = random.Random(SEED)
    corpus = [path.read_bytes() for path in sorted(SAMPLES.rglob("*.pdf"))]
    ends, tried = time.monotonic() + SECONDS, 0
    while time.monotonic() < ends:
        tasks = [mutated(rng.choice(corpus), rng) for _ in range(200)]
        answers = list(run(tasks, start, workers=2, seconds=PAGE_SECONDS, memory_mb=2000))
        assert len(answers) == len(tasks)
        assert all(answer.result is not None or answer.reason is not None for answer in answers)
        assert not [answer for answer in answers if answer.reason is Reason.INTERNAL]
        tried += len(tasks)
    assert tried >= 200
