"""The style sheets of the HTML renderer: page, type, and margin boxes for the furniture."""

import random

from synthesis.pages.content import Content
from synthesis.pages.style import Style
from synthesis.pages.tints import Rgb, tint


def color(rgb: Rgb, label: str) -> str:
    """A colour that carries a label."""
    return "rgb({},{},{})".format(*tint(rgb, label))


def page_head(content: Content, style: Style, rng: random.Random, room: float) -> str:
    """The head of the page; `room` is the width that the margin column takes, in points."""
    return f"""<!doctype html><html lang="{content.language}"><meta charset="utf-8"><style>
@page {{ {_page_css(style)}
{_boxes(content, style)} }}
@page :first {{ margin-top: {min(style.top, 40):.0f}pt; {_first_boxes(content, style)} }}
body {{ {_body_css(style)} }}
main {{ {_main_css(style, room)} }}
aside {{ {_aside_css(style, rng, room)} }}
p {{ margin: 0 0 {style.gap * style.size:.1f}pt 0; }}
table {{ width: 100%; border-collapse: collapse; margin: 4pt 0; }}
td {{ padding: 1pt 3pt; vertical-align: top; text-align: left; {_table_css(style)} }}
h2 {{ {_title_css(style)} }}
</style><body>"""


def _page_css(style: Style) -> str:
    width, height = style.page
    sides = min(style.right, 60), min(style.left, 60)
    around = f"{style.top:.0f}pt {sides[0]:.0f}pt {style.bottom:.0f}pt {sides[1]:.0f}pt"
    return f"size: {width}pt {height}pt; margin: {around};"


def _body_css(style: Style) -> str:
    align, hyphens = ("justify", "auto") if style.justify else ("left", "manual")
    font = f'{style.size}pt/{style.leading:.2f} "{style.family}"'
    return f"margin: 0; font: {font}; text-align: {align};\nhyphens: {hyphens};"


def _main_css(style: Style, room: float) -> str:
    left, right = (room, 0) if style.margin_side == "left" else (0, room)
    columns = "column-count: 2; column-gap: 20pt;" if style.columns == 2 and not room else ""
    sides = f"margin-left: {left:.0f}pt; margin-right: {right:.0f}pt"
    return f"{sides}; position: relative; {columns}"


def _aside_css(style: Style, rng: random.Random, room: float) -> str:
    every = style.margin_every_page
    position, outside = ("fixed", "0") if every else ("absolute", f"-{room:.0f}pt")
    side = "left" if style.margin_side == "left" else "right"
    return (
        f"position: {position}; top: {rng.choice([0, 0, 30, 90])}pt;\n"
        f"{side}: {outside}; width: {style.margin_width:.0f}pt;\n"
        f"text-align: {rng.choice(['left', 'left', 'center', 'right'])}; "
        f"font-size: {style.margin_size:.1f}pt; line-height: 1.2;"
    )


def _table_css(style: Style) -> str:
    return {"grid": "border: 0.5pt solid #888;", "lines": "border-bottom: 0.5pt solid #aaa;"}.get(
        style.table_look, ""
    )


def _title_css(style: Style) -> str:
    look = style.title_look
    plain = look.startswith("plain") or look in ("underline", "accent", "italic")
    size = style.size * (1.4 if look == "big" else style.title_scale)
    css = f"margin: {style.gap * style.size:.1f}pt 0 2pt {style.title_indent:.0f}pt; "
    css += f"font-size: {size:.1f}pt; font-weight: {'normal' if plain else 'bold'};"
    css += "text-decoration: underline;" if "underline" in look else ""
    css += "font-style: italic;" if look == "italic" else ""
    css += "text-align: center;" if style.title_at.startswith("center") else ""
    return css + ("border: 0.7pt solid #555; padding: 1pt 4pt;" if look == "boxed" else "")


def _quoted(lines: list[str]) -> str:
    text = "\\A ".join(line.replace("\\", "").replace('"', "'") for line in lines)
    return f'"{text}"'


def _box(place: str, text: str, rgb: Rgb, label: str, size: float) -> str:
    """A margin box of the page."""
    look = f"white-space: pre-wrap; padding: 0 4pt; color: {color(rgb, label)}"
    size_css = f"font-size: {size:.1f}pt; line-height: 1.2;"
    return f"@{place} {{ content: {text}; {look}; {size_css} }}\n"


def _number(template: str) -> str:
    return (
        '"'
        + template.replace("{page}", '" counter(page) "').replace("{pages}", '" counter(pages) "')
        + '"'
    )


def _places(style: Style) -> tuple[str, str, str]:
    """The margin boxes of page number, footer and running header; none is used twice."""
    side = (
        "left"
        if style.page_number_at.endswith("left")
        else "right"
        if style.page_number_at.endswith(("right", "inner"))
        else "center"
    )
    number = f"{'top' if style.page_number_at.startswith('top') else 'bottom'}-{side}"
    footer, running = f"bottom-{style.footer_at}", f"top-{style.running_at}"
    swap = {"left": "right", "center": "left", "right": "left"}
    if footer == number:
        footer = f"bottom-{swap[style.footer_at]}"
    if running == number:
        running = f"top-{swap[style.running_at]}"
    return number, footer, running


def _boxes(content: Content, style: Style) -> str:
    """The furniture of all pages."""
    number, footer, running = _places(style)
    css = (
        _box(number, _number(content.page_number), style.muted, "page_number", style.furniture_size)
        if content.page_number
        else ""
    )
    if content.footer and not style.footer_first_only:
        css += _box(
            footer, _quoted(content.footer), style.muted, "footer", style.furniture_size * 0.9
        )
    return css + (
        _box(running, _quoted(content.running), style.muted, "header", style.furniture_size)
        if content.running
        else ""
    )


def _first_boxes(content: Content, style: Style) -> str:
    """The furniture of the first page, where it differs."""
    _, footer, running = _places(style)
    css = f"@{running} {{ content: none; }}" if content.running and not style.running_first else ""
    if content.footer and style.footer_first_only:
        css += _box(
            footer, _quoted(content.footer), style.muted, "footer", style.furniture_size * 0.9
        )
    return css
