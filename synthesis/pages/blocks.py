"""Puts the blocks of a document on a sheet: headings, paragraphs, lists, marks."""

from synthesis.pages import tables
from synthesis.pages.block import Block
from synthesis.pages.sheet import SIDE, Sheet
from synthesis.pages.tints import Rgb, tint


def look_of_title(text: str, look: str, number: int) -> str:
    """A heading's characters in a style's `title_look`: capitals, a colon, a number."""
    if "caps" in look:
        text = text.upper()
    if "colon" in look:
        text += " :"
    return f"{number // 2 + 1}. {text}" if look == "numbered" else text


def flow(sheet: Sheet, blocks: list[Block]) -> None:
    """Puts all blocks on the sheet, one after the other."""
    title_end = 0.0  # lower end of a heading that stands beside its paragraph
    for number, block in enumerate(blocks):
        if block.kind == "title":
            sheet.y = max(sheet.y, title_end)
            title_end = _title(sheet, block, number)
        else:
            _text(sheet, block)


def _text(sheet: Sheet, block: Block) -> None:
    size, ink = sheet.style.size, sheet.style.ink
    below = size * sheet.style.gap
    match block.kind:
        case "paragraph":
            sheet.flow_text(block.text, "body", size, ink, justify=sheet.style.justify)
        case "list":
            _item(sheet, block.text)
            below = 0.0
        case "comment":
            font = sheet.italic if sheet.style.rule else sheet.regular
            sheet.flow_text(block.text, "body", size * 0.85, ink, font=font)
            below = 0.0
        case "subject":
            sheet.flow_text(block.text, "front", size, ink, font=sheet.bold)
        case "mark":
            at = sheet.rng.choice(["left", "center"])
            sheet.flow_text(block.text, "other", size, sheet.style.muted, at=at)
            below = 0.0
        case "pairs":
            tables.pairs(sheet, block)
        case "twins":
            tables.twins(sheet, block)
        case _:
            tables.table(sheet, block)
    sheet.y += below


def _item(sheet: Sheet, text: str) -> None:
    size, bullet = sheet.style.size, sheet.style.bullet
    indent = size * 2 if bullet else 0 if sheet.style.rule else size
    sheet.flow_text(text, "body", size, sheet.style.ink, indent=indent, hang=bullet)


def _title(sheet: Sheet, block: Block, number: int) -> float:
    """Puts a heading; returns its lower end where it stands beside its paragraph, else 0."""
    style, look = sheet.style, sheet.style.title_look
    sheet.y += style.size * style.gap * 1.2
    sheet.room(3 * style.size * style.leading)
    plain = look.startswith("plain") or look in ("underline", "accent", "big")
    font = sheet.italic if look == "italic" else sheet.regular if plain else sheet.bold
    rgb = style.accent if look in ("accent", "boxed", "big") else style.ink
    big = (
        style.size
        * (1.4 if look == "big" else style.title_scale)
        * (0.95 if block.level == 2 else 1)
    )
    text = look_of_title(block.text, look, number)
    if sheet.side:
        return _beside(sheet, text, font, min(big, style.size * 1.1), rgb)
    centred = style.title_at.startswith("center")
    indent = 0.0 if centred else style.title_indent + (10 if block.level == 2 else 0)
    top = sheet.y
    sheet.flow_text(
        text, "title", big, rgb, font=font, indent=indent, at="center" if centred else "left"
    )
    x0, x1 = sheet.region
    if "underline" in look and not centred:
        sheet.rule(
            x0 + indent, sheet.y + 1.5, x0 + indent + sheet.width(text, font, big), sheet.y + 1.5
        )
    if style.title_at.endswith("ruled"):
        sheet.rule(x0, sheet.y + big * 0.35, x1, sheet.y + big * 0.35)
    if look == "boxed" and sheet.y > top:
        sheet.frame(x0, top + big * 0.2, x1, sheet.y + big * 0.4)
    sheet.y += style.size * style.gap * 0.4
    return 0.0


def _beside(sheet: Sheet, text: str, font: str, size: float, rgb: Rgb) -> float:
    """Puts a heading at the left of the paragraph that follows; returns its lower end."""
    x0, x1 = sheet.region
    left = x0 - (x1 - x0) * sheet.side / (1 - sheet.side)
    y, color = sheet.y, tint(rgb, "title")
    for line in sheet.wrap(text, x0 - left - 6, font, size):
        y += size * sheet.style.leading
        sheet.put(line, left, y, "title", size, rgb, font, color=color)
    return y


def side(title_at: str) -> float:
    """The share of the text's width that headings beside it take."""
    return SIDE.get(title_at, 0.0)
