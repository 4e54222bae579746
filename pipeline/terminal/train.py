"""The terminal's `train` commands; heavy imports wait for their command."""

from pathlib import Path
from typing import Annotated

import typer

from chartline.terminal.console import Out, command, console, existing, progress, show

train = typer.Typer(no_args_is_help=True, help="Train what Chartline learns from.")


@train.command("lines")
@command
def train_lines(
    out: Annotated[Path, typer.Option("--out", help="Folder for the weights.", show_default=False)],
    docs: Annotated[
        Path, typer.Option("--from", help="Folder of the annotated PDFs.", show_default=False)
    ],
    annotations: Annotated[
        Path,
        typer.Option(
            "--annotations",
            help="Labelled boxes: a table, Label Studio's or EDS-PDF's JSON.",
            show_default=False,
        ),
    ],
    weights: Annotated[
        Path | None,
        typer.Option(
            "--weights", help="What to adapt; the shipped weights when absent.", show_default=False
        ),
    ] = None,
) -> None:
    """Adapt the line classifier to annotated documents."""
    from chartline.core.settings import load
    from chartline.teach.adaptation import adapt_weights
    from chartline.teach.annotated_lines import annotated_lines
    from chartline.teach.annotation_files import read

    boxes = read(annotations)
    with progress() as tell:
        limits = load(None, {}).reading.limits
        lines, faults = annotated_lines(docs, boxes, limits, tell)
        before, after = adapt_weights(lines, weights, out, tell)
    for fault in faults:
        console.print(f"  {fault}", markup=False)
    show("annotated lines, by the weights so far", before)
    show("the same lines, now that they were learned", after)
    console.print(f"weights: {out} (use them with reading.weights in the settings)")


@train.command("next")
@command
def train_next(
    out: Out, count: Annotated[int, typer.Option("--count", min=1, help="Documents to name.")] = 20
) -> None:
    """Which documents of OUT to annotate next.

    Those that together hold most lines, of most kinds, that are likely to be wrong.
    """
    from chartline.teach import selection

    store = existing(out)
    show(
        "annotate next",
        selection.next_documents(
            store.read("documents"), store.read("lines", selection.COLUMNS), count
        ),
    )
