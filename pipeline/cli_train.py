"""The terminal's `train` commands; heavy imports wait for their command."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.errors import UsageError
from pipeline.terminal import Out, Workers, command, console, existing, progress, show

train = typer.Typer(no_args_is_help=True, help="Train what Chartline learns from.")


@train.command("lines")
@command
def train_lines(
    out: Annotated[Path, typer.Option("--out", help="Folder for the weights.", show_default=False)],
    docs: Annotated[
        Path | None, typer.Option("--from", help="Adapt to this folder's annotated PDFs instead.", show_default=False)
    ] = None,
    annotations: Annotated[
        Path | None,
        typer.Option(
            "--annotations", help="Labelled boxes: a table, Label Studio's or EDS-PDF's JSON.", show_default=False
        ),
    ] = None,
    weights: Annotated[
        Path | None,
        typer.Option(
            "--weights", help="What to adapt (the shipped weights when absent), or to go on from.", show_default=False
        ),
    ] = None,
    text_encoder: Annotated[
        Path | None,
        typer.Option(
            "--text-encoder", help="Folder of a pretrained encoder, instead of hashed words.", show_default=False
        ),
    ] = None,
    documents: Annotated[int, typer.Option(min=40, help="Invented documents to learn from.")] = 15000,
    test_documents: Annotated[
        int, typer.Option(min=4, help="Invented documents, of unseen looks, to be judged on.")
    ] = 400,
    epochs: Annotated[int, typer.Option(min=1)] = 4,
    workers: Workers = None,
) -> None:
    """Train the line classifier on invented documents (needs the extra `synthesis`, Pango, Cairo and Chromium), or adapt it to
    annotated ones (needs neither)."""
    if (docs is None) != (annotations is None):
        raise UsageError("--from and --annotations go together")
    if docs is not None and annotations is not None:
        _adapt(docs, annotations, weights, out)
    else:
        _learn(out, weights, text_encoder, documents, test_documents, epochs, workers)


def _learn(
    out: Path, weights: Path | None, text_encoder: Path | None, documents: int, test_documents: int, epochs: int,
    workers: int | None,
) -> None:  # fmt: skip
    import tempfile

    from models.line_classifier.recipe import Recipe
    from pipeline.settings import load
    from pipeline.training import train_line_classifier

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


def _adapt(docs: Path, file: Path, weights: Path | None, out: Path) -> None:
    from pipeline import adaptation, annotations
    from pipeline.settings import load

    boxes = annotations.read(file)
    with progress() as tell:
        lines, faults = adaptation.annotated_lines(docs, boxes, load(None, {}).reading.limits, tell)
        before, after = adaptation.adapt_weights(lines, weights, out, tell)
    for fault in faults:
        console.print(f"  {fault}", markup=False)
    show("annotated lines, by the weights so far", before)
    show("the same lines, now that they were learned", after)
    console.print(f"weights: {out} (use them with reading.weights in the settings)")


@train.command("next")
@command
def train_next(out: Out, count: Annotated[int, typer.Option("--count", min=1, help="Documents to name.")] = 20) -> None:
    """Which documents of OUT to annotate next: those that together hold most lines of most kinds that are likely to be wrong."""
    from pipeline import selection

    store = existing(out)
    show(
        "annotate next",
        selection.next_documents(store.read("documents"), store.read("lines", selection.COLUMNS), count),
    )
