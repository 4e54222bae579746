"""Trains the line classifier: invented PDFs are written, read by the very extraction that reads patients', and learned."""

import json
import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from multiprocessing import get_context
from pathlib import Path

import polars as pl

from chartline.models.line_classifier.configuration import LineClassifierConfig
from chartline.models.line_classifier.modeling import with_pretrained_text_encoder
from chartline.models.line_classifier.network import Network
from chartline.models.line_classifier.recipe import Recipe
from chartline.models.line_classifier.training import average_weights, calibrate, train
from chartline.pdf.engines.pdfium import PdfiumEngine
from chartline.pdf.frames import lines_frame
from chartline.pdf.glyphs import Page, pages
from chartline.pdf.layout.lines import Line, page_lines
from chartline.teach.weights import REPLAY, evaluate, save_weights
from chartline.text import labelling
from synthesis.pages import corpus
from synthesis.pages.noise import scanned
from synthesis.pages.style import label_of

REPLAYED = 250  # documents kept with the weights, so that adapting them forgets little
NEW = 0.6  # share of what was learned in the mean with the weights it was learned from
SCANNED = 0.1  # share of documents whose lines are given the faults of OCR


def labelled_lines(path: Path) -> pl.DataFrame:
    """Lines of a synthetic PDF with the label that its glyphs' colours carry; lines of mixed labels take the majority."""
    read = [
        (page, page_lines(page, keep_glyphs=True))
        for page in pages(PdfiumEngine(), str(path), colors=True)
    ]
    truth = []
    for page, line in ((page, line) for page, lines in read for line in lines):
        colors = page.glyphs.color[list(line.glyphs)].tolist()
        votes = Counter(label for color in colors if (label := label_of(color)))
        truth.append(votes.most_common(1)[0][0] if votes else _browsers(line, page))
    return lines_frame(path.stem, read).with_columns(label=pl.Series(truth, dtype=pl.String))


def _browsers(line: Line, page: Page) -> str:
    """The label of text without a label's colour: the browser alone adds such, along the edges."""
    if line.top < page.height / 2:
        return "header"
    return "page_number" if line.x0 > page.width / 2 else "footer"


def _write_and_read(sample: corpus.Sample) -> pl.DataFrame:
    path = sample.write()
    try:
        lines = labelled_lines(path)
    finally:
        path.unlink(missing_ok=True)
    rng = random.Random(f"{sample.seed}-scan")
    lines = scanned(lines, rng) if rng.random() < SCANNED else lines
    return lines.with_columns(producer=pl.lit(sample.producer), language=pl.lit(sample.language))


def corpus_lines(
    samples: list[corpus.Sample], workers: int, tick: Callable[[int, int], None]
) -> pl.DataFrame:
    """Labelled lines of all samples, in their order."""
    frames = []
    with ProcessPoolExecutor(
        workers, get_context("spawn")
    ) as pool:  # polars' threads do not survive a fork
        for done, frame in enumerate(pool.map(_write_and_read, samples, chunksize=4), 1):
            frames.append(frame)
            tick(done, len(samples))
    return pl.concat(frames)


def train_line_classifier(
    out: Path,
    folder: Path,
    documents: int,
    test_documents: int,
    recipe: Recipe,
    workers: int,
    tick: Callable[[str, int, int], None],
    text_encoder: Path | None = None,
    weights: Path | None = None,
) -> pl.DataFrame:
    """Writes the corpora into `folder` for as long as they are read, trains, calibrates, evaluates, saves weights and card.

    `text_encoder` is the folder of a pretrained encoder to use in the place of hashed words; `weights` that of a model to
    go on from, at half the learning rate: what is saved is the mean of it and what was learned.
    Returns the scores on the test split, whose producers, layouts, phrases and one language training never saw.
    """
    start = labelling.load(weights) if weights else None
    if text_encoder is not None:
        start = with_pretrained_text_encoder(str(text_encoder), LineClassifierConfig())
    folder.mkdir(parents=True, exist_ok=True)
    seen = corpus_lines(
        corpus.plan(folder, documents, "train", recipe.seed),
        workers,
        lambda d, t: tick("training pages", d, t),
    )
    held = max(1, documents // 20)
    names = seen["document_id"].unique(maintain_order=True)
    learn, tune = (
        seen.filter(pl.col("document_id").is_in(names[held:].implode())),
        seen.filter(pl.col("document_id").is_in(names[:held].implode())),
    )
    unseen = corpus_lines(
        corpus.plan(folder, test_documents, "test", recipe.seed),
        workers,
        lambda d, t: tick("test pages", d, t),
    )
    if weights is not None:
        recipe = replace(recipe, learning_rate=recipe.learning_rate / 2)
    model = train(
        learn,
        recipe,
        lambda done, total, loss: tick(f"learning, loss {loss:.3f}", done, total),
        start,
    )
    if weights is not None:
        model = average_weights(
            labelling.load(weights), model, NEW
        )  # read again: training changed the first
    calibrate(model, tune)
    table, error = evaluate(model, unseen)
    save(model, out, learn, unseen, table, error, recipe)
    return table


def save(
    model: Network,
    out: Path,
    learned: pl.DataFrame,
    unseen: pl.DataFrame,
    table: pl.DataFrame,
    error: float,
    recipe: Recipe,
) -> None:
    """Weights in half precision, their configuration, the measured figures, and some of the pages that were learned."""
    save_weights(model, out)
    few = learned["document_id"].unique(maintain_order=True)[:REPLAYED]
    kept = learned.filter(pl.col("document_id").is_in(few.implode())).drop(
        "producer", "language", "confidence", strict=False
    )
    kept.write_parquet(out / REPLAY, compression="zstd", compression_level=19)

    def pages(lines: pl.DataFrame) -> int:
        return lines.select(pl.struct("document_id", "page").n_unique()).item()

    figures = {
        "training": {
            "pages": pages(learned),
            "lines": len(learned),
            "producers": list(corpus.TRAINING_PRODUCERS),
        },
        "test": {
            "pages": pages(unseen),
            "lines": len(unseen),
            "producers": list(corpus.TEST_PRODUCERS),
        },
        "expected_calibration_error": round(error, 4),
        "scores": [
            {k: round(v, 4) if isinstance(v, float) else v for k, v in row.items()}
            for row in table.to_dicts()
        ],
        "recipe": asdict(recipe),
    }
    (out / "figures.json").write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
