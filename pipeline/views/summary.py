"""Summaries of the tables: counts, statuses, label shares, scores; for `show` and the report."""

from typing import Any

import polars as pl

from chartline.core.settings import Settings
from chartline.history.rollup import parents
from chartline.risk import embeddings
from chartline.risk.embeddings import VectorQuality
from chartline.risk.inputs import BOTH, VECTORS
from chartline.risk.leaks_synonyms import FOLLOWS
from chartline.risk.splits import SCORE, TRAIN
from chartline.store import Store

COUNTED = (  # in the order of the pipeline
    "documents",
    "lines",
    "sections",
    "mentions",
    "events",
    "concept_vectors",
    "features",
    "predictions",
)

# one column is read to count rows; all of them where a table is not named here
_KEYS = {name: ["document_id"] for name in ("documents", "lines", "sections", "mentions")} | {
    "events": ["subject_id"],
    "concept_vectors": ["code"],
    "predictions": ["subject_id"],
}


def counts(store: Store) -> pl.DataFrame:
    """Rows of each table that is there: the columns table, rows."""
    found = [(name, len(store.read(name, _KEYS.get(name)))) for name in COUNTED if store.has(name)]
    return pl.DataFrame(found, schema={"table": pl.String, "rows": pl.Int64}, orient="row")


def statuses(documents: pl.DataFrame) -> pl.DataFrame:
    """Documents and pages by status and reason, processed ones first."""
    grouped = documents.group_by("status", "reason").agg(
        documents=pl.len(), pages=pl.col("pages").sum()
    )
    order = pl.col("status").replace_strict(
        {"processed": 0, "partial": 1, "quarantined": 2}, return_dtype=pl.Int8
    )
    return grouped.sort(order, pl.col("documents"), "reason", descending=[False, True, False])


def history(store: Store, count: int = 10) -> pl.DataFrame:
    """The latest `count` runs: when, of what kind, how many documents, why one failed."""
    latest = store.read("runs").sort("started_at").tail(count)
    return latest.select(
        started=pl.col("started_at").dt.strftime("%Y-%m-%d %H:%M:%S"),
        kind="kind",
        status="status",
        read="read",
        partial="partial",
        quarantined="quarantined",
        pages="pages",
        seconds="seconds",
        reason="reason",
    )


def troubled(documents: pl.DataFrame) -> pl.DataFrame:
    """Documents that were not read in full: path, status, reason, pages."""
    return (
        documents.filter(pl.col("status") != "processed")
        .select("path", "status", "reason", "pages")
        .sort("path")
    )


def label_shares(lines: pl.DataFrame) -> pl.DataFrame:
    """Lines and their share by label, the most common first."""
    grouped = lines.drop_nulls("label").group_by("label").agg(lines=pl.len())
    return grouped.with_columns(share=pl.col("lines") / pl.col("lines").sum()).sort(
        "lines", "label", descending=[True, False]
    )


_SCORES_SINCE = {  # columns that tables of earlier versions lack
    "configuration": pl.lit(None, pl.String),
    "training_auc": pl.lit(None, pl.Float64),
    "training_auc_sd": pl.lit(None, pl.Float64),
    "kept": pl.lit(False),
}


def scores(store: Store) -> pl.DataFrame | None:
    """The table onset_scores, the best in training folds first; None where there are no scores."""
    table = store.read("onset_scores")
    if table.is_empty():
        return None
    missing = {name: value for name, value in _SCORES_SINCE.items() if name not in table.columns}
    return table.with_columns(**missing).sort(
        "training_auc", "source", "model", descending=[True, True, False], nulls_last=True
    )


def scores_in_short(table: pl.DataFrame) -> pl.DataFrame:
    """Scores as a terminal shows them.

    Input, model, AUC in the folds of the training people (mean ± standard deviation; * the model
    that is kept), on held-out people with its 95 % interval, AUPRC, Brier.
    """
    interval = pl.format("{} ({}-{})", *map(_in_thousandths, ("auc", "auc_low", "auc_high")))
    folds = pl.format("{} ± {}", *map(_in_thousandths, ("training_auc", "training_auc_sd")))
    mark = pl.when("kept").then(pl.lit(" *")).otherwise(pl.lit(""))
    return table.select(
        input="source",
        model="model",
        training_auc=(folds + mark).fill_null(""),
        auc=interval,
        auprc="auprc",
        brier="brier",
        cases="cases",
    )


def _in_thousandths(column: str) -> pl.Expr:
    return pl.col(column).map_elements(lambda value: f"{value:.3f}", pl.String)


def kept(table: pl.DataFrame) -> str | None:
    """Which model of the table onset_scores predicts, and why; None for earlier versions' tables.

    Says also how good the best on concept vectors is, where another input won, or the best other.
    """
    ranked = table.drop_nulls("training_auc").sort("training_auc", descending=True)
    best, others = ranked.filter("kept"), ranked.filter(~pl.col("kept"))
    if best.is_empty():
        return None
    (row,) = best.to_dicts()
    vectors = row["source"] == VECTORS
    without = ~pl.col("source").is_in([VECTORS, BOTH])
    apart = others.filter(without if vectors else pl.col("source") == VECTORS).head(1).to_dicts()
    text = (
        f"Kept: {row['model']} on {row['source']} ({row['configuration']}), the highest AUC in the "
        f"folds of the training people: {_mean_and_spread(row)}."
    )
    return " ".join(
        [
            text,
            *(
                f"The best {'without' if vectors else 'on'} concept vectors: {one['model']} on "
                f"{one['source']}, {_mean_and_spread(one)}."
                for one in apart
            ),
        ]
    )


