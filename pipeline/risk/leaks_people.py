"""Codes that only patients bear who have the outcome later, however much later.

Controls of one time may be cases of a later one, so that a code that was planted, or dated back, in
all future cases is borne by controls too. Here patients are compared: those with the outcome, by
what they bore well before it, with those who never have it.
"""

import polars as pl

from chartline.core.errors import LeakError
from chartline.history.events import STATIC
from chartline.risk.leaks_backdated import dated_back
from chartline.risk.leaks_markers import ANY, LEAST_SHARE, advice, and_others, odds_ratio, surely
from chartline.risk.people import people_of
from chartline.risk.record import known_since, reported_later
from chartline.risk.tasks import Task

_ODDS_OF_A_LEAK = 10.0  # of bearing a code, future cases to others of like age and sex
_FIRST_DAY_SHARE = 0.3  # of the future cases with the code, at least
_OTHERS = 4  # patients without the outcome for each future case of the same sex and years of birth
_BIRTH_YEARS = 5
_SEED = 1
_WELL_BEFORE = 30  # days before the first outcome: signs of the days before it are no leak


def no_code_of_future_cases(events: pl.DataFrame, task: Task) -> None:
    """Checks that no code is borne by future cases alone, or in them alone from the first day on.

    Nothing is checked of a task that does not ask for a first outcome.

    Args:
        events: The table events.
        task: What is predicted. Codes that it accepts or hides are left out.

    Raises:
        LeakError: One is. A list of problems that is copied to the first visit looks so: what
            became known only with the outcome seems to have been known from the beginning.
    """
    if not task.first:
        return
    borne = _borne(events, task)
    found = surely(_compared(borne), _ODDS_OF_A_LEAK)
    found = found.filter(pl.col("cases") >= LEAST_SHARE * pl.col("of_cases"))
    single = found.filter(~pl.col("code").str.starts_with(ANY))
    if len(found := single if len(single) else found):
        worst = _worst(found)
        raise LeakError(
            f"leak: {worst['code']} is borne by {worst['cases']} of {worst['of_cases']} patients "
            f"{_WELL_BEFORE} days or more before their first outcome and by {worst['controls']} of "
            f"{worst['of_controls']} without it{and_others(found)}; no true sign is so sure. "
            f"{advice(found['code'])}"
        )
    if len(found := dated_back(borne, "case", _FIRST_DAY_SHARE)):
        worst = _worst(found)
        raise LeakError(
            f"leak: {worst['code']} stands on the first day of the record in {worst['cases']} of "
            f"{worst['of_cases']} patients who bear it before the outcome and in "
            f"{worst['controls']} of {worst['of_controls']} who bear it without the outcome"
            f"{and_others(found)}: it was dated back. {advice(found['code'])}"
        )


def _borne(events: pl.DataFrame, task: Task) -> pl.DataFrame:
    """A row a subject and code: case (whether the outcome comes later), at_first (day)."""
    care = events.filter(
        pl.col("time").is_not_null(), ~pl.col("code").str.contains(STATIC), ~reported_later()
    )
    first = care.group_by("subject_id").agg(first=pl.col("time").min().dt.date())
    known = (
        care.filter(~task.hidden, ~task.accepted)
        .group_by("subject_id", "code")
        .agg(since=known_since().min().dt.date())
    )
    well_before = pl.col("since") <= pl.col("outcome") - pl.duration(days=_WELL_BEFORE)
    return (
        known.join(first, on="subject_id")
        .join(_people(events, task), on="subject_id")
        .filter(well_before.fill_null(True))
        .select(
            "subject_id",
            "code",
            case=pl.col("outcome").is_not_null(),
            at_first=pl.col("since") == pl.col("first"),
        )
    )


def _people(events: pl.DataFrame, task: Task) -> pl.DataFrame:
    """subject_id, outcome (the day of the first one): future cases, and others of like age and sex.

    Others have no outcome, and are no more than `_OTHERS` for each case, so that children do not
    make a code of old age a sign of the outcome.
    """
    found = events.filter(task.outcome | task.synonyms, pl.col("time").is_not_null())
    outcomes = found.group_by("subject_id").agg(outcome=pl.col("time").min().dt.date())
    people = people_of(events).join(outcomes, on="subject_id", how="left")
    band = [pl.col("male"), pl.col("birth").dt.year() // _BIRTH_YEARS]
    case = pl.col("outcome").is_not_null()
    return (
        people.with_columns(
            place=pl.col("subject_id").hash(_SEED).rank("ordinal").over(*band, case)
        )
        .filter(case | (pl.col("place") <= _OTHERS * case.sum().over(*band)))
        .select("subject_id", "outcome")
    )


def _compared(borne: pl.DataFrame) -> pl.DataFrame:
    """As `leaks_markers.compared`, of patients."""
    people = borne.select("subject_id", "case").unique()
    of_cases, of_controls = int(people["case"].sum()), int((~people["case"]).sum())
    whole = borne.with_columns(code=pl.lit(ANY) + pl.col("code").str.extract(r"^(.+?)//"))
    case = pl.col("case")
    return (
        pl.concat([borne, whole])
        .drop_nulls("code")
        .select("subject_id", "code", "case")
        .unique()
        .group_by("code")
        .agg(cases=case.sum().cast(pl.Int64), controls=(~case).sum().cast(pl.Int64))
        .with_columns(of_cases=pl.lit(of_cases), of_controls=pl.lit(of_controls))
        .with_columns(odds=odds_ratio())
    )


def _worst(found: pl.DataFrame) -> dict[str, object]:
    return found.sort("cases", "code", descending=[True, False]).row(0, named=True)
