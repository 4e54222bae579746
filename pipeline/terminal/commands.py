"""The command line: the main job, what it did, its report, events, the server of the flows.

It calls the stages directly; only `serve` imports Prefect. Heavy imports wait for their command.
"""

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from chartline.terminal.config import config as config_command
from chartline.terminal.config import root
from chartline.terminal.console import (
    Config,
    Out,
    Workers,
    command,
    console,
    existing,
    progress,
    show,
)
from chartline.terminal.learning import embed, features, neighbours, onset, show_cohort
from chartline.terminal.reviewing import review
from chartline.terminal.searching import search
from chartline.terminal.terms import terms
from chartline.terminal.train import train

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="Hospital PDFs and coded histories to tables a model can learn from.",
)
app.callback()(root)
app.add_typer(train, name="train")
for other in (embed, neighbours, features, onset, terms, review):
    app.command()(other)

_NAMED = 10  # paths that are named where many have the same fault
OutOption = Annotated[
    Path, typer.Option("--out", help="Folder for the tables and the report.", show_default=False)
]


def main() -> None:
    """The `chartline` command. Whatever it writes is the owner's alone."""
    os.umask(0o077)
    app()


@app.command()
@command
def run(
    docs: Annotated[
        Path,
        typer.Argument(metavar="DOCS", help="Folder of PDFs.", readable=False, show_default=False),
    ],
    out: OutOption,
    ehr: Annotated[
        Path | None,
        typer.Option(
            "--ehr",
            help="MEDS, OMOP, FHIR, Synthea CSV, or one CSV or Parquet file.",
            readable=False,
            show_default=False,
        ),
    ] = None,
    manifest: Annotated[
        Path | None,
        typer.Option(
            "--manifest",
            help="CSV: path, patient_id, encounter_id, kind, written_at, language. "
            "DOCS/manifest.csv when absent.",
            readable=False,
            show_default=False,
        ),
    ] = None,
    engine: Annotated[
        str | None, typer.Option("--engine", help="auto, pdfium or pdfplumber.", show_default=False)
    ] = None,
    workers: Workers = None,
    config: Config = None,
    rebuild: Annotated[
        bool,
        typer.Option(
            "--rebuild",
            help="Set the tables in OUT aside (OUT/set-aside-N) and make all of them anew.",
        ),
    ] = False,
) -> None:
    """The main job: PDFs and EHR in; tables, risk and report out."""
    from chartline.core.settings import load
    from chartline.store import Store
    from chartline.views import report
    from chartline.work import job

    settings = load(config, {"reading.engine": engine, "reading.workers": workers})
    with progress() as watched:
        done = job.run(
            docs,
            out,
            ehr=ehr,
            manifest=manifest,
            settings=settings,
            progress=watched,
            rebuild=rebuild,
        )
        page = report.write(Store(out), docs, settings, watched)
    _show_run(done)
    _show_tables(Store(out))
    console.print(f"report: {page}")


def _show_run(done: Any) -> None:
    """The counts of a run (`job.RunSummary`)."""
    console.print(
        f"{done.seen} documents seen: {done.read} read, {done.unchanged} unchanged, "
        f"{len(done.removed)} removed from the folder"
    )
    if done.moved:
        console.print(f"  {done.moved} moved or copied away: rows of the old path dropped")
    for path in done.removed:
        console.print(f"  removed: {path} (its rows are kept)", markup=False)
    _show_paths("cannot be read, and is tried again in the next run", done.unreadable)
    _show_paths("the manifest names it, and there is no such file", done.unmatched)
    for reason in done.skipped:
        console.print(f"  left out: {reason}", markup=False)


def _show_paths(what: str, paths: list[str]) -> None:
    """The first of these paths, and how many more there are."""
    for path in paths[:_NAMED]:
        console.print(f"  {path}: {what}", markup=False)
    if len(paths) > _NAMED:
        console.print(f"  … and {len(paths) - _NAMED} more, {len(paths)} in all")


def _show_tables(store: Any) -> None:
    from chartline.views import summary

    show("tables", summary.counts(store))
    if len(history := summary.history(store)):
        show("runs, the latest last", history)
    if store.has("documents"):
        documents = store.read("documents")
        show("documents", summary.statuses(documents))
        if len(troubled := summary.troubled(documents)):
            show("not processed in full", troubled)
    if store.has("lines"):
        show("lines by label", summary.label_shares(store.read("lines", ["label"])))
    if len(faults := summary.faults(store)):
        show("rows of the EHR to look at", faults)
    if (scores := summary.scores(store)) is not None:
        title = f"onset of {scores['outcome'][0]} on held-out patients"
        show(title, summary.scores_in_short(scores))
        for told in (summary.kept(scores), summary.population(store)):
            if told is not None:
                console.print(told)
    show_cohort(store)


@app.command("show")
@command
def show_(out: Out, config: Config = None) -> None:
    """What was done: counts, quarantine by reason, label shares, AUC; missing nights."""
    from datetime import UTC, datetime

    from chartline.core.settings import load
    from chartline.views import nights

    store, hours = existing(out), load(config).night_overdue_hours
    _show_tables(store)
    if warning := nights.overdue(store.read("runs"), hours, datetime.now(UTC)):
        console.print(f"WARNING: {warning}", markup=False)


app.command()(search)


@app.command("report")
@command
def report_(
    out: Out,
    docs: Annotated[
        Path | None,
        typer.Option(
            "--docs",
            help="Folder of PDFs; the one of the last run when absent.",
            show_default=False,
        ),
    ] = None,
    config: Config = None,
) -> None:
    """Write OUT/report/index.html again from the tables."""
    from chartline.core.settings import load
    from chartline.views import report

    with progress() as watched:
        page = report.write(existing(out), docs, load(config), watched)
    console.print(f"report: {page}")


@app.command()
@command
def events(
    ehr: Annotated[
        Path,
        typer.Argument(
            metavar="EHR",
            help="MEDS, OMOP, FHIR, Synthea CSV, or one CSV or Parquet file.",
            readable=False,
            show_default=False,
        ),
    ],
    out: OutOption,
    config: Config = None,
) -> None:
    """An EHR source into OUT/events."""
    from chartline.core.settings import load
    from chartline.history.sources import read_source
    from chartline.store import Store, runs
    from chartline.views import summary
    from chartline.work.event_table import join_events

    settings = load(config)
    source = read_source(ehr, settings.ehr, runs.run_date())
    store = Store(out, settings.tables)
    with runs.recorded(store, "events"):
        join_events(store, source, settings.ehr)
    events, patients = summary.events(store)
    console.print(f"{events} events of {patients} patients in {store.uri('events')}")
    if len(faults := summary.faults(store)):
        show("rows to look at (event_faults has their numbers)", faults)


app.command("config")(config_command)


@app.command()
@command
def serve(
    file: Annotated[
        Path | None,
        typer.Option(
            "--file",
            help="Deployments with their schedules and parameters; prefect.yaml of this folder "
            "when absent, else the one that comes with Chartline.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Start the flows' schedules, on the Prefect server that is configured or on one it starts."""
    from chartline.flows import serving

    serving.serve(file)
