"""Annotations of three kinds of files come out as the same boxes; a wrong file is one line."""

import json
from pathlib import Path
from typing import Any

import pytest

from chartline.core.errors import UsageError
from chartline.teach.annotation_files import read

TABLE = "document,page,x0,top,x1,bottom,label\na.pdf,1,20,40,100,80,note\n"
EDSPDF = {
    "note_id": "a",
    "annotations": [{"page": 0, "x0": 0.1, "x1": 0.5, "y0": 0.1, "y1": 0.2, "label": "note"}],
}


def label_studio(**result: Any) -> list[dict[str, Any]]:
    value = {"x": 10, "y": 10, "width": 40, "height": 10, "rectanglelabels": ["note"]}
    one = {"type": "rectanglelabels", "value": value} | result
    annotations = [{"result": []}, {"result": [one]}]
    return [{"data": {"document": "a.pdf", "page": 1}, "annotations": annotations}]


def written(folder: Path, name: str, content: Any) -> Path:
    file = folder / name
    file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return file


@pytest.mark.parametrize(
    ("content", "document"),
    [
        (EDSPDF, "a"),
        (label_studio(), "a.pdf"),
        (label_studio(item_index=0), "a.pdf"),
        (label_studio(type=None), "a.pdf"),
    ],
)
def test_json_holds_shares_of_the_page(tmp_path: Path, content: Any, document: str) -> None:
    (box,) = read(written(tmp_path, "a.json", content)).rows(named=True)
    place = {"x0": 0.1, "top": 0.1, "x1": 0.5, "bottom": 0.2}
    assert {name: round(box[name], 9) for name in place} == place
    assert (box["document"], box["page"], box["label"], box["shares"]) == (
        document,
        1,
        "note",
        True,
    )


def test_a_table_holds_points(tmp_path: Path) -> None:
    boxes = read(written(tmp_path, "a.csv", TABLE))
    assert boxes.rows() == [("a.pdf", 1, 20.0, 40.0, 100.0, 80.0, "note", False)]
    boxes.drop("shares").write_parquet(tmp_path / "a.parquet")
    assert read(tmp_path / "a.parquet").equals(boxes)


def test_label_studio_s_last_annotation_counts_unless_cancelled(tmp_path: Path) -> None:
    first, second = label_studio(), label_studio()
    second[0]["annotations"][1]["result"][0]["value"]["rectanglelabels"] = ["body"]
    both = first[0]["annotations"] + second[0]["annotations"]
    task = {"data": {"pdf": "files/x/b.pdf"}, "annotations": both}
    assert read(written(tmp_path, "a.json", [task]))["label"].to_list() == ["body"]
    both[-1]["was_cancelled"] = True
    task["annotations"] = [both[1], both[-1]]
    boxes = read(written(tmp_path, "a.json", [task]))
    assert boxes.select("document", "page", "label").rows() == [("b.pdf", 1, "note")]


def test_pages_of_a_document_in_label_studio_count_from_0(tmp_path: Path) -> None:
    boxes = read(written(tmp_path, "a.json", label_studio(item_index=2)))
    assert boxes["page"].to_list() == [3]


def test_other_marks_of_label_studio_are_left_out(tmp_path: Path) -> None:
    tasks = label_studio() + label_studio(type="choices")
    assert len(read(written(tmp_path, "a.json", tasks))) == 1


def test_a_folder_holds_one_file_a_document(tmp_path: Path) -> None:
    for name in ("one", "two"):
        written(tmp_path, f"{name}.json", {"annotations": EDSPDF["annotations"]})
    assert read(tmp_path)["document"].to_list() == ["one", "two"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
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
def test_a_wrong_file_is_one_line(tmp_path: Path, name: str, content: Any, message: str) -> None:
    file = written(tmp_path, name, content)
    with pytest.raises(UsageError, match=message) as raised:
        read(file)
    assert str(file) in str(raised.value)
    assert "\n" not in str(raised.value)
