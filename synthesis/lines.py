"""The lines of generated documents, read by the pipeline's extraction, with their true labels."""

import random
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import polars as pl

from chartline.core.progress import Progress, silent
from chartline.pdf.engines.pdfium import PdfiumEngine
from chartline.pdf.frames import lines_frame
from chartline.pdf.glyphs import Page, pages
from chartline.pdf.layout.lines import Line, page_lines
from synthesis.pages import corpus
from synthesis.pages.noise import scanned
from synthesis.pages.tints import label_of

SCANNED = 0.1  # share of documents whose lines are given the faults of OCR


def labelled_lines(path: Path) -> pl.DataFrame:
    """The lines of a generated PDF, with the label that the colours of their glyphs carry.

    A line of several labels takes that of most of its glyphs.
    """
    read = [
        (page, page_lines(page, keep_glyphs=True))
        for page in pages(PdfiumEngine(), str(path), colors=True)
    ]
    truth = []
    for page, line in ((page, line) for page, lines in read for line in lines):
        colors = page.glyphs.color[list(line.glyphs)].tolist()
        votes = Counter(label for color in colors if (label := label_of(color)))
        truth.append(votes.most_common(1)[0][0] if votes else _label_of_browser_text(line, page))
    return lines_frame(path.stem, read).with_columns(label=pl.Series(truth, dtype=pl.String))


def _label_of_browser_text(line: Line, page: Page) -> str:
    """The label of text in another colour, which only a browser adds, along the page's edges."""
    if line.top < page.height / 2:
        return "header"
    return "page_number" if line.x0 > page.width / 2 else "footer"


def write_and_read(sample: corpus.Sample) -> pl.DataFrame:
    """Writes a document, reads it and deletes it; some are read as if from a scan.

    Returns:
        Labelled lines, with the columns producer and language.
    """
    path = sample.write()
    try:
        lines = labelled_lines(path)
    finally:
        path.unlink(missing_ok=True)
    rng = random.Random(f"{sample.seed}-scan")
    lines = scanned(lines, rng) if rng.random() < SCANNED else lines
    return lines.with_columns(producer=pl.lit(sample.producer), language=pl.lit(sample.language))


def corpus_lines(
    samples: list[corpus.Sample], workers: int, what: str = "pages", progress: Progress = silent
) -> pl.DataFrame:
    """The labelled lines of all samples, in their order; `what` names them in the progress."""
    frames = []
    context = get_context("spawn")  # polars' threads do not survive a fork
    with ProcessPoolExecutor(workers, context) as pool:
        for done, frame in enumerate(pool.map(write_and_read, samples, chunksize=4), 1):
            frames.append(frame)
            progress(what, done, len(samples))
    return pl.concat(frames)
