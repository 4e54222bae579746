"""Guards against leaks: nothing that a model sees may give the outcome away.

Each guard raises `LeakError`; none repairs anything. Guards against codes that no true sign
explains are in `leaks_markers`, `leaks_backdated`, `leaks_people` and `leaks_columns`; patients
under two ids in `leaks_duplicates`; the outcome's synonyms in `leaks_synonyms`.
"""

import polars as pl

from chartline.core.errors import LeakError
from chartline.history.events import DOCUMENT
from chartline.risk.leaks_backdated import not_backdated
from chartline.risk.leaks_markers import no_marker
from chartline.risk.record import known_since
from chartline.risk.splits import HELD_OUT
from chartline.risk.tasks import Task

_NAMED = 3  # codes that a message names


def no_future(known: pl.DataFrame) -> None:
    """Checks that observed events were known before the day of their prediction time.

    Raises:
        LeakError: One was not.
    """
    late = known.filter(known_since() >= pl.col("prediction_time").dt.truncate("1d"))
    if len(late):
        raise LeakError(
            f"leak: {len(late)} observed events were not known before the day of their prediction "
            "time"
        )


def no_outcome(known: pl.DataFrame, task: Task) -> None:
    """Checks that no observed event is of the outcome, or of a synonym that the task names.

    Raises:
        LeakError: One is.
    """
    found = known.filter(task.outcome | task.synonyms)["code"]
    if len(found):
        named = ", ".join(found.unique().sort().head(_NAMED))
        raise LeakError(
            f"leak: {len(found)} observed events bear codes of the outcome {task.name} or its "
            f"synonyms ({named})"
        )


def no_late_document(known: pl.DataFrame, documents: pl.DataFrame) -> None:
    """Checks that events from documents were written before the day of their prediction time.

    The dates are those of the table documents, and not those that the events bear themselves.

    Raises:
        LeakError: A document was written on that day or after it.
    """
    written = documents.select("document_id", "written_at").drop_nulls()
    late = (
        known.filter(pl.col("source") == DOCUMENT)
        .join(written, on="document_id")
        .filter(pl.col("written_at") >= pl.col("prediction_time").dt.truncate("1d"))
    )
    if len(late):
        raise LeakError(
            f"leak: {len(late)} observed events come from documents written on the day of their "
            "prediction time or after it"
        )


def one_split(rows: pl.DataFrame) -> None:
    """Checks that no subject with a label is in two splits.

    Raises:
        LeakError: One is.
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
    """Checks that no held-out subject shaped the concept vectors.

    Args:
        rows: A cohort.
        learned_from: subject_id of those whose events shaped the vectors.

    Raises:
        LeakError: One did.
    """
    held = rows.filter(pl.col("split") == HELD_OUT)["subject_id"].unique()
    if found := int(held.is_in(learned_from.implode()).sum()):
        raise LeakError(
            f"leak: {found} held-out subjects shaped the concept vectors; learn them again "
            "(chartline embed)"
        )


def check(
    known: pl.DataFrame,
    rows: pl.DataFrame,
    task: Task,
    documents: pl.DataFrame,
    learned_from: pl.Series,
) -> None:
    """All guards.

    Args:
        known: Observed events, as of `features.observed`.
        rows: A cohort.
        task: What is predicted.
        documents: The table documents.
        learned_from: subject_id of those whose events shaped the concept vectors.

    Raises:
        LeakError: One of the guards found a leak.
    """
    no_future(known)
    no_outcome(known, task)
    no_late_document(known, documents)
    one_split(rows)
    untaught(rows, learned_from)


def check_codes(known: pl.DataFrame, rows: pl.DataFrame, events: pl.DataFrame, task: Task) -> None:
    """The guards against codes that tell cases from controls.

    Args:
        known: Observed events, as of `features.observed`, by codes or by groups of them.
        rows: The rows that they were observed for.
        events: The table events.
        task: What is predicted.

    Raises:
        LeakError: One of the guards found a leak.
    """
    no_marker(known, rows, task)
    not_backdated(known, rows, events, task)
