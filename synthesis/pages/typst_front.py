"""The front of a document, for the Typst renderer."""

from synthesis.pages import markup
from synthesis.pages.content import Content
from synthesis.pages.style import Style, name_and_value
from synthesis.pages.tints import tint

_BLOCKS = {  # arguments of Typst's `block` by the style's `front_at`
    "right": "inset: (left: 52%)",
    "right-low": "inset: (left: 45%)",
    "boxed": "stroke: 0.6pt, inset: 5pt",
}


def source_of(content: Content, style: Style) -> str:
    """Groups of lines, the document's title below them, the sender's small print above."""
    source = _groups(content, style) + _title(content.doc_title, style)
    if content.return_line and content.front:
        line = markup.text(content.return_line, "header", style.muted, style.size * 0.7)
        source = (f"#underline[{line}]" if style.rule else line) + "\n\n" + source
    return source


def _groups(content: Content, style: Style) -> str:
    """The groups of lines, as the style's `front_at` places them."""
    groups = [group(lines, style) for lines in content.front]
    at = style.front_at
    if at == "cells":
        return _cells([line for lines in content.front for line in lines], style)
    if at in ("grid", "two-column") and groups:
        parts = ", ".join(f"[{part}]" for part in groups)
        return f"#grid(columns: {len(groups)}, column-gutter: 14pt, {parts})\n"
    if at == "inline":
        return _inline(content.front, style)
    option = _BLOCKS.get(at, "inset: 0pt")
    return "".join(
        f"#block(width: 100%, {option})[#set par(leading: 0.45em, justify: false); {part}]\n"
        for part in groups
    )


def _inline(groups: list[list[str]], style: Style) -> str:
    """Each group as one line of text."""
    colors = [tint(style.ink, "front") for _ in groups]
    return "".join(
        " #h(10pt) ".join(
            markup.text(line, "front", style.ink, style.size, color=color) for line in lines
        )
        + "\n\n"
        for lines, color in zip(groups, colors, strict=True)
    )


def _title(text: str, style: Style) -> str:
    """The document's title; nothing where it has none."""
    if not text:
        return ""
    look = style.doc_title_look
    centred = look in ("center", "boxed", "center-big", "filled")
    side = "center" if centred else "right" if look == "right" else "left"
    scale = max(1.6, style.doc_title_scale) if "big" in look else style.doc_title_scale
    scale *= style.size
    option = {"boxed": "stroke: 0.6pt, inset: 4pt", "filled": 'fill: rgb("#dde")'}.get(
        look, "inset: 0pt"
    )
    shown = markup.text(text, "front", style.accent, scale, ', weight: "bold"')
    return f"#block(width: 100%, {option})[#align({side})[{shown}]]\n"


def group(lines: list[str], style: Style) -> str:
    """Lines below each other, their names and values as the style's `front_pairs` says."""
    if style.front_pairs == "joined":
        return markup.stack([markup.text(line, "front", style.ink, style.size) for line in lines])
    if style.front_pairs == "above":
        return markup.stack([_above(line, style) for line in lines])
    cells = []
    for line in lines:
        name, value = name_and_value(line, style)
        heavy = ', weight: "bold"' if style.front_pairs == "apart-bold" else ""
        shown = [
            markup.text(part, "front", style.ink, style.size, heavy if part is name else "")
            for part in (name, value)
        ]
        cells += (
            [f"[{shown[0]}]", f"[{shown[1]}]"] if value else [f"grid.cell(colspan: 2)[{shown[0]}]"]
        )
    columns = f"({style.size * style.front_width:.0f}pt, 1fr)"
    return f"#grid(columns: {columns}, row-gutter: 0.5em, {', '.join(cells)})"


def _above(line: str, style: Style) -> str:
    """A name in small print and its value below; a line without a name as it is."""
    name, _, value = line.partition(": ")
    if not value:
        return markup.text(name, "front", style.ink, style.size)
    return markup.stack(
        [
            markup.text(name, "front", style.ink, style.size * 0.8),
            markup.text(value, "front", style.ink, style.size),
        ]
    )


def _cells(lines: list[str], style: Style) -> str:
    """All lines in a table, names and values in cells of their own."""
    stroke = {"grid": "0.5pt + gray", "lines": "(bottom: 0.5pt + gray)"}.get(
        style.table_look, "none"
    )
    heavy = ', weight: "bold"' if style.rule else ""
    cells = []
    for line in lines:
        name, value = name_and_value(line, style)
        cells += [f"[{markup.text(name, 'front', style.ink, style.size * 0.95, heavy)}]"]
        cells += [f"[{markup.text(value, 'front', style.ink, style.size * 0.95)}]"]
    widths = ", ".join(["auto", "1fr"] * style.front_columns)
    table = f"#table(columns: ({widths}), stroke: {stroke}, inset: 3pt, {', '.join(cells)})"
    return f"#block(width: 100%)[#set par(justify: false); {table}]\n"
