"""Who is asked about, when, and what came of it: a task in ACES's syntax, cases with matched controls, patients to score.

ACES (Xu et al., ICLR 2025) finds the moments that fit the task's windows; matching and sampling are ours.
"""

import logging
from copy import deepcopy
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import polars as pl
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chartline.core.errors import TooLittleError, UsageError
from chartline.core.tables import UTC
from chartline.history.events import STATIC

TRAIN, HELD_OUT, SCORE = "train", "held_out", "score"
YEAR = 365.25
_ANY = "_ANY_EVENT"
_ROWS = {
    "subject_id": pl.Int64,
    "prediction_time": UTC,
    "boolean_value": pl.Boolean,
    "split": pl.String,
}


class Matching(BaseModel):
    """The part under `metadata` that is Chartline's. Controls share their case's bands of age, time and the others."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    controls: int = Field(4, ge=1, description="a case")
    match: list[Literal["age", "sex", "site", "time"]] = Field(
        ["age", "sex", "site", "time"], min_length=1
    )
    age_years: float = Field(5, gt=0)
    time_days: int = Field(183, ge=1)
    synonyms: list[str] = Field(
        default_factory=list, description="patterns of codes that tell the outcome"
    )


@dataclass(frozen=True)
class Task:
    """A cohort's declaration. `config` is ACES's own object; `outcome` says of `code` whether it is the label's; `synonyms` whether it as good as tells it."""

    name: str
    description: str
    config: Any
    matching: Matching
    outcome: pl.Expr
    synonyms: pl.Expr


def shipped() -> list[str]:
    """Names of the cohorts that come with Chartline."""
    return sorted(
        file.name.removesuffix(".yaml")
        for file in resources.files("chartline.risk.cohorts").iterdir()
        if file.name.endswith(".yaml")
    )


def path_of(cohort: str) -> Path:
    """The YAML file of a shipped cohort, or the one that is named.

    Raises:
        UsageError: there is none.
    """
    path = (
        Path(str(resources.files("chartline.risk.cohorts") / f"{cohort}.yaml"))
        if cohort in shipped()
        else Path(cohort)
    )
    if not path.is_file():
        raise UsageError(
            f"setting onset.cohort: {cohort}: neither a YAML file nor one of {', '.join(shipped())}"
        )
    return path


def load(cohort: str) -> Task:
    """A shipped cohort by name, or a YAML file.

    Raises:
        UsageError: there is none, or it is no task with a label; says why.
    """
    from aces.config import TaskExtractorConfig  # a second: late

    logging.getLogger("aces").setLevel(logging.ERROR)
    path = path_of(cohort)
    try:
        declared = yaml.safe_load(path.read_text("utf-8"))
        matching = Matching.model_validate(declared.get("metadata") or {})
        config = TaskExtractorConfig.load(path)
        label = config.windows[config.label_window].label
        outcome, synonyms = (
            _matches(config, label),
            _any([pl.col("code").str.contains(pattern) for pattern in matching.synonyms]),
        )
        pl.DataFrame({"code": ["x"]}).select(outcome.alias("a"), synonyms.alias("b"))
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageError(
            f"{path}: metadata.{'.'.join(map(str, first['loc']))}: {first['msg']}"
        ) from None
    except (
        OSError,
        yaml.YAMLError,
        AttributeError,
        KeyError,
        ValueError,
        TypeError,
        pl.exceptions.PolarsError,
    ) as error:
        raise UsageError(
            f"{path}: not a task in ACES's syntax with a label ({' '.join(str(error).split())[:200]})"
        ) from None
    return Task(
        path.stem,
        str(declared.get("description") or path.stem),
        config,
        matching,
        outcome,
        synonyms,
    )


def _matches(config: Any, predicate: str) -> pl.Expr:
    """Whether a code is the predicate's, or that of one of the predicates that it is derived from."""
    if predicate in config.plain_predicates:
        return config.plain_predicates[predicate].MEDS_eval_expr()
    return _any([_matches(config, part) for part in config.predicates[predicate].input_predicates])


def _any(expressions: list[pl.Expr]) -> pl.Expr:
    return pl.any_horizontal(expressions) if expressions else pl.lit(False)


