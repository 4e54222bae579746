"""What a search finds, as a frame."""

from typing import Any

import polars as pl

from chartline.core.errors import UsageError
from chartline.core.tables import UTC
from chartline.search import Filters, as_row
from chartline.search import search as look_up
from chartline.store import Store

_SPAN = pl.Struct({"begin": pl.Int32, "end": pl.Int32})
_COLUMNS: dict[str, Any] = {
    "document_id": pl.String,
    "path": pl.String,
    "patient_id": pl.String,
    "document_kind": pl.String,
    "written_at": UTC,
    "section": pl.Int32,
    "kind": pl.String,
    "title": pl.String,
    "text": pl.String,
    "language": pl.String,
    "page": pl.Int32,
    "score": pl.Float64,
    "highlights": pl.List(_SPAN),
    "title_highlights": pl.List(_SPAN),
    "snippet": _SPAN,
}


def search(store: Store, query: str, limit: int, **filters: Any) -> pl.DataFrame:
    """The hits of a query, the best first; `filters` as in `chartline.search.Filters`."""
    if not isinstance(query, str):
        raise UsageError("query: text is needed")
    found = look_up(store, query, Filters(**filters), limit)
    return pl.DataFrame([as_row(hit) for hit in found.hits], schema=_COLUMNS)
