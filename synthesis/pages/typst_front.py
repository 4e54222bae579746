"""The matter before the text, for the Typst renderer."""

from synthesis.pages import markup
from synthesis.pages.content import Content
from synthesis.pages.style import Style, named, tint


def source_of(content: Content, style: Style) -> str:
    """Groups of lines, the document's title below them, the sender's line above."""
    groups = [group(lines, style) for lines in content.front]
    at = style.front_at
    if at == "cells":
        source = _cells([line for lines in content.front for line in lines], style)
    elif at in ("grid", "two-column") and groups:
        source = f"#grid(columns: {len(groups)}, column-gutter: 14pt, {', '.join(f'[{part}]' for part in groups)})\n"
    elif at == "inline":
        colors = [tint(style.ink, "front") for _ in content.front]
        source = "".join(
            " #h(10pt) ".join(
                markup.text(line, "front", style.ink, style.size, color=color) for line in lines
            )
            + "\n\n"
            for lines, color in zip(content.front, colors, strict=True)
        )
    else:
        option = {
            "right": "inset: (left: 52%)",
            "right-low": "inset: (left: 45%)",
            "boxed": "stroke: 0.6pt, inset: 5pt",
        }.get(at, "inset: 0pt")
        source = "".join(
            f"#block(width: 100%, {option})[#set par(leading: 0.45em, justify: false); {part}]\n"
            for part in groups
        )
    source += _title(content.doc_title, style)
    if content.return_line and content.front:
        line = markup.text(content.return_line, "header", style.muted, style.size * 0.7)
        source = (f"#underline[{line}]" if style.rule else line) + "\n\n" + source
    return source


def _title(text: str, style: Style) -> str:
    """The document's title, where it has one."""
    if not text:
        return ""
    look = style.doc_title_look
    side = (
        "center"
        if look in ("center", "boxed", "center-big", "filled")
        else "right"
        if look == "right"
        else "left"
    )
    scale = style.size * (
        max(1.6, style.doc_title_scale) if "big" in look else style.doc_title_scale
    )
    option = (
        "stroke: 0.6pt, inset: 4pt"
        if look == "boxed"
        else 'fill: rgb("#dde")'
        if look == "filled"
        else "inset: 0pt"
    )
    shown = markup.text(text, "front", style.accent, scale, ', weight: "bold"')
    return f"#block(width: 100%, {option})[#align({side})[{shown}]]\n"


def group(lines: list[str], style: Style) -> str:
    """Lines below each other, their names and values as the look wants them."""
    if style.front_pairs == "joined":
        return markup.stack([markup.text(line, "front", style.ink, style.size) for line in lines])
    if style.front_pairs == "above":
        return markup.stack([_above(line, style) for line in lines])
    cells = []
    for line in lines:
        name, value = named(line, style)
        heavy = ', weight: "bold"' if style.front_pairs == "apart-bold" else ""
        shown = [
            markup.text(part, "front", style.ink, style.size, heavy if part is name else "")
            for part in (name, value)
        ]
        cells += (
            [f"[{shown[0]}]", f"[{shown[1]}]"] if value else [f"grid.cell(colspan: 2)[{shown[0]}]"]
        )
    return f"#grid(columns: ({style.size * style.front_width:.0f}pt, 1fr), row-gutter: 0.5em, {', '.join(cells)})"


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
        name, value = named(line, style)
        cells += [f"[{markup.text(name, 'front', style.ink, style.size * 0.95, heavy)}]"]
        cells += [f"[{markup.text(value, 'front', style.ink, style.size * 0.95)}]"]
    widths = ", ".join(["auto", "1fr"] * style.front_columns)
    return f"#block(width: 100%)[#set par(justify: false); #table(columns: ({widths}), stroke: {stroke}, inset: 3pt, {', '.join(cells)})]\n"
