"""What the report shows of documents: pictures of pages, boxes of lines, sections with mentions."""

import base64
from pathlib import Path
from typing import Any

import polars as pl

from chartline.core.paths import real_path
from chartline.core.progress import Progress
from chartline.core.settings import Settings
from chartline.store import Store
from chartline.views import page_pictures
from chartline.views.marking import marked

_A4 = (595.0, 842.0)  # points: taken as the size of a page without lines


def documents_of(
    store: Store, documents: pl.DataFrame, folder: Path, settings: Settings, progress: Progress
) -> list[dict[str, Any]]:
    """The template's values for each document that is shown, by path.

    Documents are shown until `settings.report_pages` pages are; of the last one, its first pages.
    """
    shown = _shown(documents, settings.report_pages)
    if shown.is_empty():
        return []
    rows = shown.to_dicts()
    files = {row["document_id"]: (folder / real_path(row["path"]), row["shown"]) for row in rows}
    progress("report pages", 0, len(files))
    pictures = page_pictures.render(
        files,
        settings.reading.workers,
        settings.reading.limits.memory_mb,
        lambda done: progress("report pages", done, len(files)),
    )
    tables = _tables_by_document(store, list(files))
    return [
        {
            **row,
            "page_list": _pages(row["shown"], tables["lines"][name], pictures.get(name, [])),
            "sections": _sections(tables["sections"][name], tables["mentions"][name]),
        }
        for row in rows
        for name in [row["document_id"]]
    ]


def _shown(documents: pl.DataFrame, pages: int) -> pl.DataFrame:
    """The documents that are shown, with how many of their pages in the column `shown`."""
    readable = documents.filter(pl.col("pages") > 0, pl.col("status") != "quarantined").sort("path")
    room = pl.lit(pages) - pl.col("pages").cum_sum() + pl.col("pages")
    return readable.with_columns(shown=pl.min_horizontal("pages", room)).filter(pl.col("shown") > 0)


def _tables_by_document(store: Store, names: list[str]) -> dict[str, dict[str, pl.DataFrame]]:
    """By table, then by `document_id`: its lines, sections and mentions."""
    wanted = pl.Series(names, dtype=pl.String).implode()
    found = {}
    for table in ("lines", "sections", "mentions"):
        frame = store.read(table).filter(pl.col("document_id").is_in(wanted))
        parts = frame.partition_by("document_id", as_dict=True)
        found[table] = {name: parts.get((name,), frame.clear()) for name in names}
    return found


def _pages(count: int, lines: pl.DataFrame, pictures: list[bytes]) -> list[dict[str, Any]]:
    """The first `count` pages: number, size in points, picture in base64, lines."""
    pages = []
    for number in range(1, count + 1):
        here = lines.filter(pl.col("page") == number).sort("line")
        width, height = here.select("page_width", "page_height").row(0) if len(here) else _A4
        picture = base64.b64encode(pictures[number - 1]).decode() if number <= len(pictures) else ""
        pages.append(
            {
                "number": number,
                "width": width,
                "height": height,
                "picture": picture,
                "lines": here.to_dicts(),
            }
        )
    return pages


def _sections(sections: pl.DataFrame, mentions: pl.DataFrame) -> list[dict[str, Any]]:
    """Each section's row, and its text with its mentions as HTML (`marked`)."""
    by_section = mentions.partition_by("section", as_dict=True)
    return [
        {
            **section,
            "marked": marked(
                section, by_section.get((section["section"],), mentions.clear()).to_dicts()
            ),
        }
        for section in sections.sort("section").to_dicts()
    ]
