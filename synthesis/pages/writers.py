"""Draws a sheet as a PDF.

The writers differ, as hospitals' programs do, in how they cut text into runs and embed fonts.
"""

from pathlib import Path
from typing import Any

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen import canvas

from synthesis.pages.sheet import Op, Sheet

# How ReportLab writes text: by line, word or glyph, bold by printing twice, with letter spacing
# (kern), or as arrays without space glyphs.
MODES = ("line", "line", "word", "glyph", "twice", "kern", "array")


def reportlab(sheet: Sheet, path: Path, mode: str) -> None:
    """Draws with ReportLab; `mode` is one of MODES."""
    height = sheet.style.page[1]
    pdf = canvas.Canvas(str(path), pagesize=sheet.style.page, invariant=1)
    for ops, rules in zip(sheet.pages, sheet.rules, strict=True):
        pdf.setLineWidth(0.5)
        for x0, y0, x1, y1 in rules:
            pdf.line(x0, height - y0, x1, height - y1)
        for op in ops:
            pdf.setFont(op.font, op.size)
            pdf.setFillColorRGB(*(part / 255 for part in op.color))
            pdf.saveState()
            pdf.translate(op.x, height - op.y)
            pdf.rotate(op.angle)
            _write(pdf, op, mode)
            pdf.restoreState()
        pdf.showPage()
    pdf.save()


def _write(pdf: canvas.Canvas, op: Op, mode: str) -> None:
    standard = "-" not in op.font or op.font.startswith(("Helvetica", "Times", "Courier"))
    if mode == "array" and standard:
        _array(pdf, op)
    elif mode in ("word", "glyph", "array") or op.stretch:
        x, space = 0.0, stringWidth(" ", op.font, op.size)
        for word in op.text.split(" "):
            for piece in list(word) if mode == "glyph" else [word]:
                pdf.drawString(x, 0, piece)
                x += stringWidth(piece, op.font, op.size)
            x += space + op.stretch
    else:
        pdf.drawString(0, 0, op.text, charSpace=0.15 if mode == "kern" else 0)
        if mode == "twice" and "Bold" in op.font:
            pdf.drawString(0.25, 0, op.text)


def _array(pdf: Any, op: Op) -> None:
    """Writes one TJ array: words as strings and the white between them as numbers, as TeX does."""
    gap = -(stringWidth(" ", op.font, op.size) + op.stretch) / op.size * 1000
    words = [
        f"({pdf._escape(word.encode('cp1252').decode('latin-1'))})" for word in op.text.split(" ")
    ]
    font = pdf._doc.getInternalFontName(op.font)
    pdf._code.append(f"BT {font} {op.size:.2f} Tf [{f' {gap:.0f} '.join(words)}] TJ ET")


def cairo(sheet: Sheet, path: Path) -> None:
    """Draws with Cairo, which subsets fonts and kerns by itself (needs libcairo)."""
    import cairocffi

    surface = cairocffi.PDFSurface(str(path), *sheet.style.page)
    context = cairocffi.Context(surface)
    for ops, rules in zip(sheet.pages, sheet.rules, strict=True):
        context.set_line_width(0.5)
        for x0, y0, x1, y1 in rules:
            context.move_to(x0, y0)
            context.line_to(x1, y1)
            context.stroke()
        for op in ops:
            _cairo_text(context, op, sheet.style.family)
        context.show_page()
    surface.finish()


def _cairo_text(context: Any, op: Op, family: str) -> None:
    context.select_font_face(
        family, int("Italic" in op.font or "Oblique" in op.font), int("Bold" in op.font)
    )
    context.set_font_size(op.size)
    context.set_source_rgb(*(part / 255 for part in op.color))
    context.save()
    context.translate(op.x, op.y)
    context.rotate(-op.angle * 3.14159265 / 180)
    context.move_to(0, 0)
    natural = context.text_extents(op.text)[4]
    wanted = stringWidth(op.text, op.font, op.size) + op.stretch * op.text.count(" ")
    if natural:  # the layout used the font's widths without kerning
        context.scale(min(1.15, wanted / natural), 1)
    context.show_text(op.text)
    context.restore()


def matplotlib(sheet: Sheet, path: Path) -> None:
    """Draws with Matplotlib, whose fonts are of Type 3: each letter is a small drawing."""
    import matplotlib as mpl
    from matplotlib.backends.backend_pdf import PdfFile, RendererPdf
    from matplotlib.font_manager import FontProperties

    width, height = sheet.style.page
    thick, move, line, stroke = map(_operator, ("setlinewidth", "moveto", "lineto", "stroke"))
    with mpl.rc_context({"pdf.fonttype": 3, "text.usetex": False}):
        file = PdfFile(str(path), metadata={"CreationDate": None})
        for ops, rules in zip(sheet.pages, sheet.rules, strict=True):
            file.newPage(width / 72, height / 72)
            renderer = RendererPdf(file, 72, height / 72, width / 72)
            pen = renderer.new_gc()
            for x0, y0, x1, y1 in rules:
                file.output(0.5, thick, x0, height - y0, move, x1, height - y1, line, stroke)
            for op in ops:
                pen.set_foreground(tuple(part / 255 for part in op.color), isRGBA=False)
                font = FontProperties(fname=sheet.face.files[op.font], size=op.size)
                x = op.x
                for piece in op.text.split(" ") if op.stretch else [op.text]:
                    renderer.draw_text(pen, x, height - op.y, piece, font, op.angle)
                    x += stringWidth(piece + " ", op.font, op.size) + op.stretch
            renderer.finalize()
        file.finalize()
        file.close()


def _operator(name: str) -> Any:
    from matplotlib.backends.backend_pdf import Op as Operator

    return getattr(Operator, name)
