"""Training learns, is seeded, and is saved so that it loads again."""

from pathlib import Path

import polars as pl
import pytest
import torch

from chartline.models.line_classifier import prediction
from chartline.models.line_classifier.evaluation import scores
from chartline.models.line_classifier.labels import LABELS
from chartline.models.line_classifier.modeling import LineClassifier
from chartline.models.line_classifier.recipe import Recipe
from chartline.models.line_classifier.training import average_weights, calibrate, train
from chartline.teach.weights import evaluate
from synthesis.lines import labelled_lines
from synthesis.pages import corpus
from synthesis.training import figures, save

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    plan = corpus.plan(tmp_path_factory.mktemp("corpus"), 16, "train", 1, {"reportlab": 1.0})
    return pl.concat(labelled_lines(path) for path in corpus.write(plan))


def test_it_learns_and_is_seeded_and_saved(lines: pl.DataFrame, tmp_path: Path) -> None:
    recipe = Recipe(epochs=16, lines_per_batch=512)
    one, other = train(lines, recipe), train(lines, recipe)
    found = prediction.classify(one, lines)
    assert found.equals(prediction.classify(other, lines))
    commonest = lines["label"].value_counts(sort=True)["count"][0] / len(lines)
    assert (found["label"] == lines["label"]).mean() > commonest + 0.2
    assert calibrate(one, lines) > 0
    table, error = evaluate(one, lines)
    save(one, tmp_path, lines, figures(lines, lines, table, error, recipe))
    again = prediction.classify(prediction.load(tmp_path), lines)
    assert (again["label"] == found["label"]).mean() > 0.99


def test_the_mean_of_two_lies_between_them(lines: pl.DataFrame) -> None:
    one = train(lines, Recipe(epochs=1, lines_per_batch=512))
    start = LineClassifier(one.config)
    start.load_state_dict(one.state_dict())
    other = train(lines, Recipe(epochs=1, lines_per_batch=512, seed=8), start=start)
    kept = {name: value.clone() for name, value in other.state_dict().items()}
    found = average_weights(one, other, 0.25).state_dict()
    for name, value in one.state_dict().items():
        assert torch.allclose(found[name], 0.75 * value + 0.25 * kept[name], atol=1e-6), name
    assert any(not torch.equal(found[name], value) for name, value in kept.items())


def test_every_label_is_in_the_corpus(lines: pl.DataFrame) -> None:
    assert set(LABELS) - {"other"} <= set(lines["label"])


def test_scores_count_what_they_say() -> None:
    truth, found = (
        pl.Series(["body", "body", "note", "title"]),
        pl.Series(["body", "note", "note", "body"]),
    )
    table = {row["label"]: row for row in scores(truth, found).to_dicts()}
    assert (table["body"]["precision"], table["body"]["recall"]) == (0.5, 0.5)
    assert table["clinical"]["recall"] == pytest.approx(2 / 3)
    assert table["macro"]["f1"] == pytest.approx((0.5 + 0 + 2 / 3) / 3)
