"""Are risks those of the population? `python -m benchmarks.onset_population [900]`

The number is that of patients in the simulated cohort, drawn with three seeds. Prints the mean
risk of the scored patients by logistic regression on concept vectors, as fitted on the matched
sample and corrected, and the mean of the risk that the simulation itself computes for them; 0.8 to
1.25 of observed over expected is asked of the corrected one. Takes about three minutes.
"""

import sys
from datetime import date

import numpy as np
import polars as pl

from benchmarks import arguments
from chartline.core.settings import EmbeddingSettings, FeatureSettings, OnsetSettings, load
from chartline.core.tables import Events, cast_to
from chartline.models.onset.population import shifted
from chartline.risk import embeddings, features, inputs, onset, tasks
from chartline.risk.cohort import cohort
from chartline.risk.splits import SCORE, TRAIN, splits_of
from synthesis.patients import simulation

SEEDS = (3, 4, 5)
_REPLICATES = 8  # futures a patient: the mean over hundreds of patients needs no more
_RISK = "predicted_boolean_probability"


def measured(patients: int, seed: int) -> tuple[int, float, float, float]:
    """Scored patients, and their mean risk by the simulation, as fitted and corrected."""
    drawn = simulation.simulate(patients, seed, replicates=_REPLICATES)
    nothing = {"text_value": pl.String, "document_id": pl.String, "encounter_id": pl.String}
    more = [pl.lit(None, dtype).alias(name) for name, dtype in nothing.items()]
    events = cast_to(drawn.events.with_columns(pl.lit("ehr").alias("source"), *more), Events)
    splits, task = splits_of(events, drawn.splits, seed), tasks.load("heart_failure")
    rows = cohort(events, splits, task, OnsetSettings(seed=seed), date.max)
    train = splits.filter(pl.col("split") == TRAIN)["subject_id"]
    vectors = embeddings.concept_vectors(events, train, EmbeddingSettings())
    table = features.features(events, vectors, rows, task, FeatureSettings()).table
    x = inputs.inputs_of(table, {}, EmbeddingSettings().min_count, 0)
    settings = load(None, {"onset.classifiers": [onset.LOGISTIC], "onset.seed": seed})
    found = onset.predict(table, x, settings, task)
    scored = found.predictions.filter(pl.col("split") == SCORE).sort("prediction_time")
    known = scored.join_asof(
        drawn.risk.sort("time"),
        left_on="prediction_time",
        right_on="time",
        by="subject_id",
        strategy="backward",
        check_sortedness=False,
    )
    corrected = known[_RISK].to_numpy()
    fitted = shifted(corrected, -found.fitted.log_odds)
    truth = known["risk"].drop_nulls().to_numpy()
    return len(known), float(np.mean(truth)), float(np.mean(fitted)), float(np.mean(corrected))


def main(patients: int) -> None:
    """Prints a line a seed."""
    for seed in SEEDS:
        scored, truth, fitted, corrected = measured(patients, seed)
        sys.stdout.write(
            f"seed {seed}: {scored} scored; the simulation's own risk {truth:.3f}; as fitted "
            f"{fitted:.3f}, observed/expected {truth / fitted:.2f}; corrected {corrected:.3f}, "
            f"observed/expected {truth / corrected:.2f}\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    given = arguments(__doc__)
    main(next((int(argument) for argument in given if argument.isdigit()), 900))
