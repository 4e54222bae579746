"""The terminal's commands for the stages that learn; heavy imports wait for their command."""

from typing import Annotated, Any

import typer

from chartline.terminal.console import Config, Out, command, console, existing, progress, show

_SYNONYMS = 12  # shown; the table outcome_synonyms has all


@command
def embed(out: Out, config: Config = None) -> None:
    """Learn concept vectors from OUT/events."""
    from chartline.core.settings import load
    from chartline.store import runs
    from chartline.views import summary
    from chartline.work import stages

    store, settings = existing(out), load(config)
    with progress() as watched, runs.recorded(store, "embed"):
        vectors = stages.embed(store, settings, watched)
    console.print(f"{len(vectors)} codes have vectors in {store.uri('concept_vectors')}")
    quality = summary.evaluate_vectors(store, settings)
    show("vectors, evaluated without a model", summary.vector_quality(quality))


def show_cohort(store: Any) -> None:
    """Who is in the cohort and who is not; the codes that tell the outcome, or may."""
    from chartline.views import summary

    if len(counts := summary.cohort_counts(store)):
        show("who is predicted, and who is not", counts)
    if len(synonyms := summary.synonyms(store)):
        more = f"; {_SYNONYMS} of {len(synonyms)}, all in outcome_synonyms"
        title = "codes that tell the outcome, or may"
        show(title + (more if len(synonyms) > _SYNONYMS else ""), synonyms.head(_SYNONYMS))


@command
def neighbours(
    out: Out,
    code: Annotated[
        str | None,
        typer.Argument(help="As ICD10//I50.9; telling ones when absent.", show_default=False),
    ] = None,
    count: Annotated[int, typer.Option(min=1, help="Neighbours a code.")] = 8,
    config: Config = None,
) -> None:
    """Print the codes whose concept vectors are nearest. Learns and writes nothing."""
    from chartline.core.settings import load
    from chartline.mentions.names import names_of_codes
    from chartline.risk import tasks
    from chartline.risk.neighbours import example_codes
    from chartline.risk.neighbours import neighbours as nearest

    store, settings = existing(out), load(config)
    vectors, codes = store.needed("concept_vectors", "embed"), store.read("codes")
    names = names_of_codes(codes)
    task = tasks.load(settings.onset.cohort)
    for one in [code] if code else example_codes(vectors, task.outcome):
        near = nearest(vectors, one, count, names)
        show(f"{one} {names.get(one, '')}", near)


@command
def features(out: Out, config: Config = None) -> None:
    """Patient features at prediction times from OUT/events and OUT/concept_vectors."""
    from chartline.core.settings import load
    from chartline.store import runs
    from chartline.work import stages

    store = existing(out)
    with progress() as watched, runs.recorded(store, "features"):
        table = stages.build_features(store, load(config), watched)
    outcome = table["outcome"][0]
    console.print(
        f"{len(table)} rows of {table.width} columns for {outcome} in {store.uri('features')}"
    )
    show_cohort(store)


@command
def onset(
    out: Out,
    score: Annotated[
        bool,
        typer.Option("--score", help="Score by the model in OUT/onset_model; fit none."),
    ] = False,
    config: Config = None,
) -> None:
    """Onset risk from OUT/features: classifiers compared, the best kept in OUT/onset_model.

    Features that were made for another cohort or from other events are made anew first.
    """
    from chartline.core.settings import load
    from chartline.store import runs
    from chartline.views import summary
    from chartline.work import stages

    store, settings = existing(out), load(config)
    with progress() as watched, runs.recorded(store, "onset"):
        if score:
            rows = stages.score_onset(store, settings, watched)
            console.print(f"{len(rows)} rows scored for {rows['outcome'][0]}")
            return
        scores = stages.predict_onset(store, settings, watched)
    title = f"onset of {scores['outcome'][0]} on held-out patients"
    show(title, summary.scores_in_short(scores))
    console.print(summary.kept(scores))
