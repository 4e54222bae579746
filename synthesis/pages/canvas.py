"""Lays a document out and draws it with ReportLab, Cairo or Matplotlib."""

import random
from dataclasses import replace
from pathlib import Path

from synthesis.pages import blocks, faces, furniture, matter, writers
from synthesis.pages.content import Content
from synthesis.pages.sheet import Sheet
from synthesis.pages.style import Style
from synthesis.pages.tints import restart_elements

EMBEDDED = 0.35  # share of ReportLab's documents with embedded fonts


def render(content: Content, style: Style, rng: random.Random, path: Path) -> None:
    """Writes the PDF to `path` with ReportLab."""
    embeds = rng.random() < EMBEDDED
    face = faces.embedded(style.family) if embeds else faces.standard(style.family)
    writers.reportlab(laid_out(content, style, rng, face), path, rng.choice(writers.MODES))


def cairo(content: Content, style: Style, rng: random.Random, path: Path) -> None:
    """Writes the PDF to `path` with Cairo (needs libcairo from the system)."""
    writers.cairo(laid_out(content, style, rng, faces.embedded(style.family)), path)


def matplotlib(content: Content, style: Style, rng: random.Random, path: Path) -> None:
    """Writes the PDF to `path` with Matplotlib, in Type 3 fonts.

    DejaVu Sans takes the place of a family without font files.
    """
    face = faces.embedded(style.family)
    if not face.files:
        face = faces.bundled()
    writers.matplotlib(laid_out(content, style, rng, face), path)


def laid_out(content: Content, style: Style, rng: random.Random, face: faces.Face) -> Sheet:
    """The document on a sheet, ready to be drawn."""
    restart_elements()
    style = furniture.with_room(content, style)
    sheet = Sheet(style, rng, bool(content.margin), face)
    sheet.column_top = sheet.y
    if furniture.beside(content, style):
        x0, x1 = sheet.region
        top = furniture.letterhead(sheet, content.letterhead, until=x0 + 0.45 * (x1 - x0) - 8)
        below = sheet.y
        sheet.y = top
        matter.groups(sheet, content.front, "right")
        sheet.y = max(below, sheet.y)
        rest = replace(content, front=[])
    else:
        furniture.letterhead(sheet, content.letterhead)
        rest = content
    if content.margin:
        furniture.margin(sheet, content.margin)
    matter.front(sheet, rest)
    sheet.column_top = sheet.y
    sheet.side = blocks.side(style.title_at) if style.columns == 1 else 0.0
    blocks.flow(sheet, content.flow)
    sheet.side = 0.0
    matter.signature(sheet, content.signature)
    matter.closing(sheet, content.closing)
    furniture.around(sheet, content)
    return sheet
