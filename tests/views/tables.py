"""Small tables of documents for the views, with hostile text where a patient's text stands."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from chartline.core.tables import TABLES, types_of
from chartline.store import Store

HOSTILE = '<script>alert(1)</script> & "x"'
TIME = datetime(2024, 1, 1, tzinfo=UTC)


def table(name: str, *rows: dict[str, Any]) -> pl.DataFrame:
    """Rows of a declared table; columns that are left out hold nulls."""
    return pl.DataFrame(list(rows), schema=types_of(TABLES[name]))


def document(name: str, **more: Any) -> dict[str, Any]:
    return {
        "document_id": name,
        "path": f"{name}.pdf",
        "pages": 1,
        "language": "fr",
        "status": "processed",
        "engine": "pdfium",
        "version": "1",
        "content_hash": "",
        "size": 1,
        "modified_at": TIME,
    } | more


def line(name: str, text: str, page: int = 1, number: int = 0, **more: Any) -> dict[str, Any]:
    return {
        **{"document_id": name, "page": page, "line": number, "text": text},
        **{"x0": 10.0, "top": 20.0, "x1": 110.0, "bottom": 30.0},
        **{"page_width": 300.0, "page_height": 400.0},
        **{"font": "F", "size": 10.0, "bold": False, "italic": False, "source": "native"},
        **{"label": "body", "confidence": 0.875},
    } | more


def section(name: str, text: str, number: int = 0, **more: Any) -> dict[str, Any]:
    return {
        **{"document_id": name, "section": number, "kind": "history", "title": "Antécédents"},
        **{"text": text, "first_page": 1, "last_page": 1},
        **{"spans": [{"begin": 0, "end": len(text), "page": 1, "line": 0}]},
    } | more


def mention(name: str, begin: int, end: int, number: int = 0, **more: Any) -> dict[str, Any]:
    return {
        **{"document_id": name, "section": number, "begin": begin, "end": end},
        **{"vocabulary": "ICD10", "code": "I10", "text": "HTA", "kind": "condition"},
        **{"negated": False, "hypothetical": False, "family": False, "past": False},
        **{"confidence": 1.0},
    } | more


def stored(folder: Path, **tables: list[dict[str, Any]]) -> Store:
    """A store with these tables."""
    store = Store(folder)
    for name, rows in tables.items():
        store.overwrite(name, table(name, *rows))
    return store
