"""Renders a document as HTML, printed by WeasyPrint or headless Chromium."""

import html as escape
import random
import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from synthesis.pages import css, html_blocks
from synthesis.pages.content import Content
from synthesis.pages.furniture import beside
from synthesis.pages.style import SIGNATURE_INDENT, Style, name_and_value
from synthesis.pages.tags import span
from synthesis.pages.tints import restart_elements

_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
)
_CENTRED = ("center", "boxed", "center-big", "filled")  # looks of the document's title


def weasyprint(content: Content, style: Style, rng: random.Random, path: Path) -> None:
    """Prints with WeasyPrint (needs Pango from the system)."""
    import logging

    import weasyprint as printer

    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    printer.HTML(string=page_source(content, style, rng)).write_pdf(str(path))


def chromium(content: Content, style: Style, rng: random.Random, path: Path) -> None:
    """Prints with headless Chromium (needs `chromium` on the path).

    Raises:
        FileNotFoundError: there is no Chromium.
    """
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        raise FileNotFoundError("chromium")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "page.html"
        source.write_text(page_source(content, style, rng), "utf-8")
        command = [program, *_OPTIONS, f"--user-data-dir={folder}/profile"]
        if not content.transport[1]:  # else the browser prints its own header and footer
            command.append("--no-pdf-header-footer")
        command += [f"--print-to-pdf={path}", source.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=60)


def page_source(content: Content, style: Style, rng: random.Random) -> str:
    """The document as one HTML page."""
    restart_elements()
    room = style.margin_width + style.margin_gap if content.margin else 0
    left, right = (room, 0) if style.margin_side == "left" else (0, room)
    head = css.page_head(content, style, rng, room)
    margin = "".join(
        span(line or "\u00a0", "note", style.muted, "font-weight:bold" if not previous else "")
        for previous, line in zip(["x", *content.margin], content.margin[:45], strict=False)
    )
    body = "".join(
        html_blocks.source_of(block, style, number) for number, block in enumerate(content.flow)
    )
    aside = f"<aside>{margin}</aside>" if margin else ""
    outside, inside = (aside, "") if style.margin_every_page else ("", aside)
    stamps = "".join(_stamp(line, index, rng) for index, line in enumerate(content.stamps))
    sender, front = _head(content, style)
    if style.margin_every_page:
        sender = f"<div style='margin-left:{left:.0f}pt;margin-right:{right:.0f}pt'>{sender}</div>"
    main = (
        f"<main>{inside}{front}{body}{_signature(content, style)}{_closing(content, style)}</main>"
    )
    return f"{head}{stamps}{outside}{sender}{main}</body></html>"


def _stamp(line: str, index: int, rng: random.Random) -> str:
    place = f"position:absolute;top:{150 + 200 * index}pt;left:140pt;font-size:30pt"
    turned = f"transform:rotate({rng.choice([0, -30, -45])}deg)"
    color = css.color((200, 200, 200), "other")
    return f'<div style="{place};{turned};color:{color}">{escape.escape(line)}</div>'


def _head(content: Content, style: Style) -> tuple[str, str]:
    """Letterhead and front, which may stand beside it."""
    sender = _letterhead(content, style)
    if not beside(content, style):
        return sender, _front(content, style)
    groups = "".join(
        f"<div style='margin-bottom:8pt'>{_group(group, style)}</div>" for group in content.front
    )
    columns = f"<div style='flex:1.1'>{sender}</div><div style='flex:1'>{groups}</div>"
    sender = f"<div style='display:flex;gap:16pt'>{columns}</div>"
    return sender, _front(replace(content, front=[]), style)


def _letterhead(content: Content, style: Style) -> str:
    if not content.letterhead:
        return ""
    at = style.letterhead_at
    size = style.furniture_size * style.letterhead_scale
    lines = []
    for index, line in enumerate(content.letterhead):
        weight, big = ("bold", size * 1.3) if index == 0 else ("normal", size)
        look = f"font-weight:{weight};font-size:{big:.1f}pt"
        lines.append(span(line, "header", style.accent, look))
    rule = "border-bottom:0.7pt solid #666;" if style.rule else ""
    if at in ("split", "two-column", "split-right") and len(lines) > 1:
        half = (len(lines) + 1) // 2
        left, right = "".join(lines[:half]), "".join(lines[half:])
        inner = f"<div>{left}</div><div style='text-align:right'>{right}</div>"
        look = f"display:flex;justify-content:space-between;{rule}margin-bottom:10pt"
        return f"<header style='{look}'>{inner}</header>"
    align = {"center": "center", "banner": "center", "right": "right"}.get(at, "left")
    return f"<header style='text-align:{align};{rule}margin-bottom:12pt'>{''.join(lines)}</header>"


