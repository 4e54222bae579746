"""How many true lines come out as exactly one line: `python benchmarks/true_lines.py 60` (documents a producer; a second
number says how many to leave out before them).

Pages are invented; a colour tells each glyph's element and label (synthesis.style.tint), so that a true line is what
stands on one baseline of one element. Prints a line a producer and engine, asserts nothing; `--show` lists what failed.
"""

import sys
import tempfile
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

from chartline.pdf.engines.pdfium import PdfiumEngine
from chartline.pdf.glyphs import Glyphs, Page, pages
from chartline.pdf.layout.lines import page_lines
from synthesis.pages.corpus import RENDERERS, Sample
from synthesis.pages.style import element_of, label_of
from synthesis.pages.text import LANGUAGES

TOLERANCE = 0.6  # em: superscripts belong to their line


def true_lines(glyphs: Glyphs, found: set[int]) -> list[frozenset[int]]:
    """Glyphs (of those found in any line) of each true line."""
    by_element: dict[tuple[int, str | None, int], list[int]] = defaultdict(list)
    for index in found:
        color = int(glyphs.color[index])
        by_element[element_of(color), label_of(color), round(glyphs.angle[index])].append(index)
    lines = []
    for (_, _, angle), members in by_element.items():
        across = glyphs.baseline if angle == 0 else glyphs.baseline + glyphs.x
        members.sort(key=lambda index: (across[index], index))
        current = [members[0]]
        for last, index in pairwise(members):
            if across[index] - across[last] > TOLERANCE * glyphs.size[index] and angle == 0:
                lines.append(frozenset(current))
                current = []
            current.append(index)
        lines.append(frozenset(current))
    return lines


def judge(page: Page) -> tuple[Counter[str], list[str]]:
    """Counts of a page, and its faults in words."""
    lines = page_lines(page, keep_glyphs=True)
    sets = [frozenset(line.glyphs) for line in lines]
    truth = true_lines(page.glyphs, {index for members in sets for index in members})
    known = set(sets)
    faults = []
    for members in truth:
        if members not in known:
            parts = [line.text for line, own in zip(lines, sets, strict=True) if own & members]
            faults.append(("split " if len(parts) > 1 else "joined ") + " | ".join(parts))
    mixed = [
        line.text
        for line, own in zip(lines, sets, strict=True)
        if len({label_of(int(page.glyphs.color[index])) for index in own}) > 1
    ]
    counts = Counter(
        true=len(truth), exact=len(truth) - len(faults), lines=len(lines), mixed=len(mixed), pages=1
    )
    return counts, faults + [f"MIXED {text}" for text in mixed]


def main(count: int, first: int, show: bool) -> None:
    """Prints the shares of each producer."""
    total: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for name in RENDERERS:
            counts: Counter[str] = Counter()
            for index in range(first, first + count):
                path = Sample(
                    Path(folder) / f"{name}.pdf",
                    name,
                    None,
                    f"true-lines-{name}-{index}",
                    LANGUAGES[index % 6],
                ).write()
                for page in pages(PdfiumEngine(), str(path), colors=True):
                    found, faults = judge(page)
                    counts += found
                    if show:
                        sys.stdout.writelines(
                            f"   {name} {index} p{page.number} {fault}\n" for fault in faults
                        )
            total += counts
            tell(name, counts)
    tell("all", total)


def tell(name: str, counts: Counter[str]) -> None:
    sys.stdout.write(
        f"{name:<12} {counts['pages']:>5} pages {counts['true']:>7} true lines  "
        f"exactly one {counts['exact'] / counts['true']:.4%}  lines that join labels {counts['mixed']} of {counts['lines']}\n"
    )


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    main(*(numbers + [40, 0][len(numbers) :]), "--show" in sys.argv)
