"""Reading order of line boxes by recursive XY cuts (Nagy and Seth, 1984), columns of prose first.

Plain Python: most of the sets that are cut are small, and arrays cost more on these than loops.
"""

from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate, pairwise
from operator import sub
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Values = list[float]
Which = list[int]

MIN_CORRIDOR = 0.8  # of a line's height: a narrower white strip does not separate columns
SMALLEST = 5  # boxes: prose is three lines, its neighbour two; fewer are read row by row
PROSE_FILL = 0.55  # share of its width that the median line of a column of prose fills
FULL = 0.9  # share from which lines run on; below it, it may be the first column of a table
SAME_ROWS = 0.8  # share of the rows beside a strip that have one beside them, as in a table
_STRIPS = 3  # the widest strips that are tried as gaps between columns
_SAME_SIZE = 1.1  # times as high: lines of one table
_LEVEL = 0.25  # of a line's height: middles of boxes in one row of a table
_ROW_STEP = 2.0  # points between the middles of two rows
_PROSE_LINES = 3  # fewer lines are no column of prose
_PROSE_WIDTH = 12.0  # of a line's height: narrower columns hold names and values, no prose
_NEARLY_WIDEST = 0.6  # of the widest strip: strips that separate bands together with it


class _Boxes(NamedTuple):
    """All boxes, column by column."""

    x0: Values
    top: Values
    x1: Values
    bottom: Values
    height: Values
    middle: Values


def reading_order(boxes: NDArray[np.float64]) -> list[int]:
    """The order in which boxes are read.

    Args:
        boxes: n x 4, each (x0, top, x1, bottom) in points.

    Returns:
        The n indices of the boxes, the first to be read first.
    """
    x0, top, x1, bottom = boxes.T
    columns = x0, top, x1, bottom, bottom - top, (top + bottom) / 2
    return _cut(_Boxes(*(column.tolist() for column in columns)), list(range(len(boxes))))


def _of(values: Values, which: Which) -> Iterable[float]:
    return map(values.__getitem__, which)


def _cut(boxes: _Boxes, which: Which) -> list[int]:
    """The order of some boxes: column by column, or band by band, or row by row."""
    if len(which) < SMALLEST:
        return _rows(boxes, which)
    corridor = _column_corridor(boxes, which)
    if corridor is not None:
        left = [index for index in which if boxes.x1[index] <= corridor]
        right = [index for index in which if boxes.x1[index] > corridor]
        return _cut(boxes, left) + _cut(boxes, right)
    parts = _bands(boxes, which)
    if len(parts) == 1:
        return _rows(boxes, which)
    return [index for part in parts for index in _cut(boxes, part)]


def _median(values: Iterable[float]) -> float:
    """The lower of two middle values."""
    found = sorted(values)
    return found[(len(found) - 1) // 2]


def _gaps(order: Which, begin: Values, end: Values) -> tuple[Values, Values]:
    """Along boxes sorted by their edges `begin`: how far those before each next box reach, and the
    white before it."""
    reach = [*accumulate(_of(end, order[:-1]), max)]
    return reach, [*map(sub, _of(begin, order[1:]), reach)]


def _column_corridor(boxes: _Boxes, which: Which) -> float | None:
    """Where the widest white strip from top to bottom begins that separates columns, of which at
    least one holds prose; None where there is none."""
    order = sorted(which, key=boxes.x0.__getitem__)
    reach, gaps = _gaps(order, boxes.x0, boxes.x1)
    least = MIN_CORRIDOR * _median(_of(boxes.height, which))
    if not gaps or max(gaps) < least:
        return None
    for at in sorted(range(len(gaps)), key=lambda at: -gaps[at])[:_STRIPS]:
        if gaps[at] < least:
            return None
        left, right = order[: at + 1], order[at + 1 :]
        if min(_row_count(boxes, left), _row_count(boxes, right)) < 2:
            continue
        one, other = _prose(boxes, left), _prose(boxes, right)
        if max(one, other) and (
            min(one, other) or max(one, other) >= FULL or not _grid(boxes, left, right)
        ):
            return reach[at]
    return None


def _grid(boxes: _Boxes, left: Which, right: Which) -> bool:
    """Whether both sides have one size and the same rows, as names and their values do."""
    one, other = _median(_of(boxes.height, left)), _median(_of(boxes.height, right))
    if max(one, other) > _SAME_SIZE * min(one, other):
        return False
    rows, others = (sorted(_of(boxes.middle, side)) for side in (left, right))
    near = _LEVEL * one
    return min(_shared(rows, others, near), _shared(others, rows, near)) >= SAME_ROWS


def _shared(rows: Values, others: Values, near: float) -> float:
    """The share of `rows` with one of `others` at most `near` away; both are sorted."""
    found = 0
    for row in rows:
        at = bisect_left(others, row - near)
        found += at < len(others) and others[at] <= row + near
    return found / len(rows)


def _row_count(boxes: _Boxes, which: Which) -> int:
    return 1 + sum(
        other - one > _ROW_STEP for one, other in pairwise(sorted(_of(boxes.middle, which)))
    )


def _prose(boxes: _Boxes, which: Which) -> float:
    """The share of a column's width that its median line fills; 0 where it is no prose."""
    if len(which) < _PROSE_LINES:
        return 0.0
    whole = max(_of(boxes.x1, which)) - min(_of(boxes.x0, which))
    fill = _median(map(sub, _of(boxes.x1, which), _of(boxes.x0, which))) / max(whole, 0.1)
    wide = whole > _PROSE_WIDTH * _median(_of(boxes.height, which))
    return fill if fill >= PROSE_FILL and wide else 0.0


def _bands(boxes: _Boxes, which: Which) -> list[Which]:
    """The boxes split at the widest white strips from left to right."""
    order = sorted(which, key=boxes.top.__getitem__)
    _, gaps = _gaps(order, boxes.top, boxes.bottom)
    widest = max(gaps, default=0.0)
    if widest <= 0:
        return [which]
    edges = [
        0,
        *(at + 1 for at, gap in enumerate(gaps) if gap >= _NEARLY_WIDEST * widest),
        len(order),
    ]
    return [order[begin:end] for begin, end in pairwise(edges)]


def _rows(boxes: _Boxes, which: Which) -> list[int]:
    """From top to bottom, and from left to right within a row."""
    if len(which) < 2:
        return which
    half = _median(_of(boxes.height, which)) / 2
    rows: list[list[tuple[float, int]]] = []
    last = float("-inf")
    for middle, index in sorted(zip(_of(boxes.middle, which), which, strict=True)):
        if middle - last > half:
            rows.append([])
        rows[-1].append((boxes.x0[index], index))
        last = middle
    return [index for row in rows for _, index in sorted(row)]
