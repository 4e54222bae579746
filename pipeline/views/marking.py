"""How labels and mentions are shown: a colour a label, a section's text with its mentions."""

import html
from itertools import pairwise
from typing import Any

from markupsafe import Markup

LABEL_COLOURS = {
    "body": "#2b6cb0",
    "title": "#c53030",
    "table": "#2f855a",
    "front": "#b7791f",
    "header": "#805ad5",
    "footer": "#6b46c1",
    "note": "#d53f8c",
    "page_number": "#718096",
    "signature": "#0987a0",
    "other": "#a0aec0",
}


def marked(section: dict[str, Any], mentions: list[dict[str, Any]]) -> Markup:
    """A section's text in HTML, escaped; its mentions are `mark` elements.

    Args:
        section: a row of the sections table.
        mentions: the rows of the mentions table that belong to it.

    A `mark` has the classes `negated`, `hypothetical`, `family` and `past` where they hold, and
    the code as its title. The text of each line is a `span` whose `data-line` is `page-line`.
    """
    text = section["text"]
    cuts = {0, len(text)}
    cuts |= {edge for span in section["spans"] for edge in (span["begin"], span["end"])}
    cuts |= {edge for mention in mentions for edge in (mention["begin"], mention["end"])}
    edges = sorted(cut for cut in cuts if 0 <= cut <= len(text))
    pieces = []
    for begin, end in pairwise(edges):
        piece = html.escape(text[begin:end])
        mention = next((m for m in mentions if m["begin"] <= begin and end <= m["end"]), None)
        if mention:
            context = [
                name for name in ("negated", "hypothetical", "family", "past") if mention[name]
            ]
            title = html.escape(" ".join([mention["vocabulary"], mention["code"], *context]))
            piece = f'<mark class="{" ".join(context)}" title="{title}">{piece}</mark>'
        span = next((s for s in section["spans"] if s["begin"] <= begin and end <= s["end"]), None)
        pieces.append(
            f'<span data-line="{span["page"]}-{span["line"]}">{piece}</span>' if span else piece
        )
    return Markup("".join(pieces))
