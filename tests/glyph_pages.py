"""Pages of glyphs written by hand: letters half an em wide, exactly where a test wants them."""

from dataclasses import dataclass

import numpy as np

from chartline.pdf.glyphs import Font, Glyphs, Page

LETTER, SPACE = 0.5, 0.25  # em


@dataclass(frozen=True)
class Text:
    """A text on one baseline, in points from the top left of the page before it is turned.

    `spaces` says whether space glyphs are written between words, or white alone.
    """

    x: float
    y: float
    text: str
    size: float = 10.0
    spaces: bool = True
    hidden: bool = False
    font: int = 0
    angle: float = 0.0

    @property
    def end(self) -> float:
        """Where its last letter ends."""
        letters = sum(letter != " " for letter in self.text)
        return self.x + self.size * (LETTER * letters + SPACE * (len(self.text) - letters))


Glyph = tuple[float, ...]


def page(*texts: Text, width: float = 600.0, height: float = 800.0, turn: int = 0) -> Page:
    """A page of these texts, written in this order; `turn`: the whole page, degrees clockwise."""
    characters: list[str] = []
    rows: list[Glyph] = []
    for text in texts:
        u, spaced = 0.0, False
        for character in text.text:
            if character == " ":
                u, spaced = u + SPACE * text.size, text.spaces
                continue
            rows.append(_glyph(text, u, spaced))
            characters.append(character)
            u, spaced = u + LETTER * text.size, False
    fonts = [Font(f"F{number}", number % 2 == 1, number > 1) for number in range(4)]
    upright = Page(1, width, height, Glyphs.of(characters, rows), fonts)
    for _ in range(turn // 90):
        upright = _quarter(upright)
    return upright


def _glyph(text: Text, u: float, spaced: bool) -> Glyph:
    turn = np.radians(text.angle)
    along, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    origin = np.array([text.x, text.y]) + u * along
    corners = np.array(
        [
            origin + a * text.size * along + b * text.size * across
            for a in (0, LETTER)
            for b in (-0.8, 0.2)
        ]
    )
    (x0, top), (x1, bottom) = corners.min(0), corners.max(0)
    place = (x0, top, x1, bottom, *origin, text.size)
    return (*map(float, place), text.angle, text.font, 0, spaced, text.hidden)


def _quarter(page: Page) -> Page:
    """The page a quarter turn clockwise: what was at the left is at the top."""
    glyphs = page.glyphs
    rows = zip(
        page.height - glyphs.bottom,
        glyphs.x0,
        page.height - glyphs.top,
        glyphs.x1,
        page.height - glyphs.baseline,
        glyphs.x,
        glyphs.size,
        (glyphs.angle + 90) % 360,
        glyphs.font,
        glyphs.color,
        glyphs.spaced,
        glyphs.hidden,
        strict=True,
    )
    turned = Glyphs.of(glyphs.text, [tuple(map(float, row)) for row in rows])
    return Page(page.number, page.height, page.width, turned, page.fonts)
