"""Concept vectors against raw and grouped codes: `python -m benchmarks.onset [24000] [--plot FILE]`

The number is that of patients in the simulated cohort, whose best reachable AUC is known. Vectors
are learned from all training patients, classifiers from the labelled ones. Prints the AUC on
held-out patients by classifier at 2,000 training patients, then by the number of training patients
for logistic regression. Takes about 15 minutes.
"""

import sys
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks import arguments
from chartline.core.settings import EmbeddingSettings, FeatureSettings, OnsetSettings
from chartline.core.tables import Events, cast_to
from chartline.models.onset import classifiers, evaluation
from chartline.models.onset.selection import choose, folds_of
from chartline.risk import embeddings, features, inputs, onset, tasks
from chartline.risk.cohort import cohort
from chartline.risk.splits import HELD_OUT, TRAIN, splits_of
from chartline.views.report import plots
from synthesis.patients import simulation, vocabulary

SEED, LABELLED, SIZES, DRAWS = 3, 2000, (250, 500, 1000, 2000, 4000, 8000), 3


def prepared(patients: int) -> tuple[pl.DataFrame, pl.DataFrame, dict[str, inputs.Input], float]:
    """Simulates a cohort and makes what classifiers learn from.

    Returns:
        The features of the labelled rows, these rows, the three inputs, and the AUC on held-out
        rows of the risk that the simulation itself computes.
    """
    drawn = simulation.simulate(patients, SEED, replicates=8)
    nothing = {"text_value": pl.String, "document_id": pl.String, "encounter_id": pl.String}
    more = [pl.lit(None, dtype).alias(name) for name, dtype in nothing.items()]
    events = cast_to(drawn.events.with_columns(pl.lit("ehr").alias("source"), *more), Events)
    splits, task = splits_of(events, drawn.splits, SEED), tasks.load("heart_failure")
    rows = cohort(events, splits, task, OnsetSettings(seed=SEED), date.max)
    rows = rows.drop_nulls("boolean_value")
    train = splits.filter(pl.col("split") == TRAIN)["subject_id"]
    vectors = embeddings.concept_vectors(events, train, EmbeddingSettings())
    table = features.features(events, vectors, rows, task, FeatureSettings()).table
    parents = [
        (code, [public]) for code, (_, public) in vocabulary.names().items() if code != public
    ]
    codes = pl.DataFrame(
        parents, schema={"code": pl.String, "parent_codes": pl.List(pl.String)}, orient="row"
    )
    observed = features.observed(events, table, task, inputs.EVER_DAYS)
    known = inputs.known_codes(observed, events, codes)
    window = max(FeatureSettings().windows_days)
    every = inputs.inputs_of(table, known, EmbeddingSettings().min_count, window)
    compared = {name: every[name] for name in (inputs.RAW, inputs.GROUPED, inputs.VECTORS)}
    held = table.filter(pl.col("split") == HELD_OUT)
    return table, rows, compared, onset.best_reachable(held, drawn.risk, SEED).auc


def auc(table: pl.DataFrame, given: inputs.Input, name: str, size: int, draws: int) -> float:
    """The AUC on held-out rows, as the mean over `draws` samples of `size` training rows."""
    truth, subjects = table["boolean_value"].to_numpy(), table["subject_id"].to_numpy()
    x = given.x
    train, held = (
        np.flatnonzero(table["split"] == TRAIN),
        np.flatnonzero(table["split"] == HELD_OUT),
    )
    found = []
    for seed in range(draws):
        some = np.random.default_rng(seed).permutation(train)[:size]
        folds = folds_of(truth[some], subjects[some], seed)
        model = choose(name, x[some], truth[some], folds, seed).model
        found.append(evaluation.auc(truth[held], classifiers.predict_risk(model, x[held])))
    return float(np.mean(found))


Inputs = dict[str, inputs.Input]
Point = tuple[int, str, float]  # training patients, input, AUC


def by_classifier(table: pl.DataFrame, compared: Inputs, best: float) -> None:
    """Prints the AUC of each classifier at `LABELLED` training patients."""
    for name in classifiers.CLASSIFIERS:
        draws = 1 if name == "support vector machine" else DRAWS  # slow on thousands of columns
        found = {source: auc(table, x, name, LABELLED, draws) for source, x in compared.items()}
        gain, share = found[inputs.VECTORS] / found[inputs.RAW] - 1, found[inputs.VECTORS] / best
        shown = "  ".join(f"{source} {value:.3f}" for source, value in found.items())
        sys.stdout.write(
            f"{name:<24}{shown}  vectors over raw {gain:+.1%}, of the best reachable {share:.1%}\n"
        )
        sys.stdout.flush()


def by_size(table: pl.DataFrame, compared: Inputs) -> list[Point]:
    """Prints and returns the AUC of logistic regression by the number of training patients."""
    curve: list[Point] = []
    for size in (s for s in SIZES if s <= int((table["split"] == TRAIN).sum())):
        points = [
            (size, source, auc(table, x, onset.LOGISTIC, size, DRAWS))
            for source, x in compared.items()
        ]
        shown = "  ".join(f"{source} {value:.3f}" for _, source, value in points)
        sys.stdout.write(f"{size:>6}  {shown}\n")
        sys.stdout.flush()
        curve += points
    return curve


def main(patients: int, plot: Path | None) -> None:
    """Prints the two tables, and draws the second with `plot`."""
    table, rows, compared, best = prepared(patients)
    counts = rows.group_by("split", "boolean_value").len().sort("split", "boolean_value").rows()
    widths = {source: x.x.shape[1] for source, x in compared.items()}
    sys.stdout.write(f"rows {counts}; columns {widths}; best reachable {best:.3f}\n")
    by_classifier(table, compared, best)
    curve = by_size(table, compared)
    if plot:
        frame = pl.DataFrame(
            curve,
            schema={"patients": pl.Int64, "source": pl.String, "auc": pl.Float64},
            orient="row",
        )
        plot.write_text(plots.learning(frame), "utf-8")


if __name__ == "__main__":
    given = arguments(__doc__)
    file = Path(given[given.index("--plot") + 1]) if "--plot" in given else None
    main(next((int(argument) for argument in given if argument.isdigit()), 24000), file)
