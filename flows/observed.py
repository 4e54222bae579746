"""What a flow run's page shows: progress, a table of the outcome, where the report is. Counts and reasons, nothing of a document."""

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


class Progress:
    """Documents done, as a bar on the flow run's page."""

    def __init__(self, total: int) -> None:
        self.total, self.done, self.begin = total, 0, time.monotonic()
        self.artifact: Any = create_progress_artifact(0.0, description=f"0 of {total} documents")

    def add(self, count: int) -> None:
        self.done += count
        rate = self.done / max(time.monotonic() - self.begin, 1e-9)
        text = f"{self.done} of {self.total} documents, {rate:.1f} a second"
        update_progress_artifact(
            self.artifact, 100.0 * self.done / max(self.total, 1), description=text
        )


def outcome(store: Store, read: list[str]) -> None:
    """Tables of what became of the documents that this run read, and of all."""
    known = store.read("documents")
    for key, frame in (
        ("this-run", known.filter(pl.col("document_id").is_in(read))),
        ("all-documents", known),
    ):
        create_table_artifact(
            summary.statuses(frame).to_dicts(),
            key=key,
            description="status, reason, documents, pages",
        )


def report(store: Store) -> None:
    """A link to the report."""
    create_link_artifact(
        (store.root / "report" / "index.html").resolve().as_uri(), link_text="report", key="report"
    )
