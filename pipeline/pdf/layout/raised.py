"""Small pieces off the baseline (superscripts, subscripts, bullets of another font) join a line."""

import numpy as np

from chartline.pdf.glyphs import Index
from chartline.pdf.layout.neighbours import in_parts
from chartline.pdf.layout.rows import Run, grouped_median

# In em of the line that the piece may join, unless noted otherwise.
_WIDEST = 5.0  # a piece is narrower: a reference number, a unit's exponent, a bullet
_SHIFT = 0.5  # off the baseline: above it, the piece is a line of its own
_SMALLEST, _LARGEST = 0.45, 1.25  # size of a piece: smaller is another text, larger no piece
_TOUCHES = 0.3  # white between the piece and the line
_FEW_GLYPHS = 4  # longer pieces are a text of their own, unless clearly smaller or hardly shifted
_CLEARLY_SMALLER, _HARDLY_SHIFTED = 0.85, 0.15


def join_raised(run: Run, segment: Index) -> Index:
    """The segments after each small piece off the baseline has joined the segment that it touches.

    Args:
        run: the glyphs.
        segment: the number of each glyph's segment, rising along the run.

    Returns:
        The number of each glyph's segment, not rising where a piece joined another row.
    """
    count = int(segment[-1]) + 1
    begin = np.flatnonzero(np.diff(segment, prepend=-1))
    u0, u1 = np.minimum.reduceat(run.u0, begin), np.maximum.reduceat(run.u1, begin)
    v, em = grouped_median(run.v, segment, count), grouped_median(run.size, segment, count)
    length = np.diff(begin, append=len(run))
    narrow = np.flatnonzero(u1 - u0 < _WIDEST * em.max())

    def nearest(part: Index) -> Index:
        """The segment that each piece of a part touches and is least shifted from, or -1."""
        shift = np.abs(v[None, :] - v[part][:, None])
        size, glyphs = em[part][:, None], length[part][:, None]
        left, right = u0[part][:, None], u1[part][:, None]
        fits = (shift < _SHIFT * em) & (shift > 0)
        fits &= (_SMALLEST * em <= size) & (size <= _LARGEST * em)
        fits &= (length >= glyphs) & (right - left < _WIDEST * em)
        clearly = (size < _CLEARLY_SMALLER * em) | (shift < _HARDLY_SHIFTED * em)
        fits &= (glyphs <= _FEW_GLYPHS) | clearly
        fits &= (left <= u1 + _TOUCHES * em) & (right >= u0 - _TOUCHES * em)
        return np.where(fits.any(1), np.where(fits, shift, np.inf).argmin(1), -1)

    best = in_parts(nearest, narrow, count)
    found = np.flatnonzero(best >= 0)
    if not len(found):
        return segment
    owner = np.arange(count)
    for at in found[np.argsort(length[narrow[found]], kind="stable")].tolist():
        owner[narrow[at]] = _root(owner, int(best[at]), int(narrow[at]))
    roots = np.array([_root(owner, index, -1) for index in range(count)])
    return np.unique(roots, return_inverse=True)[1].reshape(-1)[segment]


def _root(owner: Index, index: int, unless: int) -> int:
    """The segment that owns `index` in the end; `unless` where that would close a ring."""
    while owner[index] != index:
        if index == unless:
            return unless
        index = int(owner[index])
    return index
