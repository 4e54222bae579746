"""Renders a document with ReportLab on a layout of our own; text is written by line, by word, by glyph or twice."""

import random
from pathlib import Path

from reportlab.pdfbase.pdfmetrics import stringWidth

from models.line_classifier.synthesis.content import Block, Content
from models.line_classifier.synthesis.sheet import Sheet, draw
from models.line_classifier.synthesis.style import Style, restart_elements


def render(content: Content, style: Style, rng: random.Random, path: Path) -> None:
    """Writes the PDF to `path`."""
    restart_elements()
    sheet = Sheet(style, rng, bool(content.margin))
    sheet.column_top = sheet.y
    _letterhead(sheet, content)
    if content.margin:
        _margin(sheet, content)
    _front(sheet, content)
    sheet.column_top = sheet.y
    for number, block in enumerate(content.flow):
        _block(sheet, block, number)
    _signature(sheet, content)
    _furniture(sheet, content)
    draw(sheet, path, rng.choice(["line", "line", "word", "glyph", "twice", "kern"]))


def _letterhead(sheet: Sheet, content: Content) -> None:
    style, width = sheet.style, sheet.style.page[0]
    size, y = style.furniture_size * style.letterhead_scale, sheet.rng.uniform(18, 45)
    where = style.letterhead_at
    for index, line in enumerate(content.letterhead):
        big = size * (1.3 if index == 0 and where != "two-column" else 1)
        font = sheet.bold if index == 0 else sheet.regular
        y += big * 1.25
        if where in ("center", "banner"):
            sheet.put(line, width / 2, y, "header", big, style.accent, font, "center")
        elif where == "right" or (where in ("split", "two-column", "split-right") and index % 2):
            sheet.put(
                line,
                width - style.right,
                y - (big * 1.25 if where == "split" else 0),
                "header",
                big,
                style.accent,
                font,
                "right",
            )
        else:
            sheet.put(line, style.left * 0.6, y, "header", big, style.accent, font)
    if content.letterhead:
        if style.rule:
            sheet.rules[-1].append((style.left * 0.6, y + 5, width - style.right, y + 5))
        sheet.y = max(sheet.y if sheet.rng.random() < 0.5 else 0, y + sheet.rng.uniform(6, 40))


def _margin(sheet: Sheet, content: Content) -> None:
    style, size = sheet.style, sheet.style.margin_size
    x = max(12.0, style.left * 0.4) if style.margin_side == "left" else sheet.region[1] + style.margin_gap
    y = sheet.y + sheet.rng.choice([0, 0, 10, 40, 120])
    at = sheet.rng.choice(["left", "left", "left", "center", "right"])
    place = x + {"left": 0.0, "center": style.margin_width / 2, "right": style.margin_width - 2}[at]
    step = sheet.rng.choice([size * 1.25, size * 1.15, style.size * style.leading])
    for number, line in enumerate(content.margin):
        bold = (number > 0 and not content.margin[number - 1]) or sheet.rng.random() < 0.1
        font = sheet.bold if bold else sheet.regular
        for piece in sheet.wrap(line, style.margin_width, font, size) or [""]:
            y += step
            if y > sheet.floor:
                return
            if piece:
                sheet.put(piece, place, y, "note", size, style.muted, font, at)


def _front(sheet: Sheet, content: Content) -> None:
    style, size = sheet.style, sheet.style.size
    where = style.front_at
    top = lowest = sheet.y
    for number, group in enumerate(content.front):
        x0, x1 = sheet.region
        right = where in ("right", "right-low") or (where in ("two-column", "grid") and number % 2 == 1)
        x = x0 + (x1 - x0) * sheet.rng.uniform(0.45, 0.6) if right else x0
        if where in ("two-column", "grid") and number % 2 == 1:
            sheet.y = top
        top = sheet.y
        if where == "inline":
            sheet.flow_text("   ".join(group), "front", size, style.ink)
        else:
            for line in group:
                sheet.y += size * 1.3
                at = "center" if where == "center" else "left"
                sheet.put(
                    line[: int((x1 - x) / size * 2.1)],
                    (x0 + x1) / 2 if at == "center" else x,
                    sheet.y,
                    "front",
                    size,
                    style.ink,
                    at=at,
                )
        lowest = max(lowest, sheet.y)
        sheet.y = lowest + size * sheet.rng.uniform(0.2, 1.5)
    if content.doc_title:
        scale = 1.5 if "big" in style.doc_title_look else sheet.rng.choice([1, 1.2, 1.35])
        at = (
            "center"
            if style.doc_title_look in ("center", "center-big", "boxed", "filled")
            else "right"
            if style.doc_title_look == "right"
            else "left"
        )
        sheet.y += size
        sheet.flow_text(
            content.doc_title,
            "front",
            size * scale,
            style.accent,
            font=sheet.rng.choice([sheet.bold, sheet.bold, sheet.regular]),
            at=at,
        )
        sheet.y += size


def look_of_title(text: str, look: str, number: int) -> str:
    """A heading's characters as its look wants them."""
    if "caps" in look:
        text = text.upper()
    if "colon" in look:
        text += " :"
    return f"{number // 2 + 1}. {text}" if look == "numbered" else text


