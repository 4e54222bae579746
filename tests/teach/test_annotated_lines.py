"""Boxes label the lines that they cover, of the document that they name."""

from pathlib import Path

import polars as pl
import pytest

from chartline.core.errors import UsageError
from chartline.core.progress import silent
from chartline.core.settings import Limits
from chartline.pdf.frames import lines_frame
from chartline.pdf.glyphs import Glyphs, Page
from chartline.pdf.layout.lines import Line
from chartline.teach.annotated_lines import annotated_lines, document_of, label_lines
from chartline.teach.annotation_files import BOXES

PAGE = Page(1, 200, 400, Glyphs.of([], []))


def lines(*boxes: tuple[float, float, float, float]) -> pl.DataFrame:
    """Lines on a page of 200 x 400 points."""
    found = [Line("text", *box, "F", 10, False, False) for box in boxes]
    return lines_frame("a.pdf", [(PAGE, found)])


def annotated(*boxes: tuple[float, float, float, float, str], shares: bool = False) -> pl.DataFrame:
    rows = [("a.pdf", 1, *box, shares) for box in boxes]
    return pl.DataFrame(rows, schema=BOXES, orient="row")


def test_a_box_labels_the_lines_within_it() -> None:
    two = lines((22, 45, 90, 55), (22, 100, 90, 110))
    for boxes in (
        annotated((20, 40, 100, 80, "note")),
        annotated((0.1, 0.1, 0.5, 0.2, "note"), shares=True),
    ):
        labelled, unused = label_lines(two, boxes)
        assert labelled["label"].to_list() == ["note", None]
        assert unused.is_empty()


def test_the_box_that_covers_most_counts() -> None:
    boxes = annotated(
        (0, 0, 62, 400, "body"), (20, 0, 200, 400, "header"), (150, 300, 160, 310, "footer")
    )
    labelled, unused = label_lines(lines((0, 10, 100, 20), (195, 390, 300, 400)), boxes)
    assert labelled["label"].to_list() == ["header", None]
    assert unused["label"].to_list() == ["footer"]


@pytest.mark.parametrize(("right", "label"), [(61.0, "body"), (59.0, None)])
def test_half_of_a_line_must_be_covered(right: float, label: str | None) -> None:
    labelled, unused = label_lines(lines((20, 10, 100, 20)), annotated((0, 0, right, 400, "body")))
    assert labelled["label"].to_list() == [label]
    assert unused.is_empty() is (label is not None)


def test_a_box_of_another_page_or_document_labels_nothing() -> None:
    boxes = annotated((0, 0, 200, 400, "body"))
    for other in ({"page": 2}, {"document": "b.pdf"}):
        moved = boxes.with_columns(**{name: pl.lit(value) for name, value in other.items()})
        labelled, unused = label_lines(lines((20, 10, 100, 20)), moved)
        assert labelled["label"].to_list() == [None]
        assert len(unused) == 1


def test_a_document_is_named_by_path_name_or_stem() -> None:
    paths = ["x/a.pdf", "y/a.pdf", "y/b.pdf"]
    assert document_of("x/a.pdf", paths) == "x/a.pdf"
    assert document_of("b", paths) == document_of("b.pdf", paths) == "y/b.pdf"
    assert document_of("a", paths) is None  # two of that name


def test_documents_that_are_not_there_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "other.pdf").write_bytes(b"%PDF-1.4")
    boxes = annotated((0, 0, 200, 400, "body"))
    with pytest.raises(UsageError, match="none of the 1 annotated documents could be read"):
        annotated_lines(tmp_path, boxes, Limits(ocr_seconds=0), silent)
