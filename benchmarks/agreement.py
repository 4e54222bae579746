"""How far pdfium and pdfplumber give the same lines: `python benchmarks/agreement.py sample_docs [more folders]`.

Prints the shares of equal characters and lines over all pages that both read, and for each page that differs what the
difference is: `spaces`, `order`, `accents` (other characters of one canonical form), `cut` (the same text in other
lines), `pdfium only` or `pdfplumber only` (text that one engine does not see), `characters`. Asserts nothing.
"""

import sys
import unicodedata
from collections import Counter
from pathlib import Path

from chartline.core.reasons import ReadError
from chartline.pdf.engines.pdfium import PdfiumEngine
from chartline.pdf.engines.plumber import PlumberEngine
from chartline.pdf.glyphs import Engine, pages
from chartline.pdf.layout.lines import page_lines


def texts(engine: Engine, path: Path) -> list[list[str]]:
    """The lines of each page, or nothing where the engine fails."""
    try:
        return [[line.text for line in page_lines(page)] for page in pages(engine, str(path))]
    except ReadError:
        return []


def bag(lines: list[str]) -> Counter[str]:
    return Counter("".join("".join(lines).split()))


def cause(one: list[str], other: list[str]) -> str:
    """Why two readings of a page differ."""
    if sorted(one) == sorted(other):
        return "order"
    squeezed = [sorted("".join(line.split()) for line in lines) for lines in (one, other)]
    if squeezed[0] == squeezed[1]:
        return "spaces"
    if bag(one) == bag(other):
        return "cut"
    plain = [bag([unicodedata.normalize("NFKD", line) for line in lines]) for lines in (one, other)]
    if plain[0] == plain[1]:
        return "accents"
    if not bag(one) - bag(other):
        return "pdfplumber only"
    return "pdfium only" if not bag(other) - bag(one) else "characters"


def main(folders: list[Path]) -> None:
    """Prints the shares and the causes."""
    counts: Counter[str] = Counter()
    causes: Counter[str] = Counter()
    for path in sorted(file for folder in folders for file in folder.rglob("*.pdf")):
        one, other = texts(PdfiumEngine(), path), texts(PlumberEngine(), path)
        if len(one) != len(other) or not one:
            causes[
                "one engine fails"
                if bool(one) != bool(other)
                else "both fail"
                if not one
                else "page count"
            ] += 1
            continue
        for number, (mine, theirs) in enumerate(zip(one, other, strict=True), 1):
            counts["pages"] += 1
            counts["characters"] += max(bag(mine).total(), bag(theirs).total())
            counts["same characters"] += (bag(mine) & bag(theirs)).total()
            counts["lines"] += max(len(mine), len(theirs))
            counts["same lines"] += (Counter(mine) & Counter(theirs)).total()
            if mine != theirs:
                why = cause(mine, theirs)
                causes[why] += 1
                sys.stdout.write(f"  {path.name} page {number}: {why}\n")
    share = {
        name: counts[f"same {name}"] / max(1, counts[name]) for name in ("characters", "lines")
    }
    sys.stdout.write(
        f"{counts['pages']} pages: characters equal {share['characters']:.4%} of {counts['characters']}, "
        f"lines equal {share['lines']:.4%} of {counts['lines']}; pages or files that differ: {dict(causes)}\n"
    )


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
