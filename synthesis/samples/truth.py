"""The truth of an invented PDF: regions of one label, from the colour that its producer was told to give each glyph."""

from pathlib import Path
from typing import Any

from chartline.pdf.engines.pdfium import PdfiumEngine
from chartline.pdf.glyphs import Glyphs, pages
from synthesis.pages.style import label_of


def truth_of(path: Path) -> list[dict[str, Any]]:
    """A page each: number, size and regions (label, box in points from the top left, text) in the order of writing."""
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
    """Runs of glyphs written one after the other with one label on one baseline, less than 3 em apart."""
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
