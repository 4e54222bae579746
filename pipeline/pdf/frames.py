"""Lines as rows of the lines table."""

from collections.abc import Iterable

import polars as pl

from chartline.core.tables import Lines, types_of
from chartline.pdf.glyphs import Page
from chartline.pdf.layout.lines import Line

_COLUMNS = types_of(Lines)
_NOT_MEASURED = (None,) * 6  # colour, underlined, box, ruled_above, ruled_below, hidden


def lines_frame(document_id: str, pages: Iterable[tuple[Page, list[Line]]]) -> pl.DataFrame:
    """The lines table of one document, labels still empty.

    Args:
        document_id: its key.
        pages: every page, of which number and size are used, and its lines in reading order.
    """
    rows = [
        (
            document_id,
            page.number,
            number,
            line.text,
            line.x0,
            line.top,
            line.x1,
            line.bottom,
            page.width,
            page.height,
            line.font,
            line.size,
            line.bold,
            line.italic,
            line.source,
            *_NOT_MEASURED,
            None,
            None,
        )
        for page, lines in pages
        for number, line in enumerate(lines)
    ]
    return pl.DataFrame(rows, schema=_COLUMNS, orient="row", strict=False)
