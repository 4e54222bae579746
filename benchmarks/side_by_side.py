"""Chartline, EDS-PDF and rules: `python -m benchmarks.side_by_side EDS_PYTHON [1500] [600]`.

The numbers are training documents, and seconds of one core for each tool. Both tools learn from the
same pages for the same time and are evaluated on the same pages, the generator's test split, each
on the lines that it extracts itself. EDS_PYTHON is the Python of an environment that holds EDS-PDF
0.10. Needs the extra `synthesis`, Pango, Chromium and Cairo.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl
import torch

from benchmarks import arguments
from benchmarks.ablations import print_scores, rules
from chartline.models.line_classifier.prediction import classify
from chartline.models.line_classifier.recipe import Recipe
from chartline.models.line_classifier.training import train
from synthesis.lines import labelled_lines
from synthesis.pages import corpus


def written(folder: Path, split: corpus.Split, count: int) -> pl.DataFrame:
    """Writes PDFs and JSON files of labelled boxes; returns the lines as Chartline reads them."""
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
    """Chartline's labels of the test lines, after as many epochs as fit into the seconds.

    The schedule of the learning rate needs their number beforehand, so an epoch of a quarter of the
    lines is timed first; a smaller one would mostly measure the set-up.
    """
    begin = time.monotonic()
    train(lines.head(len(lines) // 4), Recipe(epochs=1))
    trial = time.monotonic() - begin
    epochs = max(1, int((seconds - trial) / (4 * trial)))
    return classify(train(lines, Recipe(epochs=epochs)), test)["label"]


def main(python: str, count: int, seconds: float) -> None:
    """Prints the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines, test = (
            written(folder / "train", "train", count),
            written(folder / "test", "test", 150),
        )
        print_scores("rules", test["label"], rules(test))
        begin = time.perf_counter()
        found = ours(lines, test, seconds)
        print_scores("Chartline", test["label"], found, time.perf_counter() - begin)
        script = Path(__file__).with_name("edspdf_training.py")
        done = subprocess.run(
            [python, str(script), name, str(seconds)], check=True, capture_output=True
        )
        theirs = json.loads(done.stdout.splitlines()[-1])
        predicted = pl.Series(theirs["found"], dtype=pl.String)
        print_scores("EDS-PDF 0.10", pl.Series(theirs["truth"]), predicted, seconds)
        sys.stdout.write(f"EDS-PDF took {theirs['steps']} steps\n")


if __name__ == "__main__":
    torch.set_num_threads(1)
    eds_python, *given = arguments(__doc__, 1)
    numbers = [int(argument) for argument in given[:2]]
    main(eds_python, *numbers, *(1500, 600)[len(numbers) :])
