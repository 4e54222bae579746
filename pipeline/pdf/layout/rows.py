"""Glyphs to rows: one baseline, one text, from left to right. Whole pages at once, no loop over glyphs."""

from dataclasses import dataclass, fields, replace

import numpy as np

from chartline.pdf.glyphs import Flags, Floats, Glyphs, Index

HARD_GAP = 1.8  # em: cuts by itself unless the whole row is stretched as wide
WORD_GAP = 0.17  # em, beyond the row's own letter spacing
OVERLAP = -0.2  # em: glyphs of one text do not lie over each other as much, accents aside
_FAR = 1e6  # points: farther than any page is wide

_COLUMN = 4  # letters
_VERTICAL = "、。，．・ー︵︶（）「」|-"


@dataclass(frozen=True)
class Run:
    """Glyphs of one text direction, by row and from left to right, in points along (u) and across (v) the direction.

    `glyph` says where each stands among the page's glyphs, `spaced` whether a space was written before it; `row` is
    the number of its row.
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
        return Run(*(getattr(self, column.name)[which] for column in fields(self)))


def upright_columns(glyphs: Glyphs, which: Index) -> Run | None:
    """Upright letters written one below the other (vertical writing, a word down the margin), or None.

    A column is four letters or more, each written right after the one above it and centred under it.
    """
    if len(which) < _COLUMN:
        return None
    centre, size = (glyphs.x0[which] + glyphs.x1[which]) / 2, glyphs.size[which]
    step = np.diff(glyphs.baseline[which]) / size[1:]
    below = (
        (np.abs(np.diff(centre)) < 0.25 * size[1:])
        & (step > 0.5)
        & (step < 1.8)
        & (np.diff(which) == 1)
    )
    column = np.concatenate([[0], np.cumsum(~below)])
    long = np.bincount(column)[column] >= _COLUMN
    if not long.any():
        return None
    letters = np.array(
        [
            text[:1].isalpha() or text in _VERTICAL
            for text in map(glyphs.text.__getitem__, which.tolist())
        ]
    )
    share = np.bincount(column, weights=letters)[column] / np.bincount(column)[column]
    kept = np.flatnonzero(long & (share > 0.8))
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
    tolerance = max(0.3, 0.08 * float(np.median(size)))
    row = np.empty(len(order), np.int64)
    row[order] = np.cumsum(np.diff(v[order], prepend=v[order[0]]) > tolerance)
    if angle % 90:  # boxes along the page's edges say little of slanted glyphs
        u0, u1 = _slanted(cos * x + sin * y, size, row)
    else:
        corners = [(glyphs.x0, glyphs.top), (glyphs.x1, glyphs.bottom)]
        along = [cos * cx[which] + sin * cy[which] for cx, cy in corners]
        u0, u1 = np.minimum(*along), np.maximum(*along)
    run = Run(which, u0, u1, v, size, glyphs.spaced[which], row)
    return run.take(np.lexsort((u0, row)))


def _slanted(origin: Floats, size: Floats, row: Index) -> tuple[Floats, Floats]:
    """Extents along the writing from the origins alone: a glyph reaches to the next one, if that is near."""
    order = np.lexsort((origin, row))
    reach = origin[order] + 0.5 * size[order]
    following, near = origin[order][1:], np.diff(row[order]) == 0
    near &= np.diff(origin[order]) < 1.1 * size[order][:-1]
    reach[:-1][near] = following[near]
    out = np.empty_like(reach)
    out[order] = reach
    return origin, out


def _of_ligature(run: Run) -> Flags:
    """Whether a glyph is a further letter of the ligature before it: engines give both the same place."""
    out = np.zeros(len(run), np.bool_)
    out[1:] = (np.abs(np.diff(run.glyph)) == 1) & (np.abs(np.diff(run.u0)) < 0.005 * run.size[:-1])
    return out


def without_doubles(run: Run, text: list[str]) -> Run:
    """Drops the second of two equal glyphs at one place (bold made by printing twice); keeps split ligatures."""
    shift = np.diff(run.u0)
    near = np.flatnonzero((shift < 0.08 * run.size[:-1]) & (np.diff(run.row) == 0))
    pairs = zip(run.glyph[near].tolist(), run.glyph[near + 1].tolist(), strict=True)
    same = np.array([text[one] == text[other] for one, other in pairs], np.bool_)
    if not same.any():
        return run
    double = np.zeros(len(run), np.bool_)
    double[near[same] + 1] = True
    return run.take(np.flatnonzero(~double | _of_ligature(run)))


def gaps_before(run: Run, part: Index | None = None) -> Floats:
    """White space before each glyph in em of the larger neighbour; infinite at the start of a `part` (a row by default)."""
    part = run.row if part is None else part
    out = np.full(len(run), np.inf)
    lift = part * _FAR
    reach = np.maximum.accumulate(run.u1 + lift) - lift
    inner = np.diff(part) == 0
    gap = (run.u0[1:] - reach[:-1]) / np.maximum(run.size[1:], run.size[:-1])
    out[1:][inner] = gap[inner]
    return out


def grouped_median(values: Floats, group: Index, count: int) -> Floats:
    """The median (of two middle values the lower one) of each group `0 … count - 1`; NaN where a group is empty."""
    order = np.lexsort((values, group))
    sizes = np.bincount(group, minlength=count)
    ends = np.cumsum(sizes)
    middle = ends - sizes + (sizes - 1) // 2
    out = np.full(count, np.nan)
    out[sizes > 0] = values[order][middle[sizes > 0]]
    return out


def untangled(run: Run) -> Run:
    """Rows in which two texts overlap (a note that runs into the body) told apart by the order of writing."""
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
    """Which glyphs of a row belong to pieces of writing that lie over an earlier, longer piece."""
    written = here[np.argsort(run.glyph[here], kind="stable")]
    text = run.take(written)
    step = (text.u0[1:] - text.u1[:-1]) / text.size[1:]
    resized = np.abs(np.diff(text.size)) > 0.05 * text.size[1:]
    back = (step < -2) | (
        (step < OVERLAP) & resized
    )  # an accent goes back by less, and keeps its size
    ends = back | (step > HARD_GAP) | (np.diff(text.glyph) > 1)
    piece = np.concatenate([[0], np.cumsum(ends)])
    begin = np.flatnonzero(np.diff(piece, prepend=-1))
    u0, u1 = np.minimum.reduceat(text.u0, begin), np.maximum.reduceat(text.u1, begin)
    taken: list[int] = []
    second = np.zeros(len(begin), np.bool_)
    for index in np.argsort(u0 - u1, kind="stable").tolist():
        over = [min(u1[index], u1[other]) - max(u0[index], u0[other]) for other in taken]
        second[index] = any(width > 0.3 * text.size[0] for width in over)
        if not second[index]:
            taken.append(index)
    flags = np.zeros(len(here), np.bool_)
    flags[np.searchsorted(here, written)] = second[piece]
    return flags
