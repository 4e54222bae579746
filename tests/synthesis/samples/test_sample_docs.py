"""The sample documents: there is enough of each kind, and the pipeline finds their true labels."""

import json
from pathlib import Path

import meds
import polars as pl
import pyarrow.parquet as pq
import pytest
from conftest import SAMPLES

from chartline.core import paths
from chartline.core.settings import Limits
from chartline.pdf.reading import ReadResult, read_file
from chartline.pdf.retries import Attempt
from chartline.pdf.scans.ocr import OcrReader
from chartline.text import labelling
from chartline.work import inventory
from chartline.work.manifest import read_manifest

TRUTHS = sorted(SAMPLES.glob("*/*.truth.json"))


def pdf_of(truth: Path) -> Path:
    return truth.with_name(truth.name.replace(".truth.json", ".pdf"))


def read(path: Path, name: str = "d") -> ReadResult:
    return read_file(name, path, Attempt(), Limits(), OcrReader(60))


@pytest.fixture(scope="module")
def truths() -> dict[Path, dict]:
    return {pdf_of(path): json.loads(path.read_text()) for path in TRUTHS}


@pytest.fixture(scope="module")
def lines(truths: dict[Path, dict]) -> pl.DataFrame:
    readable = [path for path, truth in truths.items() if not {"expected", "scanned"} & set(truth)]
    return labelling.label(
        labelling.load(), pl.concat(read(path, str(path)).lines for path in readable)
    )


def test_there_is_enough_of_everything(truths: dict[Path, dict]) -> None:
    assert len(truths) >= 40
    assert sum(len(truth["pages"]) for truth in truths.values()) >= 100
    assert len({truth["producer"] for truth in truths.values() if truth["producer"]}) >= 3
    found = inventory.describe(paths.find(SAMPLES), read_manifest(SAMPLES / "manifest.csv"))
    assert found["patient_id"].null_count() == 0
    assert set(found["language"]) == {"fr", "en"}
    assert {"discharge", "letter", "operative", "laboratory", "radiology"} <= set(found["kind"])


def test_odd_files_are_refused_for_the_expected_reason(truths: dict[Path, dict]) -> None:
    expected = {path: truth["expected"] for path, truth in truths.items() if "expected" in truth}
    assert len(expected) == 4
    for path, reason in expected.items():
        assert read(path).reason == reason, path.name


@pytest.mark.slow
def test_most_lines_of_a_scan_are_read_without_error(truths: dict[Path, dict]) -> None:
    (path,) = [path for path, truth in truths.items() if "scanned" in truth]
    reading = read(path)
    assert (reading.status, set(reading.lines["source"])) == ("processed", {"ocr"})
    found = {"".join(text.split()).replace("’", "'") for text in reading.lines["text"]}
    true = [region["text"].replace("’", "'") for region in truths[path]["pages"][0]["regions"]]
    assert sum(text in found for text in true) >= 0.9 * len(true)


@pytest.mark.parametrize("split", ["train", "tuning", "held_out"])
def test_the_cohort_follows_the_schemas_of_meds(split: str) -> None:
    meds.DataSchema.validate(pq.read_table(SAMPLES / "ehr/data" / split / "0.parquet"))
    meds.CodeMetadataSchema.validate(pq.read_table(SAMPLES / "ehr/metadata/codes.parquet"))
    meds.SubjectSplitSchema.validate(pq.read_table(SAMPLES / "ehr/metadata/subject_splits.parquet"))


def overlapping(line: dict, regions: list[dict]) -> dict[str, float]:
    """Points of a line's width that regions of each label cover."""
    covered: dict[str, float] = {}
    middle = (line["top"] + line["bottom"]) / 2
    for region in regions:
        width = min(line["x1"], region["x1"]) - max(line["x0"], region["x0"])
        if width > 1 and region["top"] - 1 <= middle <= region["bottom"] + 1:
            covered[region["label"]] = max(covered.get(region["label"], 0.0), width)
    return covered


@pytest.fixture(scope="module")
def compared(truths: dict[Path, dict], lines: pl.DataFrame) -> pl.DataFrame:
    rows = []
    for line in lines.to_dicts():
        page = truths[Path(line["document_id"])]["pages"][line["page"] - 1]
        covered = overlapping(line, page["regions"])
        best = max(covered, key=lambda label: covered[label]) if covered else None
        rows.append({"truth": best, "found": line["label"], "labels": len(covered)})
    return pl.DataFrame(rows)


def test_no_line_joins_two_labels(compared: pl.DataFrame) -> None:
    assert (compared["labels"] > 1).mean() < 0.002
    assert compared["truth"].null_count() < 0.005 * len(compared)


def test_most_lines_get_their_true_label(compared: pl.DataFrame) -> None:
    known = compared.drop_nulls("truth")
    assert (known["truth"] == known["found"]).mean() > 0.95
    clinical = ["body", "title", "table"]
    assert (known["truth"].is_in(clinical) == known["found"].is_in(clinical)).mean() > 0.98
