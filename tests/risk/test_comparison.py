"""Inputs and classifiers are chosen together, by training people alone; the best predicts."""

import numpy as np
import polars as pl
import pytest
from risk.small import day, event, events
from risk.test_onset import SIZES, TASK, table, vectors_of

from chartline.core.settings import Settings, load
from chartline.risk import inputs, onset, onset_model
from chartline.risk.inputs import Input
from chartline.risk.onset import LOGISTIC, Onsets

BOOSTING = "gradient boosting"


@pytest.fixture(scope="module")
def settings() -> Settings:
    return load(None, {"onset.classifiers": [LOGISTIC], "onset.baselines": [LOGISTIC, BOOSTING]})


def found(settings: Settings, frame: pl.DataFrame, telling: np.ndarray) -> Onsets:
    """What comes of a column of codes beside vectors that follow the outcome loosely."""
    grouped = Input(inputs.GROUPED, ["100d A//x"], telling.reshape(-1, 1))
    return onset.predict(frame, {inputs.GROUPED: grouped} | vectors_of(frame), settings, TASK)


def outcome(frame: pl.DataFrame) -> np.ndarray:
    return frame["boolean_value"].fill_null(False).to_numpy().astype(float)


def test_the_best_is_kept_whatever_its_input(settings: Settings) -> None:
    frame = table(SIZES)
    noise = np.random.default_rng(3).normal(size=len(frame))
    sure = found(settings, frame, outcome(frame) + 0.1 * noise)
    assert (sure.fitted.source, sure.fitted.columns) == (inputs.GROUPED, ["100d A//x"])
    assert found(settings, frame, noise).fitted.source == inputs.VECTORS
    for one in (sure, found(settings, frame, noise)):
        kept = one.scores.filter("kept")
        assert len(kept) == 1
        assert kept["training_auc"][0] == one.scores["training_auc"].max()
        assert set(one.predictions["model"]) == {one.fitted.title}


def test_held_out_people_have_no_say_in_what_is_kept(settings: Settings) -> None:
    """A column that tells the outcome of held-out people alone is not chosen."""
    frame = table(SIZES)
    noise = np.random.default_rng(3).normal(size=len(frame))
    held = (frame["split"] == "held_out").to_numpy()
    made = found(settings, frame, np.where(held, outcome(frame), noise))
    assert made.fitted.source == inputs.VECTORS


def test_the_card_says_why_with_the_figures_of_all(settings: Settings) -> None:
    frame = table(SIZES)
    made = found(settings, frame, np.random.default_rng(3).normal(size=len(frame)))
    card = made.fitted.card
    assert str(card["why"]).startswith(
        "logistic regression on concept vectors has the highest AUC in 5 folds of the training "
        "people, 0.9"
    )
    assert "of 3 classifiers on inputs compared; next is" in str(card["why"])
    assert card["input"] == inputs.VECTORS
    listed = card["compared"]
    assert isinstance(listed, list)
    assert [one["source"] for one in listed] == made.scores["source"].to_list()
    assert {"training_auc", "training_auc_sd", "configuration"} <= set(listed[0])


def test_trees_are_not_fitted_on_reduced_codes(settings: Settings) -> None:
    frame = table(SIZES)
    x = np.random.default_rng(3).random((len(frame), 6))
    reduced = Input(inputs.REDUCED, [f"100d A//{n}" for n in range(6)], x)
    scores = onset.predict(
        frame, {inputs.REDUCED: reduced} | vectors_of(frame), settings, TASK
    ).scores
    assert scores.filter(pl.col("source") == inputs.REDUCED)["model"].to_list() == [LOGISTIC]


@pytest.mark.parametrize("source", [inputs.RAW, inputs.GROUPED, inputs.WINDOWED, inputs.BOTH])
def test_a_model_on_codes_scores_new_rows_by_their_codes(source: str, settings: Settings) -> None:
    frame = table({"train": 200, "held_out": 60})
    sick = outcome(frame) > 0
    history = [
        event(n, -days, code)
        for n in range(len(frame))
        for days, code in [(5, "ATC//C03CA01" if sick[n] else "ATC//A02BC01"), (90, "A//x")]
    ]
    stream = events(history)
    rows = frame.with_row_index("row").select("row", "subject_id", "prediction_time")
    known = stream.join(rows, on="subject_id").with_columns(
        age_days=(pl.col("prediction_time") - pl.col("time")).dt.total_days()
    )
    codes = inputs.known_codes(known, stream, None)
    every = inputs.inputs_of(frame, codes, 1, 100)
    made = onset.predict(frame, {source: every[source]}, settings, TASK)
    again = onset_model.score(frame, made.fitted, codes)
    risk, held = "predicted_boolean_probability", pl.col("split") == "held_out"
    assert again.filter(held)[risk].to_list() == made.predictions.filter(held)[risk].to_list()
    assert made.fitted.source == source
    few = onset_model.score(
        frame[:1],
        made.fitted,
        {
            name: (within.filter(pl.col("row") == 0, pl.col("code") == "none"), stream)
            for name, (within, stream) in codes.items()
        },
    )
    assert len(few) == 1
    assert frame["prediction_time"][0] == day(0)
