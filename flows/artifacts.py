"""What a flow run's page in Prefect shows: progress, tables of statuses, a link to the report.

Artifacts are kept in Prefect's database, so they hold counts and reasons, no text or path of a
document.
"""

import time
from typing import Any

import polars as pl
from prefect.artifacts import (
    create_link_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)

from chartline.store import Store
from chartline.views import summary


class DocumentProgress:
    """A progress bar of documents read, of `total`."""

    def __init__(self, total: int) -> None:
        self.total, self.done, self.begin = total, 0, time.monotonic()
        self.artifact: Any = create_progress_artifact(0.0, description=f"0 of {total} documents")

    def add(self, count: int) -> None:
        """Moves the bar by `count` documents."""
        self.done += count
        rate = self.done / max(time.monotonic() - self.begin, 1e-9)
        text = f"{self.done} of {self.total} documents, {rate:.1f} a second"
        update_progress_artifact(
            self.artifact, 100.0 * self.done / max(self.total, 1), description=text
        )


def document_statuses(store: Store, read: list[str]) -> None:
    """Two tables of status, reason, documents and pages: of the documents `read` by this run
    (their `document_id`), and of all documents.
    """
    documents = store.read("documents")
    for key, frame in (
        ("this-run", documents.filter(pl.col("document_id").is_in(read))),
        ("all-documents", documents),
    ):
        create_table_artifact(
            summary.statuses(frame).to_dicts(),
            key=key,
            description="status, reason, documents, pages",
        )


def report_link(store: Store) -> None:
    """A link to the report's HTML file."""
    create_link_artifact(
        (store.root / "report" / "index.html").resolve().as_uri(), link_text="report", key="report"
    )
