"""Boxes that people have labelled, from three kinds of files, put on the lines that they hold."""

import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from chartline.core.errors import UsageError
from chartline.models.line_classifier.labels import LABELS

BOXES: dict[str, Any] = {
    "document": pl.String,
    "page": pl.Int64,
    "x0": pl.Float64,
    "top": pl.Float64,
    "x1": pl.Float64,
    "bottom": pl.Float64,
    "label": pl.String,
    "shares": pl.Boolean,
}
_TABLE = ("document", "page", "x0", "top", "x1", "bottom", "label")
_COVERED = 0.5  # of a line's area that a box must cover


def read(source: Path) -> pl.DataFrame:
    """Boxes with the document's name, the page (from 1), the place and the label; `shares` says that the place is in
    shares of the page, not in points from its top left.

    Read are a CSV or Parquet table (document, page, x0, top, x1, bottom in points, label), the JSON export of Label
    Studio (rectangles on pages), and the JSON of EDS-PDF's recipe, one file or a folder with one a document.

    Raises:
        UsageError: the file is of no such kind, a column is missing, a value does not parse, a label is none of the ten.
    """
    boxes = _table(source) if source.suffix.lower() in (".csv", ".parquet") else _json(source)
    if boxes.is_empty():
        raise UsageError(f"{source}: no annotation in it")
    if unknown := sorted(set(boxes["label"].unique().to_list()) - set(LABELS), key=str):
        raise UsageError(f"{source}: unknown label {unknown[0]!r}; labels are {', '.join(LABELS)}")
    return boxes


def _table(source: Path) -> pl.DataFrame:
    try:
        frame = (
            pl.read_parquet(source)
            if source.suffix.lower() == ".parquet"
            else pl.read_csv(source, infer_schema=False)
        )
        if missing := [name for name in _TABLE if name not in frame.columns]:
            raise UsageError(
                f"{source}: column {missing[0]} is missing; an annotation has {', '.join(_TABLE)}"
            )
        return frame.select(_TABLE).with_columns(shares=pl.lit(False)).cast(BOXES)  # type: ignore[arg-type]
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UsageError(
            f"{source}: cannot be read as a table of annotations ({type(error).__name__})"
        ) from None


def _json(source: Path) -> pl.DataFrame:
    files = sorted(source.glob("*.json")) if source.is_dir() else [source]
    rows: list[tuple[Any, ...]] = []
    for file in files:
        try:
            content = json.loads(file.read_text("utf-8"))
            read_rows = (
                _label_studio(content) if isinstance(content, list) else _edspdf(content, file)
            )
            rows += read_rows
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise UsageError(
                f"{file}: neither Label Studio's export nor EDS-PDF's annotations ({type(error).__name__})"
            ) from None
    return pl.DataFrame(rows, schema=BOXES, orient="row")


def _edspdf(content: dict[str, Any], file: Path) -> Iterator[tuple[Any, ...]]:
    """EDS-PDF's recipe: pages from 0, shares of the page; the document is `note_id`, else the file's own name."""
    name = str(content.get("note_id") or file.stem)
    for box in content["annotations"]:
        place = (float(box[key]) for key in ("x0", "y0", "x1", "y1"))
        yield (name, int(box["page"]) + 1, *place, box["label"], True)


def _label_studio(tasks: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    """Label Studio's export: a task is a page (`data.document`, `data.page`) or a document of several pages
    (`item_index`); rectangles are in per cent. Of several annotations of a task the last one counts."""
    for task in tasks:
        data = task["data"]
        name = data.get("document") or PurePosixPath(str(data.get("pdf") or data["image"])).name
        done = [one for one in task["annotations"] if not one.get("was_cancelled")]
        for result in done[-1]["result"] if done else []:
            if result.get("type") not in ("rectanglelabels", None):
                continue
            value = result["value"]
            page = (
                int(result["item_index"]) + 1
                if "item_index" in result
                else int(data.get("page", 1))
            )
            x, y = value["x"] / 100, value["y"] / 100
            place = (x, y, x + value["width"] / 100, y + value["height"] / 100)
            yield (str(name), page, *place, value["rectanglelabels"][0], True)


def document_of(name: str, paths: list[str]) -> str | None:
    """The path that an annotation's document means: itself, or the only one with that file name or that stem.

    >>> document_of("a", ["x/a.pdf", "x/b.pdf"]), document_of("c.pdf", ["x/a.pdf"])
    ('x/a.pdf', None)
    """
    if name in paths:
        return name
    alike = [
        path
        for path in paths
        if PurePosixPath(path).name == name or PurePosixPath(path).stem == name
    ]
    return alike[0] if len(alike) == 1 else None


def label_lines(lines: pl.DataFrame, boxes: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`lines` (document_id as in `boxes.document`) with `label`: that of the box that covers most of the line, null where
    none covers half of it. The second frame holds the boxes that cover no line."""
    labels = np.full(len(lines), None, object)
    used = np.zeros(len(boxes), np.bool_)
    numbered = boxes.with_row_index("box")
    for (document, page), group in numbered.group_by("document", "page", maintain_order=True):
        here = np.flatnonzero(
            ((lines["document_id"] == document) & (lines["page"] == page)).to_numpy()
        )
        if not len(here):
            continue
        covered = _covered(lines[here], group)
        best = covered.argmax(1)
        found = covered.max(1) >= _COVERED
        labels[here[found]] = np.array(group["label"].to_list(), object)[best[found]]
        used[group["box"].to_numpy()[(covered >= _COVERED).any(0)]] = True
    return lines.with_columns(label=pl.Series(labels.tolist(), dtype=pl.String)), boxes.filter(
        pl.Series(~used)
    )


def _covered(lines: pl.DataFrame, boxes: pl.DataFrame) -> NDArray[np.float64]:
    """Lines x boxes: the share of each line's area that each box covers."""
    size = lines.select("page_width", "page_height").to_numpy()[0]
    scale = np.where(boxes["shares"].to_numpy()[:, None], np.tile(size, 2)[None, :], 1.0)
    box = boxes.select("x0", "top", "x1", "bottom").to_numpy() * scale
    line = lines.select("x0", "top", "x1", "bottom").to_numpy()
    wide = np.minimum(line[:, None, 2], box[None, :, 2]) - np.maximum(
        line[:, None, 0], box[None, :, 0]
    )
    high = np.minimum(line[:, None, 3], box[None, :, 3]) - np.maximum(
        line[:, None, 1], box[None, :, 1]
    )
    area = (line[:, 2] - line[:, 0]) * (line[:, 3] - line[:, 1])
    return np.clip(wide, 0, None) * np.clip(high, 0, None) / np.maximum(area, 1e-6)[:, None]
