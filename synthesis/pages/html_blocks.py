"""The blocks of a document, for the HTML renderer."""

from synthesis.pages.block import Block
from synthesis.pages.blocks import look_of_title
from synthesis.pages.style import Style
from synthesis.pages.tags import span


def source_of(block: Block, style: Style, number: int) -> str:
    """The HTML of a block, the `number`th of its document."""
    ink = style.ink
    match block.kind:
        case "title":
            rgb = style.accent if style.title_look in ("accent", "boxed", "big") else ink
            text = look_of_title(block.text, style.title_look, number)
            return span(text, "title", rgb, tag="h2")
        case "paragraph":
            return span(block.text, "body", ink, tag="p")
        case "comment":
            small = "font-size:85%;" + ("font-style:italic" if style.rule else "")
            return span(block.text, "body", ink, small, tag="p")
        case "subject":
            return span(block.text, "front", ink, "font-weight:bold", tag="p")
        case "list":
            text = f"{style.bullet} {block.text}".strip()
            return span(text, "body", ink, "margin:0 0 1pt 14pt;text-indent:-9pt", tag="p")
        case "mark":
            look = "text-align:center;overflow:hidden;white-space:nowrap"
            return span(block.text, "other", style.muted, look)
        case "twins":
            return _twins(block, style, number)
        case "pairs":
            return _pairs(block, style)
        case _:
            return _rows(block.rows, style, style.table_look != "plain", "")


def _pairs(block: Block, style: Style) -> str:
    if style.pairs_look.startswith("columns"):
        return _rows(block.rows, style, False, " style=width:60%")
    joint = " ......... " if style.pairs_look.startswith("dots") else ": "
    return "".join(span(f"{name}{joint}{value}", "table", style.ink) for name, value in block.rows)


def _twins(block: Block, style: Style, number: int) -> str:
    (left, right), *rest = block.rows
    sides = ""
    for title, at in ((left, 0), (right, 2)):
        head = source_of(Block("title", title), style, number)
        rows = _rows(tuple(row[at : at + 2] for row in rest), style, False, "")
        sides += f"<div style='flex:1'>{head}{rows}</div>"
    return f"<div style='display:flex;gap:16pt'>{sides}</div>"


def _rows(rows: tuple[tuple[str, ...], ...], style: Style, heads: bool, attributes: str) -> str:
    """A table; `heads`: its first row is a head."""
    shown = ""
    for index, row in enumerate(rows):
        heavy = "font-weight:bold" if heads and index == 0 else ""
        cells = "".join(span(cell, "table", style.ink, heavy, "td") for cell in row)
        shown += f"<tr>{cells}</tr>"
    return f"<table{attributes}>{shown}</table>"
