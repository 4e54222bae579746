"""Why a page is cut as it is: `python -m benchmarks.explain_cuts FILE.pdf PAGE`.

Prints a line a gap that may be a cut: whether it is one, the deciding rule, its place, and the
texts beside it. `--cuts` leaves out the kept gaps, `--plumber` reads by pdfplumber.
"""

import sys
from pathlib import Path

from benchmarks import arguments
from chartline.pdf.engines.pdfium import PdfiumEngine
from chartline.pdf.engines.plumber import PlumberEngine
from chartline.pdf.glyphs import Engine
from chartline.pdf.layout.explain import explain

_SHOWN = 36  # characters of each text


def main(path: Path, number: int, *, only_cuts: bool, engine: Engine) -> None:
    """Prints the gaps of one page."""
    with engine.open(str(path)) as document:
        gaps = explain(document.page(number))
    for gap in gaps.iter_rows(named=True):
        if only_cuts and not gap["cut"]:
            continue
        verdict = "keep" if not gap["cut"] else "cut" if gap["apart"] else "cut, joined again"
        place = f"x {gap['x0']:.0f}-{gap['x1']:.0f}, y {gap['top']:.0f}-{gap['bottom']:.0f}"
        left, right = gap["left"][-_SHOWN:], gap["right"][:_SHOWN]
        sys.stdout.write(
            f"{verdict:<5}{gap['rule']:<24}{gap['size']:>6.2f} em  {place:<28} {left} | {right}\n"
        )


if __name__ == "__main__":
    given = arguments(__doc__, least=2)
    file, page = [argument for argument in given if not argument.startswith("--")]
    reader: Engine = PlumberEngine() if "--plumber" in given else PdfiumEngine()
    main(Path(file), int(page), only_cuts="--cuts" in given, engine=reader)
