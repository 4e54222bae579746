"""A run from Python, and its tables by name."""

import os
import stat
from pathlib import Path

import meds
import polars as pl
import pytest
from conftest import LITTLE, manifest, reportlab_letter
from meds_evaluation.evaluate import evaluate_binary_classification
from meds_evaluation.schema import PredictionSchema
from polars.testing import assert_frame_equal
from sklearn.metrics import roc_auc_score

import chartline
from chartline.api.tables import NoTableError
from chartline.core.tables import TABLES
from chartline.store import Store
from chartline.work.job import RunSummary

SETTINGS = {"report_pages": 1, "embedding.dimensions": 16, **LITTLE}


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    reportlab_letter(folder / "a.pdf")
    manifest(folder, {"a.pdf": "1"})
    return folder


@pytest.fixture(scope="module")
def progress() -> list[tuple[str, int, int]]:
    return []


@pytest.fixture(scope="module")
def out(
    docs: Path,
    ehr: Path,
    progress: list[tuple[str, int, int]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    folder = tmp_path_factory.mktemp("parent") / "out"
    before = os.umask(0o022)
    try:
        summary = chartline.run(
            docs,
            str(folder),
            ehr,
            workers=1,
            settings=SETTINGS,
            progress=lambda *done: progress.append(done),
        )
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)
    assert isinstance(summary, RunSummary)
    assert (summary.seen, summary.read, summary.skipped) == (1, 1, [])
    return folder


pytestmark = pytest.mark.slow


def test_a_run_writes_what_the_command_writes(out: Path) -> None:
    assert (out / "report" / "index.html").is_file()
    written = {name for name in TABLES if Store(out).has(name)}
    assert written == set(TABLES) - {"codes"}


def test_what_a_run_writes_is_its_owners_alone(out: Path) -> None:
    modes = {stat.S_IMODE(file.stat().st_mode) & 0o077 for file in out.rglob("*")}
    assert modes == {0}


def test_progress_is_told_by_stage(out: Path, progress: list[tuple[str, int, int]]) -> None:
    assert ("documents", 1, 1) in progress
    assert ("onset risk", 1, 1) in progress


def test_a_run_prints_nothing(docs: Path, out: Path, capfd: pytest.CaptureFixture[str]) -> None:
    summary = chartline.run(docs, out, workers=1, settings=SETTINGS)
    assert (summary.read, summary.unchanged) == (0, 1)
    assert capfd.readouterr() == ("", "")


def test_a_wrong_run_is_a_usage_error(docs: Path, tmp_path: Path) -> None:
    with pytest.raises(chartline.UsageError, match="none: no such folder"):
        chartline.run(tmp_path / "none", tmp_path / "out")
    with pytest.raises(chartline.UsageError, match="rading"):
        chartline.run(docs, tmp_path / "out", settings={"rading.engine": "auto"})
    assert not (tmp_path / "out").exists()


def test_tables_are_attributes_and_read_late(out: Path) -> None:
    tables = chartline.open(out)
    assert isinstance(tables.lines, pl.LazyFrame)
    order = ["document_id", "page", "line"]
    assert_frame_equal(tables.lines.collect().sort(order), Store(out).read("lines").sort(order))
    assert tables.documents.collect().schema == Store(out).read("documents").schema


def test_dir_lists_what_is_there(out: Path) -> None:
    tables = chartline.open(out)
    assert set(dir(tables)) == (set(TABLES) - {"codes"}) | {
        "training",
        "meds",
        "phenotype",
        "search",
    }
    assert "features" in repr(tables)


def test_an_unknown_table_is_a_clear_error(out: Path) -> None:
    tables = chartline.open(out)
    with pytest.raises(chartline.UsageError, match=r"no table 'line'; did you mean 'lines'\?"):
        tables.line  # noqa: B018
    with pytest.raises(NoTableError, match="no table 'zzz'; tables are documents, "):
        tables.zzz  # noqa: B018
    assert not hasattr(tables, "_repr_html_")
    assert not hasattr(tables, "zzz")


def test_a_table_not_written_yet_names_its_command(tmp_path: Path) -> None:
    tables = chartline.open(tmp_path)
    assert dir(tables) == ["meds", "phenotype", "search", "training"]
    assert repr(tables).endswith("none yet>")
    for name, command in (
        ("lines", "chartline run DOCS --out OUT"),
        ("events", "chartline events EHR --out OUT"),
        ("features", "chartline features OUT"),
    ):
        with pytest.raises(chartline.UsageError, match=f"no table '{name}' yet; .* `{command}`"):
            getattr(tables, name)
    with pytest.raises(chartline.UsageError, match="no table 'features' yet"):
        tables.training()
    with pytest.raises(chartline.UsageError, match="no table 'events' yet"):
        tables.meds()


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(chartline.UsageError, match="none: no such folder; `chartline run"):
        chartline.open(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_tables_of_an_older_contract_are_refused(out: Path, tmp_path: Path) -> None:
    (tmp_path / "lines" / "_delta_log").mkdir(parents=True)
    with pytest.raises(chartline.UsageError, match="--rebuild"):
        chartline.open(tmp_path)


def test_training_rows_have_inputs_and_known_outcomes(out: Path) -> None:
    tables = chartline.open(out)
    features = tables.features.collect()
    for split in ("train", "held_out"):
        x, y = tables.training("features", split=split)
        rows = features.filter(
            pl.col("split") == split, pl.col("boolean_value").is_not_null()
        ).sort("subject_id", "prediction_time")
        assert y.to_list() == rows["boolean_value"].to_list()
        assert y.dtype == pl.Boolean
        assert set(y) == {True, False}
        assert_frame_equal(x, rows.select(x.columns))
    known = {"subject_id", "prediction_time", "outcome", "boolean_value", "split"}
    known.add("sampling_weight")
    assert set(x.columns) == set(features.columns) - known
    assert tables.training()[0].equals(tables.training("features", "train")[0])


def test_training_says_what_it_cannot_give(out: Path) -> None:
    tables = chartline.open(out)
    with pytest.raises(chartline.UsageError, match="'lines' holds no outcomes; 'features' does"):
        tables.training("lines")
    with pytest.raises(chartline.UsageError, match="no split 'test'; there are held_out, train"):
        tables.training(split="test")


def test_meds_evaluation_reads_the_predictions(out: Path) -> None:
    tables = chartline.open(out)
    found = tables.meds().predictions
    PredictionSchema.validate(found)
    figures = evaluate_binary_classification(pl.DataFrame(pl.from_arrow(found)))
    unseen = tables.predictions.filter(pl.col("split") == "held_out").collect()
    rows = unseen.drop_nulls("boolean_value")
    auc = roc_auc_score(
        rows["boolean_value"], rows["predicted_boolean_probability"].cast(pl.Float32)
    )
    assert figures["samples_equally_weighted"]["roc_auc_score"] == pytest.approx(auc)


def test_meds_tables_of_a_run_are_accepted_by_the_package(out: Path, ehr: Path) -> None:
    tables = chartline.open(out)
    found = tables.meds()
    meds.DataSchema.validate(found.events)
    meds.CodeMetadataSchema.validate(found.codes)
    meds.SubjectSplitSchema.validate(found.splits)
    meds.LabelSchema.validate(found.labels)
    assert len(found.events) == tables.events.select(pl.len()).collect().item()
    declared = pl.read_parquet(ehr / "metadata" / "subject_splits.parquet").sort("subject_id")
    assert pl.DataFrame(found.splits).select("split").equals(declared.select("split"))
    assert set(found.codes["code"].to_pylist()) == set(tables.events.collect()["code"])
    known = tables.predictions.collect().drop_nulls("boolean_value")
    assert len(found.labels) == len(known)
    unseen = known.filter(pl.col("split") != "train")
    assert 0 < len(found.predictions) == len(unseen) < len(known)
