"""Codes that were dated back to the first visit of those who later have the outcome."""

import polars as pl

from chartline.core.errors import LeakError
from chartline.history.events import STATIC
from chartline.risk.leaks_markers import advice, and_others, odds_ratio, surely
from chartline.risk.record import known_since, reported_later
from chartline.risk.tasks import Task

# Odds, in those with the code, of its standing on the first day: cases to controls. Records begin
# alike in both, so that without a reason of its own the ratio is about one
_ODDS_OF_BACKDATING = 10.0
_FIRST_DAY_SHARE = 0.8  # of the cases with the code


def not_backdated(
    known: pl.DataFrame, rows: pl.DataFrame, events: pl.DataFrame, task: Task
) -> None:
    """Checks that no code stands on the first day of the record in cases, and later in others.

    A list of problems that is copied to the first visit looks so: what became known only with the
    outcome seems to have been known from the beginning.

    Args:
        known: As for `compared`.
        rows: A cohort.
        events: The table events, for the first day of care of each subject.
        task: Codes that it accepts are left out.

    Raises:
        LeakError: One does.
    """
    first = (
        events.filter(
            pl.col("time").is_not_null(), ~reported_later(), ~pl.col("code").str.contains(STATIC)
        )
        .group_by("subject_id")
        .agg(first=pl.col("time").min().dt.date())
    )
    labelled = rows.with_row_index("row").drop_nulls("boolean_value").select("row", "boolean_value")
    borne = (
        known.filter(~task.accepted)
        .group_by("row", "subject_id", "code")
        .agg(since=known_since().min().dt.date())
        .join(labelled, on="row")
        .join(first, on="subject_id")
        .with_columns(at_first=pl.col("since") == pl.col("first"))
    )
    if len(found := dated_back(borne, "boolean_value", _FIRST_DAY_SHARE)):
        worst = found.sort("cases", "code", descending=[True, False]).row(0, named=True)
        raise LeakError(
            f"leak: {worst['code']} stands on the first day of the record in {worst['cases']} of "
            f"{worst['of_cases']} cases with it, and in {worst['controls']} of "
            f"{worst['of_controls']} controls{and_others(found)}: it was dated back. "
            f"{advice(found['code'])}"
        )


def dated_back(borne: pl.DataFrame, case: str, least_share: float) -> pl.DataFrame:
    """The codes that stand on the first day of the record in cases, and later in others.

    Args:
        borne: code, `at_first` (whether it stands on the first day), and the column `case`.
        case: name of the column that tells cases from others.
        least_share: of the cases with a code, those with it on the first day, at least.
    """
    is_case, at_first = pl.col(case), pl.col("at_first")
    counted = borne.group_by("code").agg(
        cases=(is_case & at_first).sum().cast(pl.Int64),
        controls=(~is_case & at_first).sum().cast(pl.Int64),
        of_cases=is_case.sum().cast(pl.Int64),
        of_controls=(~is_case).sum().cast(pl.Int64),
    )
    often = pl.col("cases") >= least_share * pl.col("of_cases")
    likely = counted.filter(often, pl.col("of_controls") > 0).with_columns(odds=odds_ratio())
    return surely(likely, _ODDS_OF_BACKDATING)
