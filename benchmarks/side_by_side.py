"""Chartline's classifier, EDS-PDF's and rules, learned from the same pages in the same time, judged on the same pages:
`python benchmarks/side_by_side.py EDS_PYTHON [1500] [600]` (training documents, seconds of one core each).

EDS_PYTHON is the Python of an environment that holds EDS-PDF 0.10. Test pages are the generator's test split. Each tool
is judged on the lines that it extracts itself. Needs the extra `synthesis`, Pango, Chromium, Cairo.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl
import torch

from benchmarks.ablations import rules, tell
from chartline.models.line_classifier.prediction import classify
from chartline.models.line_classifier.recipe import Recipe
from chartline.models.line_classifier.training import train
from synthesis.pages import corpus
from synthesis.training import labelled_lines


def written(folder: Path, split: corpus.Split, count: int) -> pl.DataFrame:
    """PDFs with the labelled boxes beside them; their lines, as Chartline reads them."""
    folder.mkdir()
    frames = []
    for sample in corpus.plan(folder, count, split, 11):
        path = sample.write()
        lines = labelled_lines(path)
        frames.append(lines.with_columns(producer=pl.lit(sample.producer)))
        boxes = lines.select(
            "label",
            page=pl.col("page") - 1,
            x0=pl.col("x0") / pl.col("page_width"),
            x1=pl.col("x1") / pl.col("page_width"),
            y0=pl.col("top") / pl.col("page_height"),
            y1=pl.col("bottom") / pl.col("page_height"),
        )
        path.with_suffix(".json").write_text(
            json.dumps({"note_id": path.stem, "annotations": boxes.to_dicts()})
        )
    return pl.concat(frames)


def ours(lines: pl.DataFrame, test: pl.DataFrame, seconds: float) -> pl.Series:
    """As many epochs as fit: the learning rate's schedule wants to know beforehand."""
    begin = time.monotonic()
    train(
        lines.head(len(lines) // 4), Recipe(epochs=1)
    )  # small ones say little: every step costs the same to set up
    trial = time.monotonic() - begin
    return classify(
        train(lines, Recipe(epochs=max(1, int((seconds - trial) / (4 * trial))))), test
    )["label"]


def main(python: str, count: int, seconds: float) -> None:
    """Prints the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines, test = (
            written(folder / "train", "train", count),
            written(folder / "test", "test", 150),
        )
        tell("rules", test["label"], rules(test))
        begin = time.perf_counter()
        found = ours(lines, test, seconds)
        tell("Chartline", test["label"], found, time.perf_counter() - begin)
        script = Path(__file__).with_name("edspdf_training.py")
        done = subprocess.run(
            [python, str(script), name, str(seconds)], check=True, capture_output=True
        )
        told = json.loads(done.stdout.splitlines()[-1])
        tell(
            "EDS-PDF 0.10",
            pl.Series(told["truth"]),
            pl.Series(told["found"], dtype=pl.String),
            seconds,
        )
        sys.stdout.write(f"EDS-PDF took {told['steps']} steps\n")


if __name__ == "__main__":
    torch.set_num_threads(1)
    given = [int(argument) for argument in sys.argv[2:4]]
    main(sys.argv[1], *given, *(1500, 600)[len(given) :])
