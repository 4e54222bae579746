"""Pages a second of each engine, glyphs to lines: `python -m benchmarks.engines FOLDER`

In one process, the engines in turn over the same pages, three times; also pdfplumber's own lines.
Prints medians, and ratios to pdfplumber's own lines.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pdfplumber

from benchmarks import arguments
from chartline.core.reasons import ReadError
from chartline.pdf.engines.pdfium import PdfiumEngine
from chartline.pdf.engines.plumber import PlumberEngine
from chartline.pdf.glyphs import Engine, pages
from chartline.pdf.layout.lines import page_lines

REPEATS = 3


def ours(engine: Engine) -> Callable[[Path], int]:
    """A function that reads the lines of a file and returns its pages."""
    return lambda path: sum(1 for page in pages(engine, str(path)) if page_lines(page) is not None)


def readable(path: Path) -> bool:
    """Whether the file opens and its first page holds text."""
    try:
        return bool(len(next(pages(PdfiumEngine(), str(path))).glyphs))
    except (ReadError, StopIteration):
        return False


def theirs(path: Path) -> int:
    """Reads the lines by pdfplumber's extract_text_lines, which joins notes and body."""
    with pdfplumber.open(path) as pdf:
        return sum(1 for page in pdf.pages if page.extract_text_lines() is not None)


def main(folder: Path) -> None:
    """Prints a line for each way of reading."""
    paths = [path for path in sorted(folder.rglob("*.pdf")) if readable(path)]
    ways = {
        "pdfium": ours(PdfiumEngine()),
        "pdfplumber glyphs, our lines": ours(PlumberEngine()),
        "pdfplumber extract_text_lines": theirs,
    }
    speeds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(REPEATS):
        for name, read in ways.items():
            begin = time.perf_counter()
            count = sum(read(path) for path in paths)
            speeds[name].append(count / (time.perf_counter() - begin))
    base = median(speeds["pdfplumber extract_text_lines"])
    for name, found in speeds.items():
        sys.stdout.write(
            f"{name:<32} {median(found):7.1f} pages/s  {median(found) / base:5.1f} x\n"
        )


if __name__ == "__main__":
    main(Path(arguments(__doc__, least=1)[0]))
