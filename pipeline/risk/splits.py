"""Which subjects models are fitted on, and which they are evaluated on."""

import polars as pl

TRAIN, HELD_OUT = "train", "held_out"  # MEDS's names
SCORE = "score"  # of rows without a label: their subject is scored, whatever its split
_TRAIN_TENTHS = 7  # of the subjects, where the source declares no splits


def splits_of(events: pl.DataFrame, declared: pl.DataFrame | None, seed: int) -> pl.DataFrame:
    """The split of each subject of `events`: the columns subject_id and split.

    Args:
        events: Anything with a column `subject_id`.
        declared: The table splits; its `tuning` counts as `train`.
        seed: Of the hash that splits the subjects that `declared` does not name, 70 : 30. The
            split of a subject never depends on the others.
    """
    subjects = events.select(pl.col("subject_id").unique())
    hashed = (
        pl.when(pl.col("subject_id").hash(seed) % 10 < _TRAIN_TENTHS)
        .then(pl.lit(TRAIN))
        .otherwise(pl.lit(HELD_OUT))
    )
    if declared is None:
        return subjects.with_columns(split=hashed)
    known = declared.with_columns(
        split=pl.when(pl.col("split") == HELD_OUT).then(pl.lit(HELD_OUT)).otherwise(pl.lit(TRAIN))
    )
    return subjects.join(known, on="subject_id", how="left").with_columns(
        split=pl.coalesce("split", hashed)
    )
