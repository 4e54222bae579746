"""Features of a line's place among the other lines of its page."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from chartline.models.line_classifier.columns import Doubles, LineColumns

_FAR = 6.0  # em; white space beyond counts as this much
_OVERLAP = 0.5  # em: lines may overlap by this much (accents, descenders) and still be neighbours
_SAME_ROW = 0.4  # em: two lines whose heights overlap by more than this stand side by side
_NARROWEST = 50.0  # points: a column of text is taken to be at least this wide
_EDGE_STEP = 3  # points: edges within a step of each other count as the same
_ALIGNED = 1.5  # points: edges this near each other are aligned


def white_space(lines: LineColumns) -> Doubles:
    """White space around a line, and its place between the edges of the text: N x 5.

    The distance to the nearest line below, above, to the right, to the left (in em, as a share of
    _FAR; 1 where there is none), and the indent as a share of the width of the text.
    """
    weight = lines.lengths() + 1
    out = np.zeros((len(lines.text), 5))
    for begin, end in pairwise(lines.pages.tolist()):
        page = slice(begin, end)
        columns = (lines.x0, lines.top, lines.x1, lines.bottom, lines.size, weight)
        out[page] = _white_space_of_page(*(column[page] for column in columns))
    return out


def _white_space_of_page(
    x0: Doubles, top: Doubles, x1: Doubles, bottom: Doubles, size: Doubles, weight: Doubles
) -> Doubles:
    """The same for the L lines of one page: L x 5. Matrices are L x L: of line i to line j."""
    to_right = x0[None, :] - x1[:, None]  # white from the end of i to the start of j
    down = top[None, :] - bottom[:, None]
    overlap = -_SAME_ROW * size[:, None]
    share_columns = (to_right < 0) & (to_right.T < 0)
    share_rows = (down < overlap) & (overlap > down.T)
    stacked, beside = share_columns & ~share_rows, share_rows & ~share_columns
    left_edge, right_edge = _weighted_mode(x0, weight), _weighted_mode(x1, weight)
    width = max(_NARROWEST, right_edge - left_edge)
    return np.stack(
        [
            _nearest(down, stacked & (top[None, :] > top[:, None]), size),
            _nearest(down.T, stacked & (top[None, :] < top[:, None]), size),
            _nearest(to_right, beside, size),
            _nearest(to_right.T, beside, size),
            np.clip((x0 - left_edge) / width, -1, 1.5),
        ],
        axis=1,
    )


def _nearest(white: Doubles, neighbours: NDArray[np.bool_], size: Doubles) -> Doubles:
    """The least white space from each line to one of its neighbours, as a share of _FAR."""
    allowed = neighbours & (white > -_OVERLAP * size[:, None])
    least = np.where(allowed, white, np.inf).min(1) / size
    return np.clip(least, 0, _FAR) / _FAR


def _weighted_mode(values: Doubles, weight: Doubles) -> float:
    """The value that carries the most weight, to within `_EDGE_STEP`."""
    steps = np.round(values / _EDGE_STEP).astype(np.int64)
    low = steps.min()
    return float((np.bincount(steps - low, weights=weight).argmax() + low) * _EDGE_STEP)


def alignment(lines: LineColumns) -> Doubles:
    """How many lines of the page share a line's left edge, right edge and bottom: N x 3 (log)."""
    out = np.zeros((len(lines.text), 3))
    for begin, end in pairwise(lines.pages.tolist()):
        page = slice(begin, end)
        for column, values in enumerate((lines.x0[page], lines.x1[page], lines.bottom[page])):
            ordered = np.sort(values)
            after = np.searchsorted(ordered, values + _ALIGNED)
            out[page, column] = after - np.searchsorted(ordered, values - _ALIGNED) - 1
    return np.log1p(out) / 4
