"""Draws docs/images/data-flow.svg (docs/architecture.md): `python docs/make_picture.py`.

Each stop is a box in a grid of two columns: what the data is there, what happens to it, and the
file that does it. A test fails where a file that is named does not exist.
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

FILE = Path(__file__).parent / "images" / "data-flow.svg"
LEFT, RIGHT = 0, 1
COLUMN, ROW, WIDTH, HEIGHT, EDGE = 510, 92, 440, 70, 30  # points
FILLS = {"table": "#dcebf8", "step": "#ffffff", "learned": "#fdebd0", "given": "#e4f2df"}


@dataclass(frozen=True)
class Stop:
    """A box: `kind` is a key of FILLS, `files` are paths below the repository."""

    column: int
    row: int
    kind: str
    name: str
    what: str
    files: str


# column, row and kind, then the name; what the data is; the files that do it
_DECLARED = """\
left 0 given: a PDF's path
    found below the document folder, hashed to document_id
    pipeline/core/paths.py
left 1 step: what is to be read
    joined with the manifest; new or changed files only
    pipeline/work/inventory.py  pipeline/work/planning.py
left 2 step: glyphs
    of a page, by pdfium; else by pdfplumber, repair or OCR
    pipeline/pdf/reading.py  pipeline/pdf/engines/pdfium.py
left 3 table: lines
    rows of glyphs cut at gaps, in reading order
    pipeline/pdf/layout/lines.py  pipeline/pdf/layout/cuts.py
left 4 table: lines, labelled
    body, title, table, …; each with a confidence
    pipeline/text/labelling.py
left 5 table: sections
    clinical lines joined to text, below their titles
    pipeline/text/sections.py
left 6 table: mentions
    a row: a code in a section's text, negated, past, …
    pipeline/mentions/matching.py
right 4 learned: line classifier
    a Transformer over the lines of a page
    models/line_classifier/prediction.py
right 5 given: an EHR row
    which kind of source it is in
    pipeline/history/sources/recognition.py
right 6 step: the source's events
    codes, times and values as MEDS has them
    pipeline/history/sources/omop.py  … a source a file
right 7 table: events
    the EHR's, and those that mentions make at their document's date
    pipeline/history/events.py
right 8 step: rolled-up events
    codes to parents, categories or levels, where set
    pipeline/history/rollup.py
right 9 table: concept_vectors
    from codes that occur together in time
    pipeline/risk/embeddings.py
left 9 learned: learners of vectors
    PPMI, skip-gram or counts
    models/concept_vectors/learners.py
left 10 given: a cohort
    who is predicted, when, and which outcome
    pipeline/risk/cohorts/heart_failure.yaml
right 10 step: rows to predict
    patient and prediction time; cases, controls, to score
    pipeline/risk/cohort.py
right 11 step: checked rows
    nothing that tells the future or the outcome
    pipeline/risk/leaks.py
right 12 table: features
    a column: a count, or the presence of a group of concepts
    pipeline/risk/features.py
left 12 learned: groups of concepts
    centres of the vectors
    models/concept_vectors/prototypes.py
right 13 table: predictions
    the probability of the outcome; scores of every classifier
    pipeline/risk/onset.py
left 13 learned: classifiers
    logistic regression, boosting, …
    models/onset/classifiers.py
