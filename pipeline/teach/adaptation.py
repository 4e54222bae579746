"""The line classifier adapted to one hospital: annotated documents, and old pages again so that little is forgotten."""

import shutil
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import polars as pl

from chartline.core import paths
from chartline.core.errors import UsageError
from chartline.core.settings import Limits
from chartline.models.line_classifier import WEIGHTS
from chartline.models.line_classifier.network import Network
from chartline.models.line_classifier.recipe import Recipe
from chartline.models.line_classifier.training import average_weights, train
from chartline.pdf.reading import read_file
from chartline.pdf.retries import Attempt
from chartline.pdf.scans.ocr import OcrReader
from chartline.teach import annotations
from chartline.teach import weights as trained
from chartline.teach.weights import REPLAY
from chartline.text import labelling

RECIPE = Recipe(
    epochs=10, learning_rate=4e-4, drop_page_text=0.04, drop_line_text=0.06, drop_words=0.06
)
ADAPTED = 0.85  # share of what was learned in the mean with the weights it was learned from
SHARE = 0.5  # of the old lines' number: annotated lines are seen so often that they come to about as many
Tick = Callable[[str, int, int], None]


def annotated_lines(
    folder: Path, boxes: pl.DataFrame, limits: Limits, tick: Tick
) -> tuple[pl.DataFrame, list[str]]:
    """The lines of the annotated documents below `folder`, those that no box covers without a label; and a line of text
    on each thing that does not fit: a document that is not there or cannot be read, boxes that hold no line.

    Raises:
        UsageError: the folder holds no PDF, or no annotation fits any line.
    """
    present = [paths.real_path(path) for path in paths.find(folder)["path"].to_list()]
    names = boxes["document"].unique(maintain_order=True).to_list()
    found = {
        name: documents_path
        for name in names
        if (documents_path := annotations.document_of(name, present))
    }
    faults = [
        f"{name}: annotated, but not (or not clearly) in {folder}"
        for name in names
        if name not in found
    ]
    reader, frames = OcrReader(limits.ocr_seconds), []
    for done, (name, path) in enumerate(found.items(), 1):
        reading = read_file(name, folder / path, Attempt(), limits, reader)
        frames.append(reading.lines)
        if reading.reason is not None:
            faults.append(f"{paths.shown_path(path)}: {reading.status} ({reading.reason})")
        tick("annotated documents", done, len(found))
    lines = pl.concat(frames) if frames else pl.DataFrame()
    if lines.is_empty():
        raise UsageError(f"{folder}: none of the {len(names)} annotated documents could be read")
    lines, empty = annotations.label_lines(
        lines, boxes.filter(pl.col("document").is_in(list(found)))
    )
    for (name, page), group in empty.group_by("document", "page", maintain_order=True):
        faults.append(f"{name}, page {page}: {len(group)} boxes hold no line")
    if not lines["label"].count():
        raise UsageError(f"{folder}: no annotated box holds a line")
    return lines.filter(pl.col("label").is_not_null().any().over("document_id", "page")), faults


def adapt(
    model: Network,
    lines: pl.DataFrame,
    replay: pl.DataFrame,
    recipe: Recipe = RECIPE,
    progress: Callable[[int, int, float], None] = lambda done, total, loss: None,
) -> Network:
    """`model` fine-tuned on annotated `lines` among `replay`, lines that it was first learned from; the mean of the weights after
    and before, which forgets less (arXiv 2109.01903). Changes the model."""
    columns = [name for name in replay.columns if name in lines.columns]
    count = max(1, round(SHARE * len(replay) / len(lines)))
    copies = [
        lines.select(columns).with_columns(
            pl.format("{}#{}", "document_id", pl.lit(number)).alias("document_id")
        )
        for number in range(count)
    ]
    before = deepcopy(model)
    learned = train(
        pl.concat([*copies, replay.select(columns)], how="vertical_relaxed"),
        recipe,
        progress,
        model,
    )
    return average_weights(before, learned, ADAPTED)


def adapt_weights(
    lines: pl.DataFrame, weights: Path | None, out: Path, tick: Tick, recipe: Recipe = RECIPE
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Adapts the model in `weights` and saves it to `out`, where it can be adapted again. Returns the scores on the
    annotated lines before and after.

    Raises:
        UsageError: the folder holds no line classifier, or not the pages that it was learned from.
    """
    model = labelling.load(weights)
    source = weights or WEIGHTS
    try:
        replay = pl.read_parquet(source / REPLAY)
    except (OSError, pl.exceptions.PolarsError):
        raise UsageError(
            f"{source}: no {REPLAY}, without which adapting would forget what was learned"
        ) from None
    known = lines.filter(pl.col("label").is_not_null())
    before = trained.evaluate(model, known)[0]
    adapt(model, lines, replay, recipe, lambda done, total, loss: tick("learning", done, total))
    after = trained.evaluate(model, known)[0]
    trained.save_weights(model, out)
    if out.resolve() != source.resolve():
        shutil.copyfile(source / REPLAY, out / REPLAY)
    return before, after
