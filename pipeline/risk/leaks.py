"""Guards against leaks: a model must not know what it is asked. Each raises; none mends."""

import polars as pl

from chartline.core.errors import LeakError
from chartline.history.events import DOCUMENT
from chartline.risk.cohort import HELD_OUT, Task

_TELLING = 0.9  # share of a code's carriers who have the outcome, at or before the code, from which on it is a synonym
_CARRIERS = 10


def no_future(known: pl.DataFrame) -> None:
    """Raises:
    LeakError: an observed event is not before its prediction time.
    """
    late = known.filter(pl.col("time") >= pl.col("prediction_time"))
    if len(late):
        raise LeakError(f"leak: {len(late)} observed events are not before their prediction time")


def no_outcome(known: pl.DataFrame, task: Task) -> None:
    """Raises:
    LeakError: an observed event is the outcome's, or one of the synonyms that the task names.
    """
    if found := len(known.filter(task.outcome | task.synonyms)):
        raise LeakError(
            f"leak: {found} observed events bear codes of the outcome {task.name} or its synonyms"
        )


def no_late_document(known: pl.DataFrame, documents: pl.DataFrame) -> None:
    """Raises:
    LeakError: an observed event comes from a document written at or after the prediction time, whatever the event's own time.
    """
    written = documents.select("document_id", "written_at").drop_nulls()
    late = (
        known.filter(pl.col("source") == DOCUMENT)
        .join(written, on="document_id")
        .filter(pl.col("written_at") >= pl.col("prediction_time"))
    )
    if len(late):
        raise LeakError(
            f"leak: {len(late)} observed events come from documents written at or after their prediction time"
        )


def one_split(rows: pl.DataFrame) -> None:
    """Raises:
    LeakError: a subject with an outcome stands on both sides of the split.
    """
    both = (
        rows.drop_nulls("boolean_value")
        .group_by("subject_id")
        .agg(pl.col("split").n_unique())
        .filter(pl.col("split") > 1)
    )
    if len(both):
        raise LeakError(f"leak: {len(both)} subjects are in more than one split")


def untaught(rows: pl.DataFrame, learned_from: pl.Series) -> None:
    """Raises:
    LeakError: a held-out subject is among those whose events shaped the concept vectors.
    """
    held = rows.filter(pl.col("split") == HELD_OUT)["subject_id"].unique()
    if found := int(held.is_in(learned_from.implode()).sum()):
        raise LeakError(
            f"leak: {found} held-out subjects shaped the concept vectors; learn them again (chartline embed)"
        )


def near_synonyms(events: pl.DataFrame, task: Task) -> pl.DataFrame:
    """Codes that as good as tell the outcome and are not declared: at least nine in ten of their carriers (ten or more) have
    the outcome no later than the code. code, carriers, share; commonest first.

    For a person to look at: such a code belongs among the task's `synonyms`, or it is a true consequence.
    """
    first = events.filter(task.outcome).group_by("subject_id").agg(outcome=pl.col("time").min())
    other = events.filter(~task.outcome, ~task.synonyms, pl.col("time").is_not_null())
    carried = (
        other.group_by("subject_id", "code")
        .agg(time=pl.col("time").min())
        .join(first, on="subject_id", how="left")
    )
    told = carried.group_by("code").agg(
        carriers=pl.len(), share=(pl.col("outcome") <= pl.col("time")).fill_null(False).mean()
    )
    return told.filter(pl.col("carriers") >= _CARRIERS, pl.col("share") >= _TELLING).sort(
        "carriers", "code", descending=[True, False]
    )


def check(
    known: pl.DataFrame,
    rows: pl.DataFrame,
    task: Task,
    documents: pl.DataFrame,
    learned_from: pl.Series,
) -> None:
    """All of them."""
    no_future(known)
    no_outcome(known, task)
    no_late_document(known, documents)
    one_split(rows)
    untaught(rows, learned_from)