def _mean_and_spread(row: dict[str, Any]) -> str:
    return f"{row['training_auc']:.3f} ± {row['training_auc_sd']:.3f}"


def population(store: Store) -> str | None:
    """What population the risks in the table predictions are for; None where none is scored.

    Nor is it said of tables of an earlier version, whose features have no sampling weights.
    """
    risk = "predicted_boolean_probability"
    predictions = store.read("predictions", ["split", risk])
    scored = predictions.filter(pl.col("split") == SCORE)[risk]
    weighted = (
        store.has("features") and "sampling_weight" in store.lazy("features").collect_schema()
    )
    if scored.is_empty() or not weighted:
        return None
    rows = store.read("features", ["split", "boolean_value", "sampling_weight"])
    train = rows.filter(pl.col("split") == TRAIN).drop_nulls("sampling_weight")
    weight = pl.col("sampling_weight")
    share = train.select(weight.filter("boolean_value").sum() / weight.sum()).item()
    return (
        "Predicted risks are those of this source's patients at times that fit the cohort's "
        "windows, not of the matched sample: the outcome comes in "
        f"{share:.1%} of them, and the mean risk of {len(scored)} scored patients is "
        f"{scored.to_numpy().mean():.1%}. Scores on held-out patients are of the matched sample."
    )


def synonyms(store: Store) -> pl.DataFrame:
    """The table outcome_synonyms: what was taken out, then what may be a leak, then the rest.

    Columns: code, why, carriers, share, taken out; the most common code of each kind first.
    """
    table = store.read("outcome_synonyms").sort(
        "taken_out",
        pl.col("why") == FOLLOWS,
        "carriers",
        "code",
        descending=[True, False, True, False],
    )
    return table.rename({"taken_out": "taken out"})


def cohort_counts(store: Store) -> pl.DataFrame:
    """The table cohort_counts in its order: what, prediction times, subjects.

    Nothing is told of reasons for which no time is left out.
    """
    table = store.read("cohort_counts").sort("place")
    told = ~pl.col("what").str.starts_with("left out") | (pl.col("subjects") > 0)
    return table.filter(told).select(
        "what", pl.col("prediction_times").alias("prediction times"), "subjects"
    )


def events(store: Store) -> tuple[int, int]:
    """How many events there are, and of how many subjects."""
    found = (
        store.lazy("events", ["subject_id"])
        .select(pl.len(), pl.col("subject_id").n_unique().alias("subjects"))
        .collect()
    )
    return int(found["len"][0]), int(found["subjects"][0])


def faults(store: Store) -> pl.DataFrame:
    """The table event_faults by kind of fault: lost rows first, then the most frequent.

    `file` is the one with most of them, or how many files have some; `first` is its first row, or
    subject.
    """
    table = store.read("event_faults").sort("count", "file", descending=[True, False])
    one = pl.col("file").first().str.split("/").list.last()
    return (
        table.group_by("fault", "lost")
        .agg(
            count=pl.col("count").sum(),
            file=pl.when(pl.len() == 1).then(one).otherwise(pl.format("{} files", pl.len())),
            first=pl.col("rows").first().list.first(),
        )
        .sort("lost", "count", "fault", descending=[True, True, False])
    )


def vector_quality(quality: VectorQuality) -> pl.DataFrame:
    """Quality figures of concept vectors: what is measured, value, value by chance, codes."""
    rows = [
        (
            "diagnoses: neighbours of the same CCS(R) category",
            quality.groups.purity,
            quality.groups.chance,
            quality.groups.codes,
        ),
        ("diagnoses: the same, nDCG at 10", quality.groups.ndcg, None, quality.groups.codes),
        (
            "drugs: neighbours of the same ATC group",
            quality.drugs.purity,
            quality.drugs.chance,
            quality.drugs.codes,
        ),
        ("drugs: the same, nDCG at 10", quality.drugs.ndcg, None, quality.drugs.codes),
        ("a drug is nearer to what it treats than to a random code", quality.treats, 0.5, None),
    ]
    return pl.DataFrame(
        rows,
        schema={"what": pl.String, "value": pl.Float64, "chance": pl.Float64, "codes": pl.Int64},
        orient="row",
    )


def evaluate_vectors(store: Store, settings: Settings) -> embeddings.VectorQuality:
    """Evaluates the table concept_vectors without a risk model.

    A local code counts as the public one that the source names as its parent.
    """
    public = parents(store.read("codes")) if store.has("codes") else {}
    return embeddings.evaluate(
        store.needed("concept_vectors", "embed"), public, settings.embedding.seed
    )
