"""Glyphs to rows: those of one baseline and one text, from left to right.

Whole pages at once, without a loop over glyphs.
"""

from dataclasses import dataclass, fields, replace

import numpy as np

from chartline.pdf.glyphs import Flags, Floats, Glyphs, Index

HARD_GAP = 1.8  # em: cuts by itself unless the whole row is stretched as wide
WORD_GAP = 0.17  # em, in addition to the row's own letter spacing: it separates words
OVERLAP = -0.2  # em: glyphs of one text overlap by less, except for accents
_FAR = 1e6  # points: farther than any page is wide
_SAME_ROW_POINTS, _SAME_ROW = 0.3, 0.08  # points, em: baselines of one row differ by less
_ADVANCE = 0.5  # em: taken for the last glyph of a slanted word
_NEXT_GLYPH = 1.1  # em from origin to origin: the next glyph of a slanted word
_SAME_PLACE = 0.005  # em: the letters of a ligature, to which engines give one place
_PRINTED_TWICE = 0.08  # em: bold made by printing a glyph again is shifted by less

_LEAST_LETTERS = 4  # one below the other: a word; fewer may be a list
_CENTRED = 0.25  # em: the middles of letters one below the other differ by less
_LEAST_STEP, _MOST_STEP = 0.5, 1.8  # em from one letter down to the next
_MOSTLY_LETTERS = 0.8  # share of a column: a column of digits is one of a table
_BACK = -2.0  # em: the writing goes back to another text, farther than for an accent
_RESIZED = 0.05  # share: another text has another size, an accent has not
_COVERED = 0.3  # em: a piece that overlaps another by more is a second text
_VERTICAL = "、。，．・ー︵︶（）「」|-"


@dataclass(frozen=True)
class Run:
    """The glyphs of one text direction, by row and from left to right.

    Attributes:
        glyph: index of each among the page's glyphs.
        u0, u1: its edges along the direction, in points.
        v: its baseline across the direction, in points downwards.
        size: font size in points.
        spaced: a space glyph is written before it.
        row: the number of its row.
    """

    glyph: Index
    u0: Floats
    u1: Floats
    v: Floats
    size: Floats
    spaced: Flags
    row: Index

    def __len__(self) -> int:
        return len(self.glyph)

    def take(self, which: Index) -> "Run":
        """The glyphs `which`, in that order."""
        return Run(*(getattr(self, column.name)[which] for column in fields(self)))


def upright_columns(glyphs: Glyphs, which: Index) -> Run | None:
    """Upright letters written one below the other: vertical writing, a word down the margin.

    A column is four letters or more, each written right after the one above it and centred below.

    Returns:
        The columns as rows of a run, or None where there are none.
    """
    if len(which) < _LEAST_LETTERS:
        return None
    centre, size = (glyphs.x0[which] + glyphs.x1[which]) / 2, glyphs.size[which]
    step = np.diff(glyphs.baseline[which]) / size[1:]
    below = np.abs(np.diff(centre)) < _CENTRED * size[1:]
    below &= (step > _LEAST_STEP) & (step < _MOST_STEP) & (np.diff(which) == 1)
    column = np.concatenate([[0], np.cumsum(~below)])
    long = np.bincount(column)[column] >= _LEAST_LETTERS
    if not long.any():
        return None
    letters = np.array(
        [
            text[:1].isalpha() or text in _VERTICAL
            for text in map(glyphs.text.__getitem__, which.tolist())
        ]
    )
    share = np.bincount(column, weights=letters)[column] / np.bincount(column)[column]
    kept = np.flatnonzero(long & (share > _MOSTLY_LETTERS))
    if not len(kept):
        return None
    at = which[kept]
    row = np.unique(column[kept], return_inverse=True)[1].reshape(-1)
    return Run(
        at, glyphs.top[at], glyphs.bottom[at], -centre[kept], size[kept], glyphs.spaced[at], row
    )


def rows(glyphs: Glyphs, which: Index) -> Run:
    """The glyphs `which`, all of one direction, sorted into rows."""
    angle = float(np.median(glyphs.angle[which]))
    turn = np.radians(angle)
    cos, sin = np.cos(turn), np.sin(turn)
    x, y, size = glyphs.x[which], glyphs.baseline[which], glyphs.size[which]
    v = cos * y - sin * x
    order = np.argsort(v, kind="stable")
    tolerance = max(_SAME_ROW_POINTS, _SAME_ROW * float(np.median(size)))
    row = np.empty(len(order), np.int64)
    row[order] = np.cumsum(np.diff(v[order], prepend=v[order[0]]) > tolerance)
    if angle % 90:  # the box of a slanted glyph does not show its extent along the text
        u0, u1 = _slanted(cos * x + sin * y, size, row)
    else:
        corners = [(glyphs.x0, glyphs.top), (glyphs.x1, glyphs.bottom)]
        along = [cos * cx[which] + sin * cy[which] for cx, cy in corners]
        u0, u1 = np.minimum(*along), np.maximum(*along)
    run = Run(which, u0, u1, v, size, glyphs.spaced[which], row)
    return run.take(np.lexsort((u0, row)))


