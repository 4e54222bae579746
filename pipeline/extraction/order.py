"""Reading order of line boxes: recursive XY cuts, columns of prose before rows (Nagy and Seth, 1984)."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[np.float64]

MIN_CORRIDOR = 0.8  # of a line's height: a narrower white strip does not separate columns
SMALLEST = 5  # boxes: prose is three lines, its neighbour two; fewer are read row by row
PROSE_FILL = 0.55  # a column is prose when its median line fills this share of its width


def reading_order(boxes: Boxes) -> list[int]:
    """Indices of boxes (n x 4: x0, top, x1, bottom) as a person reads them."""
    return _cut(boxes, np.arange(len(boxes)))


def _cut(boxes: Boxes, which: NDArray[np.int64]) -> list[int]:
    if len(which) < SMALLEST:
        return _rows(boxes, which)
    corridor = _column_corridor(boxes, which)
    if corridor is not None:
        left = boxes[which, 2] <= corridor
        return _cut(boxes, which[left]) + _cut(boxes, which[~left])
    parts = _bands(boxes, which)
    if len(parts) == 1:
        return _rows(boxes, which)
    return [index for part in parts for index in _cut(boxes, part)]


def _median(values: NDArray[np.float64]) -> float:
    """The lower of two middle values; np.median costs ten times as much on a few numbers."""
    return float(np.partition(values, (len(values) - 1) // 2)[(len(values) - 1) // 2])


def _column_corridor(boxes: Boxes, which: NDArray[np.int64]) -> float | None:
    """Where the widest white strip from top to bottom begins, if it separates columns and at least one holds prose."""
    order = which[np.argsort(boxes[which, 0], kind="stable")]
    reach = np.maximum.accumulate(boxes[order, 2])[:-1]
    gaps = boxes[order, 0][1:] - reach
    if not len(gaps):
        return None
    height = _median(boxes[which, 3] - boxes[which, 1])
    if gaps.max() < MIN_CORRIDOR * height:
        return None
    for at in np.argsort(-gaps, kind="stable")[:3].tolist():
        if gaps[at] < MIN_CORRIDOR * height:
            return None
        left, right = order[: at + 1], order[at + 1 :]
        if min(_row_count(boxes, left), _row_count(boxes, right)) >= 2 and (
            _prose(boxes, left) or _prose(boxes, right)
        ):
            return float(reach[at])
    return None


def _row_count(boxes: Boxes, which: NDArray[np.int64]) -> int:
    middles = np.sort((boxes[which, 1] + boxes[which, 3]) / 2)
    return 1 + int((np.diff(middles) > 2).sum())


def _prose(boxes: Boxes, which: NDArray[np.int64]) -> bool:
    if len(which) < 3:
        return False
    widths = boxes[which, 2] - boxes[which, 0]
    whole = boxes[which, 2].max() - boxes[which, 0].min()
    height = _median(boxes[which, 3] - boxes[which, 1])
    return whole > 12 * height and _median(widths) >= PROSE_FILL * whole


def _bands(boxes: Boxes, which: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Splits at the widest white strips from left to right: those at least 60% as wide as the widest."""
    order = which[np.argsort(boxes[which, 1], kind="stable")]
    gaps = boxes[order, 1][1:] - np.maximum.accumulate(boxes[order, 3])[:-1]
    if not len(gaps) or gaps.max() <= 0:
        return [which]
    edges = [0, *(np.flatnonzero(gaps >= 0.6 * gaps.max()) + 1).tolist(), len(order)]
    return [order[begin:end] for begin, end in pairwise(edges)]


def _rows(boxes: Boxes, which: NDArray[np.int64]) -> list[int]:
    """Top to bottom, and left to right among boxes whose middles share a row. Plain Python: the sets are small."""
    if len(which) < 2:
        return which.tolist()
    edges = boxes[which].tolist()
    heights = sorted(bottom - top for _, top, _, bottom in edges)
    half = heights[(len(heights) - 1) // 2] / 2
    placed = sorted(zip([(top + bottom) / 2 for _, top, _, bottom in edges], which.tolist(), edges, strict=True))
    rows: list[list[tuple[float, int]]] = []
    last = -np.inf
    for middle, index, (x0, *_) in placed:
        if middle - last > half:
            rows.append([])
        rows[-1].append((x0, index))
        last = middle
    return [index for row in rows for _, index in sorted(row)]
