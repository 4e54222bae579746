"""Adapting to a hospital of an unusual layout: `python -m benchmarks.adaptation`.

The hospital prints its letterhead at the foot of the page and its footer and page number at the
head, margin columns in the size of the text, headings flush right in small italics. Its documents
(phrases of the test split) are split into a pool to annotate from and 40 to evaluate on. Prints, by
the number of annotated documents, the scores on those 40 and on pages of other hospitals, and the
seconds; then the same for documents chosen by doubt (`chartline train next`) and at random. Needs
Cairo.
"""

import random
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import polars as pl
import torch

from benchmarks import arguments
from chartline.models.line_classifier import WEIGHTS, prediction
from chartline.models.line_classifier.evaluation import scores
from chartline.models.line_classifier.prediction import classify
from chartline.teach import adaptation, selection
from chartline.teach.weights import REPLAY
from synthesis.lines import corpus_lines, labelled_lines
from synthesis.pages import canvas, content, corpus, faces, style, style_sampling, writers
from synthesis.pages.tints import label_of

POOL, EVALUATED = 60, 40
MIRRORED = ("header", "footer", "page_number")  # printed at the opposite end of the page


def odd_document(path: Path, seed: str) -> Path:
    """Writes one document of the hospital."""
    rng, house = random.Random(seed), random.Random("odd")
    look = replace(
        style_sampling.sample(house, "test"),
        margin_side="right",
        margin_every_page=True,
        margin_size=9.5,
        size=9.5,
        columns=1,
        title_look="italic",
        title_scale=0.9,
        title_at="above",
        title_indent=170,
        page=style.A4,
    )
    document = content.sample(rng, "fr", "test", rng.choice(["letter", "discharge"]))
    document.margin = document.margin or content.margin(content.Writer(rng, "fr", "test"), 20)
    sheet = canvas.laid_out(document, look, rng, faces.standard(look.family))
    for op in (op for page in sheet.pages for op in page):
        red, green, blue = op.color
        if label_of(red << 16 | green << 8 | blue) in MIRRORED:
            op.y = look.page[1] - op.y + op.size * 0.7
    writers.reportlab(sheet, path, "line")
    return path


def f1(model: prediction.Network, lines: pl.DataFrame) -> tuple[float, float]:
    """F1 of body lines, and the mean over the labels."""
    table = dict(
        scores(lines["label"], classify(model, lines)["label"]).select("label", "f1").iter_rows()
    )
    return table["body"], table["macro"]


def adapted(names: list[str], pool: pl.DataFrame) -> prediction.Network:
    """The shipped classifier, adapted with these documents of the pool."""
    replay = pl.read_parquet(WEIGHTS / REPLAY)
    return adaptation.adapt(
        prediction.load(), pool.filter(pl.col("document_id").is_in(names)), replay
    )


def main() -> None:
    """Prints both tables."""
    with tempfile.TemporaryDirectory() as folder:
        frames = [
            labelled_lines(odd_document(Path(folder) / f"odd-{n:03d}.pdf", f"odd-{n}"))
            for n in range(POOL + EVALUATED)
        ]
        others = corpus_lines(corpus.plan(Path(folder), 80, "test", 5, {"cairo": 1.0}), 1)
    pool, unseen = pl.concat(frames[:POOL]), pl.concat(frames[POOL:])
    names = pool["document_id"].unique(maintain_order=True).to_list()

    def print_scores(what: str, model: prediction.Network, seconds: float) -> None:
        scored = [
            f"body {body:.4f} macro {macro:.4f}"
            for body, macro in (f1(model, unseen), f1(model, others))
        ]
        sys.stdout.write(f"{what:<22} {scored[0]}   others: {scored[1]}   {seconds:5.0f} s\n")
        sys.stdout.flush()

    print_scores("as shipped", prediction.load(), 0)
    for count in (5, 10, 20, 50):
        begin = time.perf_counter()
        model = adapted(names[:count], pool)
        print_scores(f"{count} documents", model, time.perf_counter() - begin)
    labelled = classify(prediction.load(), pool)
    table = pool.select("document_id", path="document_id").unique(maintain_order=True)
    doubtful = selection.next_documents(table, labelled, 10)["path"].to_list()
    for count in (5, 10):
        print_scores(f"{count} by doubt", adapted(doubtful[:count], pool), 0)
        for seed in (1, 2, 3):
            some = random.Random(seed).sample(names, count)
            print_scores(f"{count} at random ({seed})", adapted(some, pool), 0)


if __name__ == "__main__":
    arguments(__doc__)
    torch.set_num_threads(1)
    main()
