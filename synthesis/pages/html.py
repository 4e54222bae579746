"""Renders a document as HTML, printed by WeasyPrint or headless Chromium."""

import html as escape
import random
import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from synthesis.pages import css
from synthesis.pages.block import Block
from synthesis.pages.blocks import look_of_title
from synthesis.pages.content import Content
from synthesis.pages.furniture import beside
from synthesis.pages.style import Rgb, Style, named, restart_elements


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
        options = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-sync",
        ]
        options += [
            "--disable-background-networking",
            "--disable-component-update",
            f"--user-data-dir={folder}/profile",
        ]
        options += (
            [] if content.transport[1] else ["--no-pdf-header-footer"]
        )  # else the browser prints its own
        options += [f"--print-to-pdf={path}", source.as_uri()]
        subprocess.run([program, *options], check=True, capture_output=True, timeout=60)


def _span(text: str, label: str, rgb: Rgb, extra: str = "", tag: str = "div") -> str:
    return f'<{tag} style="color:{css.color(rgb, label)};{extra}">{escape.escape(text)}</{tag}>'


def page_source(content: Content, style: Style, rng: random.Random) -> str:
    """The document as one HTML page."""
    restart_elements()
    room = style.margin_width + style.margin_gap if content.margin else 0
    left, right = (room, 0) if style.margin_side == "left" else (0, room)
    head = css.page_head(content, style, rng, room)
    margin = "".join(
        _span(line or "\u00a0", "note", style.muted, "font-weight:bold" if not previous else "")
        for previous, line in zip(["x", *content.margin], content.margin[:45], strict=False)
    )
    body = "".join(_block(block, style, number) for number, block in enumerate(content.flow))
    aside = f"<aside>{margin}</aside>" if margin else ""
    outside, inside = (aside, "") if style.margin_every_page else ("", aside)
    stamps = "".join(
        f'<div style="position:absolute;top:{150 + 200 * index}pt;left:140pt;font-size:30pt;transform:rotate({rng.choice([0, -30, -45])}deg);'
        f'color:{css.color((200, 200, 200), "other")}">{escape.escape(line)}</div>'
        for index, line in enumerate(content.stamps)
    )
    sender, front = _head(content, style)
    if style.margin_every_page:
        sender = f"<div style='margin-left:{left:.0f}pt;margin-right:{right:.0f}pt'>{sender}</div>"
    main = (
        f"<main>{inside}{front}{body}{_signature(content, style)}{_closing(content, style)}</main>"
    )
    return f"{head}{stamps}{outside}{sender}{main}</body></html>"


def _head(content: Content, style: Style) -> tuple[str, str]:
    """Letterhead and the matter before the text, which may stand beside it."""
    sender = _letterhead(content, style)
    if not beside(content, style):
        return sender, _front(content, style)
    groups = "".join(
        f"<div style='margin-bottom:8pt'>{_group(group, style)}</div>" for group in content.front
    )
    sender = f"<div style='display:flex;gap:16pt'><div style='flex:1.1'>{sender}</div><div style='flex:1'>{groups}</div></div>"
    return sender, _front(replace(content, front=[]), style)


def _letterhead(content: Content, style: Style) -> str:
    if not content.letterhead:
        return ""
    at = style.letterhead_at
    size = style.furniture_size * style.letterhead_scale
    lines = [
        _span(
            line,
            "header",
            style.accent,
            f"font-weight:{'bold' if index == 0 else 'normal'};font-size:{size * (1.3 if index == 0 else 1):.1f}pt",
        )
        for index, line in enumerate(content.letterhead)
    ]
    rule = "border-bottom:0.7pt solid #666;" if style.rule else ""
    if at in ("split", "two-column", "split-right") and len(lines) > 1:
        half = (len(lines) + 1) // 2
        inner = f"<div>{''.join(lines[:half])}</div><div style='text-align:right'>{''.join(lines[half:])}</div>"
        return f"<header style='display:flex;justify-content:space-between;{rule}margin-bottom:10pt'>{inner}</header>"
    align = {"center": "center", "banner": "center", "right": "right"}.get(at, "left")
    return f"<header style='text-align:{align};{rule}margin-bottom:12pt'>{''.join(lines)}</header>"


def _group(lines: list[str], style: Style) -> str:
    if style.front_pairs == "joined":
        return "".join(_span(line, "front", style.ink, "text-align:left") for line in lines)
    rows = ""
    for line in lines:
        name, colon, value = line.partition(": ")
        if style.front_pairs == "above":
            small = f"font-size:{style.size * 0.8:.1f}pt" if colon else ""
            rows += _span(name, "front", style.ink, small) + (
                _span(value, "front", style.ink) if colon else ""
            )
            continue
        name += ":" if colon and style.front_pairs != "apart-bare" else ""
        heavy = "font-weight:bold" if style.front_pairs == "apart-bold" else ""
        first = _span(name, "front", style.ink, heavy, "div")
        rows += f"<div style='display:flex'><div style='width:{style.size * style.front_width:.0f}pt'>{first}</div>{_span(value, 'front', style.ink)}</div>"
    return rows


