"""The truth of an invented PDF: regions of one label, from the colours of its glyphs."""

from pathlib import Path
from typing import Any

from chartline.pdf.engines.pdfium import PdfiumEngine
from chartline.pdf.glyphs import Glyphs, pages
from synthesis.pages.tints import label_of


def truth_of(path: Path) -> list[dict[str, Any]]:
    """The pages of a PDF: number, size in points, and regions in the order of the file.

    A region has a label, a box (x0, top, x1, bottom in points from the top left) and its text.
    """
    return [
        {
            "page": page.number,
            "width": round(page.width, 1),
            "height": round(page.height, 1),
            "regions": _regions(page.glyphs),
        }
        for page in pages(PdfiumEngine(), str(path), colors=True)
    ]


def _regions(glyphs: Glyphs) -> list[dict[str, Any]]:
    """Runs of consecutive glyphs with one label, on one baseline and less than 3 em apart."""
    runs: list[list[int]] = []
    for index in range(len(glyphs)):
        if runs and _continues(glyphs, runs[-1][-1], index):
            runs[-1].append(index)
        else:
            runs.append([index])
    return [_region(glyphs, run) for run in runs if label_of(int(glyphs.color[run[0]]))]


def _continues(glyphs: Glyphs, last: int, index: int) -> bool:
    size = glyphs.size[last]
    level = abs(glyphs.baseline[index] - glyphs.baseline[last]) < 0.5
    same = label_of(int(glyphs.color[index])) == label_of(int(glyphs.color[last]))
    return bool(level and same and -size < glyphs.x0[index] - glyphs.x1[last] < 3 * size)


def _region(glyphs: Glyphs, run: list[int]) -> dict[str, Any]:
    text = "".join((" " if glyphs.spaced[i] and i != run[0] else "") + glyphs.text[i] for i in run)
    box = (
        glyphs.x0[run].min(),
        glyphs.top[run].min(),
        glyphs.x1[run].max(),
        glyphs.bottom[run].max(),
    )
    names = ("x0", "top", "x1", "bottom")
    return {
        "label": label_of(int(glyphs.color[run[0]])),
        **{n: round(float(v), 1) for n, v in zip(names, box, strict=True)},
        "text": text,
    }
