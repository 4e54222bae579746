"""The sample documents: what was promised of them, and how their truth fares through the pipeline."""

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

TRUTHS = sorted(SAMPLES.glob("*/*.truth.json"))


def pdf_of(truth: Path) -> Path:
    return truth.with_name(truth.name.replace(".truth.json", ".pdf"))


def read(path: Path, name: str = "d") -> ReadResult:
    return read_file(name, path, Attempt(), Limits(), OcrReader(60))


@pytest.fixture(scope="module")
def told() -> dict[Path, dict]:
    return {pdf_of(path): json.loads(path.read_text()) for path in TRUTHS}


@pytest.fixture(scope="module")
def lines(told: dict[Path, dict]) -> pl.DataFrame:
    sound = [path for path, truth in told.items() if not {"expected", "scanned"} & set(truth)]
    return labelling.label(
        labelling.load(), pl.concat(read(path, str(path)).lines for path in sound)
    )


def test_there_is_enough_of_everything(told: dict[Path, dict]) -> None:
    assert len(told) >= 40
    assert sum(len(truth["pages"]) for truth in told.values()) >= 100
    assert len({truth["producer"] for truth in told.values() if truth["producer"]}) >= 3
    found = inventory.describe(
        paths.find(SAMPLES), inventory.read_manifest(SAMPLES / "manifest.csv")
    )
    assert found["patient_id"].null_count() == 0
    assert set(found["language"]) == {"fr", "en"}
    assert {"discharge", "letter", "operative", "laboratory", "radiology"} <= set(found["kind"])


def test_odd_files_have_the_reason_that_was_foretold(told: dict[Path, dict]) -> None:
    foretold = {path: truth["expected"] for path, truth in told.items() if "expected" in truth}
    assert len(foretold) == 4
    for path, reason in foretold.items():
        assert read(path).reason == reason, path.name


@pytest.mark.slow
def test_a_scan_is_read_as_a_person_would(told: dict[Path, dict]) -> None:
    (path,) = [path for path, truth in told.items() if "scanned" in truth]
    reading = read(path)
    assert (reading.status, set(reading.lines["source"])) == ("processed", {"ocr"})
    found = {"".join(text.split()).replace("’", "'") for text in reading.lines["text"]}
    true = [region["text"].replace("’", "'") for region in told[path]["pages"][0]["regions"]]
    assert sum(text in found for text in true) >= 0.9 * len(true)


@pytest.mark.parametrize("split", ["train", "tuning", "held_out"])
def test_the_cohort_is_meds(split: str) -> None:
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
def compared(told: dict[Path, dict], lines: pl.DataFrame) -> pl.DataFrame:
    rows = []
    for line in lines.to_dicts():
        page = told[Path(line["document_id"])]["pages"][line["page"] - 1]
        covered = overlapping(line, page["regions"])
        best = max(covered, key=lambda label: covered[label]) if covered else None
        rows.append({"truth": best, "found": line["label"], "labels": len(covered)})
    return pl.DataFrame(rows)


def test_no_line_joins_two_labels(compared: pl.DataFrame) -> None:
    assert (compared["labels"] > 1).mean() < 0.002
    assert compared["truth"].null_count() < 0.005 * len(compared)


def test_most_lines_bear_their_true_label(compared: pl.DataFrame) -> None:
    known = compared.drop_nulls("truth")
    assert (known["truth"] == known["found"]).mean() > 0.95
    clinical = ["body", "title", "table"]
    assert (known["truth"].is_in(clinical) == known["found"].is_in(clinical)).mean() > 0.98