def _block(sheet: Sheet, block: Block, number: int) -> None:
    style, size = sheet.style, sheet.style.size
    if block.kind == "title":
        look = style.title_look
        sheet.y += size * style.gap * 1.2
        if sheet.y + 3 * size * style.leading > sheet.floor:
            sheet.break_page()
        plain = look.startswith("plain") or look in ("underline", "accent", "big")
        font = sheet.italic if look == "italic" else sheet.regular if plain else sheet.bold
        rgb = style.accent if look in ("accent", "boxed", "big") else style.ink
        big = size * (1.4 if look == "big" else style.title_scale) * (0.95 if block.level == 2 else 1)
        indent = style.title_indent + (10 if block.level == 2 else 0)
        sheet.flow_text(look_of_title(block.text, look, number), "title", big, rgb, font=font, indent=indent)
        if "underline" in look:
            x0 = sheet.region[0] + indent
            sheet.rules[-1].append((x0, sheet.y + 1.5, x0 + stringWidth(block.text, font, big), sheet.y + 1.5))
        sheet.y += size * style.gap * 0.4
    elif block.kind == "paragraph":
        sheet.flow_text(block.text, "body", size, style.ink, justify=style.justify)
        sheet.y += size * style.gap
    elif block.kind == "list":
        sheet.flow_text(
            block.text, "body", size, style.ink, indent=size * 2 if style.bullet else size, hang=style.bullet
        )
    else:
        _table(sheet, block)
        sheet.y += size * style.gap


def _table(sheet: Sheet, block: Block) -> None:
    style, size = sheet.style, sheet.style.size * (0.95 if block.kind == "table" else 1)
    count = max(len(row) for row in block.rows)
    for index, row in enumerate(block.rows):
        if sheet.y + size * 1.6 > sheet.floor:
            sheet.break_page()
        x0, x1 = sheet.region
        span = (x1 - x0) * (1 if block.kind == "table" else 0.7)
        sheet.y += size * max(1.35, style.leading)
        for column, cell in enumerate(row):
            font = sheet.bold if index == 0 and block.kind == "table" and style.table_look != "plain" else sheet.regular
            room = span * (0.4 if column == 0 else 0.6 / max(1, count - 1))
            at = x0 + 3 + (0 if column == 0 else span * 0.4 + (column - 1) * span * 0.6 / max(1, count - 1))
            while cell and stringWidth(cell, font, size) > room - size:
                cell = cell[:-1]
            if cell.strip():
                sheet.put(cell.strip(), at, sheet.y, "table", size, style.ink, font)
        if style.table_look in ("grid", "lines", "head"):
            sheet.rules[-1].append((x0, sheet.y + size * 0.3, x0 + span, sheet.y + size * 0.3))


def _signature(sheet: Sheet, content: Content) -> None:
    style, size = sheet.style, sheet.style.size
    if content.signature and sheet.y + size * 3 > sheet.floor:
        sheet.break_page()
    sheet.y += size * sheet.rng.uniform(0.3, 3)
    for number, line in enumerate(content.signature):
        if sheet.y + size * 1.5 > sheet.floor + 30:
            sheet.break_page()
        x0, x1 = sheet.region
        share = {
            "left": 0.0,
            "right": 0.6,
            "center": 0.4,
            "right-low": 0.55,
            "two": 0.5 * (number % 2),
            "far-left": 0.0,
            "indent": 0.15,
            "mid": 0.3,
        }
        sheet.y += size * sheet.rng.choice([1.25, 1.25, 1.5])
        line = sheet.wrap(line, (x1 - x0) * 0.45 + 40, sheet.regular, size)[0]
        sheet.put(
            line,
            x0 + (x1 - x0) * share[style.signature_at],
            sheet.y,
            "signature",
            size,
            style.ink,
            sheet.rng.choice([sheet.regular, sheet.regular, sheet.bold]),
        )


def _furniture(sheet: Sheet, content: Content) -> None:
    style, (width, height) = sheet.style, sheet.style.page
    size, total = style.furniture_size * 0.95, len(sheet.pages)
    pages, place = sheet.pages, {"left": style.left * 0.7, "center": width / 2, "right": width - style.right * 0.7}
    for index in range(total):
        sheet.pages = pages[: index + 1]
        if index or (style.running_first and not content.letterhead):
            for number, line in enumerate(content.running):
                sheet.put(
                    line,
                    place[style.running_at],
                    18 + (number + 1) * size * 1.25,
                    "header",
                    size,
                    style.muted,
                    at=style.running_at,
                )
        if index == 0 or not style.footer_first_only:
            start = height - style.bottom * 0.8 + 6
            for number, line in enumerate(content.footer):
                y = start + number * size * 1.2
                if y < height - 8:
                    sheet.put(line, place[style.footer_at], y, "footer", size, style.muted, at=style.footer_at)
        if content.page_number:
            text = content.page_number.format(page=index + 1, pages=total)
            at = style.page_number_at
            side = "right" if at.endswith(("right", "inner")) else "left" if at.endswith("left") else "center"
            y = 14 if at.startswith("top") else height - 6 if content.footer else height - style.bottom * 0.5
            sheet.put(text, place[side], y, "page_number", size, style.muted, at=side)
        for number, line in enumerate(content.stamps):
            sheet.put(
                line,
                style.left + 30,
                60 + number * 330 + index * 7,
                "other",
                26 if number else 14,
                (192, 192, 192),
                sheet.bold,
            )
    sheet.pages = pages
