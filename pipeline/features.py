"""Events, concept vectors and a cohort to one row a patient and prediction time; nothing after that time enters."""

import polars as pl

from pipeline.embeddings import STATIC
from pipeline.errors import ChartlineError
from pipeline.settings import Onset
from pipeline.tables import UTC, FeatureKeys

TRAIN, HELD_OUT, SCORE = "train", "held_out", "score"
_COHORT = {"subject_id": pl.Int64, "prediction_time": UTC, "boolean_value": pl.Boolean, "split": pl.String}
_YEAR = 365.25


def splits_of(events: pl.DataFrame, declared: pl.DataFrame | None, seed: int) -> pl.DataFrame:
    """subject_id, split (`train` or `held_out`): as the source declares (tuning counts as train), else 70 : 30 by hash."""
    subjects = events.select(pl.col("subject_id").unique())
    hashed = pl.when(pl.col("subject_id").hash(seed) % 10 < 7).then(pl.lit(TRAIN)).otherwise(pl.lit(HELD_OUT))
    if declared is None:
        return subjects.with_columns(split=hashed)
    known = declared.with_columns(
        split=pl.when(pl.col("split") == HELD_OUT).then(pl.lit(HELD_OUT)).otherwise(pl.lit(TRAIN))
    )
    return subjects.join(known, on="subject_id", how="left").with_columns(split=pl.coalesce("split", hashed))


def is_outcome(outcome: list[str]) -> pl.Expr:
    """Whether `code` is one of the outcome's codes or below one of them."""
    return pl.any_horizontal(pl.col("code").str.starts_with(code) for code in outcome)


def cohort(events: pl.DataFrame, splits: pl.DataFrame, settings: Onset) -> pl.DataFrame:
    """Cases, matched controls and patients to score: subject_id, prediction_time, boolean_value (null to score), split.

    A case's first outcome falls into the prediction window, which opens `gap_days` after its prediction time. Controls
    share sex, age (within 5 years) and prediction time with their case, are followed to the window's end and are free
    of the outcome until then (incidence density sampling). Every row has `history_days` of record before it.

    Raises:
        ChartlineError: there is no case, or no control for any.
    """
    people = _people(events, settings)
    window = settings.gap_days + settings.prediction_days
    early = (pl.col("subject_id").hash(settings.seed) % settings.prediction_days).cast(pl.Int64)
    cases = (
        people.filter(pl.col("outcome").is_not_null())
        .with_columns(prediction_time=pl.col("outcome") - pl.duration(days=early + settings.gap_days + 1))
        .filter(pl.col("prediction_time") >= pl.col("first") + pl.duration(days=settings.history_days))
    )
    if cases.is_empty():
        raise ChartlineError("onset: no case (no subject has the outcome after enough history)")
    free = (pl.col("outcome_right").is_null()) | (
        pl.col("outcome_right") > pl.col("prediction_time") + pl.duration(days=window)
    )
    followed = pl.col("last_right") >= pl.col("prediction_time") + pl.duration(days=window)
    recorded = pl.col("first_right") <= pl.col("prediction_time") - pl.duration(days=settings.history_days)
    pairs = (
        cases.sort("subject_id")
        .join(people, on="male")
        .filter(
            free & followed & recorded, (pl.col("birth") - pl.col("birth_right")).dt.total_days().abs() <= 5 * _YEAR
        )
        .filter(pl.col("subject_id") != pl.col("subject_id_right"))
        .with_columns(dice=pl.struct("subject_id", "subject_id_right").hash(settings.seed))
        .sort("dice", "subject_id", "subject_id_right")
        .unique("subject_id_right", keep="first", maintain_order=True)
        .filter(pl.int_range(pl.len()).over("subject_id") < settings.controls)
    )
    if pairs.is_empty():
        raise ChartlineError("onset: no control matches any case in age, sex and follow-up")
    scored = _to_score(people, settings)
    rows = pl.concat([
        cases.select("subject_id", "prediction_time", boolean_value=True),
        pairs.select(pl.col("subject_id_right").alias("subject_id"), "prediction_time", boolean_value=False),
        scored.select("subject_id", "prediction_time", boolean_value=pl.lit(None, pl.Boolean)),
    ]).join(splits, on="subject_id").unique(["subject_id", "prediction_time"], keep="first", maintain_order=True)  # fmt: skip
    split = pl.when(pl.col("boolean_value").is_null()).then(pl.lit(SCORE)).otherwise(pl.col("split"))
    return rows.with_columns(split=split).select(list(_COHORT)).cast(_COHORT).sort("subject_id", "prediction_time")  # type: ignore[arg-type]


