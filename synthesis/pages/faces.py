"""Fonts by family: embedded where the system has the files, else the fourteen standard fonts.

The standard fonts are those that every PDF reader has (ISO 32000-1, 9.6.2.2).
"""

import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

_STANDARD = {
    "Helvetica": ("Helvetica", "Helvetica-Bold", "Helvetica-Oblique"),
    "Times": ("Times-Roman", "Times-Bold", "Times-Italic"),
    "Courier": ("Courier", "Courier-Bold", "Courier-Oblique"),
}
_KIND = {"Serif": "Times", "Pagella": "Times", "Termes": "Times", "Mono": "Courier"}
_STYLES = ("Regular", "Bold", "Italic")


@dataclass(frozen=True)
class Face:
    """ReportLab's names of a family's regular, bold and italic fonts.

    `files` gives the font file of each name; it is empty for the standard fonts.
    """

    regular: str
    bold: str
    italic: str
    files: dict[str, str]


def standard(family: str) -> Face:
    """The standard fonts nearest to a family."""
    kind = next((base for key, base in _KIND.items() if key in family), "Helvetica")
    return Face(*_STANDARD[kind], files={})


@cache
def embedded(family: str) -> Face:
    """The family's own fonts, registered with ReportLab.

    Where the system has no TrueType files of it, the nearest standard fonts.
    """
    found = [_file(family, style) for style in _STYLES]
    if not all(found):
        return standard(family)
    names = [f"{family.replace(' ', '')}-{style}" for style in _STYLES]
    try:
        for name, file in zip(names, found, strict=True):
            pdfmetrics.registerFont(TTFont(name, file))
    except (TTFError, OSError):
        return standard(family)
    regular, bold, italic = names
    return Face(regular, bold, italic, dict(zip(names, map(str, found), strict=True)))


def _file(family: str, style: str) -> str | None:
    """The TrueType file of a font, or None; fontconfig names another family for a missing one."""
    if shutil.which("fc-match") is None:
        return None
    command = ["fc-match", "-f", "%{file}|%{family}", f"{family}:style={style}"]
    file, _, name = subprocess.run(
        command, capture_output=True, text=True, check=False
    ).stdout.partition("|")
    return file if family in name and Path(file).suffix.lower() == ".ttf" else None


@cache
def bundled() -> Face:
    """DejaVu Sans, from the files that Matplotlib brings along."""
    from matplotlib import get_data_path

    folder = Path(get_data_path()) / "fonts" / "ttf"
    files = {
        f"DejaVuBundled-{style}": str(folder / f"DejaVuSans{end}.ttf")
        for style, end in zip(_STYLES, ("", "-Bold", "-Oblique"), strict=True)
    }
    for name, file in files.items():
        pdfmetrics.registerFont(TTFont(name, file))
    regular, bold, italic = files
    return Face(regular, bold, italic, files)
