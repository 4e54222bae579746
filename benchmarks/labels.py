"""The shipped line classifier on the generator's test split: `python benchmarks/labels.py [240]` (documents; needs Chromium).

Producer, looks and phrases of these pages were never trained on. Prints the scores by label and the calibration error,
and with `--card` writes them into the weights' figures.json.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

import polars as pl

from models.line_classifier.prediction import WEIGHTS
from models.line_classifier.synthesis import corpus
from models.line_classifier.training import Recipe
from pipeline import labels
from pipeline.training import corpus_lines, evaluate


def main(documents: int, card: bool) -> None:
    """Writes the pages, reads them, labels their lines."""
    with tempfile.TemporaryDirectory() as name:
        samples = corpus.plan(Path(name), documents, "test", Recipe().seed)
        lines = corpus_lines(samples, os.cpu_count() or 1, lambda done, total: None)
    table, error = evaluate(labels.load(), lines)
    pages = lines.select(pl.struct("document_id", "page").n_unique()).item()
    with pl.Config(tbl_rows=20):
        sys.stdout.write(f"{pages} pages, {len(lines)} lines, calibration error {error:.4f}\n{table}\n")
    if card:
        file = WEIGHTS / "figures.json"
        figures = json.loads(file.read_text("utf-8"))
        figures["test"] |= {"pages": pages, "lines": len(lines)}
        figures["expected_calibration_error"] = round(error, 4)
        figures["scores"] = [
            {key: round(value, 4) if isinstance(value, float) else value for key, value in row.items()}
            for row in table.to_dicts()
        ]
        file.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    counts = [argument for argument in sys.argv[1:] if argument.isdigit()]
    main(int(counts[0]) if counts else 240, "--card" in sys.argv)
