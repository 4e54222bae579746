"""The line classifier on letters by hand: `python -m benchmarks.letters [WEIGHTS] [--show]`.

42 letters and reports in six languages, which are not from the generator and never trained on
(benchmarks/letters, printed by WeasyPrint: `pip install -e '.[synthesis]'`). Prints the scores by
label, then by group. The groups say how often the letters were looked at while the generator was
made: 1 to 10 often, 11 to 27 once, 28 to 35 after the weights before the present ones were chosen,
36 to 42 after the present ones were. `--show` lists the lines with a wrong label.
"""

import logging
import sys
import tempfile
from pathlib import Path

import polars as pl

from benchmarks import arguments
from chartline.models.line_classifier.evaluation import scores
from chartline.models.line_classifier.prediction import classify
from chartline.text import labelling
from synthesis.lines import labelled_lines

GROUPS = ((1, 10), (11, 27), (28, 35), (36, 42))
LETTERS = Path(__file__).with_name("letters")


def lines() -> pl.DataFrame:
    """The lines of all letters with their true labels."""
    import weasyprint

    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    frames = []
    with tempfile.TemporaryDirectory() as folder:
        for page in sorted(LETTERS.glob("*.html")):
            path = Path(folder) / f"{page.stem}.pdf"
            weasyprint.HTML(filename=str(page)).write_pdf(str(path))
            frames.append(labelled_lines(path))
    return pl.concat(frames)


def main(weights: Path | None, show: bool) -> None:
    """Prints the scores, and the wrong lines with `show`."""
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
        shown = " ".join(
            f"{name} {f1[name]:.3f}" for name in ("body", "clinical", "header", "macro")
        )
        sys.stdout.write(f"letters {first} to {last}, {here.sum()} lines: {shown}\n")
    wrong = found.with_columns(truth=truth["label"]).filter(pl.col("truth") != pl.col("label"))
    for row in wrong.iter_rows(named=True) if show else []:
        labels = f"{row['truth']:>11} > {row['label']:<11} {row['confidence']:.2f}"
        sys.stdout.write(f"{row['document_id'][:14]:<15} {labels}  {row['text'][:80]}\n")


if __name__ == "__main__":
    given = arguments(__doc__)
    folders = [Path(argument) for argument in given if not argument.startswith("-")]
    main(folders[0] if folders else None, "--show" in given)
