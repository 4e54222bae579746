"""What is predicted, of whom: the task with the synonyms that the source bears, splits, cohort."""

from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from chartline.core.errors import TooLittleError
from chartline.core.settings import Settings
from chartline.core.tables import CohortCounts, OutcomeSynonyms, cast_to
from chartline.mentions.terminologies.loading import names_in_every_language
from chartline.risk import cohort, features, tasks
from chartline.risk.cohort import Drawn
from chartline.risk.leaks_duplicates import no_patient_twice, same_history
from chartline.risk.leaks_markers import to_look_at
from chartline.risk.leaks_synonyms import FOLLOWS, near_synonyms, outcome_elsewhere, with_carriers
from chartline.risk.splits import splits_of
from chartline.risk.tasks import Task

_NAMED = 5  # synonyms that a message names


@dataclass(frozen=True)
class Asked:
    """A task, and the codes that were found to be its outcome in other vocabularies (code, why)."""

    task: Task
    elsewhere: pl.DataFrame


def asked(
    events: pl.DataFrame | pl.LazyFrame, codes: pl.DataFrame | None, settings: Settings
) -> Asked:
    """The task of the settings, with what `outcome_elsewhere` finds among the events' codes.

    Raises:
        UsageError: As `tasks.asked`.
    """
    task = tasks.asked(settings.onset)
    borne = events.lazy().select(pl.col("code").unique()).collect()["code"]
    found = outcome_elsewhere(borne, task, codes, names_in_every_language())
    return Asked(task.with_synonyms(found["code"]), found)


def splits(
    events: pl.DataFrame | pl.LazyFrame, declared: pl.DataFrame, settings: Settings
) -> pl.DataFrame:
    """The split of each subject, as of `splits_of`; without those that repeat another's history.

    These are left out where the setting `onset.duplicates` is `first`.
    """
    subjects = events.lazy().select("subject_id").unique().collect()
    found = splits_of(subjects, None if declared.is_empty() else declared, settings.onset.seed)
    if settings.onset.duplicates == "stop":
        return found
    again = same_history(events.lazy().select("subject_id", "time", "code").collect())
    return found.join(again, on="subject_id", how="anti")


def drawn(
    asked: Asked, events: pl.DataFrame, declared: pl.DataFrame, settings: Settings, run_date: date
) -> Drawn:
    """The cohort, with its counts as the table cohort_counts.

    Raises:
        LeakError: A patient under two ids is in training and held out.
        TooLittleError: As `cohort`; names the codes that were taken for the outcome.
    """
    whole = splits_of(events, None if declared.is_empty() else declared, settings.onset.seed)
    same = same_history(events)
    kept = whole
    if settings.onset.duplicates == "stop":
        no_patient_twice(same, whole)
    else:
        kept = whole.join(same, on="subject_id", how="anti")
    try:
        found = cohort.drawn(events, kept, asked.task, settings.onset, run_date)
    except TooLittleError as error:
        raise TooLittleError(f"{error}{_taken(asked)}") from None
    again = found.rows.join(same, on="subject_id", how="semi")
    did = "left out" if settings.onset.duplicates == "first" else "kept"
    last = {
        "place": len(found.counts),
        "what": f"{did}: ids that repeat the history of another",
        "prediction_times": len(again),
        "subjects": len(same),
    }
    more = (
        [found.counts, pl.DataFrame([last], schema=found.counts.schema)]
        if len(same)
        else [found.counts]
    )
    counts = pl.concat(more).with_columns(outcome=pl.lit(asked.task.name))
    return replace(found, counts=cast_to(counts, CohortCounts))


def _taken(asked: Asked) -> str:
    """What a message says of codes that were taken for the outcome."""
    if (found := asked.elsewhere).is_empty():
        return ""
    named = "; ".join(f"{code} ({why})" for code, why in found.head(_NAMED).rows())
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    return (
        f". Taken for the outcome in other vocabularies, as from before: {named}{more}. Name them "
        "in the cohort's outcome; or in onset.left_out, where their dates are wrong; or in "
        "onset.accepted, where they are not the outcome"
    )


def synonyms(
    asked: Asked, events: pl.DataFrame, rows: pl.DataFrame, settings: Settings
) -> pl.DataFrame:
    """The table outcome_synonyms: what was taken out first, then what a person should look at."""
    task = asked.task
    window = max(settings.features.windows_days)
    known = features.observed(events, rows, task, window, settings.features.provisional)
    follows = near_synonyms(events, task).with_columns(why=pl.lit(FOLLOWS))
    marks = to_look_at(known, rows, task).join(follows, on="code", how="anti")
    parts = [
        with_carriers(asked.elsewhere, events, task).with_columns(taken_out=True),
        marks.with_columns(taken_out=False),
        follows.with_columns(taken_out=False),
    ]
    return pl.concat([cast_to(part, OutcomeSynonyms) for part in parts])
