"""Renders a document with Typst."""

import json
import random
from dataclasses import replace
from pathlib import Path

from synthesis.pages import markup, typst_blocks, typst_front
from synthesis.pages.content import Content
from synthesis.pages.furniture import beside
from synthesis.pages.style import SIGNATURE_INDENT, Style
from synthesis.pages.tints import restart_elements, tint


def render(content: Content, style: Style, rng: random.Random, path: Path) -> None:
    """Writes the PDF to `path`."""
    import typst

    path.write_bytes(typst.compile(page_source(content, style, rng).encode()))


def page_source(content: Content, style: Style, rng: random.Random) -> str:
    """The document as Typst markup."""
    restart_elements()
    room = style.margin_width + style.margin_gap if content.margin else 0.0
    background, placed = _column(content, style, rng, room)
    setup = _setup(content, style, room, background)
    stamps = "".join(_stamp(line, index, rng) for index, line in enumerate(content.stamps))
    flow = "\n".join(
        typst_blocks.source_of(block, style, number) for number, block in enumerate(content.flow)
    )
    head = _head(content, style, 0 if style.margin_every_page else room, placed)
    signature = _signature(content, style)
    closing = (
        f"\n\n{markup.text(content.closing, 'other', style.ink, style.size)}\n"
        if content.closing
        else ""
    )
    return setup + stamps + head + flow + signature + closing


def _stamp(line: str, index: int, rng: random.Random) -> str:
    turned = f"rotate({rng.choice([0, -30, -45])}deg)"
    text = markup.text(line, "other", (200, 200, 200), 30)
    return f"#place(center + top, dy: {100 + 230 * index}pt, {turned}[{text}])\n"


def _setup(content: Content, style: Style, room: float, background: str) -> str:
    """Page, type and paragraphs; `room` is the width that the margin column takes."""
    width, height = style.page
    left = min(style.left, 50) + (room if style.margin_side == "left" else 0)
    right = min(style.right, 50) + (room if style.margin_side == "right" else 0)
    sides = f"left: {left:.0f}pt, right: {right:.0f}pt"
    justified = "true" if style.justify else "false"
    font = f'font: ("{style.family}", "Libertinus Serif"), size: {style.size}pt'
    lines = f"leading: {(style.leading - 0.7):.2f}em, spacing: {0.5 + style.gap * 0.8:.2f}em"
    return f"""#set page(width: {width}pt, height: {height}pt, {background}
 margin: (top: {style.top:.0f}pt, bottom: {style.bottom:.0f}pt, {sides}),
 {"columns: 2," if style.columns == 2 and not room else ""}
 header: context [{_running(content, style)}], footer: context [{_footer(content, style)}])
#set text({font}, lang: "{content.language}", hyphenate: {justified})
#set par({lines}, justify: {justified})
"""


def _column(content: Content, style: Style, rng: random.Random, room: float) -> tuple[str, str]:
    """The margin column: in the background of every page, or placed on the first."""
    margin = _margin(content, style, rng)
    if not margin:
        return "", ""
    side = "left" if style.margin_side == "left" else "right"
    shift, x = (-room, 20) if side == "left" else (room, -20)
    lines = f"#set par(leading: {rng.choice([0.3, 0.45, 0.6])}em, justify: false)"
    aligned = f"#set align({rng.choice(['left', 'left', 'center', 'right'])})"
    box = f"box(width: {style.margin_width:.1f}pt)[{lines}; {aligned}; {margin}]"
    if style.margin_every_page:
        return f"background: place({side} + top, dx: {x}pt, dy: {style.top + 40:.0f}pt, {box}),", ""
    return "", f"#place({side}, dx: {shift:.1f}pt, dy: {rng.choice([0, 20, 90])}pt, {box})\n"


def _margin(content: Content, style: Style, rng: random.Random) -> str:
    """The lines of the margin column; those after a gap, and a few more, are bold."""
    lines = [
        markup.text(
            line or " ",
            "note",
            style.muted,
            style.margin_size,
            ', weight: "bold"' if not previous or rng.random() < 0.05 else "",
        )
        for previous, line in zip(["x", *content.margin], content.margin[:42], strict=False)
    ]
    return markup.stack(lines)


