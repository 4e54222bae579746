"""Patients under two ids: subjects with the same history."""

import polars as pl

from chartline.core.errors import LeakError
from chartline.history.events import STATIC
from chartline.risk.splits import HELD_OUT

# A statement is a code at a time. Of each subject a few statements, drawn by their hash and so the
# same ones for the same history, find the pairs that may be one (a bottom-k sketch: Broder, 1997)
_SKETCH = 8
_SHARED_IN_SKETCH = 3
_MOST_SHARING = 30  # subjects: a statement of more is no sign of one patient
_FEWEST_STATEMENTS = 6  # two patients may share a shorter history by chance
# Dates of one patient may be shifted by other days under each id. Then days since the first one
# count, and the history must be longer and of several codes: visits that follow a protocol
# (dialysis, vaccination) are alike in many patients
_FEWEST_SHIFTED = 20
_FEWEST_CODES = 8
_SAME = 0.8  # of the statements of both together (Jaccard): some rows may be lost in one of them
_SEED = 1
_PAIRS = 100_000  # whose statements are compared at a time


def same_history(events: pl.DataFrame) -> pl.DataFrame:
    """Subjects that seem to be one patient: their statements are the same, nearly all.

    Either at the same times, or (for longer histories) at as many days after the first. Facts
    without a time are not looked at, and equal statements count once.

    Args:
        events: Anything with subject_id, time and code.

    Returns:
        subject_id, first: each subject but the one with the lowest id, and that lowest id.
    """
    care = (
        events.lazy()
        .filter(pl.col("time").is_not_null(), ~pl.col("code").str.contains(STATIC))
        .select("subject_id", "time", "code")
    )
    days = (pl.col("time") - pl.col("time").min().over("subject_id")).dt.total_days()
    several = pl.col("code").n_unique().over("subject_id") >= _FEWEST_CODES
    absolute = _statements(care, _FEWEST_STATEMENTS)
    shifted = _statements(care.filter(several).with_columns(time=days), _FEWEST_SHIFTED)
    return _by_lowest(pl.concat([_pairs(absolute), _pairs(shifted)]))


def _statements(care: pl.LazyFrame, fewest: int) -> pl.DataFrame:
    """subject_id, statement (a hash), for subjects with enough of them, at two times at least."""
    return (
        care.with_columns(statement=pl.struct("time", "code").hash(_SEED))
        .unique(["subject_id", "statement"])
        .filter(
            pl.len().over("subject_id") >= fewest,
            pl.col("time").n_unique().over("subject_id") > 1,
        )
        .select("subject_id", "statement")
        .collect()
    )


def _pairs(statements: pl.DataFrame) -> pl.DataFrame:
    """Pairs (subject_id, other) whose statements are the same, nearly all."""
    rare = statements.filter(pl.len().over("statement") <= _MOST_SHARING)
    drawn = rare.filter(
        pl.col("statement").rank("ordinal").over("subject_id") <= _SKETCH,
        pl.len().over("statement") > 1,
    )
    likely = (
        drawn.join(drawn.rename({"subject_id": "other"}), on="statement")
        .filter(pl.col("subject_id") < pl.col("other"))
        .group_by("subject_id", "other")
        .agg(shared=pl.len())
        .filter(pl.col("shared") >= _SHARED_IN_SKETCH)
        .sort("subject_id", "other")
        .select("subject_id", "other")
    )
    found = [_alike(part, statements) for part in likely.iter_slices(_PAIRS)]
    return pl.concat([_equal(statements), *found])


def _equal(statements: pl.DataFrame) -> pl.DataFrame:
    """Pairs (subject_id, other) of one and the same statements: the lowest id and each other."""
    whole = statements.group_by("subject_id").agg(history=pl.col("statement").sum(), size=pl.len())
    lowest = whole.with_columns(lowest=pl.col("subject_id").min().over("history", "size"))
    return lowest.filter(pl.col("subject_id") > pl.col("lowest")).select(
        pl.col("lowest").alias("subject_id"), pl.col("subject_id").alias("other")
    )


def _alike(pairs: pl.DataFrame, statements: pl.DataFrame) -> pl.DataFrame:
    """Those of `pairs` (subject_id, other) whose statements are the same, nearly all."""
    sizes = statements.group_by("subject_id").agg(size=pl.len())
    other = sizes.rename({"subject_id": "other", "size": "other_size"})
    common = (
        pairs.join(statements, on="subject_id")
        .join(statements.rename({"subject_id": "other"}), on=["other", "statement"], how="semi")
        .group_by("subject_id", "other")
        .agg(common=pl.len())
        .join(sizes, on="subject_id")
        .join(other, on="other")
    )
    together = pl.col("size") + pl.col("other_size") - pl.col("common")
    return common.filter(pl.col("common") >= _SAME * together).select("subject_id", "other")


def _by_lowest(pairs: pl.DataFrame) -> pl.DataFrame:
    """Each subject that is another again, and the lowest id of the same patient."""
    lowest: dict[int, int] = {}
    for first, other in pairs.sort("subject_id", "other").iter_rows():
        lowest[other] = min(lowest.get(other, other), lowest.get(first, first))
    schema = {"subject_id": pl.Int64, "first": pl.Int64}
    return pl.DataFrame(sorted(lowest.items()), schema=schema, orient="row")


def no_patient_twice(same: pl.DataFrame, splits: pl.DataFrame) -> None:
    """Checks that no patient under two ids is in training and held out at once.

    Args:
        same: As of `same_history`.
        splits: subject_id, split.

    Raises:
        LeakError: One is; says how many.
    """
    split = splits.select("subject_id", "split")
    across = (
        same.join(split, on="subject_id")
        .join(split, left_on="first", right_on="subject_id", suffix="_first")
        .filter((pl.col("split") == HELD_OUT) != (pl.col("split_first") == HELD_OUT))
    )
    if len(across):
        raise LeakError(
            f"leak: {len(across)} patients under two ids, with the same history, are in training "
            f"under one of them and held out under the other ({len(same)} of {len(splits)} ids "
            "repeat the history of another). Give each patient one id; or keep the lowest of such "
            'ids: [onset] duplicates = "first"'
        )
