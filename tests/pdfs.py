"""PDFs written operator by operator, for what no producer can be asked for."""

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
    """Writes pages of these content streams; /F1 is Helvetica (WinAnsi), with a ToUnicode map where one is given."""
    pdf = pikepdf.new()
    face = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
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
    """A ToUnicode map from one-byte codes."""
    rows = "\n".join(f"<{code:02x}> <{text.encode('utf-16-be').hex()}>" for code, text in characters.items())
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /T def /CMapType 2 def\n"
        f"1 begincodespacerange <00> <ff> endcodespacerange\n{len(characters)} beginbfchar\n{rows}\nendbfchar\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode()


def shown(text: str, x: float, y: float, size: float = 10, extra: str = "") -> str:
    """Operators that show `text` with its baseline at (x, y) from the lower left."""
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"BT /F1 {size} Tf {extra} {x} {y} Td ({escaped}) Tj ET\n"
