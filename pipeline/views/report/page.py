"""The tables to one HTML page, OUT/report/index.html."""

import os
from importlib import resources
from pathlib import Path

import jinja2

from chartline.core.errors import ChartlineError, UsageError
from chartline.core.progress import Progress
from chartline.core.settings import Settings
from chartline.store import Store
from chartline.views import summary
from chartline.views.marking import LABEL_COLOURS
from chartline.views.report.documents import documents_of
from chartline.views.report.learned import cohort_of, concepts_of, dictionary_of, onset_of


def write(store: Store, docs: Path | None, settings: Settings, progress: Progress) -> Path:
    """Writes the report and returns its path.

    Args:
        store: The tables.
        docs: Folder of the PDFs; None for that of the last run.
        settings: `report_pages` and `reading` (for pictures of pages), `onset.cohort`.
        progress: Called with the number of documents whose pages are rendered.

    Raises:
        UsageError: There are no tables yet.
        ChartlineError: The report cannot be written.
    """
    documents = store.read("documents")
    if documents.is_empty() and not store.has("events"):
        raise UsageError(f"{store.root}: no table here yet; run `chartline run` first")
    folder = docs or Path(store.note("source") or ".")
    lines = store.read("lines", ["label"]) if store.has("lines") else None
    values = {
        "counts": summary.counts(store).rows(),
        "statuses": summary.statuses(documents).rows() if len(documents) else [],
        "troubled": summary.troubled(documents).rows(),
        "labels": [] if lines is None else summary.label_shares(lines).rows(),
        "colours": LABEL_COLOURS,
        "documents": documents_of(store, documents, folder, settings, progress),
        **concepts_of(store, settings),
        **onset_of(store, settings),
        **cohort_of(store),
        **dictionary_of(store),
    }
    template = (resources.files(__package__) / "page.html").read_text("utf-8")
    # texts of patients are escaped here, all but those that are `Markup` already
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return _save(
        store.root / "report" / "index.html", environment.from_string(template).render(values)
    )


def _save(file: Path, text: str) -> Path:
    """Replaces `file` as a whole, in a folder that only its owner can open."""
    try:
        file.parent.mkdir(exist_ok=True, mode=0o700)
        fresh = file.with_suffix(".new")
        fresh.write_text(text, "utf-8")
        fresh.replace(file)
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise ChartlineError(f"{file}: cannot be written ({reason})") from None
    return file
