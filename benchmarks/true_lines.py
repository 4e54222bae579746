"""How many true lines come out as exactly one line: `python -m benchmarks.true_lines 60`.

60 documents a producer are generated; a second number leaves out as many before them. The colour
of each glyph holds its element and label (`synthesis.pages.tints`), so a true line is what
stands on one baseline of one element. Prints a line a producer; `--show` lists the wrong lines.
"""

import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from benchmarks import arguments
from chartline.pdf.engines.pdfium import PdfiumEngine
from chartline.pdf.glyphs import Glyphs, Page, pages
from chartline.pdf.layout.lines import page_lines
from synthesis.pages.corpus import RENDERERS, Sample
from synthesis.pages.text import LANGUAGES
from synthesis.pages.tints import element_of, label_of

TOLERANCE = 0.6  # em: superscripts belong to their line


def generated_pages(producer: str, count: int, first: int) -> Iterator[tuple[int, Page]]:
    """The pages of `count` documents by a producer, each with its document's number."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{producer}.pdf"
        for index in range(first, first + count):
            seed, language = f"true-lines-{producer}-{index}", LANGUAGES[index % 6]
            written = Sample(path, producer, None, seed, language).write()
            for page in pages(PdfiumEngine(), str(written), colors=True):
                yield index, page


def true_lines(glyphs: Glyphs, found: set[int]) -> list[frozenset[int]]:
    """The glyphs of each true line, of those that were found in any line."""
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


def compare(page: Page) -> tuple[Counter[str], list[str]]:
    """Counts of a page, and a description of each wrong line."""
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
    exact = len(truth) - len(faults)
    counts = Counter(true=len(truth), exact=exact, lines=len(lines), mixed=len(mixed), pages=1)
    return counts, faults + [f"MIXED {text}" for text in mixed]


def main(count: int, first: int, show: bool) -> None:
    """Prints the shares of each producer."""
    total: Counter[str] = Counter()
    for producer in RENDERERS:
        counts: Counter[str] = Counter()
        for index, page in generated_pages(producer, count, first):
            found, faults = compare(page)
            counts += found
            for fault in faults if show else []:
                sys.stdout.write(f"   {producer} {index} p{page.number} {fault}\n")
        total += counts
        print_shares(producer, counts)
    print_shares("all", total)


def print_shares(name: str, counts: Counter[str]) -> None:
    """Prints the line of one producer."""
    sys.stdout.write(
        f"{name:<12} {counts['pages']:>5} pages {counts['true']:>7} true lines  "
        f"exactly one {counts['exact'] / counts['true']:.4%}  "
        f"lines that join labels {counts['mixed']} of {counts['lines']}\n"
    )


if __name__ == "__main__":
    given = arguments(__doc__)
    numbers = [int(argument) for argument in given if argument.isdigit()]
    main(*(numbers + [40, 0][len(numbers) :]), "--show" in given)
