"""How many lines of the hand-written letters come out whole: `python -m benchmarks.letter_lines`

What a line is, is taken from the layout of the program that prints the letters (WeasyPrint,
`pip install -e '.[synthesis]'`): the text of one line box, a list's mark with its item; four typed
spaces or a tab separate columns. Prints how many come out as exactly one line; `--show` lists the
others.
"""

import logging
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import weasyprint
from weasyprint.formatting_structure import boxes

from benchmarks import arguments
from benchmarks.letters import LETTERS
from chartline.pdf.characters import normalise
from chartline.pdf.engines.pdfium import PdfiumEngine
from chartline.pdf.glyphs import pages
from chartline.pdf.layout.lines import page_lines

_TYPED = re.compile(r"\t+| {4,}")


def line_boxes(box: Any) -> Iterator[Any]:
    """The line boxes below a box, those in inline blocks too, which are lines of their own."""
    for child in getattr(box, "children", []):
        if isinstance(child, boxes.LineBox):
            yield child
        yield from line_boxes(child)


def text_of(box: Any) -> str:
    """The text of a line box."""
    if isinstance(box, boxes.TextBox):
        return str(box.text)
    return "".join(text_of(child) for child in getattr(box, "children", []))


def is_mark(line: Any) -> bool:
    """Whether a line box is the mark of a list's item."""
    return str(line.element_tag).endswith("::marker")


def true_lines(page: Any) -> tuple[Counter[str], set[str]]:
    """The texts of a page's lines, and the marks of its lists, which stand before some of them."""
    found, marks = Counter[str](), set()
    for line in line_boxes(page._page_box):
        parts = [part for part in map(normalise, _TYPED.split(text_of(line))) if part]
        if is_mark(line):
            marks.update(parts)
        else:
            found.update(parts)
    return found, marks


def unmarked(text: str, truth: Counter[str], marks: set[str]) -> str:
    """A line without the mark of its list, if the rest of it is a true line."""
    mark, _, rest = text.partition(" ")
    return rest if text not in truth and mark in marks and rest in truth else text


def main(show: bool) -> None:
    """Prints the share."""
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    true = exact = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "letter.pdf"
        for letter in sorted(LETTERS.glob("*.html")):
            printed = weasyprint.HTML(filename=str(letter)).render()
            printed.write_pdf(str(path))
            for page, layout in zip(pages(PdfiumEngine(), str(path)), printed.pages, strict=True):
                truth, marks = true_lines(layout)
                found = Counter(unmarked(line.text, truth, marks) for line in page_lines(page))
                true, exact = true + truth.total(), exact + (truth & found).total()
                for text in (truth - found).elements() if show else []:
                    sys.stdout.write(f"   {letter.stem} p{page.number} {text}\n")
    sys.stdout.write(f"{true} true lines, exactly one {exact / true:.2%}\n")


if __name__ == "__main__":
    main("--show" in arguments(__doc__))
