"""A classifier adapted to a hospital's documents learns their labels and keeps what it knew."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from chartline.core.progress import silent
from chartline.core.settings import Limits
from chartline.models.line_classifier import prediction
from chartline.teach import adaptation
from chartline.teach.annotated_lines import annotated_lines
from chartline.teach.weights import evaluate
from chartline.terminal.commands import app
from synthesis.lines import labelled_lines
from synthesis.pages import corpus

TABLE = ["document", "page", "x0", "top", "x1", "bottom", "label"]


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, pl.DataFrame]:
    """PDFs of a hospital that labels headers as `other`, and their annotations."""
    folder = tmp_path_factory.mktemp("hospital")
    samples = corpus.plan(folder, 5, "train", 3, {"reportlab": 1.0}, ("fr",))
    truth = pl.concat(labelled_lines(sample.write()) for sample in samples)
    own = truth.with_columns(
        label=pl.col("label").replace("header", "other"), document="document_id"
    )
    return folder, own.select(TABLE)


@pytest.mark.slow
def test_the_command_adapts_and_the_result_can_be_adapted_again(
    hospital: tuple[Path, pl.DataFrame], tmp_path: Path
) -> None:
    docs, boxes = hospital
    boxes.vstack(boxes[:1].with_columns(document=pl.lit("stranger"))).write_csv(
        tmp_path / "boxes.csv"
    )
    out = tmp_path / "weights"
    arguments = [
        "train",
        "lines",
        "--from",
        str(docs),
        "--annotations",
        str(tmp_path / "boxes.csv"),
        "--out",
        str(out),
    ]
    quick = replace(adaptation.RECIPE, epochs=4, learning_rate=1e-3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(adaptation.adapt_weights, "__defaults__", (quick,))
        done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert "stranger: annotated, but not" in done.output
    lines, _ = annotated_lines(docs, boxes.with_columns(shares=pl.lit(False)), _limits(), silent)
    old, new = (evaluate(prediction.load(folder), lines)[0] for folder in (None, out))
    assert _f1(new, "other") > max(0.7, _f1(old, "other"))
    replay = pl.read_parquet(out / "replay.parquet")
    old, new = (evaluate(prediction.load(folder), replay)[0] for folder in (None, out))
    assert _f1(new, "body") > _f1(old, "body") - 0.01


def test_a_box_without_a_line_is_reported(hospital: tuple[Path, pl.DataFrame]) -> None:
    docs, boxes = hospital
    nowhere = boxes[:1].with_columns(top=pl.lit(-50, pl.Float32), bottom=pl.lit(-40, pl.Float32))
    lines, faults = annotated_lines(
        docs, boxes.vstack(nowhere).with_columns(shares=pl.lit(False)), _limits(), silent
    )
    assert lines["label"].count() == len(boxes)
    assert faults == [f"{boxes['document'][0]}, page {boxes['page'][0]}: 1 boxes hold no line"]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--annotations", "absent.csv"), "absent.csv: cannot be read as a table of annotations"),
        (("--annotations", "boxes.csv", "--weights", "nowhere"), "nowhere: no model.safetensors"),
    ],
)
def test_a_wrong_call_is_one_line(
    hospital: tuple[Path, pl.DataFrame],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    more: tuple[str, ...],
    message: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    docs, boxes = hospital
    monkeypatch.chdir(tmp_path)
    boxes.write_csv("boxes.csv")
    done = CliRunner().invoke(app, ["train", "lines", "--out", "o", "--from", str(docs), *more])
    error = capfd.readouterr().err  # written past sys.stderr
    assert done.exit_code == 2
    assert message in error
    assert error.count("\n") == 1


def _limits() -> Limits:
    return Limits(ocr_seconds=0)


def _f1(table: pl.DataFrame, label: str) -> float:
    return dict(table.select("label", "f1").iter_rows()).get(label, 0.0)
