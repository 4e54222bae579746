"""Which documents to annotate next: those that together hold most doubtful lines of most kinds."""

import numpy as np
import polars as pl

COLUMNS = [
    "document_id",
    "page",
    "label",
    "confidence",
    "x0",
    "top",
    "page_width",
    "page_height",
]  # of the lines table
ACROSS, DOWN = 4, 10  # parts of a page: lines with one label in one part are of one kind
LOOKED_AT = (
    2000  # documents, the most doubtful: choosing among them costs their number times that of kinds
)


def next_documents(documents: pl.DataFrame, lines: pl.DataFrame, count: int) -> pl.DataFrame:
    """`path`, `pages`, `doubt` (lines expected to be wrong, from the calibrated confidence) of `count` documents, the one that teaches
    most first. What a kind of line teaches grows with the logarithm of its doubtful lines chosen so far, so that
    documents which doubt the same are not chosen twice (greedy submodular choice, Nemhauser et al. 1978).

    `lines` has COLUMNS.
    """
    doubt = pl.col("confidence").sub(1).neg().cast(pl.Float64)
    most = (
        lines.group_by("document_id")
        .agg(pages=pl.col("page").n_unique(), doubt=doubt.sum())
        .join(documents.select("document_id", "path"), on="document_id")
        .sort("doubt", "path", descending=[True, False])
        .head(max(LOOKED_AT, count))
    )
    across = (pl.col("x0") / pl.col("page_width") * ACROSS).floor().clip(0, ACROSS - 1)
    down = (pl.col("top") / pl.col("page_height") * DOWN).floor().clip(0, DOWN - 1)
    by_kind = (
        lines.join(most.select("document_id"), on="document_id", how="semi")
        .group_by("document_id", kind=pl.format("{} {} {}", "label", across, down))
        .agg(doubt=doubt.sum())
    )
    table = by_kind.pivot("kind", index="document_id", values="doubt").fill_null(0)
    table = most.select("document_id").join(table, on="document_id", maintain_order="left")
    chosen = _greedy(table.drop("document_id").to_numpy(), count)
    return most[chosen].select("path", "pages", pl.col("doubt").round(2))


def _greedy(doubt: np.ndarray, count: int) -> list[int]:
    """Rows (documents x kinds) in the order in which they add most to the sum over kinds of log(1 + doubt chosen)."""
    covered, chosen = np.zeros(doubt.shape[1]), list[int]()
    left = np.ones(len(doubt), np.bool_)
    for _ in range(min(count, len(doubt))):
        gain = np.where(left, np.log1p(doubt / (1 + covered)).sum(1), -1.0)
        chosen.append(int(gain.argmax()))
        left[chosen[-1]] = False
        covered += doubt[chosen[-1]]
    return chosen
