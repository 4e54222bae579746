"""Typst's markup of a piece of text."""

import json

from synthesis.pages.style import Rgb, tint


def text(
    said: str, label: str, rgb: Rgb, size: float, options: str = "", color: Rgb | None = None
) -> str:
    """A piece of Typst markup in the colour of its label, and of an element that it shares where `color` is given."""
    red, green, blue = color or tint(rgb, label)
    return f"#text(fill: rgb({red}, {green}, {blue}), size: {size:.2f}pt{options})[#{json.dumps(said, ensure_ascii=False)}]"


def stack(lines: list[str]) -> str:
    return " #linebreak() ".join(lines)