def _slanted(origin: Floats, size: Floats, row: Index) -> tuple[Floats, Floats]:
    """Edges along a slanted text from the origins: a glyph reaches to the next, if that is near."""
    order = np.lexsort((origin, row))
    reach = origin[order] + _ADVANCE * size[order]
    following, near = origin[order][1:], np.diff(row[order]) == 0
    near &= np.diff(origin[order]) < _NEXT_GLYPH * size[order][:-1]
    reach[:-1][near] = following[near]
    out = np.empty_like(reach)
    out[order] = reach
    return origin, out


def _of_ligature(run: Run) -> Flags:
    """Whether a glyph is a further letter of the ligature before it."""
    out = np.zeros(len(run), np.bool_)
    same_place = np.abs(np.diff(run.u0)) < _SAME_PLACE * run.size[:-1]
    out[1:] = (np.abs(np.diff(run.glyph)) == 1) & same_place
    return out


def without_doubles(run: Run, text: list[str]) -> Run:
    """Drops the second of two equal glyphs at one place: bold made by printing twice."""
    shift = np.diff(run.u0)
    near = np.flatnonzero((shift < _PRINTED_TWICE * run.size[:-1]) & (np.diff(run.row) == 0))
    pairs = zip(run.glyph[near].tolist(), run.glyph[near + 1].tolist(), strict=True)
    same = np.array([text[one] == text[other] for one, other in pairs], np.bool_)
    if not same.any():
        return run
    double = np.zeros(len(run), np.bool_)
    double[near[same] + 1] = True
    return run.take(np.flatnonzero(~double | _of_ligature(run)))


def gaps_before(run: Run, part: Index | None = None) -> Floats:
    """The white before each glyph in em of the larger neighbour.

    Args:
        run: the glyphs.
        part: numbers that differ between parts of the run; rows by default.

    Returns:
        As many gaps as glyphs; infinite at the start of a part.
    """
    part = run.row if part is None else part
    out = np.full(len(run), np.inf)
    lift = part * _FAR
    reach = np.maximum.accumulate(run.u1 + lift) - lift
    inner = np.diff(part) == 0
    gap = (run.u0[1:] - reach[:-1]) / np.maximum(run.size[1:], run.size[:-1])
    out[1:][inner] = gap[inner]
    return out


def grouped_median(values: Floats, group: Index, count: int) -> Floats:
    """The median of each group from 0 to `count` - 1; NaN where a group is empty.

    Of two middle values the lower one, so that it is the value of a glyph.
    """
    order = np.lexsort((values, group))
    sizes = np.bincount(group, minlength=count)
    ends = np.cumsum(sizes)
    middle = ends - sizes + (sizes - 1) // 2
    out = np.full(count, np.nan)
    out[sizes > 0] = values[order][middle[sizes > 0]]
    return out


def untangled(run: Run) -> Run:
    """Splits rows in which two texts overlap, as where a note runs into the body."""
    tangled = np.unique(run.row[(gaps_before(run) < OVERLAP) & ~_of_ligature(run)])
    if not len(tangled):
        return run
    row = run.row * 2
    for number in tangled.tolist():
        here = np.flatnonzero(run.row == number)
        row[here[_second_text(run, here)]] += 1
    order = np.lexsort((run.u0, row))
    return replace(run, row=np.unique(row, return_inverse=True)[1].reshape(-1)).take(order)


def _second_text(run: Run, here: Index) -> Flags:
    """Which glyphs of a row belong to a second text.

    The row is taken in the order of writing and split into pieces where that jumps. Pieces that
    overlap a longer one are of the second text.
    """
    written = here[np.argsort(run.glyph[here], kind="stable")]
    text = run.take(written)
    step = (text.u0[1:] - text.u1[:-1]) / text.size[1:]
    resized = np.abs(np.diff(text.size)) > _RESIZED * text.size[1:]
    back = (step < _BACK) | ((step < OVERLAP) & resized)
    ends = back | (step > HARD_GAP) | (np.diff(text.glyph) > 1)
    piece = np.concatenate([[0], np.cumsum(ends)])
    begin = np.flatnonzero(np.diff(piece, prepend=-1))
    u0, u1 = np.minimum.reduceat(text.u0, begin), np.maximum.reduceat(text.u1, begin)
    taken: list[int] = []
    second = np.zeros(len(begin), np.bool_)
    for index in np.argsort(u0 - u1, kind="stable").tolist():
        over = [min(u1[index], u1[other]) - max(u0[index], u0[other]) for other in taken]
        second[index] = any(width > _COVERED * text.size[0] for width in over)
        if not second[index]:
            taken.append(index)
    flags = np.zeros(len(here), np.bool_)
    flags[np.searchsorted(here, written)] = second[piece]
    return flags