def _cells(lines: list[str], style: Style) -> str:
    """All lines in a table, names and values in cells of their own."""
    rows = ""
    for at in range(0, len(lines), style.front_columns):
        cells = ""
        for line in lines[at : at + style.front_columns]:
            name, value = named(line, style)
            heavy = "font-weight:bold" if style.rule else ""
            cells += _span(name, "front", style.ink, heavy, "td")
            cells += _span(value, "front", style.ink, tag="td")
        rows += f"<tr>{cells}</tr>"
    return f"<table>{rows}</table>"


def _front(content: Content, style: Style) -> str:
    groups = [_group(group, style) for group in content.front]
    at = style.front_at
    if at == "cells":
        inner = _cells([line for group in content.front for line in group], style)
    elif at in ("grid", "two-column") and groups:
        cells = "".join(f"<div style='flex:1'>{group}</div>" for group in groups)
        inner = f"<div style='display:flex;gap:12pt'>{cells}</div>"
    elif at == "inline":
        inner = "".join(
            _span("   ".join(group), "front", style.ink, "white-space:pre-wrap")
            for group in content.front
        )
    else:
        place = {
            "right": "margin-left:52%;",
            "right-low": "margin-left:45%;",
            "boxed": "border:0.7pt solid #444;padding:4pt;",
        }.get(at, "")
        inner = "".join(f"<div style='{place}margin-bottom:8pt'>{group}</div>" for group in groups)
    if content.doc_title:
        look = style.doc_title_look
        title = f"text-align:{'center' if look in ('center', 'boxed', 'center-big', 'filled') else 'right' if look == 'right' else 'left'};margin:8pt 0;"
        scale = max(1.6, style.doc_title_scale) if "big" in look else style.doc_title_scale
        title += f"font-weight:bold;font-size:{style.size * scale:.1f}pt;line-height:1.2;"
        title += (
            "border:0.7pt solid #333;"
            if look == "boxed"
            else "background:#dde;"
            if look == "filled"
            else ""
        )
        inner += _span(content.doc_title, "front", style.accent, title)
    if content.return_line and content.front:
        small = f"font-size:{style.size * 0.7:.1f}pt;text-decoration:{'underline' if style.rule else 'none'}"
        inner = _span(content.return_line, "header", style.muted, small) + inner
    return inner


def _block(block: Block, style: Style, number: int) -> str:
    ink = style.ink
    match block.kind:
        case "title":
            rgb = style.accent if style.title_look in ("accent", "boxed", "big") else ink
            return _span(
                look_of_title(block.text, style.title_look, number), "title", rgb, tag="h2"
            )
        case "paragraph":
            return _span(block.text, "body", ink, tag="p")
        case "comment":
            return _span(
                block.text,
                "body",
                ink,
                "font-size:85%;" + ("font-style:italic" if style.rule else ""),
                tag="p",
            )
        case "subject":
            return _span(block.text, "front", ink, "font-weight:bold", tag="p")
        case "list":
            text = f"{style.bullet} {block.text}".strip()
            return _span(text, "body", ink, "margin:0 0 1pt 14pt;text-indent:-9pt", tag="p")
        case "mark":
            return _span(
                block.text,
                "other",
                style.muted,
                "text-align:center;overflow:hidden;white-space:nowrap",
            )
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
    return "".join(_span(f"{name}{joint}{value}", "table", style.ink) for name, value in block.rows)


def _twins(block: Block, style: Style, number: int) -> str:
    (left, right), *rest = block.rows
    sides = "".join(
        f"<div style='flex:1'>{_block(Block('title', title), style, number)}{_rows(tuple(row[at : at + 2] for row in rest), style, False, '')}</div>"
        for title, at in ((left, 0), (right, 2))
    )
    return f"<div style='display:flex;gap:16pt'>{sides}</div>"


def _rows(rows: tuple[tuple[str, ...], ...], style: Style, heads: bool, look: str) -> str:
    cells = "".join(
        "<tr>"
        + "".join(
            _span(
                cell, "table", style.ink, "font-weight:bold" if heads and index == 0 else "", "td"
            )
            for cell in row
        )
        + "</tr>"
        for index, row in enumerate(rows)
    )
    return f"<table{look}>{cells}</table>"


def _closing(content: Content, style: Style) -> str:
    return _span(content.closing, "other", style.ink, "margin-top:8pt") if content.closing else ""


def _signature(content: Content, style: Style) -> str:
    share = {"right": 60, "center": 40, "right-low": 55, "two": 30, "indent": 15, "mid": 30}.get(
        style.signature_at, 0
    )
    lines = "".join(_span(line, "signature", style.ink) for line in content.signature)
    return f"<div style='margin:14pt 0 0 {share}%;text-align:left;break-inside:avoid'>{lines}</div>"
