"""What became of the prediction times that were looked at: in the cohort, or why not."""

import polars as pl

from chartline.core.tables import CohortCounts, types_of
from chartline.risk.eligibility import SYNONYM_BEFORE, SYNONYM_WITHIN

_BY_SYNONYMS = (SYNONYM_BEFORE, SYNONYM_WITHIN)


def counts(times: pl.DataFrame, candidates: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The table cohort_counts without `outcome`, in the order in which times are left out.

    Args:
        times: Every prediction time that fits the windows, as of `eligibility.judged`.
        candidates: Those of people that can be matched, with `followed` (whether the record goes on
            long enough).
        rows: The cohort.
    """
    kept, label = pl.col("excluded").is_null(), pl.col("boolean_value")
    unknown = times.filter(kept).join(candidates, on=["subject_id", "prediction_time"], how="anti")
    fit = candidates.filter(kept)
    without = fit.filter(~pl.col("label"))
    parts = [
        ("fit the windows", times),
        *(
            (f"left out: {reason}", times.filter(pl.col("excluded") == reason))
            for reason in times["excluded"].drop_nulls().unique().sort()
        ),
        ("left out: birth, or a sex that is matched, is not known", unknown),
        (
            "left out: censored, no outcome until the record ends",
            without.filter(~pl.col("followed")),
        ),
        ("can be cases: the outcome comes", fit.filter("label")),
        ("can be controls: followed, no outcome", without.filter("followed")),
        ("drawn: cases", rows.filter(label)),
        ("drawn: controls", rows.filter(~label)),
        ("scored", rows.filter(label.is_null())),
    ]
    found = [
        (place, what, len(part), part["subject_id"].n_unique())
        for place, (what, part) in enumerate(parts)
    ]
    schema = {name: dtype for name, dtype in types_of(CohortCounts).items() if name != "outcome"}
    return pl.DataFrame(found, schema=schema, orient="row")


def why_no_case(times: pl.DataFrame, candidates: pl.DataFrame, subjects: int) -> str:
    """Why no prediction time is a case's.

    Args:
        times: As for `counts`.
        candidates: As for `counts`, without those that are excluded.
        subjects: How many subjects there are.
    """
    kept = times.filter(pl.col("excluded").is_null())
    excluded = times.drop_nulls("excluded").group_by("excluded")
    others = "".join(
        f"; {number} of {bearers} subjects are left out: {reason}"
        + (" (`chartline show` lists the synonyms)" if reason in _BY_SYNONYMS else "")
        for reason, number, bearers in excluded.agg(
            pl.len(), pl.col("subject_id").n_unique().alias("subjects")
        )
        .sort("excluded")
        .rows()
    )
    if kept.is_empty():
        return (
            f"none of {subjects} subjects has a prediction time that fits the windows (history, "
            f"follow-up) before death{others}"
        )
    return (
        f"no case: {len(kept)} prediction times of {kept['subject_id'].n_unique()} subjects fit, "
        f"none is followed by the outcome ({len(kept) - len(candidates)} are of subjects without "
        f"a birth, or a sex where it is matched){others}"
    )
