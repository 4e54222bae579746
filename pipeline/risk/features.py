"""Events, concept vectors and a cohort to the table features: a row a subject and prediction time.

Nothing that became known on the day of the prediction time or later enters a feature, and no code
of the outcome.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from chartline.core.settings import FeatureSettings
from chartline.core.settings.groups import Pool
from chartline.core.tables import FeatureDictionary, types_of, validated
from chartline.history.events import DOCUMENT, STATIC
from chartline.risk import pooling
from chartline.risk.people import age_years, people_of
from chartline.risk.pooling import ConceptSpace
from chartline.risk.record import known_since
from chartline.risk.tasks import Task

KEYS = ["subject_id", "prediction_time"]
_LABELS = ["outcome", "boolean_value", "split", "sampling_weight"]
Meaning = tuple[str, str, str, int | None, str]  # a row of the table feature_dictionary
_DEMOGRAPHICS: list[Meaning] = [
    ("subject_id", "the patient", "", None, "events"),
    ("prediction_time", "nothing from this day on is known", "UTC", None, "cohort"),
    ("outcome", "what is predicted: the cohort's name", "", None, "cohort"),
    (
        "boolean_value",
        "whether the outcome came; null for patients who are scored",
        "",
        None,
        "cohort",
    ),
    ("split", "train, held_out or score", "", None, "EHR or a hash of the subject"),
    (
        "sampling_weight",
        "eligible patients for whom the row stands; null for patients who are scored",
        "patients",
        None,
        "cohort",
    ),
    ("age", "age at the prediction time", "years", None, "events"),
    ("male", "1 for men, 0 for women, null where the sex is not known", "", None, "events"),
]
_COUNTS = {  # column, without its window -> meaning, unit, source
    "events": ("coded events", "events", "events"),
    "codes": ("distinct codes", "codes", "events"),
    "days_since_last": (
        "days since the last event (the window's length where there is none)",
        "days",
        "events",
    ),
    "from_documents": ("events that come from documents", "events", "documents"),
}


@dataclass(frozen=True)
class Built:
    """`table`, the table features, and `dictionary`, the table feature_dictionary."""

    table: pl.DataFrame
    dictionary: pl.DataFrame


def observed(
    events: pl.DataFrame,
    rows: pl.DataFrame,
    task: Task,
    window_days: int,
    provisional: bool = False,
) -> pl.DataFrame:
    """The events that a prediction may know.

    They became known (`known_since`) before the calendar day of the prediction time and within the
    look-back window; are certain, unless `provisional`; and are none that the task hides (the
    outcome's, its synonyms', those left out). The day in UTC is left out whole, since a code that
    bears a date alone, and most that bear a time, are written down at the end of the visit or
    later.

    Args:
        events: The table events.
        rows: subject_id, prediction_time.
        task: Says which codes are hidden.
        window_days: Length of the look-back window.
        provisional: Whether events that are not certain are known too.

    Returns:
        The events, with prediction_time, row (a row's number in `rows`, from 0) and age_days
        (whole days from becoming known to the prediction time).
    """
    numbered = rows.select(*KEYS).with_row_index("row")
    return (
        events.lazy()
        .filter(
            ~pl.col("code").str.contains(STATIC),
            pl.col("certain").fill_null(True) | provisional,
            ~task.hidden,
        )
        .with_columns(since=known_since())
        .join(numbered.lazy(), on="subject_id")
        .filter(
            pl.col("since") < pl.col("prediction_time").dt.truncate("1d"),
            pl.col("since") >= pl.col("prediction_time") - pl.duration(days=window_days),
        )
        .with_columns(age_days=(pl.col("prediction_time") - pl.col("since")).dt.total_days())
        .drop("since")
        .collect()
    )


def features(
    events: pl.DataFrame,
    vectors: pl.DataFrame,
    rows: pl.DataFrame,
    task: Task,
    settings: FeatureSettings,
    names: dict[str, str] | None = None,
) -> Built:
    """Demographics, and for each look-back window counts and pooled concept vectors.

    Args:
        events: The table events, codes rolled up as the vectors' were.
        vectors: The table concept_vectors.
        rows: A cohort, as of `cohort`.
        task: What is predicted.
        settings: Windows, and how vectors are pooled (see `pooling.pooled`).
        names: Descriptions of codes, for the dictionary.
    """
    known = observed(events, rows, task, max(settings.windows_days), settings.provisional)
    space = ConceptSpace(vectors, settings)
    table, dictionary = _demographics(events, rows, task.name), list(_DEMOGRAPHICS)
    for window in settings.windows_days:
        within = known.filter(pl.col("age_days") <= window)
        table = table.hstack(_counts(within, len(rows), window))
        dictionary += [
            (f"{name}_{window}d", meaning, unit, window, source)
            for name, (meaning, unit, source) in _COUNTS.items()
        ]
        for pool in settings.pools:
            columns = _pooled_columns(pool, within, space, len(rows), window)
            table = table.hstack(columns)
            unit = "0 to 1" if pool == "presence" else ""
            dictionary += [
                (name, meaning, unit, window, "concept vectors")
                for name, meaning in zip(
                    columns.columns, pooling.meanings(pool, space, names or {}), strict=True
                )
            ]
    described = pl.DataFrame(dictionary, schema=types_of(FeatureDictionary), orient="row")
    return Built(table.sort(KEYS), validated(described, FeatureDictionary))


def _demographics(events: pl.DataFrame, rows: pl.DataFrame, outcome: str) -> pl.DataFrame:
    """Keys, outcome, label, split, sampling weight, age in years, male; in the order of `rows`."""
    people = people_of(events).select("subject_id", "birth", "male")
    joined = rows.select(*KEYS, "boolean_value", "split", "sampling_weight").join(
        people, on="subject_id", how="left", maintain_order="left"
    )
    age = age_years(pl.col("prediction_time"), pl.col("birth"))
    return joined.with_columns(
        outcome=pl.lit(outcome), age=age.cast(pl.Float32), male=pl.col("male").cast(pl.Float32)
    ).select(*KEYS, *_LABELS, "age", "male")


def _counts(within: pl.DataFrame, size: int, window: int) -> pl.DataFrame:
    """The columns of `_COUNTS` for `size` rows; `within` is what was observed in the window."""
    counted = within.group_by("row").agg(
        events=pl.len(),
        codes=pl.col("code").n_unique(),
        days_since_last=pl.col("age_days").min(),
        from_documents=(pl.col("source") == DOCUMENT).sum(),
    )
    whole = pl.DataFrame({"row": pl.int_range(size, dtype=pl.UInt32, eager=True)}).join(
        counted, on="row", how="left", maintain_order="left"
    )
    filled = whole.with_columns(pl.col("days_since_last").fill_null(window)).fill_null(0)
    return filled.select(
        pl.col(name).cast(pl.Float32).alias(f"{name}_{window}d") for name in _COUNTS
    )


def _pooled_columns(
    pool: Pool, within: pl.DataFrame, space: ConceptSpace, size: int, window: int
) -> pl.DataFrame:
    values = pooling.pooled(pool, within, space, size)
    return pl.DataFrame(
        {
            f"{pool}_{window}d_{place:03d}": values[:, place].astype(np.float32)
            for place in range(values.shape[1])
        }
    )