def _group(lines: list[str], style: Style) -> str:
    """Lines below each other, their names and values as the style's `front_pairs` says."""
    if style.front_pairs == "joined":
        return "".join(span(line, "front", style.ink, "text-align:left") for line in lines)
    rows = ""
    for line in lines:
        name, colon, value = line.partition(": ")
        if style.front_pairs == "above":
            small = f"font-size:{style.size * 0.8:.1f}pt" if colon else ""
            rows += span(name, "front", style.ink, small) + (
                span(value, "front", style.ink) if colon else ""
            )
            continue
        name += ":" if colon and style.front_pairs != "apart-bare" else ""
        heavy = "font-weight:bold" if style.front_pairs == "apart-bold" else ""
        first = span(name, "front", style.ink, heavy, "div")
        width = f"width:{style.size * style.front_width:.0f}pt"
        second = span(value, "front", style.ink)
        rows += f"<div style='display:flex'><div style='{width}'>{first}</div>{second}</div>"
    return rows


def _cells(lines: list[str], style: Style) -> str:
    """All lines in a table, names and values in cells of their own."""
    rows = ""
    for at in range(0, len(lines), style.front_columns):
        cells = ""
        for line in lines[at : at + style.front_columns]:
            name, value = name_and_value(line, style)
            heavy = "font-weight:bold" if style.rule else ""
            cells += span(name, "front", style.ink, heavy, "td")
            cells += span(value, "front", style.ink, tag="td")
        rows += f"<tr>{cells}</tr>"
    return f"<table>{rows}</table>"


def _front(content: Content, style: Style) -> str:
    """Groups of lines, the document's title below them, the sender's small print above."""
    front = _groups(content, style) + _doc_title(content, style)
    if content.return_line and content.front:
        line = "underline" if style.rule else "none"
        small = f"font-size:{style.size * 0.7:.1f}pt;text-decoration:{line}"
        front = span(content.return_line, "header", style.muted, small) + front
    return front


def _groups(content: Content, style: Style) -> str:
    """The groups of lines, as the style's `front_at` places them."""
    groups = [_group(group, style) for group in content.front]
    at = style.front_at
    if at == "cells":
        return _cells([line for group in content.front for line in group], style)
    if at in ("grid", "two-column") and groups:
        cells = "".join(f"<div style='flex:1'>{group}</div>" for group in groups)
        return f"<div style='display:flex;gap:12pt'>{cells}</div>"
    if at == "inline":
        return "".join(
            span("   ".join(group), "front", style.ink, "white-space:pre-wrap")
            for group in content.front
        )
    place = {
        "right": "margin-left:52%;",
        "right-low": "margin-left:45%;",
        "boxed": "border:0.7pt solid #444;padding:4pt;",
    }.get(at, "")
    return "".join(f"<div style='{place}margin-bottom:8pt'>{group}</div>" for group in groups)


def _doc_title(content: Content, style: Style) -> str:
    """The document's title; nothing where it has none."""
    if not content.doc_title:
        return ""
    look = style.doc_title_look
    align = "center" if look in _CENTRED else "right" if look == "right" else "left"
    scale = max(1.6, style.doc_title_scale) if "big" in look else style.doc_title_scale
    title = f"text-align:{align};margin:8pt 0;"
    title += f"font-weight:bold;font-size:{style.size * scale:.1f}pt;line-height:1.2;"
    box = {"boxed": "border:0.7pt solid #333;", "filled": "background:#dde;"}
    return span(content.doc_title, "front", style.accent, title + box.get(look, ""))


def _closing(content: Content, style: Style) -> str:
    return span(content.closing, "other", style.ink, "margin-top:8pt") if content.closing else ""


def _signature(content: Content, style: Style) -> str:
    share = SIGNATURE_INDENT.get(style.signature_at, 0)
    lines = "".join(span(line, "signature", style.ink) for line in content.signature)
    return f"<div style='margin:14pt 0 0 {share}%;text-align:left;break-inside:avoid'>{lines}</div>"
