"""What the tables say was done: counts, quarantine by reason, label shares, AUC. Shared by `show` and the report."""

import polars as pl

from pipeline.store import Store

COUNTED = ("documents", "lines", "sections", "mentions", "events", "concept_vectors", "features", "predictions")

_KEYS = {name: ["document_id"] for name in ("documents", "lines", "sections", "mentions")} | {
    "events": ["subject_id"],
    "concept_vectors": ["code"],
    "predictions": ["subject_id"],
}


def counts(store: Store) -> pl.DataFrame:
    """Rows of each table that is there: table, rows."""
    found = [(name, len(store.read(name, _KEYS.get(name)))) for name in COUNTED if store.has(name)]
    return pl.DataFrame(found, schema={"table": pl.String, "rows": pl.Int64}, orient="row")


def statuses(documents: pl.DataFrame) -> pl.DataFrame:
    """status, reason, documents, pages; processed first."""
    grouped = documents.group_by("status", "reason").agg(documents=pl.len(), pages=pl.col("pages").sum())
    order = pl.col("status").replace_strict({"processed": 0, "partial": 1, "quarantined": 2}, return_dtype=pl.Int8)
    return grouped.sort(order, pl.col("documents"), "reason", descending=[False, True, False])


def troubled(documents: pl.DataFrame) -> pl.DataFrame:
    """Documents that are not processed in full: path, status, reason, pages."""
    return documents.filter(pl.col("status") != "processed").select("path", "status", "reason", "pages").sort("path")


def label_shares(lines: pl.DataFrame) -> pl.DataFrame:
    """label, lines, share, commonest first."""
    grouped = lines.drop_nulls("label").group_by("label").agg(lines=pl.len())
    return grouped.with_columns(share=pl.col("lines") / pl.col("lines").sum()).sort(
        "lines", "label", descending=[True, False]
    )


def scores(store: Store) -> pl.DataFrame | None:
    """Onset scores by input and classifier, where they were computed."""
    return (
        store.read("onset_scores").sort("source", "model", descending=[True, False])
        if store.has("onset_scores")
        else None
    )
