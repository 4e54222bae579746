"""What a sampled row stands for: cases and a few controls against all who were eligible.

A model of a matched sample gives risks of that sample. Weights of its rows bring them back to the
population (King and Zeng, "Logistic Regression in Rare Events Data", 2001; of matched strata,
Rose and van der Laan, "Why Match?", 2009).
"""

import polars as pl

_ROW = ["subject_id", "prediction_time"]
# Of a patient lost in the window, half of it was seen on average, so that one counts for half of
# a patient: the life table's effective number at risk (Cutler and Ederer, 1958)
_LOST_COUNTS = 0.5


def with_weights(
    rows: pl.DataFrame, candidates: pl.DataFrame, splits: pl.DataFrame, bands: list[str]
) -> pl.DataFrame:
    """A cohort with `sampling_weight`: for how many eligible patients a row stands.

    A patient counts once in each band of time with a prediction time that fits, as the scored
    patients do, however many days of care there are. All cases of a split weigh alike. The controls
    of a stratum (`bands`) share its patients without the outcome; those of strata without a control
    are shared by all controls of the split. Each split is counted by itself, so that held-out
    patients change nothing for training ones.

    Args:
        rows: subject_id, prediction_time, boolean_value, split.
        candidates: Every prediction time of the cohort: its keys, `bands`, `time_band`, `label`
            (whether the outcome came), `followed` (whether the record goes on long
            enough).
        splits: subject_id, split.
        bands: The columns in which a control equals its case.

    Returns:
        `rows` in their order; the weight of rows without a label is null.
    """
    strata = ["split", *bands]
    eligible = _patients(candidates.join(splits, on="subject_id"))
    sampled = rows.drop_nulls("boolean_value").join(
        eligible.select(*_ROW, *bands), on=_ROW, maintain_order="left"
    )
    of_split = eligible.group_by("split").agg(
        all_cases=pl.col("case").sum(), all_free=pl.col("free").sum()
    )
    of_stratum = eligible.group_by(strata).agg(stratum_free=pl.col("free").sum())
    case = pl.col("boolean_value")
    shared = (
        sampled.join(of_split, on="split", maintain_order="left")
        .join(of_stratum, on=strata, nulls_equal=True, maintain_order="left")
        .with_columns(share=pl.col("stratum_free") / pl.len().over(*strata, "boolean_value"))
        .with_columns(
            sampling_weight=pl.when(case)
            .then(pl.col("all_cases") / case.sum().over("split"))
            .otherwise(
                pl.col("share")
                * (pl.col("all_free") / pl.col("share").filter(~case).sum().over("split"))
            )
        )
    )
    return rows.join(shared.select(*_ROW, "sampling_weight"), on=_ROW, how="left").sort(_ROW)


def _patients(candidates: pl.DataFrame) -> pl.DataFrame:
    """`candidates` with `case` and `free`, the parts of a patient in a band of time that each is.

    The moments of a patient in a band of time sum to one, or to less where follow-up ended early.
    """
    part = 1 / pl.len().over("subject_id", "time_band")
    known = pl.when("followed").then(1.0).otherwise(_LOST_COUNTS)
    label = pl.col("label")
    return candidates.with_columns(
        case=pl.when(label).then(part).otherwise(0.0),
        free=pl.when(label).then(0.0).otherwise(part * known),
    )
