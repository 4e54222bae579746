"""Plans and writes many invented documents, as PDFs of several producers."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from synthesis.pages import canvas, content, html, style, style_sampling, typst
from synthesis.pages.text import LANGUAGES, UNSEEN, Split

Renderer = Callable[[content.Content, style.Style, random.Random, Path], None]
RENDERERS: dict[str, Renderer] = {
    "reportlab": canvas.render,
    "typst": typst.render,
    "weasyprint": html.weasyprint,
    "chromium": html.chromium,
    "matplotlib": canvas.matplotlib,
    "cairo": canvas.cairo,
}
TRAINING_PRODUCERS = {"reportlab": 0.5, "typst": 0.28, "weasyprint": 0.14, "matplotlib": 0.08}
TEST_PRODUCERS = {"chromium": 0.6, "cairo": 0.4}  # not in training


@dataclass(frozen=True)
class Sample:
    """One document to be written; the same sample always gives the same document.

    Attributes:
        path: Of the PDF.
        producer: A key of RENDERERS.
        split: Whose phrases and styles are used; all where None.
        seed: Of the random numbers.
        language: Two letters.
        looks: The split whose styles are used, where it is not `split`.
        disguised: See `content.sample`.
    """

    path: Path
    producer: str
    split: Split | None
    seed: str
    language: str
    looks: Split | None = None
    disguised: bool | None = None

    def write(self) -> Path:
        """Writes the PDF; returns its path."""
        rng = random.Random(self.seed)
        document = content.sample(rng, self.language, self.split, disguised=self.disguised)
        look = style_sampling.sample(rng, self.looks or self.split)
        if style.is_narrow(look.page):
            document.margin = []  # no room for it
        RENDERERS[self.producer](document, look, rng, self.path)
        return self.path


def plan(
    folder: Path,
    count: int,
    split: Split,
    seed: int,
    producers: dict[str, float] | None = None,
    languages: tuple[str, ...] | None = None,
    looks: Split | None = None,
    disguised: bool | None = None,
) -> list[Sample]:
    """Plans `count` documents.

    Args:
        folder: Of the PDFs.
        count: How many.
        split: Whose phrases and styles are used.
        seed: Of the random numbers.
        producers: Their weights; those of the split where None.
        languages: Drawn with equal weights; those of the split where None. The test split has one
            language that training has not.
        looks: The split whose styles are used, where it is not `split`.
        disguised: See `content.sample`.
    """
    producers = producers or (TRAINING_PRODUCERS if split == "train" else TEST_PRODUCERS)
    languages = languages or (LANGUAGES if split == "train" else LANGUAGES + UNSEEN)
    rng = random.Random(f"{seed}-{split}-{sorted(producers)}-{languages}")
    names = rng.choices(list(producers), list(producers.values()), k=count)
    return [
        Sample(
            folder / f"{split}-{i:05d}.pdf",
            name,
            split,
            f"{seed}-{split}-{name}-{i}",
            rng.choice(languages),
            looks,
            disguised,
        )
        for i, name in enumerate(names)
    ]


def write(samples: list[Sample], workers: int = 1) -> Iterator[Path]:
    """Writes the samples, `workers` at a time, and yields each path."""
    if workers == 1:
        yield from (sample.write() for sample in samples)
        return
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        yield from pool.map(Sample.write, samples, chunksize=8)
