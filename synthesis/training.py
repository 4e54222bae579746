"""Trains the line classifier on invented documents.

They are written as PDFs and read by the same extraction as patients' documents.
"""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import polars as pl

from chartline.core.progress import Progress, silent
from chartline.models.line_classifier.configuration import LineClassifierConfig
from chartline.models.line_classifier.modeling import with_pretrained_text_encoder
from chartline.models.line_classifier.network import Network
from chartline.models.line_classifier.recipe import Recipe
from chartline.models.line_classifier.training import average_weights, calibrate, train
from chartline.teach.weights import REPLAY, evaluate, save_weights
from chartline.text import labelling
from synthesis.lines import corpus_lines
from synthesis.pages import corpus

REPLAYED = 250  # documents kept with the weights, so that adapting them forgets little
NEW = 0.6  # share of the new weights in their mean with those that training went on from
HELD = 20  # one of so many training documents is kept for calibration


@dataclass(frozen=True)
class Start:
    """What training starts from; from random weights where both are None.

    Attributes:
        weights: Folder of weights to go on from, at half the learning rate. The mean of them and
            of what was learned is saved.
        text_encoder: Folder of a pretrained encoder to use in the place of hashed words.
    """

    weights: Path | None = None
    text_encoder: Path | None = None

    def model(self) -> Network | None:
        """The model to train."""
        if self.text_encoder is not None:
            return with_pretrained_text_encoder(str(self.text_encoder), LineClassifierConfig())
        return labelling.load(self.weights) if self.weights else None


def train_line_classifier(
    out: Path,
    folder: Path,
    documents: tuple[int, int],
    recipe: Recipe,
    workers: int,
    start: Start,
    progress: Progress = silent,
) -> pl.DataFrame:
    """Generates documents, trains, calibrates and evaluates; saves weights, figures and replay.

    Args:
        out: Folder of the weights.
        folder: For the PDFs, each of which is deleted once it is read.
        documents: How many to learn from, and how many to evaluate on. The latter are of
            producers, styles, phrases and one language that are not in training.
        recipe: How to train.
        workers: Processes that write and read documents.
        start: What training starts from.
        progress: Called with each step.

    Returns:
        The scores by label.
    """
    folder.mkdir(parents=True, exist_ok=True)
    model = start.model()
    plan = corpus.plan(folder, documents[0], "train", recipe.seed)
    seen = corpus_lines(plan, workers, "training pages", progress)
    names = seen["document_id"].unique(maintain_order=True)
    held = pl.col("document_id").is_in(names[: max(1, documents[0] // HELD)].implode())
    plan = corpus.plan(folder, documents[1], "test", recipe.seed)
    unseen = corpus_lines(plan, workers, "test pages", progress)
    if start.weights is not None:
        recipe = replace(recipe, learning_rate=recipe.learning_rate / 2)
    learned = seen.filter(~held)
    model = train(
        learned,
        recipe,
        lambda done, total, loss: progress(f"learning, loss {loss:.3f}", done, total),
        model,
    )
    if start.weights is not None:
        trained_from = labelling.load(start.weights)  # anew: training changed the first copy
        model = average_weights(trained_from, model, NEW)
    calibrate(model, seen.filter(held))
    scores, error = evaluate(model, unseen)
    save(model, out, learned, figures(learned, unseen, scores, error, recipe))
    return scores


def save(model: Network, out: Path, learned: pl.DataFrame, measured: dict[str, object]) -> None:
    """Writes the weights in half precision, their figures, and some of the lines learned from."""
    save_weights(model, out)
    few = learned["document_id"].unique(maintain_order=True)[:REPLAYED]
    kept = learned.filter(pl.col("document_id").is_in(few.implode())).drop(
        "producer", "language", "confidence", strict=False
    )
    kept.write_parquet(out / REPLAY, compression="zstd", compression_level=19)
    (out / "figures.json").write_text(json.dumps(measured, indent=1) + "\n", "utf-8")


def figures(
    learned: pl.DataFrame,
    unseen: pl.DataFrame,
    scores: pl.DataFrame,
    calibration_error: float,
    recipe: Recipe,
) -> dict[str, object]:
    """What figures.json says of a model: data, scores by label, calibration error, recipe."""
    return {
        "training": _size(learned, corpus.TRAINING_PRODUCERS),
        "test": _size(unseen, corpus.TEST_PRODUCERS),
        "expected_calibration_error": round(calibration_error, 4),
        "scores": [
            {k: round(v, 4) if isinstance(v, float) else v for k, v in row.items()}
            for row in scores.to_dicts()
        ],
        "recipe": asdict(recipe),
    }


def _size(lines: pl.DataFrame, producers: dict[str, float]) -> dict[str, object]:
    pages = lines.select(pl.struct("document_id", "page").n_unique()).item()
    return {"pages": pages, "lines": len(lines), "producers": list(producers)}