def _people(events: pl.DataFrame, settings: Onset) -> pl.DataFrame:
    """One row a subject: birth, male, first and last event of care, first outcome."""
    care = events.filter(pl.col("time").is_not_null(), ~pl.col("code").str.contains(STATIC))
    spans = care.group_by("subject_id").agg(first=pl.col("time").min(), last=pl.col("time").max())
    outcome = care.filter(is_outcome(settings.outcome)).group_by("subject_id").agg(outcome=pl.col("time").min())
    birth = events.filter(pl.col("code") == "MEDS_BIRTH").group_by("subject_id").agg(birth=pl.col("time").min())
    male = (
        events.filter(pl.col("code").str.contains(r"^(GENDER|SEX)//"))
        .group_by("subject_id")
        .agg(male=pl.col("code").str.contains(r"//[Mm]").any())
    )
    return (
        spans.join(birth, on="subject_id", how="left").join(male, on="subject_id", how="left")
        .join(outcome, on="subject_id", how="left").filter(pl.col("birth").is_not_null(), pl.col("male").is_not_null())
        .sort("subject_id")
    )  # fmt: skip


def _to_score(people: pl.DataFrame, settings: Onset) -> pl.DataFrame:
    """Subjects seen within the last year of the whole record and still free of the outcome: scored on its last day."""
    end = people["last"].max()
    return people.filter(
        pl.col("outcome").is_null(),
        pl.col("last") >= pl.lit(end) - pl.duration(days=365),
        pl.col("first") <= pl.lit(end) - pl.duration(days=settings.history_days),
    ).with_columns(prediction_time=pl.lit(end) + pl.duration(days=1))


def observed(events: pl.DataFrame, rows: pl.DataFrame, settings: Onset) -> pl.DataFrame:
    """The events that a prediction may know: before its time, within the observation window, none of the outcome's codes."""
    return (
        rows.select("subject_id", "prediction_time")
        .join(events.filter(~is_outcome(settings.outcome)), on="subject_id")
        .filter(
            pl.col("time") < pl.col("prediction_time"),
            pl.col("time") >= pl.col("prediction_time") - pl.duration(days=settings.observation_days),
        )
        .with_columns(age_days=(pl.col("prediction_time") - pl.col("time")).dt.total_days())
    )


def features(events: pl.DataFrame, vectors: pl.DataFrame, rows: pl.DataFrame, settings: Onset) -> pl.DataFrame:
    """The features table: keys, demographics, counts, and the patient vector `v000`, `v001`, … .

    The patient vector is the sum of the observed codes' vectors, each weighted by 2^(-age / half-life) (arXiv 1602.03686
    sums without weights); a patient without any coded event has the zero vector.
    """
    known = observed(events, rows, settings)
    keys = ["subject_id", "prediction_time"]
    weight = (2.0 ** (-pl.col("age_days") / settings.half_life_days)).alias("weight")
    weighted = known.group_by(*keys, "code").agg(weight.sum())
    names = [f"v{index:03d}" for index in range(len(vectors["vector"][0]))]
    wide = vectors.select("code", pl.col("vector").list.to_struct(fields=names)).unnest("vector")
    pooled = (
        weighted.join(wide, on="code").group_by(keys).agg((pl.col(name) * pl.col("weight")).sum() for name in names)
    )
    counts = known.filter(~pl.col("code").str.contains(STATIC)).group_by(keys).agg(
        events=pl.len().cast(pl.Float32), codes=pl.col("code").n_unique().cast(pl.Float32),
        days_since_last=pl.col("age_days").min().cast(pl.Float32),
        from_documents=(pl.col("source") == "document").sum().cast(pl.Float32),
    )  # fmt: skip
    people = _people(events, settings).select("subject_id", "birth", "male")
    table = (
        rows.join(people, on="subject_id")
        .with_columns(
            age=((pl.col("prediction_time") - pl.col("birth")).dt.total_days() / _YEAR).cast(pl.Float32),
            male=pl.col("male").cast(pl.Float32),
        )
        .drop("birth").join(counts, on=keys, how="left").join(pooled, on=keys, how="left")
        .with_columns(pl.col("days_since_last").fill_null(settings.observation_days))
    )  # fmt: skip
    filled = table.with_columns(pl.col("events", "codes", "from_documents", *names).fill_null(0.0))
    FeatureKeys.validate(filled.select(list(FeatureKeys.columns())), cast=True)
    return filled.cast(dict.fromkeys(names, pl.Float32)).sort(keys)


def code_counts(events: pl.DataFrame, rows: pl.DataFrame, settings: Onset, codes: list[str]) -> pl.DataFrame:
    """The baseline: how often each of `codes` was observed, one column a code, rows in the order of `rows`."""
    keys = ["subject_id", "prediction_time"]
    known = observed(events, rows, settings).filter(pl.col("code").is_in(codes))
    wide = known.group_by(*keys, "code").len().pivot("code", index=keys, values="len")
    wide = wide.with_columns(pl.lit(0).alias(code) for code in codes if code not in wide.columns)
    return rows.select(keys).join(wide, on=keys, how="left", maintain_order="left").fill_null(0).select(codes)
