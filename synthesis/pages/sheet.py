"""A sheet on which text is laid out from top to bottom; `writers` draw it afterwards."""

import random
from dataclasses import dataclass, field

from reportlab.pdfbase.pdfmetrics import stringWidth

from synthesis.pages.faces import Face
from synthesis.pages.style import Style
from synthesis.pages.tints import Rgb, tint

_SHARE = {"left": 0.0, "center": 0.5, "right": 1.0}
# Share of the text's width for headings at the left of their paragraph, by a style's `title_at`.
SIDE = {"left": 0.2, "left-wide": 0.3}


@dataclass
class Op:
    """Text to be drawn: its baseline begins at x, y, in points from the page's top left corner.

    It is turned anticlockwise by `angle` degrees.
    """

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
    """Lays text out from top to bottom, over as many pages as it takes.

    Attributes:
        style: The document's style.
        rng: The source of random numbers.
        has_margin: There is a margin column beside the text.
        face: Its fonts.
        pages: What is drawn on each page.
        rules: Lines (x0, y0, x1, y1) on each page.
        y: The place that is reached on the last page, in points from its top.
        column: The column that is filled, 0 or 1.
        column_top: The y at which columns begin on this page.
        side: Share of the text's width that is kept at its left for headings.
    """

    style: Style
    rng: random.Random
    has_margin: bool
    face: Face
    pages: list[list[Op]] = field(default_factory=lambda: [[]])
    rules: list[list[tuple[float, float, float, float]]] = field(default_factory=lambda: [[]])
    y: float = 0.0
    column: int = 0
    column_top: float = 0.0
    side: float = 0.0

    def __post_init__(self) -> None:
        self.regular, self.bold, self.italic = self.face.regular, self.face.bold, self.face.italic
        self.y = self.style.top

    @property
    def region(self) -> tuple[float, float]:
        """Left and right edge of the text, in the current column of the last page."""
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
        """The lower end of the text on a page."""
        return self.style.page[1] - self.style.bottom

    def room(self, height: float) -> None:
        """Begins a new page or column where less than `height` is left."""
        if self.y + height > self.floor:
            self.break_page()

    def break_page(self) -> None:
        """Begins a new column, or a new page after the last one."""
        _, x1 = self.region
        if self.style.columns == 2 and self.column == 0 and x1 < self.style.page[0] * 0.6:
            self.column, self.y = 1, self.column_top
            return
        self.pages.append([])
        self.rules.append([])
        self.column, self.y = 0, self.style.top
        self.column_top = self.y

    def width(self, text: str, font: str, size: float) -> float:
        """The width of a text in points."""
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
        """Puts text at a place.

        Args:
            text: The text.
            x: Of its left end, centre or right end, as `at` says.
            y: Of its baseline.
            label: Its label.
            size: In points.
            rgb: The colour that readers see.
            font: Name of the font; the regular one by default.
            at: left, center or right.
            stretch: Points added to each space.
            color: The colour of an earlier piece, to belong to the same element.
            page: The page; the last where -1.
            angle: Degrees anticlockwise.
        """
        font, text = font or self.regular, printable(text)
        x -= stringWidth(text, font, size) * _SHARE[at]
        self.pages[page].append(
            Op(x, y, text, font, size, color or tint(rgb, label), stretch, angle)
        )

    def rule(self, x0: float, y0: float, x1: float, y1: float, page: int = -1) -> None:
        """Draws a line."""
        self.rules[page].append((x0, y0, x1, y1))

    def frame(self, x0: float, y0: float, x1: float, y1: float, page: int = -1) -> None:
        """Draws a box of four lines."""
        self.rules[page] += [(x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)]

    def wrap(self, text: str, width: float, font: str, size: float) -> list[str]:
        """Breaks a text into lines of at most `width`, or of one word."""
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
        """Cuts a text to what fits into a width."""
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
        """Puts a paragraph at the current place and moves it on; `hang` is the bullet, if any."""
        font = font or self.regular
        step = size * self.style.leading
        x0, x1 = self.region
        lines, color = self.wrap(text, x1 - x0 - indent, font, size), tint(rgb, label)
        for index, line in enumerate(lines):
            self.room(step)
            x0, x1 = self.region
            self.y += step
            if hang and index == 0:
                x = x0 + indent - size * 1.1
                self.put(hang, x, self.y, label, size, rgb, font, color=color)
            slack = x1 - x0 - indent - self.width(line, font, size)
            spaces = line.count(" ")
            full = justify and index < len(lines) - 1 and spaces and slack > 0
            stretch = slack / spaces if full else 0.0
            place = {"left": x0 + indent, "center": (x0 + x1) / 2, "right": x1}[at]
            self.put(line, place, self.y, label, size, rgb, font, at, stretch, color)


def printable(text: str) -> str:
    """The text with question marks for characters that the standard fonts lack."""
    return text.encode("cp1252", "replace").decode("cp1252")
