"""PDF to labelled sections against EDS-PDF: `python -m benchmarks.end_to_end FOLDER EDS_PYTHON`.

FOLDER holds the PDFs, e.g. sample_docs; EDS_PYTHON is the Python of an environment that holds
EDS-PDF 0.10 (`pip install torch==2.13.0 edspdf==0.10.0`). Both read the same files, those that can
be read, several times over, with two processes each; the start of the processes is not counted.
Prints pages a second and the ratio.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

from benchmarks import arguments
from chartline.core.settings import Limits
from chartline.core.worker_pool import child_environment
from chartline.pdf.reading import read_file
from chartline.pdf.retries import Attempt
from chartline.pdf.scans.ocr import OcrReader

PROCESSES, TIMES = 2, 4


def prepare() -> None:
    """Loads the classifier in a worker process."""
    import torch

    from chartline.text import labelling

    torch.set_num_threads(1)
    global model
    model = labelling.load()


def sections(path: Path) -> int:
    """Reads and labels a document and cuts it into sections; returns its number of pages."""
    from chartline.text import labelling
    from chartline.text import sections as cutting

    reading = read_file(path.stem, path, Attempt(), Limits(ocr_seconds=0), OcrReader(0))
    cutting.sections(labelling.label(model, reading.lines))
    return reading.pages


def ours(paths: list[Path]) -> tuple[int, float]:
    """Pages and seconds of Chartline."""
    with child_environment(), get_context("spawn").Pool(PROCESSES, prepare) as pool:
        pool.map(sections, paths[: 4 * PROCESSES], chunksize=1)
        begin = time.perf_counter()
        pages = sum(pool.imap_unordered(sections, paths, chunksize=4))
        return pages, time.perf_counter() - begin


def theirs(folder: Path, python: str) -> tuple[int, float]:
    """Pages and seconds of EDS-PDF."""
    script = Path(__file__).with_name("edspdf_speed.py")
    done = subprocess.run(
        [python, str(script), str(folder), str(PROCESSES)], check=True, capture_output=True
    )
    measured = json.loads(done.stdout.splitlines()[-1])
    return measured["pages"], measured["seconds"]


def main(folder: Path, python: str) -> None:
    """Prints both speeds."""
    readable = [
        path
        for path in sorted(folder.rglob("*.pdf"))
        if read_file("d", path, Attempt(), Limits(ocr_seconds=0), OcrReader(0)).status
        == "processed"
    ]
    with tempfile.TemporaryDirectory() as name:
        for index in range(TIMES):
            for number, path in enumerate(readable):
                shutil.copy(path, Path(name) / f"{index}-{number:03d}.pdf")
        speeds = {}
        for who, (pages, seconds) in (
            ("EDS-PDF", theirs(Path(name), python)),
            ("Chartline", ours(sorted(Path(name).glob("*.pdf")))),
        ):
            speeds[who] = pages / seconds
            speed = f"{speeds[who]:7.1f} pages/s with {PROCESSES} processes"
            sys.stdout.write(f"{who:<10} {pages:>5} pages {speed}\n")
    sys.stdout.write(f"ratio {speeds['Chartline'] / speeds['EDS-PDF']:.1f}\n")


if __name__ == "__main__":
    source, eds_python = arguments(__doc__, 2)
    main(Path(source), eds_python)
