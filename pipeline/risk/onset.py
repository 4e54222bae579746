"""Features to onset risk: concept vectors against raw and grouped codes, judged on subjects never seen."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from chartline.core.errors import ChartlineError, TooLittleError, UsageError
from chartline.core.settings import RollupSettings, Settings
from chartline.core.tables import Predictions, validated
from chartline.history.rollup import rolled
from chartline.models.onset import classifiers, evaluation
from chartline.risk import features
from chartline.risk.cohort import HELD_OUT, TRAIN, Task

RAW, GROUPED, VECTORS = "raw codes", "grouped codes", "concept vectors"
GROUPING = RollupSettings(
    parents=True, diagnoses="ccs", drugs="atc4"
)  # as the paper's middle way: codes by public groups
LOGISTIC = "logistic regression"
_NO_INPUTS = {"subject_id", "prediction_time", "outcome", "boolean_value", "split"}
_MIN_CASES = 10
_SIZES = (250, 500, 1000, 2000)
_MODEL, _CARD = "model.skops", "card.json"
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Fitted:
    """`model` on `columns` of the features table; what it is, in words a person reads (`card`)."""

    model: classifiers.Model
    columns: list[str]
    card: dict[str, object]


@dataclass(frozen=True)
class Onsets:
    """`predictions` of every row by the best model; `scores` a row an input and classifier; `curves` held-out risks; `learning` AUC by
    the number of training patients; `fitted` the best model."""

    predictions: pl.DataFrame
    scores: pl.DataFrame
    curves: pl.DataFrame
    learning: pl.DataFrame
    fitted: Fitted


def predict(
    table: pl.DataFrame, inputs: dict[str, Matrix], settings: Settings, task: Task
) -> Onsets:
    """Fits every classifier on every input with the training rows and judges it on the held-out ones.

    The model that predicts is the one on concept vectors that cross-validation within the training rows prefers; its
    predictions of training rows come from cross-validation, so that no row is predicted by a model that saw it.

    Raises:
        TooLittleError: a split has fewer than 10 cases or controls.
    """
    seed = settings.onset.seed
    _enough(table, task)
    truth = table["boolean_value"].fill_null(False).to_numpy()
    train, held = (table["split"] == TRAIN).to_numpy(), (table["split"] == HELD_OUT).to_numpy()
    patients = table["subject_id"].to_numpy()
    scores, curves, fitted = [], [], {}
    for source, x in inputs.items():
        for name in settings.onset.classifiers if source == VECTORS else settings.onset.baselines:
            model = classifiers.fit(name, x[train], truth[train], seed)
            risk = classifiers.predict_risk(model, x[held])
            fitted[source, name] = model
            scores.append(
                {
                    "source": source,
                    "model": name,
                    **asdict(evaluation.evaluate(truth[held], risk, patients[held], seed)),
                }
            )
            curves.append(_curve(table.filter(pl.col("split") == HELD_OUT), source, name, risk))
    x = inputs[VECTORS]
    folds = {
        name: classifiers.out_of_fold_risk(fitted[VECTORS, name], x[train], truth[train], seed)
        for name in settings.onset.classifiers
    }
    best = max(folds, key=lambda name: evaluation.auc(truth[train], folds[name]))
    risk = classifiers.predict_risk(fitted[VECTORS, best], x)
    risk[train] = folds[best]
    chosen = next(row for row in scores if row["source"] == VECTORS and row["model"] == best)
    card = _card(task, best, chosen, int(train.sum()), int(truth[train].sum()))
    learned = learning(table, inputs, settings.onset.seed)
    whole = [
        (int(train.sum()), row["source"], row["auc"]) for row in scores if row["model"] == LOGISTIC
    ]
    curve = pl.concat([learned, pl.DataFrame(whole, schema=learned.schema, orient="row")])
    return Onsets(
        predictions(table, risk),
        pl.DataFrame(scores),
        pl.concat(curves),
        curve,
        Fitted(fitted[VECTORS, best], columns_of(table), card),
    )


def known_codes(
    known: pl.DataFrame, events: pl.DataFrame, codes: pl.DataFrame | None
) -> dict[str, tuple[pl.DataFrame, pl.DataFrame]]:
    """For raw and for grouped codes: what predictions may know, and the stream that it is from.

    `known` is `features.observed`: what may be known is settled by codes, before they are grouped.
    `codes` is the source's code table.
    """
    grouped = rolled(known, GROUPING, codes), rolled(events, GROUPING, codes)
    return {RAW: (known, events), GROUPED: grouped}


def inputs_of(
    table: pl.DataFrame, known: dict[str, tuple[pl.DataFrame, pl.DataFrame]], min_count: int
) -> dict[str, Matrix]:
    """The three inputs, rows in the order of `table` (features).

    Two are age, sex and how often each code, or group of codes, was observed (log(1 + n); those
    that `min_count` events of training subjects bear); `known` is `known_codes`. The third is the
    concept vectors' features.
    """
    train = table.filter(pl.col("split") == TRAIN).select("subject_id").unique()
    found = {}
    for name, (within, stream) in known.items():
        common = (
            stream.join(train, on="subject_id", how="semi")["code"]
            .value_counts()
            .filter(pl.col("count") >= min_count)["code"]
            .sort()
        )
        counts = features.code_matrix(within, common, len(table)).toarray()
        found[name] = np.hstack(
            [table.select("age", "male").to_numpy(), np.log1p(counts[:, counts.any(0)])]
        )
    found[VECTORS] = matrix(table, columns_of(table))
    return found


def columns_of(table: pl.DataFrame) -> list[str]:
    """The columns that a model may use."""
    return [name for name in table.columns if name not in _NO_INPUTS]


def matrix(table: pl.DataFrame, columns: list[str]) -> Matrix:
    """These columns as numbers; counts and sums, which have no upper bound, as sign(x) log(1 + |x|).

    Raises:
        ChartlineError: a column is missing.
    """
    if missing := [name for name in columns if name not in table.columns]:
        raise ChartlineError(
            f"onset: the features lack {len(missing)} columns of the model, {missing[0]} first; fit it again (chartline onset)"
        )
    x = table.select(columns).to_numpy().astype(np.float64)
    bounded = np.array(
        [name in ("age", "male") or name.startswith("presence_") for name in columns]
    )
    return np.where(bounded, x, np.sign(x) * np.log1p(np.abs(x)))


def learning(
    table: pl.DataFrame, inputs: dict[str, Matrix], seed: int, sizes: tuple[int, ...] = _SIZES
) -> pl.DataFrame:
    """patients, source, auc: logistic regression on so many training rows."""
    truth = table["boolean_value"].fill_null(False).to_numpy()
    train, held = (
        np.flatnonzero(table["split"] == TRAIN),
        np.flatnonzero(table["split"] == HELD_OUT),
    )
    shuffled = np.random.default_rng(seed).permutation(train)
    found = []
    for some in [shuffled[:size] for size in sizes if size < len(train)]:
        if min(truth[some].sum(), (~truth[some]).sum()) < _MIN_CASES:
            continue
        for source, x in inputs.items():
            model = classifiers.fit(LOGISTIC, x[some], truth[some], seed)
            found.append(
                (
                    len(some),
                    source,
                    evaluation.auc(truth[held], classifiers.predict_risk(model, x[held])),
                )
            )
    return pl.DataFrame(
        found, schema={"patients": pl.Int64, "source": pl.String, "auc": pl.Float64}, orient="row"
    )


def predictions(table: pl.DataFrame, risk: NDArray[np.float64]) -> pl.DataFrame:
    """The predictions table."""
    return validated(
        table.select(
            "subject_id",
            "prediction_time",
            "outcome",
            "split",
            "boolean_value",
            predicted_boolean_probability=pl.Series(risk),
        ),
        Predictions,
    )


def _enough(table: pl.DataFrame, task: Task) -> None:
    for name in (TRAIN, HELD_OUT):
        part = table.filter(pl.col("split") == name)
        cases = int(part["boolean_value"].sum() or 0)
        controls = len(part) - cases
        if min(cases, controls) < _MIN_CASES:
            raise TooLittleError(
                f"{task.name}: {name} has {cases} cases and {controls} controls; {_MIN_CASES} of each are needed"
            )


def _curve(held: pl.DataFrame, source: str, name: str, risk: NDArray[np.float64]) -> pl.DataFrame:
    return held.select(
        "subject_id",
        "prediction_time",
        "boolean_value",
        source=pl.lit(source),
        model=pl.lit(name),
        risk=pl.Series(risk),
    )


def _card(
    task: Task, name: str, score: dict[str, object], rows: int, cases: int
) -> dict[str, object]:
    return {
        "task": task.name,
        "question": task.description,
        "classifier": name,
        "input": VECTORS,
        "training_rows": rows,
        "training_cases": cases,
        "held_out": {key: value for key, value in score.items() if key not in ("source", "model")},
        "limits": f"Probabilities are those of the matched sample ({task.matching.controls} controls a case), not of a population; judged on this "
        "source's own held-out patients alone.",
    }


def save(fitted: Fitted, folder: Path, provenance: dict[str, object]) -> None:
    """`model.skops` and `card.json`, readable by the owner alone; `provenance` says what tables and settings it came from."""
    folder.mkdir(exist_ok=True, mode=0o700)
    classifiers.save(fitted.model, folder / f"{_MODEL}.new")
    (folder / f"{_CARD}.new").write_text(
        json.dumps({**fitted.card, "columns": fitted.columns, "from": provenance}, indent=1) + "\n",
        "utf-8",
    )
    for name in (_MODEL, _CARD):
        (folder / f"{name}.new").chmod(0o600)
        (folder / f"{name}.new").replace(folder / name)


def load(folder: Path) -> tuple[Fitted, dict[str, Any]]:
    """What `save` wrote, and its provenance.

    Raises:
        UsageError: there is none, or it is damaged.
    """
    try:
        card = json.loads((folder / _CARD).read_text("utf-8"))
        columns, provenance = card.pop("columns"), card.pop("from")
        return Fitted(classifiers.load(folder / _MODEL), columns, card), provenance
    except (OSError, ValueError, KeyError) as error:
        raise UsageError(
            f"{folder}: no onset model that can be read ({type(error).__name__}); fit one with `chartline onset`"
        ) from None


def score(table: pl.DataFrame, fitted: Fitted) -> pl.DataFrame:
    """The predictions table by a model that was fitted before."""
    return predictions(table, classifiers.predict_risk(fitted.model, matrix(table, fitted.columns)))


def best_reachable(curves: pl.DataFrame, oracle: pl.DataFrame, seed: int) -> evaluation.RiskScores:
    """How good the simulation's own risk (subject_id, time, risk) is on the held-out rows; no model should beat it."""
    rows = (
        curves.select("subject_id", "prediction_time", "boolean_value")
        .unique(maintain_order=True)
        .sort("prediction_time", "subject_id")
    )
    known = rows.join_asof(
        oracle.sort("time"),
        left_on="prediction_time",
        right_on="time",
        by="subject_id",
        strategy="backward",
        check_sortedness=False,
    ).filter(pl.col("risk").is_not_null())
    return evaluation.evaluate(
        known["boolean_value"].to_numpy(),
        known["risk"].to_numpy().astype(np.float64),
        known["subject_id"].to_numpy(),
        seed,
    )
