"""Codes that as good as say who will have the outcome: no true sign of it is so sure.

Each code, and each vocabulary as a whole, is compared between the cases and the controls of a
cohort.
"""

import re

import polars as pl
from scipy import stats

from chartline.core.errors import LeakError
from chartline.risk.leaks_synonyms import MARKS
from chartline.risk.tasks import Task

# Odds of bearing a code, cases to controls of like age, sex, site and time. Of the signs that
# precede a disease by a month or more the strongest known ones are some ten times as frequent in
# cases; those of the simulated patients, in groups, five times.
_ODDS_OF_A_LEAK = 10.0
_ODDS_TO_LOOK_AT = 7.0
_DOUBT = 1e-3  # probability of what is found, or more, at these odds: so small for a leak
_DOUBT_TO_LOOK = 0.05  # and for what is only listed
_FEWEST_CASES = 10  # that bear the code: of fewer, nothing is said
LEAST_SHARE = 0.1  # of the cases: a rarer code moves no AUC by more than 0.05, and is only listed
_ADVISED = 20  # codes that a message names
ANY = "any code of "


def compared(known: pl.DataFrame, rows: pl.DataFrame, task: Task) -> pl.DataFrame:
    """Cases and controls that bear each code before their prediction times.

    Args:
        known: Observed events, as of `features.observed`, of the rows of `rows`.
        rows: A cohort; rows without a label count for nothing.
        task: Codes that it accepts are left out.

    Returns:
        code (or `any code of V`, for each vocabulary V), cases, controls, of_cases and of_controls
        (how many there are), odds (their ratio, each count raised by a half).
    """
    labelled = rows.with_row_index("row").drop_nulls("boolean_value").select("row", "boolean_value")
    free = known.filter(~task.accepted).select("row", "code")
    vocabulary = pl.col("code").str.extract(r"^(.+?)//")
    whole = free.with_columns(code=pl.lit(ANY) + vocabulary).drop_nulls("code")
    case = pl.col("boolean_value")
    cases, controls = int(labelled["boolean_value"].sum()), int((~labelled["boolean_value"]).sum())
    return (
        pl.concat([free, whole])
        .unique()
        .join(labelled, on="row")
        .group_by("code")
        .agg(cases=case.sum().cast(pl.Int64), controls=(~case).sum().cast(pl.Int64))
        .with_columns(of_cases=pl.lit(cases), of_controls=pl.lit(controls))
        .with_columns(odds=odds_ratio())
        .sort("odds", "code", descending=[True, False])
    )


def odds_ratio() -> pl.Expr:
    """The odds ratio of `cases` of `of_cases` to `controls` of `of_controls`, plus a half each."""
    cases, controls = pl.col("cases") + 0.5, pl.col("controls") + 0.5
    return (
        cases
        * (pl.col("of_controls") + 1 - controls)
        / (controls * (pl.col("of_cases") + 1 - cases))
    )


def surely(found: pl.DataFrame, odds: float, doubt: float = _DOUBT) -> pl.DataFrame:
    """Rows of `compared` whose true odds ratio is above `odds`, but for so much doubt.

    By Fisher's exact test against that ratio, with the noncentral hypergeometric distribution.
    """
    likely = found.filter(pl.col("cases") >= _FEWEST_CASES, pl.col("odds") > odds)
    if likely.is_empty():
        return likely
    borne = (likely["cases"] + likely["controls"]).to_numpy()
    of_cases, of_controls = likely["of_cases"].to_numpy(), likely["of_controls"].to_numpy()
    left = stats.nchypergeom_fisher.sf(
        likely["cases"].to_numpy() - 1, of_cases + of_controls, of_cases, borne, odds
    )
    return likely.filter(pl.Series(left) < doubt)


def no_marker(known: pl.DataFrame, rows: pl.DataFrame, task: Task) -> None:
    """Checks that no code is borne, before the prediction times, as good as by cases alone.

    Raises:
        LeakError: One is.
    """
    found = surely(compared(known, rows, task), _ODDS_OF_A_LEAK)
    found = found.filter(pl.col("cases") >= LEAST_SHARE * pl.col("of_cases"))
    single = found.filter(~pl.col("code").str.starts_with(ANY))
    # a vocabulary is named where none of its codes explains it
    if len(found := single if len(single) else found):
        worst = found.sort("cases", "code", descending=[True, False]).row(0, named=True)
        raise LeakError(
            f"leak: {worst['code']} is borne before the prediction time by {worst['cases']} of "
            f"{worst['of_cases']} cases and {worst['controls']} of {worst['of_controls']} controls"
            f"{and_others(found)}; no true sign is so sure. {advice(found['code'])}"
        )


def to_look_at(known: pl.DataFrame, rows: pl.DataFrame, task: Task) -> pl.DataFrame:
    """Codes much more frequent in cases, but not so surely that `no_marker` stops.

    Returns:
        code, why, carriers (rows that bear it), share (of them that are cases).
    """
    found = surely(compared(known, rows, task), _ODDS_TO_LOOK_AT, _DOUBT_TO_LOOK)
    borne = pl.col("cases") + pl.col("controls")
    return found.filter(~pl.col("code").str.starts_with(ANY)).select(
        "code", why=pl.lit(MARKS), carriers=borne, share=pl.col("cases") / borne
    )


def advice(codes: pl.Series) -> str:
    """What to write into the configuration, word for word, so that the run passes."""
    patterns = ", ".join(f"'{pattern_of(code)}'" for code in codes.sort().head(_ADVISED))
    return (
        f"Leave it out: [onset] left_out = [{patterns}]; or, if it is known to be a true sign: "
        f"accepted = [{patterns}]"
    )


def pattern_of(code: str) -> str:
    """The regular expression of a code, or of all codes of a vocabulary.

    >>> pattern_of("ICD10//I50.9"), pattern_of("any code of MARK")
    ('^ICD10//I50\\\\.9$', '^MARK//')
    """
    vocabulary = code.removeprefix(ANY)
    escaped = re.sub(r"([.+*?()\[\]{}|^$\\])", r"\\\1", vocabulary).replace("'", ".")
    return f"^{escaped}//" if vocabulary != code else f"^{escaped}$"


def and_others(found: pl.DataFrame) -> str:
    """The codes, where there are several."""
    others = found["code"].sort()
    return f" (one of {len(others)}: {', '.join(others.head(_ADVISED))})" if len(others) > 1 else ""
