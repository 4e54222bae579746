"""Labelled lines made by hand, and the sections made from them."""

from typing import Any

import polars as pl

from chartline.core.tables import Lines, types_of
from chartline.text.sections import sections

RIGHT = 400.0  # where full lines end


def line(text: str, label: str = "body", **place: Any) -> dict[str, Any]:
    """A line of 10 points; `place` overrides where and how it stands."""
    return {"text": text, "label": label, "page": 1, "x0": 50.0, "x1": RIGHT, "size": 10.0} | place


def page(*lines: dict[str, Any], step: float = 12.0) -> pl.DataFrame:
    """The lines table of these lines, `step` points below each other unless they say `top`."""
    rows = []
    for number, one in enumerate(lines):
        top = one.get("top", 100.0 + step * number)
        placed = {"document_id": "d", "line": number, "top": top, "bottom": top + 10.0}
        look = {"font": "F", "bold": False, "italic": False, "source": "native"}
        rows.append({"page_width": 595.0, "page_height": 842.0, **look, **placed, **one})
    return Lines.validate(pl.DataFrame(rows, schema=types_of(Lines)), cast=True)


def texts(*lines: dict[str, Any], step: float = 12.0) -> list[str]:
    return sections(page(*lines, step=step))["text"].to_list()


def titles(*lines: dict[str, Any], step: float = 12.0) -> list[tuple[str, str | None, str]]:
    return sections(page(*lines, step=step)).select("kind", "title", "text").rows()