def splits_of(events: pl.DataFrame, declared: pl.DataFrame | None, seed: int) -> pl.DataFrame:
    """subject_id, split (`train` or `held_out`): as the source declares (tuning counts as train), else 70 : 30 by hash."""
    subjects = events.select(pl.col("subject_id").unique())
    hashed = (
        pl.when(pl.col("subject_id").hash(seed) % 10 < 7)
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


def cohort(events: pl.DataFrame, splits: pl.DataFrame, task: Task, seed: int) -> pl.DataFrame:
    """Cases, matched controls and patients to score: subject_id, prediction_time, boolean_value (null to score), split.

    A case is asked about at one of its moments, drawn by `seed`. Its controls are drawn from the moments of others that share
    its bands (see `Matching`), whose target window shows no outcome and whose record reaches that window's end.

    Raises:
        TooLittleError: no moment fits the windows, there is no case, or no control for any; with counts.
    """
    people = people_of(events)
    found = moments(events, task)
    if found.is_empty():
        raise TooLittleError(
            f"{task.name}: none of {events['subject_id'].n_unique()} subjects has a moment that fits the windows (history, follow-up)"
        )
    known = found.join(people, on="subject_id").with_columns(
        dice=pl.struct("subject_id", "prediction_time").hash(seed),
        age_band=(
            (pl.col("prediction_time") - pl.col("birth")).dt.total_days()
            / YEAR
            // task.matching.age_years
        ).cast(pl.Int32),
        time_band=(pl.col("prediction_time").dt.epoch("d") // task.matching.time_days).cast(
            pl.Int32
        ),
    )
    cases = (
        known.filter("label").sort("dice").unique("subject_id", keep="first", maintain_order=True)
    )
    if cases.is_empty():
        raise TooLittleError(
            f"{task.name}: no case: {len(found)} moments of {found['subject_id'].n_unique()} subjects fit, none is followed by the outcome "
            f"({len(found) - len(known)} moments are of subjects without a birth or a sex)"
        )
    controls = _controls(
        cases, known.filter(~pl.col("label"), pl.col("last") >= pl.col("until")), task.matching
    )
    if controls.is_empty():
        raise TooLittleError(
            f"{task.name}: no control matches any of {len(cases)} cases in {', '.join(task.matching.match)} and follow-up"
        )
    rows = (
        pl.concat(
            [
                cases.select("subject_id", "prediction_time", boolean_value=True),
                controls.select("subject_id", "prediction_time", boolean_value=False),
                to_score(events, people, task).with_columns(boolean_value=pl.lit(None, pl.Boolean)),
            ]
        )
        .join(splits, on="subject_id")
        .unique(["subject_id", "prediction_time"], keep="first", maintain_order=True)
    )
    split = (
        pl.when(pl.col("boolean_value").is_null()).then(pl.lit(SCORE)).otherwise(pl.col("split"))
    )
    return (
        rows.with_columns(split=split)
        .select(list(_ROWS))
        .cast(_ROWS)  # type: ignore[arg-type]
        .sort("subject_id", "prediction_time")
    )


def _controls(cases: pl.DataFrame, free: pl.DataFrame, matching: Matching) -> pl.DataFrame:
    """Moments dealt out to the cases of the same bands, `controls` each; a subject serves once."""
    bands = {"age": "age_band", "sex": "male", "site": "site", "time": "time_band"}
    keys = [bands.get(name, name) for name in matching.match]
    wanted = cases.group_by(keys).agg(wanted=pl.len() * matching.controls)
    return (
        free.join(wanted, on=[key for key in wanted.columns if key != "wanted"], nulls_equal=True)
        .sort("dice")
        .unique("subject_id", keep="first", maintain_order=True)
        .filter(pl.int_range(pl.len()).over(keys) < pl.col("wanted"))
    )


def people_of(events: pl.DataFrame) -> pl.DataFrame:
    """One row a subject with a birth and a sex: birth, male, site (null where unknown), first and last event of care."""
    care = events.filter(pl.col("time").is_not_null(), ~pl.col("code").str.contains(STATIC))
    spans = care.group_by("subject_id").agg(first=pl.col("time").min(), last=pl.col("time").max())
    facts = events.filter(pl.col("code").str.contains(STATIC))
    sex = facts.filter(pl.col("code").str.contains(r"^(GENDER|SEX)//"))
    return (
        spans.join(
            facts.filter(pl.col("code") == "MEDS_BIRTH")
            .group_by("subject_id")
            .agg(birth=pl.col("time").min()),
            on="subject_id",
        )
        .join(
            sex.group_by("subject_id").agg(male=pl.col("code").str.contains(r"//[Mm]").any()),
            on="subject_id",
        )
        .join(
            facts.filter(pl.col("code").str.starts_with("SITE//"))
            .group_by("subject_id")
            .agg(site=pl.col("code").min()),
            on="subject_id",
            how="left",
        )
        .drop_nulls("birth")
        .sort("subject_id")
    )


def moments(events: pl.DataFrame, task: Task) -> pl.DataFrame:
    """Every moment that fits the task's windows: subject_id, prediction_time, label, until (the label window's end)."""
    found = _query(task.config, _predicates(events, task.config))
    if found.is_empty():
        return pl.DataFrame(
            schema={
                "subject_id": pl.Int64,
                "prediction_time": UTC,
                "label": pl.Boolean,
                "until": UTC,
            }
        )
    window = task.config.label_window
    column = next(name for name in found.columns if name.startswith(f"{window}."))
    end = pl.col(column).struct.field("timestamp_at_end")
    time = "index_timestamp" if "index_timestamp" in found.columns else "trigger"
    return found.select(
        "subject_id",
        pl.col(time).dt.replace_time_zone("UTC").alias("prediction_time"),
        label=pl.col("label") > 0,
        until=end.dt.replace_time_zone("UTC"),
    ).unique(["subject_id", "prediction_time"], keep="first", maintain_order=True)


def to_score(events: pl.DataFrame, people: pl.DataFrame, task: Task) -> pl.DataFrame:
    """Subjects seen within the last year of the whole record who fit the windows that end at the prediction time: subject_id,
    prediction_time (the day after the record's end)."""
    from aces.config import TaskExtractorConfig

    end = people["last"].max()
    now = pl.lit(end, UTC) + pl.duration(days=1)
    seen = people.filter(pl.col("last") >= pl.lit(end, UTC) - pl.duration(days=365)).select(
        "subject_id"
    )
    past = {
        name: window
        for name, window in task.config.windows.items()
        if str(window.end).startswith("trigger")
    }
    config = TaskExtractorConfig(
        predicates=task.config.predicates, trigger=task.config.trigger, windows=past
    )
    today = seen.with_columns(time=now, code=pl.lit("CHARTLINE//NOW"))
    mine = events.join(seen, on="subject_id", how="semi").select("subject_id", "time", "code")
    predicates = _predicates(pl.concat([mine, today]), config).with_columns(
        pl.lit(1, pl.Int64).alias(_ANY)
    )
    found = _query(config, predicates)
    if found.is_empty():
        return pl.DataFrame(schema={"subject_id": pl.Int64, "prediction_time": UTC})
    rows = found.select("subject_id", prediction_time=pl.col("trigger").dt.replace_time_zone("UTC"))
    return rows.filter(pl.col("prediction_time") == now).unique(maintain_order=True)


def _query(config: Any, predicates: pl.DataFrame) -> pl.DataFrame:
    from aces.query import query

    return query(
        deepcopy(config), predicates
    )  # es-aces 0.7.3 shifts the windows of the object that it is given


def _predicates(events: pl.DataFrame, config: Any) -> pl.DataFrame:
    """ACES's table: a row a subject and time of care, how many events of each predicate it holds."""
    care = events.filter(pl.col("time").is_not_null(), pl.col("code") != "MEDS_BIRTH")
    plain = {
        name: predicate.MEDS_eval_expr()
        for name, predicate in config.plain_predicates.items()
        if not predicate.static
    }
    table = (
        care.with_columns(timestamp=pl.col("time").dt.replace_time_zone(None))
        .group_by("subject_id", "timestamp")
        .agg(
            pl.len().clip(0, 1).cast(pl.Int64).alias(_ANY),
            *(hits.cast(pl.Int64).sum().alias(name) for name, hits in plain.items()),
        )
        .sort("subject_id", "timestamp")
    )
    for name, derived in config.derived_predicates.items():
        table = table.with_columns(derived.eval_expr().cast(pl.Int64).alias(name))
    edges = {"_RECORD_START": pl.col("timestamp").min(), "_RECORD_END": pl.col("timestamp").max()}
    return table.with_columns(
        (pl.col("timestamp") == edge.over("subject_id")).cast(pl.Int64).alias(name)
        for name, edge in edges.items()
    )
