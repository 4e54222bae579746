"""Ablations of the line classifier: `python -m benchmarks.ablations FOLDER [3000]`.

The number is that of training documents in a run. FOLDER keeps the generated lines between runs;
they are written where absent, which needs the extra `synthesis`, Pango, Chromium and Cairo. Each
row is a model trained from scratch by the same recipe on the same number of documents and
evaluated on the test split, whose producers, styles, phrases and one language are not in training.
Also prints a classifier of rules without learning, and F1 by the number of training documents. One
run takes minutes on a core.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import torch

from benchmarks import arguments
from chartline.models.line_classifier.evaluation import scores
from chartline.models.line_classifier.prediction import classify
from chartline.models.line_classifier.recipe import Recipe
from chartline.models.line_classifier.training import train
from synthesis.lines import corpus_lines
from synthesis.pages import corpus

Change = Callable[[pl.DataFrame], pl.DataFrame]


def text_only(lines: pl.DataFrame) -> pl.DataFrame:
    """Gives every line the same position and font, so that only its text differs."""
    flat = {
        "x0": 50.0,
        "x1": 500.0,
        "top": 100.0,
        "bottom": 110.0,
        "size": 10.0,
        "bold": False,
        "italic": False,
    }
    return lines.with_columns(
        pl.lit(value).cast(lines.schema[name]).alias(name) for name, value in flat.items()
    )


def position_only(lines: pl.DataFrame) -> pl.DataFrame:
    """Gives every line the same text."""
    return lines.with_columns(text=pl.lit("x"))


def pages_alone(lines: pl.DataFrame) -> pl.DataFrame:
    """Makes each page a document of its own."""
    return lines.with_columns(
        document_id=pl.format("{}/{}", "document_id", "page"), page=pl.lit(1, pl.Int32)
    )


def one_producer(lines: pl.DataFrame) -> pl.DataFrame:
    """Keeps only the pages that ReportLab wrote; the test split has none and stays as it is."""
    own = lines.filter(pl.col("producer") == "reportlab")
    return own if len(own) else lines


def rules(lines: pl.DataFrame) -> pl.Series:
    """Labels without learning: by height on the page, repetition on other pages, width and font."""
    top, bottom = pl.col("top") / pl.col("page_height"), pl.col("bottom") / pl.col("page_height")
    masked = pl.col("text").str.replace_all(r"\d", "0")
    repeated = pl.col("page").n_unique().over("document_id", masked) > 1
    narrow = (
        (pl.col("x1") / pl.col("page_width") < 0.3) | (pl.col("x0") / pl.col("page_width") > 0.72)
    ) & (pl.col("size") < pl.col("size").median().over("document_id"))
    number = pl.col("text").str.contains(r"^\D{0,12}\d{1,3}(\s*\D{1,5}\s*\d{1,3})?\D{0,3}$") & (
        (top < 0.08) | (bottom > 0.9)
    )
    return lines.select(
        pl.when(number)
        .then(pl.lit("page_number"))
        .when((bottom > 0.92) | (repeated & (bottom > 0.85)))
        .then(pl.lit("footer"))
        .when((top < 0.1) | (repeated & (top < 0.2)))
        .then(pl.lit("header"))
        .when((pl.col("page") == 1) & (top < 0.3))
        .then(pl.lit("front"))
        .when(narrow)
        .then(pl.lit("note"))
        .when(pl.col("bold") & (pl.col("text").str.len_chars() < 50))
        .then(pl.lit("title"))
        .when((pl.col("x1") - pl.col("x0")) / pl.col("page_width") < 0.18)
        .then(pl.lit("table"))
        .otherwise(pl.lit("body"))
        .alias("label")
    )["label"]


def corpora(folder: Path, documents: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Training and test lines, read from the folder or generated into it."""
    frames = []
    for split, count in (("train", documents), ("test", 400)):
        file = folder / f"{split}.parquet"
        if not file.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            plan = corpus.plan(folder, count, split, Recipe().seed)  # type: ignore[arg-type]
            corpus_lines(plan, os.cpu_count() or 1).write_parquet(file)
        frames.append(pl.read_parquet(file))
    return frames[0], frames[1]


def first(lines: pl.DataFrame, documents: int) -> pl.DataFrame:
    """The lines of the first `documents` documents."""
    names = lines["document_id"].unique(maintain_order=True)[:documents]
    return lines.filter(pl.col("document_id").is_in(names.implode()))


def print_scores(what: str, truth: pl.Series, found: pl.Series, seconds: float = 0.0) -> None:
    """Prints one row: name, F1 by label, seconds taken."""
    f1 = dict(scores(truth, found).select("label", "f1").iter_rows())
    shown = "  ".join(
        f"{name} {f1[name]:.4f}" for name in ("body", "clinical", "note", "header", "macro")
    )
    sys.stdout.write(f"{what:<26} {shown}   {seconds:5.0f} s\n")
    sys.stdout.flush()


def main(folder: Path, documents: int) -> None:
    """Prints the table."""
    train_lines, test = corpora(folder, 4 * documents)
    print_scores("rules", test["label"], rules(test))
    whole: Change = lambda lines: lines  # noqa: E731
    runs: list[tuple[str, Change, int]] = [
        ("all", whole, documents),
        ("text only", text_only, documents),
        ("position only", position_only, documents),
        ("no neighbour pages", pages_alone, documents),
        ("one producer (ReportLab)", one_producer, documents),
        *(
            (f"all, {count} documents", whole, count)
            for count in (documents // 4, documents // 2, 2 * documents)
        ),
    ]
    for what, change, count in runs:
        source = train_lines if change is not one_producer else one_producer(train_lines)
        begin = time.perf_counter()
        model = train(change(first(source, count)), Recipe())
        found = classify(model, change(test))["label"]
        print_scores(what, test["label"], found, time.perf_counter() - begin)


if __name__ == "__main__":
    torch.set_num_threads(1)
    given = arguments(__doc__, 1)
    main(Path(given[0]), int(given[1]) if len(given) > 1 else 3000)
