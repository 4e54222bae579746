"""HTML elements whose text carries its label."""

import html

from synthesis.pages import css
from synthesis.pages.tints import Rgb


def span(text: str, label: str, rgb: Rgb, extra: str = "", tag: str = "div") -> str:
    """An element with a text in a colour that carries its label; `extra` is more CSS."""
    return f'<{tag} style="color:{css.color(rgb, label)};{extra}">{html.escape(text)}</{tag}>'
