"""How far pdfium and pdfplumber give the same lines: `python -m benchmarks.agreement FOLDER ...`

Prints the shares of equal characters and lines over all pages that both read, and what differs on
each page that is not equal: `spaces`, `order`, `accents` (other characters of one canonical form),
`cut` (the same text in other lines), `pdfium only` or `pdfplumber only` (text that one engine does
not find), or `characters`.
"""

import sys
import unicodedata
from collections import Counter
from pathlib import Path

from benchmarks import arguments
from chartline.core.reasons import ReadError
from chartline.pdf.engines.pdfium import PdfiumEngine
from chartline.pdf.engines.plumber import PlumberEngine
from chartline.pdf.glyphs import Engine, pages
from chartline.pdf.layout.lines import page_lines


def texts(engine: Engine, path: Path) -> list[list[str]]:
    """The texts of the lines of each page; nothing where the engine fails."""
    try:
        return [[line.text for line in page_lines(page)] for page in pages(engine, str(path))]
    except ReadError:
        return []


def bag(lines: list[str]) -> Counter[str]:
    """How often each character occurs."""
    return Counter("".join("".join(lines).split()))


def cause(one: list[str], other: list[str]) -> str:
    """What differs between the lines of two engines."""
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


def failure(one: list[list[str]], other: list[list[str]]) -> str:
    """What differs between two engines of which one fails or finds other pages."""
    if one and other:
        return "page count"
    return "one engine fails" if one or other else "both fail"


def main(folders: list[Path]) -> None:
    """Prints the shares and the causes."""
    counts: Counter[str] = Counter()
    causes: Counter[str] = Counter()
    for path in sorted(file for folder in folders for file in folder.rglob("*.pdf")):
        one, other = texts(PdfiumEngine(), path), texts(PlumberEngine(), path)
        if len(one) != len(other) or not one:
            causes[failure(one, other)] += 1
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
        f"{counts['pages']} pages: "
        f"characters equal {share['characters']:.4%} of {counts['characters']}, "
        f"lines equal {share['lines']:.4%} of {counts['lines']}; "
        f"pages or files that differ: {dict(causes)}\n"
    )


if __name__ == "__main__":
    main([Path(name) for name in arguments(__doc__, least=1)])
