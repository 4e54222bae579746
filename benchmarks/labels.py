"""The shipped line classifier on the generator's test split: `python -m benchmarks.labels [400]`.

The number is that of documents. Needs the extra `synthesis`, Pango, Cairo and Chromium. Producers,
styles, phrases and one language of these pages are not in training. Prints the scores by label and
the calibration error; with `--card` also writes them into the weights' figures.json. `[80] --axes`
prints the scores where one thing at a time is new (that many documents each); these documents have
no invented words and no phrases out of place, which training pages have.
"""

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks import arguments
from chartline.models.line_classifier import WEIGHTS
from chartline.models.line_classifier.recipe import Recipe
from chartline.teach.weights import evaluate
from chartline.text import labelling
from synthesis.lines import corpus_lines
from synthesis.pages import corpus
from synthesis.pages.text import LANGUAGES, UNSEEN

AXES: dict[str, dict[str, Any]] = {
    "nothing but the document": {"split": "train"},
    "phrases": {
        "split": "test",
        "producers": corpus.TRAINING_PRODUCERS,
        "languages": LANGUAGES,
        "looks": "train",
    },
    "looks": {"split": "train", "looks": "test"},
    "producers": {"split": "train", "producers": corpus.TEST_PRODUCERS},
    "language": {"split": "train", "languages": UNSEEN},
    "all of them": {"split": "test", "languages": UNSEEN},
}


def lines_of(count: int, seed: int, **kind: Any) -> pl.DataFrame:
    """The lines of `count` new documents."""
    with tempfile.TemporaryDirectory() as name:
        samples = corpus.plan(Path(name), count, kind.pop("split"), seed, **kind)
        return corpus_lines(samples, os.cpu_count() or 1)


def axes(documents: int) -> None:
    """Prints the scores for each thing that is new."""
    for what, kind in AXES.items():
        table, error = evaluate(
            labelling.load(), lines_of(documents, Recipe().seed + 1, disguised=False, **kind)
        )
        f1 = dict(table.select("label", "f1").iter_rows())
        shown = "  ".join(
            f"{name} {f1[name]:.4f}"
            for name in ("body", "clinical", "note", "header", "footer", "page_number", "macro")
        )
        sys.stdout.write(f"new: {what:<26} {shown}  calibration error {error:.4f}\n")


def main(documents: int, card: bool) -> None:
    """Generates the pages, reads them, labels their lines and prints the scores."""
    lines = lines_of(documents, Recipe().seed, split="test")
    table, error = evaluate(labelling.load(), lines)
    pages = lines.select(pl.struct("document_id", "page").n_unique()).item()
    with pl.Config(tbl_rows=20):
        sys.stdout.write(
            f"{pages} pages, {len(lines)} lines, calibration error {error:.4f}\n{table}\n"
        )
    if card:
        file = WEIGHTS / "figures.json"
        figures = json.loads(file.read_text("utf-8"))
        figures["test"] |= {"pages": pages, "lines": len(lines)}
        figures["expected_calibration_error"] = round(error, 4)
        figures["scores"] = [
            {
                key: round(value, 4) if isinstance(value, float) else value
                for key, value in row.items()
            }
            for row in table.to_dicts()
        ]
        file.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    given = arguments(__doc__)
    counts = [int(argument) for argument in given if argument.isdigit()]
    if "--axes" in given:
        axes(counts[0] if counts else 80)
    else:
        main(counts[0] if counts else 400, "--card" in given)
