"""A sheet to lay text out on from top to bottom; what is to be drawn is collected, a writer draws it."""

import random
from dataclasses import dataclass, field

from reportlab.pdfbase.pdfmetrics import stringWidth

from synthesis.pages.faces import Face
from synthesis.pages.style import Rgb, Style, tint

_SHARE = {"left": 0.0, "center": 0.5, "right": 1.0}
SIDE = {
    "left": 0.2,
    "left-wide": 0.3,
}  # of the text's width: room for headings at the left of their paragraph


@dataclass
class Op:
    """Text to be drawn: baseline origin in points from the top left, turned anticlockwise by `angle` degrees."""

    x: float
    y: float
    text: str
    font: str
    size: float
    color: Rgb
    stretch: float = 0.0  # extra points a space, for justified lines
    angle: float = 0.0


@dataclass
class Sheet:
    """Lays text out from top to bottom."""

    style: Style
    rng: random.Random
    has_margin: bool
    face: Face
    pages: list[list[Op]] = field(default_factory=lambda: [[]])
    rules: list[list[tuple[float, float, float, float]]] = field(default_factory=lambda: [[]])
    y: float = 0.0
    column: int = 0
    column_top: float = 0.0
    side: float = 0.0  # room kept at the left of the text for headings

    def __post_init__(self) -> None:
        self.regular, self.bold, self.italic = self.face.regular, self.face.bold, self.face.italic
        self.y = self.style.top

    @property
    def region(self) -> tuple[float, float]:
        """Left and right edge of the text on the page in work."""
        style, page = self.style, len(self.pages)
        x0, x1 = style.left, style.page[0] - style.right
        if self.has_margin and (page == 1 or style.margin_every_page):
            room = style.margin_width + style.margin_gap
            x0, x1 = (
                (max(20.0, x0 / 2) + room, x1)
                if style.margin_side == "left"
                else (x0, x1 - room + 20)
            )
        if style.columns == 2 and x1 - x0 > 380:
            middle = (x0 + x1) / 2
            return (x0, middle - 10) if self.column == 0 else (middle + 10, x1)
        return x0 + self.side * (x1 - x0), x1

    @property
    def floor(self) -> float:
        return self.style.page[1] - self.style.bottom

    def room(self, height: float) -> None:
        """Breaks the page where less than `height` is left."""
        if self.y + height > self.floor:
            self.break_page()

    def break_page(self) -> None:
        _, x1 = self.region
        if self.style.columns == 2 and self.column == 0 and x1 < self.style.page[0] * 0.6:
            self.column, self.y = 1, self.column_top
            return
        self.pages.append([])
        self.rules.append([])
        self.column, self.y = 0, self.style.top
        self.column_top = self.y

    def width(self, text: str, font: str, size: float) -> float:
        return stringWidth(printable(text), font, size)

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
        page: int = -1,
        angle: float = 0.0,
    ) -> None:
        """Text at a place; `at` says which end of it stands at x, `color` shares the colour of an earlier element."""
        font, text = font or self.regular, printable(text)
        x -= stringWidth(text, font, size) * _SHARE[at]
        self.pages[page].append(
            Op(x, y, text, font, size, color or tint(rgb, label), stretch, angle)
        )

    def rule(self, x0: float, y0: float, x1: float, y1: float, page: int = -1) -> None:
        self.rules[page].append((x0, y0, x1, y1))

    def frame(self, x0: float, y0: float, x1: float, y1: float, page: int = -1) -> None:
        """A box of four rules."""
        self.rules[page] += [(x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)]

    def wrap(self, text: str, width: float, font: str, size: float) -> list[str]:
        lines, current = [], ""
        for word in printable(text).split():
            longer = f"{current} {word}" if current else word
            if current and stringWidth(longer, font, size) > width:
                lines.append(current)
                current = word
            else:
                current = longer
        return [*lines, current] if current else lines

    def fit(self, text: str, width: float, font: str, size: float) -> str:
        """The beginning of a text that fits into a width."""
        text = printable(text)
        while text and stringWidth(text, font, size) > width:
            text = text[:-1]
        return text.strip()

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
        """A paragraph from here on, over as many pages as it takes; `hang` is its bullet."""
        font = font or self.regular
        step = size * self.style.leading
        x0, x1 = self.region
        lines, color = self.wrap(text, x1 - x0 - indent, font, size), tint(rgb, label)
        for index, line in enumerate(lines):
            self.room(step)
            x0, x1 = self.region
            self.y += step
            if hang and index == 0:
                self.put(
                    hang, x0 + indent - size * 1.1, self.y, label, size, rgb, font, color=color
                )
            slack = x1 - x0 - indent - self.width(line, font, size)
            spaces = line.count(" ")
            stretch = (
                slack / spaces
                if justify and index < len(lines) - 1 and spaces and slack > 0
                else 0.0
            )
            place = {"left": x0 + indent, "center": (x0 + x1) / 2, "right": x1}[at]
            self.put(line, place, self.y, label, size, rgb, font, at, stretch, color)


def printable(text: str) -> str:
    """What the standard fonts can print."""
    return text.encode("cp1252", "replace").decode("cp1252")
