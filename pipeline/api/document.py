"""A document that `chartline.read` has read."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

PAGES_SHOWN = 10  # a notebook with hundreds of pages in one output becomes slow


@dataclass(frozen=True, eq=False, repr=False)
class Document:
    """A PDF as tables. It shows itself in a notebook: its lines coloured by label, its facts.

    Attributes:
        path: the file.
        document_id: its identity in all tables, as `chartline.run` over its folder gives it.
        status: `processed`, `partial` (some pages or their ends are missing) or `quarantined`
            (nothing could be read).
        reason: why it is not `processed`, None otherwise; one of `chartline.core.reasons.Reason`.
        pages: the number of pages; 0 where the file could not be opened.
        failed_pages: number -> reason of the pages that were not read, or not to their end.
        language: an ISO 639-1 code, or `und`: not known, and therefore no mentions.
        written_at: the time in UTC that the caller gave.
        engine: what read most pages, `pdfium` or `pdfplumber`.
        doubt: the share of lines whose label may be wrong, 0 to 1; None without lines.
        content_hash: SHA-256 of the file's bytes.
        lines: a row a line of the page, with its box (PDF points from the page's top left
            corner), font and label.
        sections: a row a titled stretch of clinical text.
        mentions: a row a clinical fact; `begin` and `end` count characters of its section's text.

    The three frames have the columns and types of the tables of the same names.
    """

    path: Path
    document_id: str
    status: str
    reason: str | None
    pages: int
    failed_pages: dict[int, str]
    language: str
    written_at: datetime | None
    engine: str | None
    doubt: float | None
    content_hash: str
    lines: pl.DataFrame
    sections: pl.DataFrame
    mentions: pl.DataFrame

    def __repr__(self) -> str:
        state = f"{self.status}: {self.reason}" if self.reason else self.status
        counts = f"{self.pages} pages, {len(self.lines)} lines, {len(self.sections)} sections"
        facts = f"{len(self.mentions)} mentions, language {self.language}"
        return f"<Document {self.path.name!r} ({state}): {counts}, {facts}>"

    def html(self, pages: int = PAGES_SHOWN) -> str:
        """The first `pages` pages and all sections as one piece of HTML that needs nothing else.

        Every line stands at its place on the page, coloured by its label; beside the pages, the
        sections with their facts underlined. It holds the patient's text: keep it as safe as the
        file.
        """
        from chartline.api.display import html

        return html(self, pages)

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return self.html()
