"""How often each rule of cutting is wrong: `python -m benchmarks.cut_rules 60`.

Takes the same generated pages and arguments as `true_lines`. A cut is wrong between two glyphs of
one element; a kept gap is wrong between two glyphs of different elements. Prints the table of
docs/cuts.md; `--show` lists the wrong decisions.
"""

import sys
from collections import Counter

import polars as pl

from benchmarks import arguments
from benchmarks.true_lines import generated_pages
from chartline.pdf.glyphs import Page
from chartline.pdf.layout.cuts import all_rules
from chartline.pdf.layout.explain import explain
from synthesis.pages.corpus import RENDERERS
from synthesis.pages.style import element_of, label_of


def element(page: Page, glyph: int) -> tuple[int, str | None]:
    """The element and the label of a glyph."""
    color = int(page.glyphs.color[glyph])
    return element_of(color), label_of(color)


def wrong(page: Page, gaps: pl.DataFrame) -> list[bool]:
    """Whether each explained gap was decided wrongly."""
    sides = zip(gaps["left_glyph"].to_list(), gaps["right_glyph"].to_list(), strict=True)
    same = [element(page, left) == element(page, right) for left, right in sides]
    return [cut == one for cut, one in zip(gaps["cut"].to_list(), same, strict=True)]


def main(count: int, first: int, show: bool) -> None:
    """Prints a row a rule, and the sum."""
    decided, faults = Counter[str](), Counter[str]()
    seen = 0
    for producer in RENDERERS:
        for index, page in generated_pages(producer, count, first):
            gaps, seen = explain(page), seen + 1
            gaps = gaps.with_columns(wrong=pl.Series(wrong(page, gaps), dtype=pl.Boolean))
            decided.update(gaps["rule"].to_list())
            bad = gaps.filter("wrong")
            faults.update(bad["rule"].to_list())
            for rule, left, right in bad.select("rule", "left", "right").rows() if show else []:
                sys.stdout.write(f"   {producer} {index} p{page.number} {rule}: {left} | {right}\n")
    sys.stdout.write(f"{seen} pages\n\n| rule | reason | decides | gaps | wrong |\n")
    sys.stdout.write("|---|---|---|--:|--:|\n")
    for rule in all_rules():
        verdict = "cut" if rule.cuts else "keep"
        counts = f"{decided[rule.name]:,} | {faults[rule.name]:,}"
        sys.stdout.write(f"| `{rule.name}` | {rule.reason} | {verdict} | {counts} |\n")
    sys.stdout.write(f"| all | | | {decided.total():,} | {faults.total():,} |\n")


if __name__ == "__main__":
    given = arguments(__doc__)
    numbers = [int(argument) for argument in given if argument.isdigit()]
    main(*(numbers + [40, 0][len(numbers) :]), "--show" in given)
