"""`python -m synthesis` trains the line classifier from nothing, on invented documents.

Needs the extra `synthesis`, Pango, Cairo and Chromium.
"""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from chartline.core.errors import UsageError
from chartline.core.settings import load
from chartline.models.line_classifier.recipe import Recipe
from chartline.terminal.console import Workers, command, progress, show
from synthesis.training import train_line_classifier


@command
def train(
    out: Annotated[Path, typer.Option("--out", help="Folder for the weights.", show_default=False)],
    weights: Annotated[
        Path | None, typer.Option("--weights", help="What to go on from.", show_default=False)
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
        int, typer.Option(min=4, help="Invented documents, of unseen looks, to be judged on.")
    ] = 400,
    epochs: Annotated[int, typer.Option(min=1)] = 4,
    workers: Workers = None,
) -> None:
    """Train the line classifier on invented documents."""
    if text_encoder is not None and weights is not None:
        raise UsageError("--text-encoder starts anew and --weights goes on: one of them")
    if text_encoder is not None and not (text_encoder / "config.json").is_file():
        raise UsageError(f"{text_encoder}: no config.json of an encoder")
    used, recipe = load(None, {"reading.workers": workers}).reading.workers, Recipe(epochs=epochs)
    with tempfile.TemporaryDirectory() as folder, progress() as tell:
        scores = train_line_classifier(
            out, Path(folder), documents, test_documents, recipe, used, tell, text_encoder, weights
        )
    show("on unseen looks", scores)


if __name__ == "__main__":
    typer.run(train)
