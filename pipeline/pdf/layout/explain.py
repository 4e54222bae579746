"""Which rule decided each gap of a page."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from chartline.pdf.characters import normalise
from chartline.pdf.glyphs import Glyphs, Page
from chartline.pdf.layout.cuts import Decisions, all_rules, decide
from chartline.pdf.layout.directions import text_directions
from chartline.pdf.layout.lines import ASCENT, DESCENT
from chartline.pdf.layout.raised import join_raised
from chartline.pdf.layout.rows import WORD_GAP, Run

SCHEMA = {
    "angle": pl.Float64,
    "x0": pl.Float64,
    "top": pl.Float64,
    "x1": pl.Float64,
    "bottom": pl.Float64,
    "size": pl.Float64,
    "rule": pl.String,
    "cut": pl.Boolean,
    "apart": pl.Boolean,
    "left": pl.String,
    "right": pl.String,
    "left_glyph": pl.Int64,
    "right_glyph": pl.Int64,
}


def explain(page: Page, *, hidden: bool = False) -> pl.DataFrame:
    """Which rule decided each gap of a page that may be a cut: those kept as well as those cut.

    Gaps narrower than any rule cuts are left out, and so are the ends of rows.

    Args:
        page: the glyphs of a page, by any engine.
        hidden: looks at the text that is not painted, as in `lines.page_lines`.

    Returns:
        A row a gap, direction by direction and row by row:

        - `angle`: the direction of the text, degrees clockwise
        - `x0`, `top`, `x1`, `bottom`: the white, in points from the page's top left
        - `size`: its width in em
        - `rule`: the name of the deciding rule, one of `cuts.all_rules()`
        - `cut`: whether that rule cuts
        - `apart`: whether its two sides are in different lines. They may share one though cut:
          both may touch the same superscript or bullet (`raised.join_raised`)
        - `left`, `right`: the text from the cut before to the gap, and on to the next cut
        - `left_glyph`, `right_glyph`: the glyphs beside it, as indices into `page.glyphs`

        The texts are a patient's: they are for the screen, not for a log.
    """
    directions = text_directions(page, hidden=hidden)
    rows: list[tuple[Any, ...]] = []
    for angle, run in directions.runs if directions is not None else ():
        decisions = decide(run, page.glyphs.text)
        if len(decisions.gaps):
            rows += _rows(page.glyphs, angle, run, decisions)
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _rows(
    glyphs: Glyphs, angle: float, run: Run, decisions: Decisions
) -> Iterator[tuple[Any, ...]]:
    gaps, rules = decisions.gaps, all_rules()
    starts = np.isinf(gaps.before)
    starts[decisions.cuts] = True
    lines = join_raised(run, np.cumsum(starts) - 1)
    begins = np.append(np.flatnonzero(starts), len(run))
    for at, size, number in zip(
        gaps.at.tolist(), gaps.size.tolist(), decisions.rule.tolist(), strict=True
    ):
        rule = rules[number]
        begin = int(begins[np.searchsorted(begins, at) - 1])
        end = int(begins[np.searchsorted(begins, at, side="right")])
        yield (
            angle,
            *_box(run, angle, at, size),
            size,
            rule.name,
            rule.cuts,
            bool(lines[at] != lines[at - 1]),
            _text(glyphs, run, gaps.before, begin, at),
            _text(glyphs, run, gaps.before, at, end),
            int(run.glyph[at - 1]),
            int(run.glyph[at]),
        )


def _box(run: Run, angle: float, at: int, size: float) -> tuple[float, float, float, float]:
    """The white before a glyph, from the ascent to the descent of the larger neighbour."""
    em = max(run.size[at], run.size[at - 1])
    u = np.array([run.u0[at] - size * em, run.u0[at]])[:, None]
    v = run.v[at] + np.array([-ASCENT * em, DESCENT * em])[None, :]
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    x, y = cos * u - sin * v, sin * u + cos * v
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())


def _text(glyphs: Glyphs, run: Run, before: Any, begin: int, end: int) -> str:
    """The glyphs from `begin` to `end` of a row, with a space at each word gap."""
    parts = [
        " " * (index > begin and bool(run.spaced[index] or before[index] > WORD_GAP))
        + glyphs.text[run.glyph[index]]
        for index in range(begin, end)
    ]
    return normalise("".join(parts))
