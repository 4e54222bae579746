"""Speed of the line classifier alone, on one core: `python -m benchmarks.classifier_speed`.

Pages have 70 lines; encoding them for the network is included.
"""

import sys
import time

import polars as pl
import torch

from benchmarks import arguments
from chartline.models.line_classifier import WEIGHTS
from chartline.models.line_classifier.prediction import classify, load

LINES, PAGES = 70, 600


def main() -> None:
    """Prints pages a second for documents of one and of eight pages."""
    torch.set_num_threads(1)
    model = load()
    lines = pl.read_parquet(WEIGHTS / "replay.parquet")
    lines = pl.concat([lines] * (1 + LINES * PAGES // len(lines)))[: LINES * PAGES]
    number = pl.int_range(pl.len())
    for pages in (1, 8):
        made = lines.with_columns(
            document_id=(number // (LINES * pages)).cast(pl.String),
            page=(number // LINES % pages + 1).cast(pl.Int32),
        )
        documents = made.partition_by("document_id", maintain_order=True)
        for document in documents[:20]:
            classify(model, document)
        best = 0.0
        for _ in range(3):
            begin = time.perf_counter()
            for document in documents:
                classify(model, document)
            best = max(best, PAGES / (time.perf_counter() - begin))
        sys.stdout.write(f"documents of {pages} pages: {best:.0f} pages/s\n")


if __name__ == "__main__":
    arguments(__doc__)
    main()
