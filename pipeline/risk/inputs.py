"""What classifiers may see of a patient: codes as they are, grouped, in windows, reduced; vectors.

Every input has the rows of the table features; none is fitted on anybody but training people.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from chartline.core.errors import ChartlineError
from chartline.core.settings import RollupSettings
from chartline.history.rollup import rolled
from chartline.risk.pooling import code_matrix
from chartline.risk.splits import TRAIN

RAW, WINDOWED, REDUCED = "raw codes", "windowed codes", "reduced codes"
GROUPED, VECTORS, BOTH = "grouped codes", "concept vectors", "vectors and grouped codes"
# arXiv 1602.03686 compares with codes grouped by public hierarchies; these are the ones at hand
GROUPING = RollupSettings(parents=True, diagnoses="ccs", drugs="atc4")
EVER_DAYS = 150 * 365  # of a look-back window that leaves nothing out: longer than a life
WINDOWS = (30, 90, 365, EVER_DAYS)  # of windowed codes
_PEOPLE = ["age", "male"]
_NO_INPUTS = {
    "subject_id",
    "prediction_time",
    "outcome",
    "boolean_value",
    "split",
    "sampling_weight",
}
_NEITHER_SEX = 0.5  # stands for a sex that is not known, between 0 (women) and 1 (men)
_DECADE = 10.0  # age is counted in decades, so that it does not outweigh columns left unscaled
Matrix = NDArray[np.float64]
Codes = dict[str, tuple[pl.DataFrame, pl.DataFrame]]


@dataclass(frozen=True)
class Input:
    """An input of classifiers.

    Attributes:
        source: Its name, such as `GROUPED`.
        columns: Columns of the table features, then of codes (see `code_column`).
        x: rows x columns; sparse where there are codes.
    """

    source: str
    columns: list[str]
    x: Matrix | sparse.csr_array

    @property
    def reduce(self) -> bool:
        """Whether a classifier sees its codes reduced (see `models.onset.steps.reduced`)."""
        return self.source == REDUCED


def known_codes(known: pl.DataFrame, events: pl.DataFrame, codes: pl.DataFrame | None) -> Codes:
    """For raw and for grouped codes: observed events, and the stream that they come from.

    Args:
        known: As of `features.observed`: the outcome's codes are left out before codes are grouped,
            since the task names codes and not groups.
        events: The table events.
        codes: The table codes, for the parents of local codes.
    """
    grouped = rolled(known, GROUPING, codes), rolled(events, GROUPING, codes)
    return {RAW: (known, events), GROUPED: grouped}


def inputs_of(
    table: pl.DataFrame, known: Codes, min_count: int, window_days: int
) -> dict[str, Input]:
    """The inputs by name.

    Raw, grouped, windowed and reduced codes come with age and sex; their columns are log(1 + how
    often a code was observed), and so are those of grouped codes beside vectors.

    Args:
        table: The table features.
        known: As of `known_codes`, of events of any age.
        min_count: Events of training subjects that a code must have.
        window_days: Look-back window of all codes but windowed ones: that of the vectors.
    """
    made = columns_of(table)
    columns = {VECTORS: made}
    if known:
        raw = _common(table, known[RAW], min_count)
        grouped = _common(table, known[GROUPED], min_count)
        people = [name for name in _PEOPLE if name in made]
        columns = {
            RAW: people + _in_windows(raw, (window_days,)),
            WINDOWED: people + _in_windows(raw, WINDOWS),
            REDUCED: people + _in_windows(raw, (window_days,)),
            GROUPED: people + _in_windows(grouped, (window_days,)),
            VECTORS: made,
            BOTH: made + _in_windows(grouped, (window_days,)),
        }
    train = (table["split"] == TRAIN).to_numpy()
    return {
        source: _without_empty(Input(source, names, matrix(source, table, names, known)), train)
        for source, names in columns.items()
    }


def columns_of(table: pl.DataFrame) -> list[str]:
    """The columns of the table features that a model may use: no key, label, split or weight."""
    return [name for name in table.columns if name not in _NO_INPUTS]


def code_column(window_days: int, code: str) -> str:
    """The name of the column that counts a code in a look-back window."""
    return f"{window_days}d {code}"


def matrix(
    source: str, table: pl.DataFrame, columns: list[str], known: Codes
) -> Matrix | sparse.csr_array:
    """An input's columns as numbers, rows of the table features x columns.

    Counts and sums, which have no upper bound, become sign(x) log(1 + |x|), so that a patient with
    much care does not outweigh all others; age (in decades), sex and presence are bounded and stay.

    Args:
        source: The input's name.
        table: The table features.
        columns: Of `Input`.
        known: As of `known_codes`; may be empty for `VECTORS`.

    Raises:
        ChartlineError: A column is missing.
    """
    made = [name for name in columns if " " not in name]
    if missing := [name for name in made if name not in table.columns]:
        raise ChartlineError(
            f"onset: the features lack {len(missing)} columns of the model, {missing[0]} first; "
            "fit it again (chartline onset)"
        )
    features = _features(table, made)
    if len(made) == len(columns):
        return features
    within, _ = known[GROUPED if source in (GROUPED, BOTH) else RAW]
    counts = _counts(within, columns[len(made) :], len(table))
    return sparse.csr_array(sparse.hstack([sparse.csr_array(features), counts.log1p()]))


def _features(table: pl.DataFrame, columns: list[str]) -> Matrix:
    x = _sex_filled(table).select(columns).to_numpy().astype(np.float64)
    bounded = np.array([name in _PEOPLE or name.startswith("presence_") for name in columns])
    unit = np.array([_DECADE if name == "age" else 1.0 for name in columns])
    return np.where(bounded, x / unit, np.sign(x) * np.log1p(np.abs(x)))


def _counts(within: pl.DataFrame, columns: list[str], size: int) -> sparse.csr_array:
    """How often each code was observed in each window, rows x columns; windows one by one."""
    windows: dict[int, list[str]] = {}
    for name in columns:
        window, code = name.split("d ", 1)
        windows.setdefault(int(window), []).append(code)
    parts = [
        code_matrix(within.filter(pl.col("age_days") <= window), pl.Series(codes), size)
        for window, codes in windows.items()
    ]
    return sparse.csr_array(sparse.hstack(parts))


def _common(
    table: pl.DataFrame, known: tuple[pl.DataFrame, pl.DataFrame], min_count: int
) -> list[str]:
    """Codes with enough events of training subjects, in order."""
    train = table.filter(pl.col("split") == TRAIN).select("subject_id").unique()
    counted = known[1].join(train, on="subject_id", how="semi")["code"].value_counts()
    return counted.filter(pl.col("count") >= min_count)["code"].sort().to_list()


def _in_windows(codes: list[str], windows: tuple[int, ...]) -> list[str]:
    return [code_column(window, code) for window in windows for code in codes]


def _without_empty(made: Input, train: NDArray[np.bool_]) -> Input:
    """An input without columns of codes that no training row has anything in."""
    if not sparse.issparse(made.x):
        return made
    filled = np.asarray((made.x[train] != 0).sum(axis=0)).ravel() > 0
    kept = filled | np.array([" " not in name for name in made.columns])
    names = [name for name, keep in zip(made.columns, kept, strict=True) if keep]
    return Input(made.source, names, sparse.csr_array(made.x[:, kept]))


def _sex_filled(table: pl.DataFrame) -> pl.DataFrame:
    """The table features, an unknown sex half-way between both, since a model needs numbers."""
    if "male" not in table.columns:
        return table
    return table.with_columns(pl.col("male").fill_null(_NEITHER_SEX))
