"""Classifiers on inputs, compared by the same folds of the training people; the best is kept."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from chartline.core.settings import OnsetSettings
from chartline.models.onset import classifiers, evaluation
from chartline.models.onset.selection import FOLDS, Chosen, choose, folds_of
from chartline.risk.inputs import VECTORS, Input
from chartline.risk.splits import HELD_OUT, TRAIN

_TREES = "gradient boosting"
_FIGURE = "{:.3f} ± {:.3f}"


@dataclass(frozen=True)
class Rows:
    """Rows of the table features: `truth` (false where not known), `train`, `held`: row by row.

    `weights` are the sampling weights; NaN where a row is only scored.
    """

    table: pl.DataFrame
    truth: NDArray[np.bool_]
    train: NDArray[np.bool_]
    held: NDArray[np.bool_]
    weights: NDArray[np.float64]

    @classmethod
    def of(cls, table: pl.DataFrame) -> "Rows":
        """The rows of the table features."""
        truth = table["boolean_value"].fill_null(False).to_numpy()
        split = table["split"]
        train, held = (split == TRAIN).to_numpy(), (split == HELD_OUT).to_numpy()
        weights = table["sampling_weight"].cast(pl.Float64).fill_null(np.nan).to_numpy()
        return cls(table, truth, train, held, weights)

    @property
    def subjects(self) -> NDArray[np.int64]:
        """The subject of each row."""
        return self.table["subject_id"].to_numpy()


@dataclass(frozen=True)
class Candidate:
    """A classifier on an input, fitted on all training rows.

    Attributes:
        source: The input.
        name: The classifier.
        chosen: Its configuration, the fitted model, and what the folds gave.
        risk: Of each row, by the fitted model; of training rows, by models that did not see their
            person.
    """

    source: Input
    name: str
    chosen: Chosen
    risk: NDArray[np.float64]

    @property
    def title(self) -> str:
        """For people, such as `logistic regression on raw codes`."""
        return f"{self.name} on {self.source.source}"

    def score(self, rows: Rows, seed: int) -> dict[str, Any]:
        """A row of the table onset_scores, without `outcome` and `kept`."""
        held = rows.held
        quality = evaluation.evaluate(rows.truth[held], self.risk[held], rows.subjects[held], seed)
        return {
            "source": self.source.source,
            "model": self.name,
            "configuration": self.chosen.configuration,
            "training_auc": self.chosen.mean,
            "training_auc_sd": self.chosen.spread,
            **asdict(quality),
        }

    def curve(self, rows: Rows) -> pl.DataFrame:
        """Rows of the table onset_curves."""
        return rows.table.filter(rows.held).select(
            "subject_id",
            "prediction_time",
            "boolean_value",
            source=pl.lit(self.source.source),
            model=pl.lit(self.name),
            risk=pl.Series(self.risk[rows.held]),
        )


def compared(rows: Rows, inputs: dict[str, Input], settings: OnsetSettings) -> list[Candidate]:
    """Every classifier on every input that the settings name.

    Trees do not learn from reduced codes: an axis that mixes all codes gives them nothing to split.
    """
    train, seed = rows.train, settings.seed
    truth = rows.truth[train]
    folds = folds_of(truth, rows.subjects[train], seed)
    found = []
    for source in inputs.values():
        names = settings.classifiers if source.source == VECTORS else settings.baselines
        for name in [one for one in names if not (source.reduce and one == _TREES)]:
            chosen = choose(name, source.x[train], truth, folds, seed, reduce=source.reduce)
            risk = classifiers.predict_risk(chosen.model, source.x)
            risk[train] = chosen.out_of_fold
            found.append(Candidate(source, name, chosen, risk))
    return found


def best_of(candidates: list[Candidate]) -> Candidate:
    """The candidate of the highest mean AUC in the folds of the training people."""
    return max(candidates, key=lambda one: one.chosen.mean)


def reason(candidates: list[Candidate], kept: Candidate) -> str:
    """Why a candidate was kept, in a sentence."""
    others = [one for one in candidates if one is not kept]
    figure = _FIGURE.format(kept.chosen.mean, kept.chosen.spread)
    text = (
        f"{kept.title} has the highest AUC in {FOLDS} folds of the training people, {figure} "
        f"(mean and standard deviation), of {len(candidates)} classifiers on inputs compared"
    )
    if not others:
        return text
    second = best_of(others)
    figure = _FIGURE.format(second.chosen.mean, second.chosen.spread)
    return f"{text}; next is {second.title}, {figure}"