"""


def declared(text: str) -> list[Stop]:
    """The stops in `text`: three lines each."""
    lines = text.splitlines()
    found = []
    for head, what, files in zip(lines[::3], lines[1::3], lines[2::3], strict=True):
        place, _, name = head.partition(": ")
        column, row, kind = place.split()
        where = LEFT if column == "left" else RIGHT
        found.append(Stop(where, int(row), kind, name, what.strip(), files.strip()))
    return found


STOPS = declared(_DECLARED)
LEGEND = [
    ("given", "what is given: documents, codes, a question"),
    ("table", "a table below OUT, written by pipeline/store/delta.py"),
    ("step", "data between two tables, never on disk"),
    ("learned", "what is learned: tensors and frames in, weights out"),
]
NOTES = [
    "pipeline/work/job.py calls the stops of documents and events,",
    "pipeline/work/stages.py those from vectors to predictions, each only",
    "where something changed that it is made from.",
    "A dashed frame: inside a worker process (pipeline/work/worker.py),",
    "so that a hostile file costs a page and not the run.",
]


def picture() -> str:
    """The SVG."""
    rows = max(stop.row for stop in STOPS) + 1
    width, height = COLUMN + WIDTH + 2 * EDGE, rows * ROW + 2 * EDGE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="Helvetica, Arial, sans-serif">',
        "<title>From a PDF to a mention, and from an EHR row to a feature</title>",
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" '
        'markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" fill="#444"/></marker></defs>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        _frame(LEFT, 2, 6),
        *_arrows(),
        *map(_box, STOPS),
        *_legend(),
    ]
    return "\n".join(parts) + "\n</svg>\n"


def _at(column: int, row: int) -> tuple[int, int]:
    return EDGE + column * COLUMN, EDGE + row * ROW


def _text(x: float, y: float, text: str, size: int, more: str = "") -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}"{more}>{escape(text)}</text>'


def _box(stop: Stop) -> str:
    x, y = _at(stop.column, stop.row)
    return "\n".join(
        [
            f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="6" '
            f'fill="{FILLS[stop.kind]}" stroke="#444"/>',
            _text(x + 12, y + 21, stop.name, 15, ' font-weight="bold"'),
            _text(x + 12, y + 40, stop.what, 13),
            _text(x + 12, y + 59, stop.files, 12, ' font-family="monospace" fill="#1a4a7a"'),
        ]
    )


def _frame(column: int, first: int, last: int) -> str:
    x, y = _at(column, first)
    height = (last - first) * ROW + HEIGHT + 16
    return (
        f'<rect x="{x - 8}" y="{y - 8}" width="{WIDTH + 16}" height="{height}" rx="8" '
        'fill="#f6f6f6" stroke="#888" stroke-dasharray="6 4"/>'
    )


def _arrows() -> list[str]:
    """Down each column, across where a row has two stops, and from mentions to events."""
    found = []
    for first, last, column in ((0, 6, LEFT), (5, 13, RIGHT)):
        for row in range(first, last):
            x, y = _at(column, row)
            found.append((x + WIDTH / 2, y + HEIGHT, x + WIDTH / 2, y + ROW))
    for row, to in ((4, LEFT), (9, RIGHT), (10, RIGHT), (12, RIGHT), (13, RIGHT)):
        x, y = _at(RIGHT, row)
        ends = (EDGE + WIDTH, x) if to == RIGHT else (x, EDGE + WIDTH)
        found.append((ends[0], y + HEIGHT / 2, ends[1], y + HEIGHT / 2))
    x, y = _at(LEFT, 6)
    turn = f"M{x + WIDTH / 2} {y + HEIGHT}V{y + ROW + HEIGHT / 2}H{EDGE + COLUMN}"
    paths = [f"M{x0} {y0}L{x1} {y1}" for x0, y0, x1, y1 in found]
    return [
        f'<path d="{path}" fill="none" stroke="#444" stroke-width="1.5" marker-end="url(#head)"/>'
        for path in [*paths, turn]
    ]


def _legend() -> list[str]:
    x, y = _at(RIGHT, 0)
    lines = []
    for number, (kind, text) in enumerate(LEGEND):
        top = y + 26 * number
        lines.append(
            f'<rect x="{x}" y="{top}" width="26" height="17" rx="3" fill="{FILLS[kind]}" '
            'stroke="#444"/>'
        )
        lines.append(_text(x + 36, top + 13, text, 13))
    for number, note in enumerate(NOTES):
        lines.append(_text(x, y + 26 * len(LEGEND) + 26 + 19 * number, note, 13))
    return lines


def main() -> None:
    """Writes the picture."""
    FILE.write_text(picture(), "utf-8")
    sys.stdout.write(f"{FILE}\n")


if __name__ == "__main__":
    main()
