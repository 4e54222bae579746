"""`chartline review`: the page in the browser over the tables of a run."""

from pathlib import Path
from typing import Annotated

import typer

from chartline.terminal.console import Config, Out, command, console, existing


@command
def review(
    out: Out,
    docs: Annotated[
        Path | None,
        typer.Option(
            "--docs",
            help="Folder of PDFs; the one of the last run when absent.",
            show_default=False,
        ),
    ] = None,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Of this machine; 0: any free one.")
    ] = 0,
    config: Config = None,
) -> None:
    """Serve OUT's documents, pages, sections and facts to a browser on this machine."""
    from chartline.core.settings import load
    from chartline.views.review.serving import serve

    store = existing(out)
    serve(
        store,
        docs or Path(store.note("source") or "."),
        load(config),
        port,
        lambda address: console.print(f"{address}   (Ctrl-C ends it)", markup=False),
    )
