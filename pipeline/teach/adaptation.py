"""The line classifier adapted to a hospital's own documents.

It is fine-tuned on annotated pages together with pages that it was first learned from (replay), so
that it forgets little.
"""

import shutil
from copy import deepcopy
from pathlib import Path

import polars as pl

from chartline.core.errors import UsageError
from chartline.core.progress import Progress
from chartline.models.line_classifier import WEIGHTS
from chartline.models.line_classifier.network import Network
from chartline.models.line_classifier.recipe import Recipe
from chartline.models.line_classifier.training import StepDone, average_weights, train
from chartline.teach import weights as trained
from chartline.teach.weights import REPLAY
from chartline.text import labelling

RECIPE = Recipe(
    epochs=10, learning_rate=4e-4, drop_page_text=0.04, drop_line_text=0.06, drop_words=0.06
)
ADAPTED = 0.85  # share of the fine-tuned weights in their average with those from before
ANNOTATED = 0.5  # annotated lines are repeated until there are so many for each replayed line


def adapt(
    model: Network,
    lines: pl.DataFrame,
    replay: pl.DataFrame,
    recipe: Recipe = RECIPE,
    progress: StepDone = lambda done, total, loss: None,
) -> Network:
    """Fine-tunes a model on annotated and replayed lines.

    The result has the average of the weights after and before, which forgets less
    (arXiv 2109.01903).

    Args:
        model: the line classifier; it is changed.
        lines: annotated lines; `label` is null where it is not known.
        replay: lines that the model was first learned from, with their labels.
        recipe: hyperparameters of training.
        progress: called after each training step.
    """
    columns = [name for name in replay.columns if name in lines.columns]
    count = max(1, round(ANNOTATED * len(replay) / len(lines)))
    copies = [
        lines.select(columns).with_columns(
            pl.format("{}#{}", "document_id", pl.lit(number)).alias("document_id")
        )
        for number in range(count)
    ]
    both = pl.concat([*copies, replay.select(columns)], how="vertical_relaxed")
    before = deepcopy(model)
    return average_weights(before, train(both, recipe, progress, model), ADAPTED)


def adapt_weights(
    lines: pl.DataFrame,
    weights: Path | None,
    out: Path,
    progress: Progress,
    recipe: Recipe = RECIPE,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Adapts the model in a folder and saves the result, which can be adapted again.

    Args:
        lines: annotated lines, as `annotated_lines` returns them.
        weights: the folder of the model; None for the one of the package.
        out: the folder for the adapted model; may be the same.
        progress: reports training steps.
        recipe: hyperparameters of training.

    Returns:
        The scores on the annotated lines, before and after.

    Raises:
        UsageError: `weights` holds no line classifier, or no pages to replay.
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
    before, _ = trained.evaluate(model, known)
    adapt(model, lines, replay, recipe, lambda done, total, loss: progress("learning", done, total))
    after, _ = trained.evaluate(model, known)
    trained.save_weights(model, out)
    if out.resolve() != source.resolve():
        shutil.copyfile(source / REPLAY, out / REPLAY)
    return before, after
