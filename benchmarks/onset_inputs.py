"""Where vectors help, and where not: `python -m benchmarks.onset_inputs [4000] [--small]`

The number is that of patients, drawn with three seeds by each of two mechanisms: the simulator of
the sample documents (`synthesis.patients`), and topics of concepts that each site codes its own way
(`benchmarks.topics`), once with the map from local codes to concepts and once without. Prints, for
each input, the AUC of its best classifier in folds of the training people, and that classifier's
AUC on people held out; which is kept; and the AUC of the mechanism's own risk. `--small` fits on
300 training rows instead of all. Takes about ten minutes of one core.
"""

import sys
from collections.abc import Callable, Iterator
from datetime import date

import numpy as np
import polars as pl

from benchmarks import arguments, topics
from chartline.core.settings import (
    EmbeddingSettings,
    FeatureSettings,
    OnsetSettings,
    Settings,
    load,
)
from chartline.core.tables import Events, cast_to
from chartline.risk import embeddings, features, inputs, onset, tasks
from chartline.risk.cohort import cohort
from chartline.risk.splits import TRAIN, splits_of
from synthesis.patients import simulation, vocabulary

SEEDS, SMALL = (3, 4, 5), 300
_KINDS = ["logistic regression", "gradient boosting"]
Drawn = tuple[pl.DataFrame, pl.DataFrame | None, pl.DataFrame]  # events, codes, own risk


def of_samples(patients: int, seed: int) -> Drawn:
    """The simulator of the sample documents, with the public parents of local codes."""
    drawn = simulation.simulate(patients, seed, replicates=8)
    nothing = {"text_value": pl.String, "document_id": pl.String, "encounter_id": pl.String}
    more = [pl.lit(None, dtype).alias(name) for name, dtype in nothing.items()]
    events = cast_to(drawn.events.with_columns(pl.lit("ehr").alias("source"), *more), Events)
    parents = [
        (code, [public]) for code, (_, public) in vocabulary.names().items() if code != public
    ]
    schema = {"code": pl.String, "parent_codes": pl.List(pl.String)}
    return events, pl.DataFrame(parents, schema=schema, orient="row"), drawn.risk


def of_topics(patients: int, seed: int) -> Drawn:
    """Topics with the map from local codes to concepts."""
    drawn = topics.simulate(patients, seed)
    return drawn.events, drawn.codes, drawn.risk


def of_topics_without_map(patients: int, seed: int) -> Drawn:
    """Topics, where nobody knows which local codes mean the same."""
    events, _, risk = of_topics(patients, seed)
    return events, None, risk


MECHANISMS: dict[str, Callable[[int, int], Drawn]] = {
    "sample simulator": of_samples,
    "topics, codes mapped": of_topics,
    "topics, codes not mapped": of_topics_without_map,
}


def compared(
    drawn: Drawn, seed: int, settings: Settings, small: bool
) -> tuple[pl.DataFrame, float]:
    """The table onset_scores, and the AUC of the mechanism's own risk."""
    events, codes, risk = drawn
    splits, task = splits_of(events, None, seed), tasks.load("heart_failure")
    rows = cohort(events, splits, task, OnsetSettings(seed=seed), date.max)
    rows = rows.drop_nulls("boolean_value")
    if small:
        train = rows.filter(pl.col("split") == TRAIN).sample(SMALL, seed=seed)
        rows = pl.concat([train, rows.filter(pl.col("split") != TRAIN)])
        rows = rows.sort("subject_id", "prediction_time")
    learned_from = splits.filter(pl.col("split") == TRAIN)["subject_id"]
    vectors = embeddings.concept_vectors(events, learned_from, EmbeddingSettings())
    table = features.features(events, vectors, rows, task, FeatureSettings()).table
    observed = features.observed(events, table, task, inputs.EVER_DAYS)
    known = inputs.known_codes(observed, events, codes)
    window = max(FeatureSettings().windows_days)
    every = inputs.inputs_of(table, known, EmbeddingSettings().min_count, window)
    found = onset.predict(table, every, settings, task)
    return found.scores, onset.best_reachable(found.curves, risk, seed).auc


def lines(name: str, found: list[tuple[pl.DataFrame, float]]) -> Iterator[str]:
    """A line an input: of each seed its best classifier; then which are kept."""
    rows = [scores["rows"][0] for scores, _ in found]
    reach = ", ".join(f"{best:.3f}" for _, best in found)
    yield f"{name}: {rows} held-out rows; the mechanism's own risk {reach}"
    for source in found[0][0]["source"].unique(maintain_order=True):
        best = [
            scores.filter(pl.col("source") == source)
            .sort("training_auc", descending=True)
            .row(0, named=True)
            for scores, _ in found
        ]
        shown = "  ".join(
            f"{one['auc']:.3f} (folds {one['training_auc']:.3f} ± {one['training_auc_sd']:.3f})"
            for one in best
        )
        mean = np.mean([one["auc"] for one in best])
        yield f"  {source:<26}{mean:.3f} held-out mean;  {shown}"
    for scores, _ in found:
        kept = scores.row(by_predicate=pl.col("kept"), named=True)
        yield f"  kept: {kept['model']} on {kept['source']}, held-out AUC {kept['auc']:.3f}"


def main(patients: int, small: bool) -> None:
    """Prints a table a mechanism."""
    for name, draw in MECHANISMS.items():
        found = []
        for seed in SEEDS:
            kinds = {"onset.classifiers": _KINDS, "onset.baselines": _KINDS}
            settings = load(None, {**kinds, "onset.seed": seed})
            found.append(compared(draw(patients, seed), seed, settings, small))
        sys.stdout.write("\n".join(lines(name, found)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    given = arguments(__doc__)
    number = next((int(argument) for argument in given if argument.isdigit()), 4000)
    main(number, "--small" in given)
