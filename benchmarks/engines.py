"""Pages a second of each engine, glyphs to lines, against pdfplumber's own lines: `python benchmarks/engines.py sample_docs`.

One process, the engines in turn over the same pages, the whole repeated; prints medians and ratios, asserts nothing.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pdfplumber

from chartline.core.reasons import ReadError
from chartline.pdf.engines.pdfium import PdfiumEngine
from chartline.pdf.engines.plumber import PlumberEngine
from chartline.pdf.glyphs import Engine, pages
from chartline.pdf.layout.lines import page_lines

REPEATS = 3


def ours(engine: Engine) -> Callable[[Path], int]:
    return lambda path: sum(1 for page in pages(engine, str(path)) if page_lines(page) is not None)


def readable(path: Path) -> bool:
    """Whether the file opens and its first page holds text."""
    try:
        return bool(len(next(pages(PdfiumEngine(), str(path))).glyphs))
    except (ReadError, StopIteration):
        return False


def theirs(path: Path) -> int:
    """pdfplumber's extract_text_lines, which joins margin notes and body."""
    with pdfplumber.open(path) as pdf:
        return sum(1 for page in pdf.pages if page.extract_text_lines() is not None)


def main(folder: Path) -> None:
    """Prints a line a way of reading."""
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
    main(Path(sys.argv[1]))
