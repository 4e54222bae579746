"""Reading order of line boxes: recursive XY cuts, columns of prose before rows (Nagy and Seth, 1984).

Plain Python: most of the sets that are cut are small, on which arrays cost more than loops.
"""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

Box = Sequence[float]  # x0, top, x1, bottom
Which = list[int]

MIN_CORRIDOR = 0.8  # of a line's height: a narrower white strip does not separate columns
SMALLEST = 5  # boxes: prose is three lines, its neighbour two; fewer are read row by row
PROSE_FILL = 0.55  # a column is prose when its median line fills this share of its width
FULL = 0.9  # from here on prose that runs on from line to line; below, it may be a table's first column
SAME_ROWS = 0.8  # of the rows on either side of a strip, in a table or grid, have their like on the other


def reading_order(boxes: NDArray[np.float64]) -> list[int]:
    """Indices of boxes (n x 4: x0, top, x1, bottom) as a person reads them."""
    return _cut(boxes.tolist(), list(range(len(boxes))))


def _cut(boxes: list[Box], which: Which) -> list[int]:
    if len(which) < SMALLEST:
        return _rows(boxes, which)
    corridor = _column_corridor(boxes, which)
    if corridor is not None:
        left = [index for index in which if boxes[index][2] <= corridor]
        right = [index for index in which if boxes[index][2] > corridor]
        return _cut(boxes, left) + _cut(boxes, right)
    parts = _bands(boxes, which)
    if len(parts) == 1:
        return _rows(boxes, which)
    return [index for part in parts for index in _cut(boxes, part)]


def _median(values: list[float]) -> float:
    """The lower of two middle values."""
    return sorted(values)[(len(values) - 1) // 2]


def _height(boxes: list[Box], which: Which) -> float:
    return _median([boxes[index][3] - boxes[index][1] for index in which])


def _gaps(boxes: list[Box], order: Which, begin: int, end: int) -> tuple[list[float], list[float]]:
    """Along boxes sorted by their edge `begin`: how far the ones so far reach, and the white before the next one."""
    reach = list(accumulate([boxes[index][end] for index in order[:-1]], max))
    return reach, [boxes[index][begin] - far for index, far in zip(order[1:], reach, strict=True)]


def _column_corridor(boxes: list[Box], which: Which) -> float | None:
    """Where the widest white strip from top to bottom begins, if it separates columns and at least one holds prose."""
    order = sorted(which, key=lambda index: boxes[index][0])
    reach, gaps = _gaps(boxes, order, 0, 2)
    least = MIN_CORRIDOR * _height(boxes, which)
    if not gaps or max(gaps) < least:
        return None
    for at in sorted(range(len(gaps)), key=lambda at: -gaps[at])[:3]:
        if gaps[at] < least:
            return None
        left, right = order[: at + 1], order[at + 1 :]
        if min(_row_count(boxes, left), _row_count(boxes, right)) < 2:
            continue
        one, other = _prose(boxes, left), _prose(boxes, right)
        if max(one, other) and (min(one, other) or max(one, other) >= FULL or not _grid(boxes, left, right)):
            return reach[at]
    return None


def _grid(boxes: list[Box], left: Which, right: Which) -> bool:
    """Whether both sides are of one size and stand row by row beside each other, as names and their values do."""
    one, other = _height(boxes, left), _height(boxes, right)
    if max(one, other) > 1.1 * min(one, other):
        return False
    rows = [sorted((boxes[index][1] + boxes[index][3]) / 2 for index in side) for side in (left, right)]
    return min(_shared(rows[0], rows[1], one / 4), _shared(rows[1], rows[0], one / 4)) >= SAME_ROWS


def _shared(rows: list[float], others: list[float], near: float) -> float:
    """The share of `rows` that have one of `others` at most `near` away; both are sorted."""
    found = 0
    for row in rows:
        at = bisect_left(others, row - near)
        found += at < len(others) and others[at] <= row + near
    return found / len(rows)


def _row_count(boxes: list[Box], which: Which) -> int:
    middles = sorted((boxes[index][1] + boxes[index][3]) / 2 for index in which)
    return 1 + sum(other - one > 2 for one, other in pairwise(middles))


def _prose(boxes: list[Box], which: Which) -> float:
    """The share of their column that lines of prose fill; 0 where it is no prose."""
    if len(which) < 3:
        return 0.0
    whole = max(boxes[index][2] for index in which) - min(boxes[index][0] for index in which)
    widths = [boxes[index][2] - boxes[index][0] for index in which]
    fill = _median(widths) / max(whole, 0.1)
    return fill if whole > 12 * _height(boxes, which) and fill >= PROSE_FILL else 0.0


def _bands(boxes: list[Box], which: Which) -> list[Which]:
    """Splits at the widest white strips from left to right: those at least 60% as wide as the widest."""
    order = sorted(which, key=lambda index: boxes[index][1])
    _, gaps = _gaps(boxes, order, 1, 3)
    widest = max(gaps, default=0.0)
    if widest <= 0:
        return [which]
    edges = [0, *(at + 1 for at, gap in enumerate(gaps) if gap >= 0.6 * widest), len(order)]
    return [order[begin:end] for begin, end in pairwise(edges)]


def _rows(boxes: list[Box], which: Which) -> list[int]:
    """Top to bottom, and left to right among boxes whose middles share a row."""
    if len(which) < 2:
        return which
    half = _height(boxes, which) / 2
    placed = sorted(((boxes[index][1] + boxes[index][3]) / 2, index) for index in which)
    rows: list[list[tuple[float, int]]] = []
    last = float("-inf")
    for middle, index in placed:
        if middle - last > half:
            rows.append([])
        rows[-1].append((boxes[index][0], index))
        last = middle
    return [index for row in rows for _, index in sorted(row)]
