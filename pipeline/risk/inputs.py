"""The three inputs that classifiers are compared on: raw codes, grouped codes, concept vectors."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from chartline.core.errors import ChartlineError
from chartline.core.settings import RollupSettings
from chartline.history.rollup import rolled
from chartline.risk.pooling import code_matrix
from chartline.risk.splits import TRAIN

RAW, GROUPED, VECTORS = "raw codes", "grouped codes", "concept vectors"
# arXiv 1602.03686 compares with codes grouped by public hierarchies; these are the ones at hand
GROUPING = RollupSettings(parents=True, diagnoses="ccs", drugs="atc4")
_NO_INPUTS = {
    "subject_id",
    "prediction_time",
    "outcome",
    "boolean_value",
    "split",
    "sampling_weight",
}
_NEITHER_SEX = 0.5  # stands for a sex that is not known, between 0 (women) and 1 (men)
Matrix = NDArray[np.float64]


def known_codes(
    known: pl.DataFrame, events: pl.DataFrame, codes: pl.DataFrame | None
) -> dict[str, tuple[pl.DataFrame, pl.DataFrame]]:
    """For raw and for grouped codes: observed events, and the stream that they come from.

    Args:
        known: As of `features.observed`: the outcome's codes are left out before codes are grouped,
            since the task names codes and not groups.
        events: The table events.
        codes: The table codes, for the parents of local codes.
    """
    grouped = rolled(known, GROUPING, codes), rolled(events, GROUPING, codes)
    return {RAW: (known, events), GROUPED: grouped}


def inputs_of(
    table: pl.DataFrame, known: dict[str, tuple[pl.DataFrame, pl.DataFrame]], min_count: int
) -> dict[str, Matrix]:
    """The inputs by name, each with the rows of `table`.

    Raw and grouped codes: age, sex and log(1 + how often each code was observed). Concept vectors:
    `matrix` of all features.

    Args:
        table: The table features.
        known: As of `known_codes`.
        min_count: Events of training subjects that a code must have.
    """
    train = table.filter(pl.col("split") == TRAIN).select("subject_id").unique()
    found = {}
    for name, (within, stream) in known.items():
        common = (
            stream.join(train, on="subject_id", how="semi")["code"]
            .value_counts()
            .filter(pl.col("count") >= min_count)["code"]
            .sort()
        )
        counts = code_matrix(within, common, len(table)).toarray()
        found[name] = np.hstack(
            [
                _sex_filled(table).select("age", "male").to_numpy(),
                np.log1p(counts[:, counts.any(0)]),
            ]
        )
    found[VECTORS] = matrix(table, columns_of(table))
    return found


def columns_of(table: pl.DataFrame) -> list[str]:
    """The columns of the table features that a model may use: no key, label, split or weight."""
    return [name for name in table.columns if name not in _NO_INPUTS]


def matrix(table: pl.DataFrame, columns: list[str]) -> Matrix:
    """Columns of the table features as numbers, rows x columns.

    Counts and sums, which have no upper bound, become sign(x) log(1 + |x|), so that a patient with
    much care does not outweigh all others; age, sex and presence are bounded and stay.

    Raises:
        ChartlineError: A column is missing.
    """
    if missing := [name for name in columns if name not in table.columns]:
        raise ChartlineError(
            f"onset: the features lack {len(missing)} columns of the model, {missing[0]} first; "
            "fit it again (chartline onset)"
        )
    x = _sex_filled(table).select(columns).to_numpy().astype(np.float64)
    bounded = np.array(
        [name in ("age", "male") or name.startswith("presence_") for name in columns]
    )
    return np.where(bounded, x, np.sign(x) * np.log1p(np.abs(x)))


def _sex_filled(table: pl.DataFrame) -> pl.DataFrame:
    """The table features, an unknown sex half-way between both, since a model needs numbers."""
    if "male" not in table.columns:
        return table
    return table.with_columns(pl.col("male").fill_null(_NEITHER_SEX))
