"""The package's weights: small, as good as their card says, the same for a page by itself."""

import json
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from chartline.models.line_classifier import WEIGHTS, prediction
from chartline.models.line_classifier.evaluation import calibration_error, scores
from chartline.models.line_classifier.labels import LABELS
from chartline.models.line_classifier.modeling import LineClassifier
from synthesis.lines import labelled_lines
from synthesis.pages import corpus


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    """Labelled lines of invented documents with looks and phrases that training never saw."""
    folder = tmp_path_factory.mktemp("corpus")
    plan = corpus.plan(folder, 24, "test", 99, {"reportlab": 0.5, "typst": 0.5})
    return pl.concat(labelled_lines(path) for path in corpus.write(plan))


def test_weights_are_small_and_safe() -> None:
    files = {file.name: file.stat().st_size for file in WEIGHTS.iterdir()}
    assert sum(files.values()) < 25e6
    assert set(files) == {
        "model.safetensors",
        "config.json",
        "figures.json",
        "README.md",
        "replay.parquet",
    }


def test_the_card_keeps_its_promise() -> None:
    figures = {
        row["label"]: row for row in json.loads((WEIGHTS / "figures.json").read_text())["scores"]
    }
    assert figures["body"]["f1"] >= 0.97
    assert figures["macro"]["f1"] >= 0.90


@pytest.mark.slow
def test_unseen_looks_are_labelled(pages: pl.DataFrame) -> None:
    found = prediction.classify(prediction.load(), pages)
    table = {row["label"]: row["f1"] for row in scores(pages["label"], found["label"]).to_dicts()}
    assert table["body"] > 0.93
    assert table["clinical"] > 0.97
    right = (found["label"] == pages["label"]).to_numpy()
    assert calibration_error(right, found["confidence"].to_numpy()) < 0.06


@pytest.mark.slow
def test_a_document_is_labelled_alike_alone_and_in_company(pages: pl.DataFrame) -> None:
    model = prediction.load()
    together = prediction.probabilities(model, pages)
    name = random.Random(1).choice(pages["document_id"].unique(maintain_order=True).to_list())
    mine = (pages["document_id"] == name).to_numpy()
    alone = prediction.probabilities(model, pages.filter(mine), lines_per_batch=256)
    assert np.abs(together[mine] - alone).max() < 1e-3


def test_probabilities_are_probabilities(pages: pl.DataFrame) -> None:
    found = prediction.probabilities(prediction.load(), pages)
    assert found.shape == (len(pages), len(LABELS))
    assert found.sum(1) == pytest.approx(1, abs=1e-4)


def test_no_line_no_label(pages: pl.DataFrame) -> None:
    assert prediction.classify(prediction.load(), pages.clear()).is_empty()


@pytest.mark.parametrize("fill", [None, b"", b"not weights"])
def test_wrong_weights_are_said(tmp_path: Path, fill: bytes | None) -> None:
    if fill is not None:
        (tmp_path / "model.safetensors").write_bytes(fill)
        (tmp_path / "config.json").write_text((WEIGHTS / "config.json").read_text())
    with pytest.raises(prediction.WeightsError, match=str(tmp_path)):
        prediction.load(tmp_path)


def test_transformers_reads_the_same_model(pages: pl.DataFrame) -> None:
    """The shipped folder is a model of transformers; predicting does without that library."""
    saved = LineClassifier.from_pretrained(WEIGHTS, local_files_only=True, dtype="float32").eval()
    own = prediction.load()
    assert saved.config.id2label == own.config.id2label
    assert np.array_equal(
        prediction.probabilities(saved, pages), prediction.probabilities(own, pages)
    )


def test_predicting_imports_no_transformers() -> None:
    """It costs a worker 120 MB and two seconds."""
    script = (
        "import sys; from chartline.models.line_classifier.prediction import load; load();"
        "sys.exit('transformers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_weights_of_another_shape_are_said(tmp_path: Path) -> None:
    config = json.loads((WEIGHTS / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps(config | {"layers": 2}))
    (tmp_path / "model.safetensors").write_bytes((WEIGHTS / "model.safetensors").read_bytes())
    with pytest.raises(prediction.WeightsError, match="do not belong together"):
        prediction.load(tmp_path)
