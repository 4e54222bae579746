"""PDFs written operator by operator, for what no PDF library writes."""

from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

A4 = (0, 0, 595, 842)


def raw_pdf(
    path: Path,
    content: str | list[str],
    *,
    to_unicode: dict[int, str] | None = None,
    box: tuple[float, ...] = A4,
    font: dict[str, Any] | None = None,
    **page_entries: Any,
) -> Path:
    """Writes a PDF.

    Args:
        path: Of the PDF.
        content: The content stream of each page; /F1 is Helvetica in WinAnsi encoding.
        to_unicode: The ToUnicode map of /F1.
        box: The page's MediaBox.
        font: More entries of the font's dictionary.
        page_entries: More entries of the page's dictionary.
    """
    pdf = pikepdf.new()
    face = Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding
    )
    for key, value in (font or {}).items():
        face[f"/{key}"] = value
    if to_unicode is not None:
        face.ToUnicode = pdf.make_stream(cmap(to_unicode))
    for text in [content] if isinstance(content, str) else content:
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array(box),
            Contents=pdf.make_stream(text.encode("cp1252")),
            Resources=Dictionary(Font=Dictionary(F1=pdf.make_indirect(face))),
            **page_entries,
        )
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    pdf.save(path, static_id=True)
    return path


def cmap(characters: dict[int, str]) -> bytes:
    """A ToUnicode map for codes of one byte."""
    rows = "\n".join(
        f"<{code:02x}> <{text.encode('utf-16-be').hex()}>" for code, text in characters.items()
    )
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap "
        "/CMapName /T def /CMapType 2 def\n"
        "1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{len(characters)} beginbfchar\n{rows}\nendbfchar\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode()


def shown(text: str, x: float, y: float, size: float = 10, extra: str = "") -> str:
    """Operators that show `text` with its baseline at (x, y), in points from the lower left."""
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"BT /F1 {size} Tf {extra} {x} {y} Td ({escaped}) Tj ET\n"


def type3_pdf(path: Path, lines: list[str], unit: float) -> Path:
    """Writes lines of text in a Type 3 font, as fonts made of bitmaps are.

    Args:
        path: Of the PDF.
        lines: The text.
        unit: Width of each glyph in text space.
    """
    pdf = pikepdf.new()
    face = _type3_font(pdf, lines, unit)
    size = 6 / unit
    content = "".join(shown(line, 50, 700 - 20 * row, size) for row, line in enumerate(lines))
    page = Dictionary(
        Type=Name.Page,
        MediaBox=Array(A4),
        Contents=pdf.make_stream(content.encode()),
        Resources=Dictionary(Font=Dictionary(F1=pdf.make_indirect(face))),
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    pdf.save(path, static_id=True)
    return path


def _type3_font(pdf: pikepdf.Pdf, lines: list[str], unit: float) -> Dictionary:
    """A font whose glyphs, those that the lines need, are boxes."""
    letters = sorted(set("".join(lines)) - {" "})
    box = f"{unit} 0 1 -4 {unit - 2} {unit} d1 1 0 {unit - 3} {unit} re f"
    drawn = {f"/g{ord(letter)}": pdf.make_stream(box.encode()) for letter in letters}
    drawn["/space"] = pdf.make_stream(f"{unit} 0 d0".encode())
    names = [number for letter in letters for number in (ord(letter), Name(f"/g{ord(letter)}"))]
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.Type3,
        FontMatrix=Array([1, 0, 0, 1, 0, 0]),
        FontBBox=Array([0, -5, unit, unit]),
        CharProcs=Dictionary(drawn),
        Encoding=Dictionary(Type=Name.Encoding, Differences=Array([32, Name.space, *names])),
        FirstChar=32,
        LastChar=126,
        Widths=Array([unit] * 95),
        Resources=Dictionary(),
        ToUnicode=pdf.make_stream(cmap({ord(letter): letter for letter in [" ", *letters]})),
    )
