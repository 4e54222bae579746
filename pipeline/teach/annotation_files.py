"""Files of annotations: labelled boxes on pages, from three kinds of files."""

import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import polars as pl

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
_COLUMNS = tuple(name for name in BOXES if name != "shares")  # those of a table of annotations
_PER_CENT = 100  # Label Studio's unit of length
_Box = tuple[Any, ...]  # a row of BOXES


def read(source: Path) -> pl.DataFrame:
    """Reads labelled boxes.

    Args:
        source: a CSV or Parquet table (document, page, x0, top, x1, bottom in points, label); the
            JSON export of Label Studio (rectangles on pages); the JSON of EDS-PDF's recipe, one
            file, or a folder with a file for each document.

    Returns:
        document (as the file names it), page (from 1), x0, top, x1, bottom from the page's top
        left, label, shares (whether the coordinates are shares of the page, not points).

    Raises:
        UsageError: the file is of no such kind, a column is missing, a value cannot be parsed, or
            a label is none of the ten.
    """
    boxes = _table(source) if source.suffix.lower() in (".csv", ".parquet") else _json(source)
    if boxes.is_empty():
        raise UsageError(f"{source}: no annotation in it")
    if unknown := sorted(set(boxes["label"].unique().to_list()) - set(LABELS), key=str):
        raise UsageError(f"{source}: unknown label {unknown[0]!r}; labels are {', '.join(LABELS)}")
    return boxes


def _table(source: Path) -> pl.DataFrame:
    is_parquet = source.suffix.lower() == ".parquet"
    try:
        frame = pl.read_parquet(source) if is_parquet else pl.read_csv(source, infer_schema=False)
        if missing := [name for name in _COLUMNS if name not in frame.columns]:
            raise UsageError(
                f"{source}: column {missing[0]} is missing; an annotation has {', '.join(_COLUMNS)}"
            )
        in_points = frame.select(_COLUMNS).with_columns(shares=pl.lit(False))
        return in_points.cast(BOXES)  # type: ignore[arg-type]
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UsageError(
            f"{source}: cannot be read as a table of annotations ({type(error).__name__})"
        ) from None


def _json(source: Path) -> pl.DataFrame:
    files = sorted(source.glob("*.json")) if source.is_dir() else [source]
    rows: list[_Box] = []
    for file in files:
        try:
            content = json.loads(file.read_text("utf-8"))
            if isinstance(content, list):
                rows += _label_studio(content)
            else:
                rows += _edspdf(content, file)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise UsageError(
                f"{file}: neither Label Studio's export nor EDS-PDF's annotations"
                f" ({type(error).__name__})"
            ) from None
    return pl.DataFrame(rows, schema=BOXES, orient="row")


def _edspdf(content: dict[str, Any], file: Path) -> Iterator[_Box]:
    """Boxes of EDS-PDF's recipe: pages from 0, coordinates as shares of the page.

    The document is `note_id`, else the name of the file.
    """
    name = str(content.get("note_id") or file.stem)
    for box in content["annotations"]:
        place = (float(box[key]) for key in ("x0", "y0", "x1", "y1"))
        yield (name, int(box["page"]) + 1, *place, box["label"], True)


def _label_studio(tasks: list[dict[str, Any]]) -> Iterator[_Box]:
    """Boxes of Label Studio's export: rectangles in per cent of the page.

    A task is a page (`data.document`, `data.page`) or a document of several (`item_index`). Where a
    task has several annotations the last one that was not cancelled counts.
    """
    for task in tasks:
        data = task["data"]
        name = data.get("document") or PurePosixPath(str(data.get("pdf") or data["image"])).name
        done = [one for one in task["annotations"] if not one.get("was_cancelled")]
        for result in done[-1]["result"] if done else []:
            if result.get("type") not in ("rectanglelabels", None):
                continue
            if "item_index" in result:
                page = int(result["item_index"]) + 1
            else:
                page = int(data.get("page", 1))
            value = result["value"]
            x, y = value["x"] / _PER_CENT, value["y"] / _PER_CENT
            right, bottom = x + value["width"] / _PER_CENT, y + value["height"] / _PER_CENT
            yield (str(name), page, x, y, right, bottom, value["rectanglelabels"][0], True)
