"""The shipped line classifier on the generator's test split: `python benchmarks/labelling.py [400]` (documents; needs the
extra `synthesis`, Pango, Cairo and Chromium).

Producers, looks, phrases and one language of these pages were never trained on. Prints the scores by label and the
calibration error, and with `--card` writes them into the weights' figures.json. With `[80] --axes`: the scores where one
thing after the other is new (so many documents each), their words as a hospital would write them: without what
training pages are disguised with (invented words, phrases out of place).
"""

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import polars as pl

from chartline.models.line_classifier import WEIGHTS
from chartline.models.line_classifier.recipe import Recipe
from chartline.text import labelling
from synthesis.pages import corpus
from synthesis.pages.text import LANGUAGES, UNSEEN
from synthesis.training import corpus_lines, evaluate

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
        return corpus_lines(samples, os.cpu_count() or 1, lambda done, total: None)


def axes(documents: int) -> None:
    """Prints a row for each thing that is new."""
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
    """Writes the pages, reads them, labels their lines."""
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
    counts = [argument for argument in sys.argv[1:] if argument.isdigit()]
    if "--axes" in sys.argv:
        axes(int(counts[0]) if counts else 80)
    else:
        main(int(counts[0]) if counts else 400, "--card" in sys.argv)
