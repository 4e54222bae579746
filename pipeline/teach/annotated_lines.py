"""The lines of annotated documents, with the labels of the boxes that people drew."""

from pathlib import Path, PurePosixPath

import numpy as np
import polars as pl
from numpy.typing import NDArray

from chartline.core import paths
from chartline.core.errors import UsageError
from chartline.core.progress import Progress
from chartline.core.settings import Limits
from chartline.pdf.reading import read_file
from chartline.pdf.retries import Attempt
from chartline.pdf.scans.ocr import OcrReader

_COVERED = 0.5  # of a line's area: a box that covers less does not label the line


def annotated_lines(
    folder: Path, boxes: pl.DataFrame, limits: Limits, progress: Progress
) -> tuple[pl.DataFrame, list[str]]:
    """Reads the annotated documents and labels their lines.

    Args:
        folder: where the documents are, at any depth.
        boxes: as `annotation_files.read` returns them.
        limits: of reading.
        progress: reports documents read.

    Returns:
        The lines table of all pages with an annotation, `label` null where no box covers the line.
        A list of faults, one line each: a document that is not in the folder or cannot be read,
        boxes that hold no line.

    Raises:
        UsageError: the folder holds no PDF, or no annotation fits any line.
    """
    names = boxes["document"].unique(maintain_order=True).to_list()
    path_of = _paths_of(names, folder)
    faults = [
        f"{name}: annotated, but not (or not clearly) in {folder}"
        for name in names
        if name not in path_of
    ]
    reader, frames = OcrReader(limits.ocr_seconds), []
    for done, (name, path) in enumerate(path_of.items(), 1):
        result = read_file(name, folder / path, Attempt(), limits, reader)
        frames.append(result.lines)
        if result.reason is not None:
            faults.append(f"{paths.shown_path(path)}: {result.status} ({result.reason})")
        progress("annotated documents", done, len(path_of))
    lines = pl.concat(frames) if frames else pl.DataFrame()
    if lines.is_empty():
        raise UsageError(f"{folder}: none of the {len(names)} annotated documents could be read")
    lines, unused = label_lines(lines, boxes.filter(pl.col("document").is_in(list(path_of))))
    for (name, page), group in unused.group_by("document", "page", maintain_order=True):
        faults.append(f"{name}, page {page}: {len(group)} boxes hold no line")
    if not lines["label"].count():
        raise UsageError(f"{folder}: no annotated box holds a line")
    return lines.filter(pl.col("label").is_not_null().any().over("document_id", "page")), faults


def _paths_of(names: list[str], folder: Path) -> dict[str, str]:
    """The path of each annotated document that is in the folder."""
    present = [paths.real_path(path) for path in paths.find(folder)["path"].to_list()]
    path_of = {name: document_of(name, present) for name in names}
    return {name: path for name, path in path_of.items() if path is not None}


def document_of(name: str, paths: list[str]) -> str | None:
    """The path that an annotation's document means.

    Args:
        name: the path itself, a file name, or one without its ending.
        paths: those of all documents.

    Returns:
        None where no document has the name, or several have.

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
    """Gives each line the label of the box that covers most of it.

    Args:
        lines: the lines table; its document_id is the `document` of the boxes.
        boxes: as `annotation_files.read` returns them.

    Returns:
        `lines` with `label`, null where no box covers half of the line; and the boxes that cover
        half of no line.
    """
    labels = np.full(len(lines), None, object)
    used = np.zeros(len(boxes), np.bool_)
    numbered = boxes.with_row_index("box")
    for (document, page), group in numbered.group_by("document", "page", maintain_order=True):
        on_page = (lines["document_id"] == document) & (lines["page"] == page)
        rows = np.flatnonzero(on_page.to_numpy())
        if not len(rows):
            continue
        covered = _covered(lines[rows], group)
        best = covered.argmax(1)
        enough = covered.max(1) >= _COVERED
        labels[rows[enough]] = np.array(group["label"].to_list(), object)[best[enough]]
        used[group["box"].to_numpy()[(covered >= _COVERED).any(0)]] = True
    labelled = lines.with_columns(label=pl.Series(labels.tolist(), dtype=pl.String))
    return labelled, boxes.filter(pl.Series(~used))


def _covered(lines: pl.DataFrame, boxes: pl.DataFrame) -> NDArray[np.float64]:
    """The share of each line's area that each box covers: lines x boxes, all of one page."""
    page = lines.select("page_width", "page_height").to_numpy()[0]
    scale = np.where(boxes["shares"].to_numpy()[:, None], np.tile(page, 2)[None, :], 1.0)
    box = (boxes.select("x0", "top", "x1", "bottom").to_numpy() * scale)[None, :]
    line = lines.select("x0", "top", "x1", "bottom").to_numpy()[:, None]
    width = np.minimum(line[..., 2], box[..., 2]) - np.maximum(line[..., 0], box[..., 0])
    height = np.minimum(line[..., 3], box[..., 3]) - np.maximum(line[..., 1], box[..., 1])
    area = (line[..., 2] - line[..., 0]) * (line[..., 3] - line[..., 1])
    return np.clip(width, 0, None) * np.clip(height, 0, None) / np.maximum(area, 1e-6)
