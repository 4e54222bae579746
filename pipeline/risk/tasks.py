"""What is predicted: a task in ACES's syntax, from a YAML file.

ACES (Automatic Cohort Extraction System, Xu et al., ICLR 2025) declares predicates of codes and
windows of time; https://eventstreamaces.readthedocs.io. Under `metadata` stands what is
Chartline's: how controls are matched, and which codes are synonyms of the outcome.
"""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import polars as pl
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chartline.core.errors import UsageError
from chartline.core.settings import OnsetSettings
from chartline.core.tables import Events, types_of

_MESSAGE = 200  # characters of ACES's message that are shown: it may quote the whole file
# What a file that is no task makes ACES raise
_NO_TASK = (OSError, yaml.YAMLError, AttributeError, KeyError, ValueError, TypeError)
_ONE_EVENT = pl.DataFrame([{"subject_id": 1, "code": "x"}], schema=types_of(Events))


class Matching(BaseModel):
    """How controls are matched: they share their case's bands of age and time, sex and site."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    controls: int = Field(4, ge=1, description="Controls drawn for a case.")
    match: list[Literal["age", "sex", "site", "time"]] = Field(
        ["age", "sex", "site", "time"],
        min_length=1,
        description="What a control has in common with its case.",
    )
    age_years: float = Field(5, gt=0, description="Width of a band of age, in years.")
    time_days: int = Field(183, ge=1, description="Width of a band of prediction times, in days.")
    synonyms: list[str] = Field(
        default_factory=list,
        description="Patterns of codes that only subjects with the outcome have.",
    )


@dataclass(frozen=True)
class Task:
    """A cohort's declaration.

    Attributes:
        name: The file's name without its ending; the name of the outcome in all tables.
        description: One sentence.
        config: ACES's `TaskExtractorConfig`.
        matching: What stands under `metadata`.
        outcome: Whether an event is one of the outcome's, by its code and value.
        synonyms: Whether `code` gives the outcome away, by `matching.synonyms`, the setting
            `onset.synonyms`, or what the guards found (see `with_synonyms`).
        first: Whether the task asks for a first outcome: a window from the record's start to the
            trigger may hold none.
        left_out: Whether no feature may know `code`, by the setting `onset.left_out`.
        accepted: Whether a person has looked at `code`, by the setting `onset.accepted`.
    """

    name: str
    description: str
    config: Any
    matching: Matching
    outcome: pl.Expr
    synonyms: pl.Expr
    first: bool
    left_out: pl.Expr = pl.lit(False)  # noqa: RUF009 (an expression holds no state)
    accepted: pl.Expr = pl.lit(False)  # noqa: RUF009

    @property
    def hidden(self) -> pl.Expr:
        """Whether no feature may know an event: of the outcome, a synonym, or left out."""
        return self.outcome | self.synonyms | self.left_out

    def with_synonyms(self, codes: pl.Series) -> "Task":
        """The task with these codes among its synonyms."""
        return replace(self, synonyms=self.synonyms | pl.col("code").is_in(codes.implode()))


def shipped() -> list[str]:
    """Names of the cohorts that come with Chartline."""
    return sorted(
        file.name.removesuffix(".yaml")
        for file in resources.files("chartline.risk.cohorts").iterdir()
        if file.name.endswith(".yaml")
    )


def path_of(cohort: str) -> Path:
    """The YAML file of a shipped cohort's name, or the path that `cohort` is.

    Raises:
        UsageError: There is no such file.
    """
    names = shipped()
    path = (
        Path(str(resources.files("chartline.risk.cohorts") / f"{cohort}.yaml"))
        if cohort in names
        else Path(cohort)
    )
    if not path.is_file():
        raise UsageError(
            f"setting onset.cohort: {cohort}: neither a YAML file nor one of {', '.join(names)}"
        )
    return path


def load(cohort: str) -> Task:
    """The task of a shipped cohort's name, or of a YAML file.

    Raises:
        UsageError: There is no such file, or it holds no task with a label.
    """
    from aces.config import TaskExtractorConfig  # takes a second to import

    logging.getLogger("aces").setLevel(logging.ERROR)
    path = path_of(cohort)
    declared = _declared(path)
    matching = _matching(path, declared)
    try:
        config = TaskExtractorConfig.load(path)
    except _NO_TASK as error:
        raise _refused(path, error) from None
    if config.label_window is None:
        raise _refused(path, "no window has a label")
    if zero := [name for name, window in config.windows.items() if _is_of_no_length(window)]:
        raise _refused(path, f"the window {zero[0]} is of no length")
    synonyms = _any(pl.col("code").str.contains(pattern) for pattern in matching.synonyms)
    try:
        outcome = _is_of(config, config.windows[config.label_window].label)
        every = [_is_of(config, name) for name in config.plain_predicates]
        # a pattern or column that does not exist fails here and not in the middle of a run
        _ONE_EVENT.select(pl.any_horizontal(outcome, synonyms, *every))
    except (ValueError, pl.exceptions.PolarsError) as error:
        raise _refused(path, error) from None
    description = str(declared.get("description") or path.stem)
    return Task(path.stem, description, config, matching, outcome, synonyms, _first(config))


def asked(settings: OnsetSettings) -> Task:
    """The task of the setting `onset.cohort`, with the lists of codes of the other settings.

    Raises:
        UsageError: As `load`; or a pattern is no regular expression.
    """
    task = load(settings.cohort)
    found = {
        name: _any_of_patterns(f"onset.{name}", getattr(settings, name))
        for name in ("synonyms", "left_out", "accepted")
    }
    return replace(
        task,
        synonyms=(task.synonyms | found["synonyms"]) & ~found["accepted"] & ~found["left_out"],
        left_out=found["left_out"],
        accepted=found["accepted"],
    )


def _any_of_patterns(setting: str, patterns: list[str]) -> pl.Expr:
    for pattern in patterns:
        try:
            _ONE_EVENT.select(pl.col("code").str.contains(pattern))
        except pl.exceptions.PolarsError:
            raise UsageError(f"setting {setting}: {pattern}: no regular expression") from None
    return _any(pl.col("code").str.contains(pattern) for pattern in patterns)


def _declared(path: Path) -> dict[str, Any]:
    try:
        declared = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise _refused(path, error) from None
    if not isinstance(declared, dict):
        raise _refused(path, "the file holds no keys")
    return declared


def _matching(path: Path, declared: dict[str, Any]) -> Matching:
    try:
        return Matching.model_validate(declared.get("metadata") or {})
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, ("metadata", *first["loc"])))
        raise UsageError(f"{path}: {place}: {first['msg']}") from None


def _refused(path: Path, reason: object) -> UsageError:
    message = " ".join(str(reason).split())[:_MESSAGE]
    return UsageError(f"{path}: not a task in ACES's syntax with a label ({message})")


def _is_of_no_length(window: Any) -> bool:
    """Whether a window ends where it starts; es-aces 0.7.3 would leave it out without a word."""
    ends = (window.end, window.end_endpoint_expr), (window.start, window.start_endpoint_expr)
    own = re.compile(r"\s*(start|end)\b(?!\.)")
    return any(place and own.match(place) and bounds is None for place, bounds in ends)


def _first(config: Any) -> bool:
    """Whether a window from the record's start may not hold the label's predicate."""
    label = config.windows[config.label_window].label
    return any(
        window.start is None and window.has.get(label, (None, None))[1] == 0
        for window in config.windows.values()
    )


def _is_of(config: Any, predicate: str) -> pl.Expr:
    """Whether an event is a predicate's, or of one of those that it is derived from.

    An event without a value is of no predicate that bounds the value.
    """
    if predicate in config.plain_predicates:
        hits: pl.Expr = config.plain_predicates[predicate].MEDS_eval_expr()
        return hits.fill_null(False)
    return _any(_is_of(config, part) for part in config.predicates[predicate].input_predicates)


def _any(expressions: Iterable[pl.Expr]) -> pl.Expr:
    listed = list(expressions)
    return pl.any_horizontal(listed) if listed else pl.lit(False)
