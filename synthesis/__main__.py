"""Trains the line classifier from random weights on invented documents: `python -m synthesis`.

Needs the extra `synthesis`, Pango, Cairo and Chromium.
"""

import tempfile
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from chartline.core.errors import UsageError
from chartline.core.settings import load
from chartline.models.line_classifier.recipe import Recipe
from chartline.terminal.console import Workers, command, progress, show
from synthesis.training import Start, train_line_classifier


@command
def train(
    out: Annotated[Path, typer.Option("--out", help="Folder for the weights.", show_default=False)],
    weights: Annotated[
        Path | None,
        typer.Option("--weights", help="Folder of weights to go on from.", show_default=False),
    ] = None,
    text_encoder: Annotated[
        Path | None,
        typer.Option(
            "--text-encoder",
            help="Folder of a pretrained encoder, instead of hashed words.",
            show_default=False,
        ),
    ] = None,
    documents: Annotated[
        int, typer.Option(min=40, help="Invented documents to learn from.")
    ] = 15000,
    test_documents: Annotated[
        int, typer.Option(min=4, help="Invented documents, of unseen styles, to evaluate on.")
    ] = 400,
    epochs: Annotated[int, typer.Option(min=1)] = 4,
    workers: Workers = None,
) -> None:
    """Train the line classifier on invented documents."""
    if text_encoder is not None and weights is not None:
        raise UsageError("--text-encoder starts anew and --weights goes on: one of them")
    if text_encoder is not None and not (text_encoder / "config.json").is_file():
        raise UsageError(f"{text_encoder}: no config.json of an encoder")
    scores = _trained(
        out, (documents, test_documents), epochs, workers, Start(weights, text_encoder)
    )
    show("on unseen styles", scores)


def _trained(
    out: Path, documents: tuple[int, int], epochs: int, workers: int | None, start: Start
) -> pl.DataFrame:
    processes = load(None, {"reading.workers": workers}).reading.workers
    with tempfile.TemporaryDirectory() as folder, progress() as bars:
        return train_line_classifier(
            out, Path(folder), documents, Recipe(epochs=epochs), processes, start, bars
        )


if __name__ == "__main__":
    typer.run(train)
