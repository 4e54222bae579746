"""Long documents are labelled a window of pages at a time, and come out whole and in order."""

from pathlib import Path

import polars as pl
import pytest
from labelled import line, page

from chartline.core.errors import UsageError
from chartline.core.tables import Lines, types_of
from chartline.models.line_classifier import prediction
from chartline.text import labelling


def document(pages: int) -> pl.DataFrame:
    """Two lines a page, without labels."""
    lines = [
        line(f"line {row} of page {number}", page=number, top=100.0 + 20 * row)
        for number in range(1, pages + 1)
        for row in range(2)
    ]
    return page(*lines).with_columns(label=pl.lit(None, pl.String), confidence=None)


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """The pages that the classifier is given at a time; it labels lines by their page."""
    seen: list[list[int]] = []

    def classify(model: object, lines: pl.DataFrame) -> pl.DataFrame:
        seen.append(lines["page"].unique().sort().to_list())
        odd = pl.col("page") % 2 == 1
        label = pl.when(odd).then(pl.lit("body")).otherwise(pl.lit("title"))
        return lines.with_columns(label=label, confidence=pl.lit(0.5, pl.Float32))

    monkeypatch.setattr(prediction, "classify", classify)
    monkeypatch.setattr(labelling, "WINDOW", 3)
    return seen


@pytest.mark.parametrize(
    ("pages", "seen"),
    [(3, [[1, 2, 3]]), (4, [[1, 2, 3], [4]]), (7, [[1, 2, 3], [4, 5, 6], [7]])],
)
def test_windows_hold_so_many_pages(
    windows: list[list[int]], pages: int, seen: list[list[int]]
) -> None:
    lines = document(pages)
    found = labelling.label(None, lines)  # type: ignore[arg-type]
    assert windows == seen
    assert found.schema == types_of(Lines)
    assert found["text"].to_list() == lines["text"].to_list()
    labels = ["body" if number % 2 else "title" for number in lines["page"]]
    assert found["label"].to_list() == labels


def test_documents_stay_apart_and_in_order(windows: list[list[int]]) -> None:
    long, short = document(4), document(2).with_columns(document_id=pl.lit("e"))
    found = labelling.label(None, pl.concat([long, short]))  # type: ignore[arg-type]
    assert found["document_id"].to_list() == ["d"] * 8 + ["e"] * 4
    assert found["page"].to_list() == [1, 1, 2, 2, 3, 3, 4, 4, 1, 1, 2, 2]


def test_no_line_needs_no_classifier(windows: list[list[int]]) -> None:
    found = labelling.label(None, document(1).clear())  # type: ignore[arg-type]
    assert found.is_empty()
    assert found.schema == types_of(Lines)
    assert windows == []


def test_the_classifier_of_the_package_labels_lines() -> None:
    found = labelling.label(labelling.load(), document(1))
    assert found["label"].null_count() == 0
    assert found["confidence"].is_between(0.1, 1.0).all()


def test_a_folder_without_weights_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no model\.safetensors"):
        labelling.load(tmp_path)
