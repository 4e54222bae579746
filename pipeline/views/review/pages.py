"""What is shown of one document: lines on their pages, sections and facts; pictures of pages."""

import json
from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import Any

import polars as pl

from chartline.core import worker_pool
from chartline.core.paths import real_path
from chartline.store import Store
from chartline.views import page_pictures
from chartline.views.marking import marked

_A4 = (595.0, 842.0)  # points: taken as the size of a page without lines
_PICTURES_KEPT = 200
_SECONDS = 30.0  # for the picture of a page


def document(store: Store, document_id: str) -> dict[str, Any] | None:
    """The template's values for a document; None where there is none of this id."""
    one = pl.col("document_id") == document_id
    rows = store.lazy("documents").filter(one).collect().to_dicts()
    if not rows:
        return None
    tables = {
        name: store.lazy(name).filter(one).collect() for name in ("lines", "sections", "mentions")
    }
    failed = {page["page"]: page["reason"] for page in rows[0]["failed_pages"] or []}
    return {
        **rows[0],
        "page_list": [
            _page(number, tables["lines"], failed.get(number))
            for number in range(1, (rows[0]["pages"] or 0) + 1)
        ],
        "sections": _sections(tables["sections"], tables["mentions"]),
    }


def _page(number: int, lines: pl.DataFrame, reason: str | None) -> dict[str, Any]:
    """A page: its size, its lines, why it was not read."""
    here = lines.filter(pl.col("page") == number).sort("line")
    width, height = here.select("page_width", "page_height").row(0) if len(here) else _A4
    return {
        "number": number,
        "width": width,
        "height": height,
        "reason": reason,
        "lines": here.to_dicts(),
    }


def _sections(sections: pl.DataFrame, mentions: pl.DataFrame) -> list[dict[str, Any]]:
    """Each section's row, its text with its facts as HTML, and the facts."""
    by_section = mentions.sort("begin").partition_by("section", as_dict=True)
    found = []
    for section in sections.sort("section").to_dicts():
        facts = by_section.get((section["section"],), mentions.clear()).to_dicts()
        found.append({**section, "marked": marked(section, facts), "facts": facts})
    return found


class Pictures:
    """Pictures of pages, drawn when they are looked at, by a guarded child process.

    Args:
        folder: the folder of the documents.
        memory_mb: memory that the child may use.
    """

    def __init__(self, folder: Path, memory_mb: int) -> None:
        self._folder = folder
        self._pool = worker_pool.Pool(page_pictures.start, 1, memory_mb)
        self._kept: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._lock = Lock()

    def picture(self, path: str, page: int) -> bytes:
        """A page as WebP; empty where it cannot be drawn, or the file is gone."""
        with self._lock:
            if (path, page) not in self._kept:
                self._kept[path, page] = self._draw(path, page)
                if len(self._kept) > _PICTURES_KEPT:
                    self._kept.popitem(last=False)
            return self._kept[path, page]

    def _draw(self, path: str, page: int) -> bytes:
        request = {"path": str(self._folder / real_path(path)), "pages": 1, "first": page - 1}
        results = list(self._pool.run([json.dumps(request).encode()], _SECONDS))
        images = page_pictures.split(results[0].result or b"")
        return images[0] if images else b""

    def close(self) -> None:
        """Ends the child process."""
        self._pool.close()
