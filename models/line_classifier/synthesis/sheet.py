"""A sheet to lay text out on from top to bottom, drawn with ReportLab by line, by word, by glyph or twice."""

import random
from dataclasses import dataclass, field
from pathlib import Path

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen import canvas

from models.line_classifier.synthesis.style import Rgb, Style, tint

_FACES = {"Serif": "Times", "Pagella": "Times", "Termes": "Times", "Mono": "Courier"}
_NAMES = {
    "Helvetica": ("Helvetica", "Helvetica-Bold", "Helvetica-Oblique"),
    "Times": ("Times-Roman", "Times-Bold", "Times-Italic"),
    "Courier": ("Courier", "Courier-Bold", "Courier-Oblique"),
}


@dataclass
class Op:
    """Text to be drawn: baseline origin in points from the top left."""

    x: float
    y: float
    text: str
    font: str
    size: float
    color: Rgb
    stretch: float = 0.0  # extra points a space, for justified lines


@dataclass
class Sheet:
    """Lays text out from top to bottom and collects what is to be drawn on each page."""

    style: Style
    rng: random.Random
    has_margin: bool
    pages: list[list[Op]] = field(default_factory=lambda: [[]])
    rules: list[list[tuple[float, float, float, float]]] = field(default_factory=lambda: [[]])
    y: float = 0.0
    column: int = 0
    column_top: float = 0.0

    def __post_init__(self) -> None:
        face = next((base for key, base in _FACES.items() if key in self.style.family), "Helvetica")
        self.regular, self.bold, self.italic = _NAMES[face]
        self.y = self.style.top

    @property
    def region(self) -> tuple[float, float]:
        style, page = self.style, len(self.pages)
        x0, x1 = style.left, style.page[0] - style.right
        if self.has_margin and (page == 1 or style.margin_every_page):
            room = style.margin_width + style.margin_gap
            x0, x1 = (max(20.0, x0 / 2) + room, x1) if style.margin_side == "left" else (x0, x1 - room + 20)
        if style.columns == 2 and x1 - x0 > 380:
            middle = (x0 + x1) / 2
            return (x0, middle - 10) if self.column == 0 else (middle + 10, x1)
        return x0, x1

    @property
    def floor(self) -> float:
        return self.style.page[1] - self.style.bottom

    def break_page(self) -> None:
        _, x1 = self.region
        if self.style.columns == 2 and self.column == 0 and x1 < self.style.page[0] * 0.6:
            self.column, self.y = 1, self.column_top
            return
        self.pages.append([])
        self.rules.append([])
        self.column, self.y = 0, self.style.top
        self.column_top = self.y

    def put(
        self,
        text: str,
        x: float,
        y: float,
        label: str,
        size: float,
        rgb: Rgb,
        font: str = "",
        at: str = "left",
        stretch: float = 0,
        color: Rgb | None = None,
    ) -> None:
        font = font or self.regular
        text = text.encode("cp1252", "replace").decode("cp1252")
        width = stringWidth(text, font, size)
        x -= {"left": 0, "center": width / 2, "right": width}[at]
        self.pages[-1].append(Op(x, y, text, font, size, color or tint(rgb, label), stretch))

    def wrap(self, text: str, width: float, font: str, size: float) -> list[str]:
        lines, current = [], ""
        for word in text.encode("cp1252", "replace").decode("cp1252").split():
            longer = f"{current} {word}" if current else word
            if current and stringWidth(longer, font, size) > width:
                lines.append(current)
                current = word
            else:
                current = longer
        return [*lines, current] if current else lines

    def flow_text(
        self,
        text: str,
        label: str,
        size: float,
        rgb: Rgb,
        *,
        font: str = "",
        indent: float = 0,
        at: str = "left",
        justify: bool = False,
        hang: str = "",
    ) -> None:
        font = font or self.regular
        step = size * self.style.leading
        x0, x1 = self.region
        lines, color = self.wrap(text, x1 - x0 - indent, font, size), tint(rgb, label)
        for index, line in enumerate(lines):
            if self.y + step > self.floor:
                self.break_page()
            x0, x1 = self.region
            self.y += step
            if hang and index == 0:
                self.put(hang, x0 + indent - size * 1.1, self.y, label, size, rgb, font, color=color)
            slack = x1 - x0 - indent - stringWidth(line, font, size)
            spaces = line.count(" ")
            stretch = slack / spaces if justify and index < len(lines) - 1 and spaces and slack > 0 else 0.0
            place = {"left": x0 + indent, "center": (x0 + x1) / 2, "right": x1}[at]
            self.put(line, place, self.y, label, size, rgb, font, at, stretch, color)


def draw(sheet: Sheet, path: Path, mode: str) -> None:
    """Writes the PDF; `mode` is line, word, glyph, twice (fake bold) or kern."""
    height = sheet.style.page[1]
    pdf = canvas.Canvas(str(path), pagesize=sheet.style.page, invariant=1)
    for ops, rules in zip(sheet.pages, sheet.rules, strict=True):
        for x0, y0, x1, y1 in rules:
            pdf.setLineWidth(0.5)
            pdf.line(x0, height - y0, x1, height - y1)
        for op in ops:
            _write(pdf, op, height, mode)
        pdf.showPage()
    pdf.save()


def _write(pdf: canvas.Canvas, op: Op, height: float, mode: str) -> None:
    pdf.setFont(op.font, op.size)
    pdf.setFillColorRGB(*(part / 255 for part in op.color))
    y = height - op.y
    if mode in ("word", "glyph") or op.stretch:
        x, space = op.x, stringWidth(" ", op.font, op.size)
        for word in op.text.split(" "):
            pieces = list(word) if mode == "glyph" else [word]
            for piece in pieces:
                pdf.drawString(x, y, piece)
                x += stringWidth(piece, op.font, op.size)
            x += space + op.stretch
    else:
        pdf.drawString(op.x, y, op.text, charSpace=0.15 if mode == "kern" else 0)
        if mode == "twice" and "Bold" in op.font:
            pdf.drawString(op.x + 0.25, y, op.text)
