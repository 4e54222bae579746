"""Which documents to annotate next: those whose doubtful lines together teach most."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

COLUMNS = [  # of the lines table, that `next_documents` needs
    "document_id",
    "page",
    "label",
    "confidence",
    "x0",
    "top",
    "page_width",
    "page_height",
]
ACROSS, DOWN = 4, 10  # parts of a page: lines with one label in one part are of one kind
CANDIDATES = 2000  # only the most doubtful documents: the time is their number times that of kinds


def next_documents(documents: pl.DataFrame, lines: pl.DataFrame, count: int) -> pl.DataFrame:
    """The documents to annotate next, the one that teaches most first.

    The doubt of a line is the probability that its label is wrong, from the calibrated confidence.
    What a kind of lines teaches grows with the logarithm of the doubt about it in the documents
    chosen so far, so that documents with the same doubts are not both chosen (greedy submodular
    maximisation, Nemhauser et al., 1978).

    Args:
        documents: document_id, path.
        lines: COLUMNS of the lines table.
        count: how many documents to choose.

    Returns:
        path, pages, doubt (expected number of wrong labels).
    """
    doubt = pl.col("confidence").sub(1).neg().cast(pl.Float64)
    candidates = (
        lines.group_by("document_id")
        .agg(pages=pl.col("page").n_unique(), doubt=doubt.sum())
        .join(documents.select("document_id", "path"), on="document_id")
        .sort("doubt", "path", descending=[True, False])
        .head(max(CANDIDATES, count))
    )
    across = (pl.col("x0") / pl.col("page_width") * ACROSS).floor().clip(0, ACROSS - 1)
    down = (pl.col("top") / pl.col("page_height") * DOWN).floor().clip(0, DOWN - 1)
    by_kind = (
        lines.join(candidates.select("document_id"), on="document_id", how="semi")
        .group_by("document_id", kind=pl.format("{} {} {}", "label", across, down))
        .agg(doubt=doubt.sum())
    )
    table = by_kind.pivot("kind", index="document_id", values="doubt").fill_null(0)
    ordered = candidates.select("document_id").join(table, on="document_id", maintain_order="left")
    chosen = _greedy(ordered.drop("document_id").to_numpy(), count)
    return candidates[chosen].select("path", "pages", pl.col("doubt").round(2))


def _greedy(doubt: NDArray[np.float64], count: int) -> list[int]:
    """Rows in the order in which each adds most to the sum over columns of log(1 + doubt chosen).

    Args:
        doubt: documents x kinds.
        count: how many rows to choose, at most.
    """
    covered, chosen = np.zeros(doubt.shape[1]), list[int]()
    left = np.ones(len(doubt), np.bool_)
    for _ in range(min(count, len(doubt))):
        gain = np.where(left, np.log1p(doubt / (1 + covered)).sum(1), -1.0)
        chosen.append(int(gain.argmax()))
        left[chosen[-1]] = False
        covered += doubt[chosen[-1]]
    return chosen
