"""A Document as a piece of HTML: its pages drawn from their lines, its sections beside them."""

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import jinja2
import polars as pl

from chartline.views.marking import LABEL_COLOURS, marked

if TYPE_CHECKING:
    from chartline.api.document import Document

_DESCENT = 0.22  # of a line's height: what lies below the baseline, on average over fonts
_A4 = (595.0, 842.0)  # points; the shape of a page without lines
_NO_LABEL = "other"


def html(document: "Document", pages: int) -> str:
    """The first `pages` pages and all sections. All text of the document is escaped."""
    shown = min(pages, document.pages)
    return _template().render(
        document=document,
        shown=shown,
        pages=[_page(document, number) for number in range(1, shown + 1)],
        sections=_sections(document),
        colours=LABEL_COLOURS,
        labels=[name for name in LABEL_COLOURS if name in set(document.lines["label"])],
    )


@cache
def _template() -> jinja2.Template:
    source = (resources.files(__package__) / "document.html").read_text("utf-8")
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(source)


def _page(document: "Document", number: int) -> dict[str, Any]:
    """What the template shows of a page. Text is drawn at the line's place, as wide as there."""
    rows = document.lines.filter(pl.col("page") == number).to_dicts()
    width, height = (rows[0]["page_width"], rows[0]["page_height"]) if rows else _A4
    for row in rows:
        tall = row["bottom"] - row["top"]
        row["label"] = row["label"] or _NO_LABEL
        row["width"] = max(row["x1"] - row["x0"], 0.0)
        row["tall"] = max(tall, 0.0)
        row["baseline"] = row["bottom"] - _DESCENT * tall
    fault = document.failed_pages.get(number)
    return {"number": number, "width": width, "height": height, "lines": rows, "fault": fault}


def _sections(document: "Document") -> list[dict[str, Any]]:
    mentions = document.mentions.partition_by("section", as_dict=True)
    none = document.mentions.clear()
    return [
        {**row, "marked": marked(row, mentions.get((row["section"],), none).to_dicts())}
        for row in document.sections.sort("section").to_dicts()
    ]
