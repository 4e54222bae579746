"""Classifiers are fitted on training rows alone, compared on held-out ones, and one is kept."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from risk.small import day

from chartline.core.errors import TooLittleError, UsageError
from chartline.core.settings import Settings, load
from chartline.core.tables import UTC, Predictions
from chartline.models.onset import classifiers
from chartline.risk import inputs, onset, onset_model, tasks
from chartline.risk.inputs import Input
from chartline.risk.onset import LOGISTIC, Onsets

TASK = tasks.load("heart_failure")
SIZES = {"train": 300, "held_out": 120, "score": 30}


def table(sizes: dict[str, int], seed: int = 1) -> pl.DataFrame:
    """Features of which one, `sum_100d_000`, follows the outcome."""
    rng = np.random.default_rng(seed)
    split = [name for name, size in sizes.items() for _ in range(size)]
    truth = rng.random(len(split)) < 0.4
    known = np.array(split) != "score"
    return pl.DataFrame(
        {
            "subject_id": np.arange(len(split)),
            "prediction_time": [day(0)] * len(split),
            "outcome": ["heart_failure"] * len(split),
            "boolean_value": [bool(y) if k else None for y, k in zip(truth, known, strict=True)],
            "split": split,
            "sampling_weight": np.where(truth, 1.0, 20.0),
            "age": rng.normal(60, 5, len(split)).astype(np.float32),
            "male": rng.integers(0, 2, len(split)).astype(np.float32),
            "sum_100d_000": (truth + rng.normal(0, 0.4, len(split))).astype(np.float32),
        },
        schema_overrides={"prediction_time": UTC},
    )


def vectors_of(frame: pl.DataFrame) -> dict[str, Input]:
    return inputs.inputs_of(frame, {}, 1, 100)


@pytest.fixture(scope="module")
def settings() -> Settings:
    kinds = [LOGISTIC, "k nearest neighbours"]
    return load(None, {"onset.classifiers": kinds, "onset.baselines": [LOGISTIC]})


@pytest.fixture(scope="module")
def found(settings: Settings) -> Onsets:
    frame = table(SIZES)
    noise = np.random.default_rng(2).normal(size=(len(frame), 2))
    every = {inputs.RAW: Input(inputs.RAW, ["1d A//x", "1d A//y"], noise), **vectors_of(frame)}
    return onset.predict(frame, every, settings, TASK)


def test_every_input_and_classifier_has_a_score_on_held_out_rows(found: Onsets) -> None:
    scores = found.scores
    assert scores.select("source", "model").rows() == [
        (inputs.RAW, LOGISTIC),
        (inputs.VECTORS, LOGISTIC),
        (inputs.VECTORS, "k nearest neighbours"),
    ]
    assert scores["rows"].to_list() == [SIZES["held_out"]] * 3
    auc = scores["auc"].to_list()
    assert auc[1] > 0.9 > 0.7 > auc[0]
    assert len(found.curves) == 3 * SIZES["held_out"]


def test_every_row_is_predicted_by_the_kept_model(found: Onsets) -> None:
    Predictions.validate(found.predictions)
    assert found.predictions["split"].to_list() == table(SIZES)["split"].to_list()
    again = onset_model.score(table(SIZES), found.fitted, {})
    risk = "predicted_boolean_probability"
    seen = pl.col("split") == "train"
    assert again.filter(~seen).equals(found.predictions.filter(~seen))
    assert (again.filter(seen)[risk] != found.predictions.filter(seen)[risk]).mean() > 0.9


def test_what_held_out_rows_hold_changes_no_model(settings: Settings, found: Onsets) -> None:
    frame = table(SIZES)
    flipped = frame.with_columns(
        boolean_value=pl.when(pl.col("split") == "held_out")
        .then(~pl.col("boolean_value"))
        .otherwise(pl.col("boolean_value"))
    )
    other = onset.predict(flipped, vectors_of(frame), settings, TASK)
    risk = "predicted_boolean_probability"
    assert other.predictions[risk].equals(found.predictions[risk])
    assert other.scores["auc"][0] < 0.1


def test_the_learning_curve_ends_with_all_training_rows(found: Onsets) -> None:
    assert set(found.learning["patients"]) == {250, SIZES["train"]}
    whole = found.learning.filter(pl.col("patients") == SIZES["train"])
    assert dict(whole.select("source", "auc").rows())[inputs.VECTORS] == found.scores["auc"][1]


def test_the_model_comes_back_from_its_folder(found: Onsets, tmp_path: Path) -> None:
    onset_model.save(found.fitted, tmp_path / "model", {"cohort": "a"})
    loaded, provenance = onset_model.load(tmp_path / "model")
    assert provenance == {"cohort": "a"}
    assert loaded.columns == ["age", "male", "sum_100d_000"]
    assert (loaded.source, loaded.title) == (found.fitted.source, found.fitted.title)
    assert loaded.card["task"] == "heart_failure"
    assert loaded.card["training_rows"] == SIZES["train"]
    assert loaded.log_odds == found.fitted.log_odds
    assert "4 controls a case" in str(loaded.card["limits"])
    x = inputs.matrix(loaded.source, table(SIZES), loaded.columns, {})
    assert np.array_equal(
        classifiers.predict_risk(loaded.model, x), classifiers.predict_risk(found.fitted.model, x)
    )
    assert all(file.stat().st_mode & 0o077 == 0 for file in (tmp_path / "model").iterdir())
    (tmp_path / "model" / "card.json").write_text("{")
    with pytest.raises(UsageError, match="no onset model that can be read"):
        onset_model.load(tmp_path / "model")


@pytest.mark.parametrize("split", ["train", "held_out"])
def test_a_split_needs_ten_cases_and_ten_controls(settings: Settings, split: str) -> None:
    frame = table({**SIZES, split: 15})
    with pytest.raises(TooLittleError, match=rf"{split} has \d cases and \d+ controls; 10 of each"):
        onset.predict(frame, {}, settings, TASK)


def test_a_simulations_own_risk_counts_from_its_time_on() -> None:
    frame = table({"held_out": 100})
    truth = frame["boolean_value"]
    risk = pl.DataFrame(
        {
            "subject_id": [*range(100), *range(100)],
            "time": [day(-5)] * 100 + [day(5)] * 100,
            "risk": [0.9 if y else 0.1 for y in truth] + [0.1 if y else 0.9 for y in truth],
        },
        schema_overrides={"time": UTC},
    )
    assert onset.best_reachable(frame, risk, 1).auc == 1.0


def test_risks_are_those_of_the_population_and_not_of_the_matched_sample(found: Onsets) -> None:
    frame, risk = table(SIZES), found.predictions["predicted_boolean_probability"]
    seen = (frame["split"] == "train").to_numpy()
    truth, weight = frame["boolean_value"].fill_null(False).to_numpy(), frame["sampling_weight"]
    share = np.average(truth[seen], weights=weight.to_numpy()[seen])
    assert 0.02 < share < 0.05 < 0.3 < truth[seen].mean()
    assert np.average(risk.to_numpy()[seen], weights=weight.to_numpy()[seen]) == pytest.approx(
        share
    )
    card = found.fitted.card["population"]
    assert isinstance(card, dict)
    assert card["share_with_outcome"] == pytest.approx(share)
    assert 0.6 < card["held_out_observed_expected"] < 1.6


def test_the_correction_changes_no_order(found: Onsets) -> None:
    x = inputs.matrix(inputs.VECTORS, table(SIZES), found.fitted.columns, {})
    scored = (table(SIZES)["split"] == "score").to_numpy()
    as_fitted = classifiers.predict_risk(found.fitted.model, x)[scored]
    corrected = found.predictions["predicted_boolean_probability"].to_numpy()[scored]
    assert np.array_equal(np.argsort(as_fitted), np.argsort(corrected))
    assert (corrected < as_fitted).all()


def test_a_model_without_a_correction_is_fitted_again(found: Onsets, tmp_path: Path) -> None:
    onset_model.save(found.fitted, tmp_path, {})
    card = json.loads((tmp_path / "card.json").read_text("utf-8"))
    del card["log_odds"]
    (tmp_path / "card.json").write_text(json.dumps(card), "utf-8")
    with pytest.raises(
        UsageError, match="not corrected for the sampling of controls; fit it again"
    ):
        onset_model.load(tmp_path)


def test_a_model_of_an_earlier_version_is_fitted_again(found: Onsets, tmp_path: Path) -> None:
    onset_model.save(found.fitted, tmp_path, {})
    card = json.loads((tmp_path / "card.json").read_text("utf-8"))
    del card["title"]
    (tmp_path / "card.json").write_text(json.dumps(card), "utf-8")
    with pytest.raises(UsageError, match="no onset model that can be read"):
        onset_model.load(tmp_path)
