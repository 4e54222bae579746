"""Time and memory by the number of pages: `python -m benchmarks.long_file FOLDER`

Files of 250 to 2,000 pages, put together from the folder's documents, are read and labelled, each
in a process of its own. Prints milliseconds a page and the peak of resident memory, both of which
should hardly grow.
"""

import resource
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

import pikepdf

from benchmarks import arguments
from chartline.core.worker_pool import child_environment

PAGES = (250, 500, 1000, 2000)


def write(sources: list[Path], pages: int, file: Path) -> None:
    """Writes a file of `pages` pages, taking those of the sources again and again."""
    with pikepdf.new() as whole:
        while len(whole.pages) < pages:
            for source in sources:
                with pikepdf.open(source) as part:
                    whole.pages.extend(part.pages)
        del whole.pages[pages:]
        whole.save(file)


def read(file: Path) -> tuple[float, float, float]:
    """Seconds to read and to label a file, and the process's peak memory in MB."""
    import torch

    from chartline.core.settings import Limits
    from chartline.pdf.reading import read_file
    from chartline.pdf.retries import Attempt
    from chartline.pdf.scans.ocr import OcrReader
    from chartline.text import labelling

    torch.set_num_threads(1)
    model = labelling.load()
    begin = time.perf_counter()
    lines = read_file("d", file, Attempt(), Limits(ocr_seconds=0), OcrReader(0)).lines
    middle = time.perf_counter()
    labelling.label(model, lines)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return middle - begin, time.perf_counter() - middle, peak


def main(folder: Path) -> None:
    """Prints a line for each file."""
    sources = [path for path in sorted(folder.glob("*/*.pdf")) if path.parent.name != "odd"]
    with tempfile.TemporaryDirectory() as name:
        for pages in PAGES:
            file = Path(name) / f"{pages}.pdf"
            write(sources, pages, file)
            with child_environment(), get_context("spawn").Pool(1) as pool:
                reading, labelling, peak = pool.apply(read, (file,))
            sys.stdout.write(
                f"{pages:>5} pages: reading {reading / pages * 1e3:5.1f} ms a page, labelling "
                f"{labelling / pages * 1e3:5.1f} ms a page, peak {peak:5.0f} MB\n"
            )


if __name__ == "__main__":
    main(Path(arguments(__doc__, least=1)[0]))