def _number(content: Content, style: Style) -> str:
    """The page number, counted by Typst."""
    shift = content.first_page - 1
    pieces = content.page_number.replace("{pages}", "\x01").replace("{page}", "\x00")
    code = " + ".join(
        {
            "\x00": f"str({shift} + counter(page).get().first())",
            "\x01": f"str({shift} + counter(page).final().first())",
        }.get(part, json.dumps(part, ensure_ascii=False))
        for part in pieces.replace("\x00", "|\x00|").replace("\x01", "|\x01|").split("|")
        if part
    )
    red, green, blue = tint(style.muted, "page_number")
    return (
        f"#text(fill: rgb({red}, {green}, {blue}), size: {style.furniture_size:.1f}pt)[#({code})]"
    )


def _side(place: str) -> str:
    return (
        "left"
        if place.endswith("left")
        else "right"
        if place.endswith(("right", "inner"))
        else "center"
    )


def _running(content: Content, style: Style) -> str:
    lines = [
        markup.text(line, "header", style.muted, style.furniture_size) for line in content.running
    ]
    shown = f"#align({style.running_at})[{markup.stack(lines)}]" if lines else ""
    if not style.running_first:
        shown = f"#if counter(page).get().first() > 1 [{shown}]"
    if content.page_number and style.page_number_at.startswith("top"):
        shown = f"#align({_side(style.page_number_at)})[{_number(content, style)}] " + shown
    return shown


def _footer(content: Content, style: Style) -> str:
    lines = [
        markup.text(line, "footer", style.muted, style.furniture_size * 0.9)
        for line in content.footer
    ]
    shown = f"#align({style.footer_at})[{markup.stack(lines)}]" if lines else ""
    if style.footer_first_only:
        shown = f"#if counter(page).get().first() == 1 [{shown}]"
    if content.page_number and not style.page_number_at.startswith("top"):
        number = f"#align({_side(style.page_number_at)})[{_number(content, style)}]"
        shown = number + shown if style.page_number_at == "footer-above" else shown + number
    return f"#set par(leading: 0.4em, spacing: 0.5em); {shown}"


def _head(content: Content, style: Style, room: float, placed: str) -> str:
    """Letterhead, margin column and front, which may stand beside the letterhead."""
    if not beside(content, style):
        return _letterhead(content, style, room) + placed + typst_front.source_of(content, style)
    groups = " #v(8pt) ".join(
        f"#set par(leading: 0.45em, justify: false); {typst_front.group(group, style)}"
        for group in content.front
    )
    sender = _letterhead(content, style, 0)
    columns = f"#grid(columns: (1.1fr, 1fr), column-gutter: 14pt, [{sender}], [{groups}])\n"
    return columns + placed + typst_front.source_of(replace(content, front=[]), style)


def _letterhead(content: Content, style: Style, room: float) -> str:
    if not content.letterhead:
        return ""
    size = style.furniture_size * style.letterhead_scale
    lines = [
        markup.text(
            line,
            "header",
            style.accent,
            size * (1.3 if index == 0 else 1),
            ', weight: "bold"' if index == 0 else "",
        )
        for index, line in enumerate(content.letterhead)
    ]
    at = style.letterhead_at
    if at in ("split", "two-column", "split-right") and len(lines) > 1:
        half = (len(lines) + 1) // 2
        left, right = markup.stack(lines[:half]), markup.stack(lines[half:])
        inner = f"#grid(columns: (1fr, 1fr), [{left}], align(right)[{right}])"
    else:
        side = {"center": "center", "banner": "center", "right": "right"}.get(at, "left")
        inner = f"#align({side})[{markup.stack(lines)}]"
    shift = -room if style.margin_side == "left" else 0
    rule = "#line(length: 100%, stroke: 0.5pt)" if style.rule else ""
    set_lines = "#set par(leading: 0.45em, justify: false)"
    block = f"block(width: 100% + {room:.0f}pt)[{set_lines}; {inner} {rule}]"
    return f"#move(dx: {shift:.0f}pt, {block})\n"


def _signature(content: Content, style: Style) -> str:
    if not content.signature:
        return ""
    share = SIGNATURE_INDENT.get(style.signature_at, 0)
    lines = [markup.text(line, "signature", style.ink, style.size) for line in content.signature]
    options = f"above: 1.5em, breakable: false, inset: (left: {share}%)"
    return f"\n#block({options})[#set par(justify: false); {markup.stack(lines)}]"
