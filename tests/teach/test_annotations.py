"""Annotations of three kinds come out as the same boxes, find their lines, and say in one line what is wrong with them."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from chartline.core.errors import UsageError
from chartline.pdf.frames import lines_frame
from chartline.pdf.glyphs import Glyphs, Page
from chartline.pdf.layout.lines import Line
from chartline.teach import annotations

PAGE = Page(1, 200, 400, Glyphs.of([], []))
TABLE = "document,page,x0,top,x1,bottom,label\na.pdf,1,20,40,100,80,note\n"
EDSPDF = {
    "note_id": "a",
    "annotations": [{"page": 0, "x0": 0.1, "x1": 0.5, "y0": 0.1, "y1": 0.2, "label": "note"}],
}


def label_studio(**result: Any) -> list[dict[str, Any]]:
    value = {"x": 10, "y": 10, "width": 40, "height": 10, "rectanglelabels": ["note"]}
    one = {"type": "rectanglelabels", "value": value} | result
    return [
        {
            "data": {"document": "a.pdf", "page": 1},
            "annotations": [{"result": []}, {"result": [one]}],
        }
    ]


def lines(*boxes: tuple[float, float, float, float]) -> pl.DataFrame:
    return lines_frame(
        "a.pdf", [(PAGE, [Line("text", *box, "F", 10, False, False) for box in boxes])]
    )


def written(folder: Path, name: str, content: Any) -> Path:
    file = folder / name
    file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return file


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", TABLE),
        ("a.json", EDSPDF),
        ("b.json", label_studio()),
        ("c.json", label_studio(item_index=0)),
    ],
)
def test_every_kind_labels_the_same_line(tmp_path: Path, name: str, content: Any) -> None:
    boxes = annotations.read(written(tmp_path, name, content))
    boxes = boxes.with_columns(document=pl.lit("a.pdf"))
    labelled, empty = annotations.label_lines(lines((22, 45, 90, 55), (22, 100, 90, 110)), boxes)
    assert labelled["label"].to_list() == ["note", None]
    assert empty.is_empty()


def test_a_folder_holds_one_file_a_document(tmp_path: Path) -> None:
    for name in ("one", "two"):
        written(tmp_path, f"{name}.json", {"annotations": EDSPDF["annotations"]})
    assert annotations.read(tmp_path)["document"].to_list() == ["one", "two"]


def test_the_box_that_covers_most_counts(tmp_path: Path) -> None:
    rows = "a.pdf,1,0,0,62,400,body\na.pdf,1,20,0,200,400,header\na.pdf,1,150,300,160,310,footer\n"
    boxes = annotations.read(written(tmp_path, "a.csv", TABLE.splitlines()[0] + "\n" + rows))
    labelled, empty = annotations.label_lines(lines((0, 10, 100, 20), (195, 390, 300, 400)), boxes)
    assert labelled["label"].to_list() == ["header", None]
    assert empty["label"].to_list() == ["footer"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", TABLE.replace("note", "margin"), "unknown label 'margin'"),
        ("a.csv", TABLE.replace("bottom", "low"), "column bottom is missing"),
        ("a.csv", TABLE.replace("100", "far"), "cannot be read as a table"),
        ("a.csv", TABLE.splitlines()[0], "no annotation"),
        ("a.json", "{", "neither Label Studio's export nor EDS-PDF's"),
        ("a.json", {"boxes": []}, "neither Label Studio's export nor EDS-PDF's"),
        ("a.json", [], "no annotation"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    tmp_path: Path, name: str, content: Any, said: str
) -> None:
    file = written(tmp_path, name, content)
    with pytest.raises(UsageError, match=said) as raised:
        annotations.read(file)
    assert str(file) in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_document_is_named_by_path_name_or_stem() -> None:
    paths = ["x/a.pdf", "y/a.pdf", "y/b.pdf"]
    assert annotations.document_of("x/a.pdf", paths) == "x/a.pdf"
    assert (
        annotations.document_of("b", paths) == annotations.document_of("b.pdf", paths) == "y/b.pdf"
    )
    assert annotations.document_of("a", paths) is None  # two of that name
