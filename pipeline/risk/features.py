"""Events, concept vectors and a cohort to one row a patient and prediction time; nothing from that time on enters."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from chartline.core.settings import FeatureSettings
from chartline.core.tables import FeatureDictionary, types_of, validated
from chartline.history.events import DOCUMENT, STATIC
from chartline.models.concept_vectors import prototypes
from chartline.risk.cohort import YEAR, Task, people_of

KEYS = ["subject_id", "prediction_time"]
_ABOUT = ["outcome", "boolean_value", "split"]
_COUNTS = {
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
    """The features table and what its columns mean."""

    table: pl.DataFrame
    dictionary: pl.DataFrame


def observed(
    events: pl.DataFrame, rows: pl.DataFrame, task: Task, window_days: int
) -> pl.DataFrame:
    """The events that a prediction may know, with the row's number (`row`) and their age in days: before its time, within
    the window, neither the outcome's codes nor those that as good as tell it."""
    asked = rows.select(*KEYS).with_row_index("row")
    return (
        events.lazy()
        .filter(
            pl.col("time").is_not_null(),
            ~pl.col("code").str.contains(STATIC),
            ~task.outcome,
            ~task.synonyms,
        )
        .join(asked.lazy(), on="subject_id")
        .filter(
            pl.col("time") < pl.col("prediction_time"),
            pl.col("time") >= pl.col("prediction_time") - pl.duration(days=window_days),
        )
        .with_columns(age_days=(pl.col("prediction_time") - pl.col("time")).dt.total_days())
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
    """Keys, demographics, counts, and the patient's vector pooled as `settings` say over each window; `names` of codes serve the dictionary.

    Pools (arXiv 1602.03686 sums): `sum`; `mean`; `recency`, each event weighted 2^(-age / half-life); `frequency`, each code
    weighted a / (a + share) with a = 0.001 (Arora et al., ICLR 2017); `presence` of each group of concepts
    (`models.concept_vectors.prototypes`). A patient without any coded event has zeros.
    """
    known = observed(events, rows, task, max(settings.windows_days))
    table, told = _demographics(events, rows, task.name), _about_people()
    for window in settings.windows_days:
        within = known.filter(pl.col("age_days") <= window)
        table = table.hstack(_counts(within, len(rows), window))
        told += [
            (f"{name}_{window}d", meaning, unit, window, source)
            for name, (meaning, unit, source) in _COUNTS.items()
        ]
        for pool in settings.pools:
            pooled, meanings = _pool(pool, within, vectors, len(rows), settings, names or {})
            columns = {
                f"{pool}_{window}d_{place:03d}": pooled[:, place].astype(np.float32)
                for place in range(pooled.shape[1])
            }
            table = table.hstack(pl.DataFrame(columns))
            told += [
                (name, meaning, "0 to 1" if pool == "presence" else "", window, "concept vectors")
                for name, meaning in zip(columns, meanings, strict=True)
            ]
    dictionary = pl.DataFrame(
        told,
        schema=types_of(FeatureDictionary),
        orient="row",
    )
    return Built(table.sort(KEYS), validated(dictionary, FeatureDictionary))


def _demographics(events: pl.DataFrame, rows: pl.DataFrame, outcome: str) -> pl.DataFrame:
    people = people_of(events).select("subject_id", "birth", "male")
    joined = rows.select(*KEYS, "boolean_value", "split").join(
        people, on="subject_id", how="left", maintain_order="left"
    )
    age = (pl.col("prediction_time") - pl.col("birth")).dt.total_days() / YEAR
    return joined.with_columns(
        outcome=pl.lit(outcome), age=age.cast(pl.Float32), male=pl.col("male").cast(pl.Float32)
    ).select(*KEYS, *_ABOUT, "age", "male")


def _about_people() -> list[tuple[str, str, str, int | None, str]]:
    return [
        ("subject_id", "the patient", "", None, "events"),
        ("prediction_time", "nothing from this time on is known", "UTC", None, "cohort"),
        ("outcome", "what is predicted: the cohort's name", "", None, "cohort"),
        (
            "boolean_value",
            "whether the outcome came; null for patients who are scored",
            "",
            None,
            "cohort",
        ),
        ("split", "train, held_out or score", "", None, "EHR or a hash of the subject"),
        ("age", "age at the prediction time", "years", None, "events"),
        ("male", "1 for men, 0 for women", "", None, "events"),
    ]


def _counts(within: pl.DataFrame, size: int, window: int) -> pl.DataFrame:
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


def _pool(
    pool: str,
    within: pl.DataFrame,
    vectors: pl.DataFrame,
    size: int,
    settings: FeatureSettings,
    names: dict[str, str],
) -> tuple[NDArray[np.float64], list[str]]:
    """rows x columns, and what each column means."""
    places = np.array(vectors["vector"].to_list(), dtype=np.float32)
    weight = (
        2.0 ** (-within["age_days"].to_numpy() / settings.half_life_days)
        if pool == "recency"
        else None
    )
    counts = code_matrix(within, vectors["code"], size, weight)
    if pool == "presence":
        centres = prototypes.centres(places, settings.prototypes, settings.seed)
        affinity = prototypes.affinities(places, centres)
        return prototypes.presence(counts, affinity), _nearest(
            affinity, vectors["code"].to_list(), names
        )
    if pool == "frequency":
        share = vectors["count"].to_numpy() / max(int(vectors["count"].sum()), 1)
        counts = sparse.csr_array(counts @ sparse.diags_array(1e-3 / (1e-3 + share)))
    pooled = np.asarray(counts @ places.astype(np.float64))
    if pool == "mean":
        pooled /= np.maximum(counts.sum(1), 1)[:, None]
    return pooled, [f"{pool} of the codes' vectors, axis {axis}" for axis in range(places.shape[1])]


def _nearest(affinity: NDArray[np.float64], codes: list[str], names: dict[str, str]) -> list[str]:
    """The three codes that speak most for each prototype."""
    best = np.argsort(-affinity, axis=0, kind="stable")[:3].T
    return [
        "presence of a group: "
        + "; ".join(f"{codes[code]} {names.get(codes[code], '')}".strip() for code in row)
        for row in best
    ]


def code_matrix(
    within: pl.DataFrame, codes: pl.Series, size: int, weight: NDArray[np.float64] | None = None
) -> sparse.csr_array:
    """How often (or with what weight) each of `codes` was observed in each of `size` rows; other codes are left out."""
    place = within.select(
        pl.col("code").replace_strict(
            codes, pl.int_range(len(codes), eager=True), default=None, return_dtype=pl.Int64
        )
    )["code"]
    kept = place.is_not_null().to_numpy()
    value = np.ones(len(within)) if weight is None else weight
    cells = (within["row"].to_numpy()[kept].astype(np.int64), place.drop_nulls().to_numpy())
    return sparse.csr_array((value[kept], cells), (size, len(codes)))
