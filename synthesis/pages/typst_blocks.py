"""The blocks of a document, for the Typst renderer."""

from synthesis.pages import markup
from synthesis.pages.block import Block
from synthesis.pages.blocks import look_of_title
from synthesis.pages.style import Style


def source_of(block: Block, style: Style, number: int) -> str:
    """The markup of a block, the `number`th of its document."""
    ink, size = style.ink, style.size
    match block.kind:
        case "title":
            return _title(block.text, style, number)
        case "paragraph":
            return markup.text(block.text, "body", ink, size) + "\n\n"
        case "comment":
            italic = ', style: "italic"' if style.rule else ""
            return markup.text(block.text, "body", ink, size * 0.85, italic) + "\n\n"
        case "subject":
            return markup.text(block.text, "front", ink, size, ', weight: "bold"') + "\n\n"
        case "list":
            text = markup.text(f"{style.bullet} {block.text}".strip(), "body", ink, size)
            options = "above: 0.5em, below: 0.5em, inset: (left: 12pt)"
            return f"#block({options})[#set par(hanging-indent: 9pt); {text}]"
        case "mark":
            return markup.text(block.text, "other", style.muted, size) + "\n\n"
        case "twins":
            return _twins(block, style, number)
        case "pairs":
            return _pairs(block, style)
        case kind:
            first = "1fr" if kind == "chart" else "2fr"
            return _table(block.rows, style, style.table_look != "plain", 100, first)


def _title(text: str, style: Style, number: int) -> str:
    look = style.title_look
    plain = look.startswith("plain") or look in ("underline", "accent", "italic")
    options = "" if plain else ', weight: "bold"'
    options += ', style: "italic"' if look == "italic" else ""
    rgb = style.accent if look in ("accent", "boxed", "big") else style.ink
    big = style.size * (1.4 if look == "big" else style.title_scale)
    shown = markup.text(look_of_title(text, look, number), "title", rgb, big, options)
    shown = f"#underline[{shown}]" if "underline" in look else shown
    shown = f"#align(center)[{shown}]" if style.title_at.startswith("center") else shown
    indent = f"inset: (left: {style.title_indent}pt)"
    frame = "stroke: 0.6pt, inset: 3pt" if look == "boxed" else indent
    return f"#block(sticky: true, above: {0.6 + style.gap:.2f}em, {frame})[{shown}]"


def _twins(block: Block, style: Style, number: int) -> str:
    (left, right), *rest = block.rows
    sides = [
        _title(title, style, number)
        + _table(tuple(row[at : at + 2] for row in rest), style, False, 100)
        for title, at in ((left, 0), (right, 2))
    ]
    return f"#grid(columns: (1fr, 1fr), column-gutter: 14pt, [{sides[0]}], [{sides[1]}])"


def _table(
    rows: tuple[tuple[str, ...], ...], style: Style, heads: bool, share: int, first: str = "2fr"
) -> str:
    """A table.

    Args:
        rows: Its cells.
        style: The document's style.
        heads: The first row is a head.
        share: Per cent of the text's width that it takes.
        first: Width of the first column; the others have 1fr.
    """
    columns = max(len(row) for row in rows)
    stroke = {"grid": "0.5pt + gray", "lines": "(bottom: 0.5pt + gray)"}.get(
        style.table_look, "none"
    )
    heavy = ', weight: "bold"'
    cells = []
    for index, row in enumerate(rows):
        options = heavy if heads and index == 0 else ""
        for cell in (*row, *[""] * (columns - len(row))):
            text = markup.text(cell, "table", style.ink, style.size * 0.95, options)
            cells.append(f"[{text}]")
    widths = ", ".join([first] + ["1fr"] * (columns - 1))
    table = f"#table(columns: ({widths}), stroke: {stroke}, inset: 3pt, {', '.join(cells)})"
    return f"#block(width: {share}%)[#set par(justify: false); {table}]"


def _pairs(block: Block, style: Style) -> str:
    if style.pairs_look.startswith("columns"):
        return _table(block.rows, style, False, 60)
    joint = " ......... " if style.pairs_look.startswith("dots") else ": "
    lines = [
        markup.text(f"{name}{joint}{value}", "table", style.ink, style.size)
        for name, value in block.rows
    ]
    return f"#block[#set par(justify: false, leading: 0.5em); {markup.stack(lines)}]\n"
