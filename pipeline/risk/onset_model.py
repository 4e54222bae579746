"""The onset model that is kept: saved without pickle, with a card, and applied to new features."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from chartline.core.errors import UsageError
from chartline.core.tables import Predictions, validated
from chartline.models.onset import classifiers
from chartline.models.onset.population import shifted
from chartline.risk.inputs import Codes, matrix

_MODEL, _CARD = "model.skops", "card.json"


@dataclass(frozen=True)
class Fitted:
    """A fitted classifier.

    Attributes:
        model: It.
        source: The input that it is fitted on.
        columns: The input's columns (see `inputs.Input`).
        log_odds: What is added to the log odds of its risks, which are those of the matched sample,
            to make them those of the population.
        title: Its classifier and input, for people.
        card: What it predicts, how it was chosen and how good it is, for a person to read.
    """

    model: classifiers.Model
    source: str
    columns: list[str]
    log_odds: float
    title: str
    card: dict[str, object]


def save(fitted: Fitted, folder: Path, provenance: dict[str, object]) -> None:
    """Writes `model.skops` and `card.json` to `folder`, readable by their owner only.

    `provenance` says what the model is bound to: cohort, version of the concept vectors.
    """
    folder.mkdir(exist_ok=True, mode=0o700)
    classifiers.save(fitted.model, folder / f"{_MODEL}.new")
    parts = {
        "title": fitted.title,
        "log_odds": fitted.log_odds,
        "columns": fitted.columns,
        "from": provenance,
    }
    card = {**fitted.card, **parts}
    (folder / f"{_CARD}.new").write_text(json.dumps(card, indent=1) + "\n", "utf-8")
    for name in (_MODEL, _CARD):
        (folder / f"{name}.new").chmod(0o600)
        (folder / f"{name}.new").replace(folder / name)


def load(folder: Path) -> tuple[Fitted, dict[str, Any]]:
    """What `save` wrote: the model and its provenance.

    Raises:
        UsageError: There is none, it is damaged, or it was saved without a correction for the
            sampling of controls.
    """
    try:
        card = json.loads((folder / _CARD).read_text("utf-8"))
        columns, provenance = card.pop("columns"), card.pop("from")
        source, log_odds = card["input"], card.pop("log_odds", None)
        title = card.pop("title")  # a model of an earlier version has none, and other columns
        model = classifiers.load(folder / _MODEL)
    except (OSError, ValueError, KeyError) as error:
        raise UsageError(
            f"{folder}: no onset model that can be read ({type(error).__name__}); "
            "fit one with `chartline onset`"
        ) from None
    if not isinstance(log_odds, float):
        raise UsageError(
            f"{folder}: a model whose risks are those of the matched sample, not corrected for the "
            "sampling of controls; fit it again (`chartline onset`)"
        )
    return Fitted(model, source, columns, log_odds, title, card), provenance


def score(table: pl.DataFrame, fitted: Fitted, known: Codes) -> pl.DataFrame:
    """The table predictions for the rows of the table features, by a fitted model.

    Risks are those of the population, not of the matched sample.

    Args:
        table: The table features.
        fitted: The model.
        known: As of `inputs.known_codes`; may be empty for a model on concept vectors.

    Raises:
        ChartlineError: The features lack a column of the model.
    """
    x = matrix(fitted.source, table, fitted.columns, known)
    risk = classifiers.predict_risk(fitted.model, x)
    return predictions(table, shifted(risk, fitted.log_odds), fitted.title)


def predictions(table: pl.DataFrame, risk: NDArray[np.float64], model: str) -> pl.DataFrame:
    """The table predictions: the keys and labels of the table features, and each row's risk."""
    return validated(
        table.select(
            "subject_id",
            "prediction_time",
            "outcome",
            "split",
            "boolean_value",
            predicted_boolean_probability=pl.Series(risk),
            model=pl.lit(model),
        ),
        Predictions,
    )
