"""Typst's markup of a piece of text."""

import json

from synthesis.pages.tints import Rgb, tint


def text(
    words: str, label: str, rgb: Rgb, size: float, options: str = "", color: Rgb | None = None
) -> str:
    """Typst markup of a text, in a colour that carries its label.

    Args:
        words: The text.
        label: Its label.
        rgb: The colour that readers see.
        size: In points.
        options: More arguments of Typst's `text`.
        color: The colour of an earlier piece, to belong to the same element.
    """
    red, green, blue = color or tint(rgb, label)
    quoted = json.dumps(words, ensure_ascii=False)
    return f"#text(fill: rgb({red}, {green}, {blue}), size: {size:.2f}pt{options})[#{quoted}]"


def stack(lines: list[str]) -> str:
    """Pieces of markup below each other."""
    return " #linebreak() ".join(lines)
