"""A second mechanism of invented patients: topics of concepts that each site codes its own way.

A patient has some of `TOPICS` hidden topics, such as a disease with its drugs and measurements. A
topic is a list of concepts, and each site writes a concept down by synonyms of its own, some often
and some rarely. The outcome follows a few topics, and a few single concepts whatever their topic;
it has no other link to time, and none to the order of codes. Unlike `synthesis.patients` no code is
shared by sites, nothing develops over time, and public groups (parents) are the true concepts.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from chartline.core.tables import Events, cast_to

TOPICS, CONCEPTS, SITES, SYNONYMS = 30, 10, 3, 4
_RISKY_TOPICS, _RISKY_CONCEPTS = 6, 8
_FIRST = datetime(2012, 1, 1, tzinfo=UTC)
_DAYS = 6 * 365  # of a record, without the outcome
_VISITS_A_YEAR, _CODES_A_VISIT = 3.0, 3.0
_SHARE_ACTIVE = 0.15  # of the topics, in a patient
_BACKGROUND = 0.02  # weight of a topic that is not active
_YEARLY = -3.6  # log odds of the outcome in a year at mean risk, about 3 %
_EFFECT, _CONCEPT_EFFECT = 0.9, 0.7  # log odds of a standard deviation, together
_OUTCOME = "ICD10//I50.9"


@dataclass(frozen=True)
class Drawn:
    """Invented patients.

    Attributes:
        events: The table events.
        codes: code, parent_codes: a site's synonym and the concept that it means.
        risk: subject_id, time, risk: the mechanism's own risk of a year.
    """

    events: pl.DataFrame
    codes: pl.DataFrame
    risk: pl.DataFrame


def simulate(patients: int, seed: int) -> Drawn:
    """Draws patients; the mechanism itself (which topics are risky) differs by seed too."""
    rng = np.random.default_rng(seed)
    active = rng.random((patients, TOPICS)) < _SHARE_ACTIVE
    weight = np.where(active, rng.gamma(2.0, 0.5, active.shape), _BACKGROUND)
    site = rng.integers(0, SITES, patients)
    visits = _visits(rng, patients)
    rows = _coded(rng, visits, weight / weight.sum(1, keepdims=True), site)
    yearly = 1 / (1 + np.exp(-_log_odds(rng, weight, rows, patients)))
    return Drawn(_events(rng, rows, site, yearly), _parents(), _risk(yearly))


def _visits(rng: np.random.Generator, patients: int) -> NDArray[np.int64]:
    """patient, day of every visit."""
    counts = 1 + rng.poisson(_VISITS_A_YEAR * _DAYS / 365, patients)
    patient = np.repeat(np.arange(patients), counts)
    return np.stack([patient, rng.integers(0, _DAYS, len(patient))], axis=1)


def _coded(
    rng: np.random.Generator,
    visits: NDArray[np.int64],
    share: NDArray[np.float64],
    site: NDArray[np.int64],
) -> pl.DataFrame:
    """subject_id, day, concept, code of all that is coded at the visits."""
    counts = 1 + rng.poisson(_CODES_A_VISIT - 1, len(visits))
    patient, day = np.repeat(visits, counts, axis=0).T
    cumulated = share.cumsum(1)
    topic = (rng.random((len(patient), 1)) > cumulated[patient]).sum(1).clip(max=TOPICS - 1)
    within = np.minimum(rng.geometric(0.25, len(patient)) - 1, CONCEPTS - 1)
    concept = topic * CONCEPTS + within
    synonym = np.minimum(rng.geometric(0.5, len(patient)) - 1, SYNONYMS - 1)
    frame = pl.DataFrame(
        {"subject_id": patient, "day": day, "concept": concept}
        | {"site": site[patient], "synonym": synonym}
    )
    return frame.with_columns(code=_name(pl.col("site"), pl.col("concept"), pl.col("synonym")))


def _log_odds(
    rng: np.random.Generator, weight: NDArray[np.float64], rows: pl.DataFrame, patients: int
) -> NDArray[np.float64]:
    """Of the outcome in a year: of the weights of risky topics, and of having risky concepts."""
    topics = weight[:, rng.permutation(TOPICS)[:_RISKY_TOPICS]].sum(1)
    risky = rng.permutation(TOPICS * CONCEPTS // 2)[:_RISKY_CONCEPTS]
    had = (
        rows.filter(pl.col("concept").is_in(risky.tolist()))
        .group_by("subject_id")
        .agg(pl.col("concept").n_unique())
    )
    concepts = np.zeros(patients)
    concepts[had["subject_id"].to_numpy()] = had["concept"].to_numpy()
    standard = [(one - one.mean()) / one.std() for one in (topics, concepts)]
    return np.asarray(_YEARLY + _EFFECT * standard[0] + _CONCEPT_EFFECT * standard[1])


def _events(
    rng: np.random.Generator,
    rows: pl.DataFrame,
    site: NDArray[np.int64],
    yearly: NDArray[np.float64],
) -> pl.DataFrame:
    patients = len(site)
    onset = 365 * rng.exponential(1 / -np.log1p(-yearly))
    ends = pl.DataFrame({"subject_id": np.arange(patients), "onset": onset})
    seen = rows.join(ends, on="subject_id").filter(pl.col("day") < pl.col("onset"))
    came = ends.filter(pl.col("onset") < _DAYS).select(
        "subject_id", day=pl.col("onset").cast(pl.Int64), code=pl.lit(_OUTCOME)
    )
    dated = pl.concat([seen.select("subject_id", "day", "code"), came])
    first = pl.lit(_FIRST, pl.Datetime("us", "UTC"))
    who = pl.DataFrame({"subject_id": np.arange(patients)})
    sex = pl.Series(rng.integers(0, 2, patients))
    facts = [
        who.with_columns(
            code=pl.lit("MEDS_BIRTH"), day=pl.Series(-365 * rng.integers(45, 80, patients))
        ),
        who.with_columns(
            code=pl.when(sex == 1).then(pl.lit("GENDER//M")).otherwise(pl.lit("GENDER//F"))
        ),
        who.with_columns(code=pl.format("SITE//{}", pl.Series(site))),
    ]
    every = pl.concat([dated, *facts], how="diagonal").with_columns(
        time=first + pl.duration(days=pl.col("day")), source=pl.lit("ehr")
    )
    missing = ["text_value", "document_id", "encounter_id"]
    return cast_to(
        every.drop("day").with_columns(pl.lit(None, pl.String).alias(name) for name in missing),
        Events,
    )


def _name(site: pl.Expr, concept: pl.Expr, synonym: pl.Expr) -> pl.Expr:
    return pl.format("LOCAL{}//{}", site, concept * SYNONYMS + synonym)


def _parents() -> pl.DataFrame:
    grid = [
        {"site": site, "concept": concept, "synonym": synonym}
        for site in range(SITES)
        for concept in range(TOPICS * CONCEPTS)
        for synonym in range(SYNONYMS)
    ]
    return pl.DataFrame(grid).select(
        code=_name(pl.col("site"), pl.col("concept"), pl.col("synonym")),
        parent_codes=pl.concat_list(pl.format("CONCEPT//{}", "concept")),
    )


def _risk(yearly: NDArray[np.float64]) -> pl.DataFrame:
    return pl.DataFrame({"subject_id": np.arange(len(yearly)), "risk": yearly}).with_columns(
        time=pl.lit(_FIRST, pl.Datetime("us", "UTC"))
    )
