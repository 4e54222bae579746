"""The classifier on letters that were written by hand, not by the generator: `python benchmarks/letters.py [WEIGHTS] [--show]`.

42 letters and reports in six languages (benchmarks/letters, printed by WeasyPrint, `pip install -e '.[synthesis]'`). The model
never learns from them. Prints scores by label, then by how often the letters were looked at while the generator was made: the first
ten often, the next once, 28 to 35 after the weights before were chosen, the last seven after the present ones were. `--show` lists the lines that it gets wrong.
"""

import logging
import sys
import tempfile
from pathlib import Path

import polars as pl
import weasyprint

from chartline.models.line_classifier.evaluation import scores
from chartline.models.line_classifier.prediction import classify
from chartline.text import labelling
from synthesis.training import labelled_lines

GROUPS = ((1, 10), (11, 27), (28, 35), (36, 42))
LETTERS = Path(__file__).with_name("letters")


def lines() -> pl.DataFrame:
    """Lines of all letters with their true label."""
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    frames = []
    with tempfile.TemporaryDirectory() as folder:
        for page in sorted(LETTERS.glob("*.html")):
            path = Path(folder) / f"{page.stem}.pdf"
            weasyprint.HTML(filename=str(page)).write_pdf(str(path))
            frames.append(labelled_lines(path))
    return pl.concat(frames)


def main(weights: Path | None, show: bool) -> None:
    """Prints the table."""
    truth = lines()
    found = classify(labelling.load(weights), truth)
    with pl.Config(tbl_rows=20):
        sys.stdout.write(
            f"{truth['document_id'].n_unique()} letters\n{scores(truth['label'], found['label'])}\n"
        )
    number = truth["document_id"].str.head(2).cast(pl.Int32)
    for first, last in GROUPS:
        here = number.is_between(first, last)
        f1 = dict(
            scores(truth["label"].filter(here), found["label"].filter(here))
            .select("label", "f1")
            .iter_rows()
        )
        told = " ".join(
            f"{name} {f1[name]:.3f}" for name in ("body", "clinical", "header", "macro")
        )
        sys.stdout.write(f"letters {first} to {last}, {here.sum()} lines: {told}\n")
    wrong = found.with_columns(truth=truth["label"]).filter(pl.col("truth") != pl.col("label"))
    for row in wrong.iter_rows(named=True) if show else []:
        sys.stdout.write(
            f"{row['document_id'][:14]:<15} {row['truth']:>11} > {row['label']:<11} {row['confidence']:.2f}  {row['text'][:80]}\n"
        )


if __name__ == "__main__":
    given = [Path(argument) for argument in sys.argv[1:] if not argument.startswith("-")]
    main(given[0] if given else None, "--show" in sys.argv)
