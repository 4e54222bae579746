"""The clinical text of an invented document: sections with titles, paragraphs, lists and tables."""

from synthesis.pages import grids
from synthesis.pages.block import Block
from synthesis.pages.text import Writer

_SECTIONS = {  # fewest and most sections; kinds that are not here have 3 to 8
    "letter": (0, 6),
    "discharge": (4, 14),
    "laboratory": (0, 2),
    "chart": (0, 3),
    "prescription": (0, 1),
}


def flow(writer: Writer, kind: str) -> list[Block]:
    """The clinical text of a document of a kind."""
    rng = writer.rng
    if kind == "short":
        return [Block("paragraph", writer.paragraph(rng.randint(1, 4)))]
    blocks: list[Block] = []
    if kind == "letter" or rng.random() < 0.3:
        blocks += _salutation(writer)
    blocks += _of_kind(writer, kind)
    separator = rng.choice(["-" * 60, "=" * 50, "_" * 55, "* * *"]) if rng.random() < 0.05 else ""
    for _ in range(rng.randint(*_SECTIONS.get(kind, (3, 8))) * rng.choice([1, 1, 1, 2, 3])):
        blocks += [*section(writer), Block("mark", separator)] if separator else section(writer)
    if rng.random() < 0.06:
        blocks.append(Block("mark", end_of_report(writer)))
    return blocks or [Block("paragraph", writer.paragraph(3))]


def _salutation(writer: Writer) -> list[Block]:
    """The salutation of a letter, and paragraphs without a title."""
    rng = writer.rng
    blocks = [Block("paragraph", writer.line("salutations"))]
    if rng.random() < 0.2:
        blocks.append(Block("subject", ", ".join(writer.lines("front", 1, 3))))
    return blocks + [
        Block("paragraph", writer.paragraph(rng.randint(1, 6))) for _ in range(rng.randint(0, 4))
    ]


def _of_kind(writer: Writer, kind: str) -> list[Block]:
    """What only documents of a kind have: a chart, a prescription, laboratory tables."""
    rng = writer.rng
    if kind == "chart":
        title = [Block("title", writer.line("titles"))] * (rng.random() < 0.5)
        return [*title, grids.chart(writer, rng.randint(3, 16))]
    if kind == "prescription":
        return grids.prescription(writer)
    blocks: list[Block] = []
    for _ in range(rng.randint(1, 4) if kind == "laboratory" else 0):
        blocks.append(Block("title", writer.line("titles")))
        blocks.append(grids.lab_table(writer, rng.randint(3, 14)))
        if rng.random() < 0.35:
            blocks += [Block("comment", writer.paragraph(1)) for _ in range(rng.randint(1, 3))]
    return blocks


def end_of_report(writer: Writer) -> str:
    """The words that end a report."""
    return writer.rng.choice(["***", "*** {} ***", "-- {} --", "- {} -", "*** {} ***"]).format(
        writer.line("endings")
    )


def section(writer: Writer) -> list[Block]:
    """A section of clinical text: a title and, mostly, a paragraph, list or table below it."""
    rng = writer.rng
    title = writer.line("titles")
    inner = rng.random()
    if inner < 0.1:  # the title begins the paragraph
        short = rng.random() < 0.6
        text = writer.line("short_bodies") if short else writer.paragraph(rng.randint(1, 3))
        return [Block("paragraph", f"{title}{rng.choice([' : ', ': ', ' - ', '. '])}{text}")]
    if rng.random() < 0.06:  # no title
        return [Block("paragraph", writer.paragraph(rng.randint(1, 6)))]
    if rng.random() < 0.03:
        return [grids.twins(writer, rng.randint(3, 9))]
    if rng.random() < 0.03:
        return [
            Block("title", title),
            Block("paragraph", ", ".join(writer.doctor() for _ in range(rng.randint(2, 7)))),
        ]
    blocks = [Block("title", title, level=rng.choice([1, 1, 1, 2]))]
    if rng.random() < 0.07:
        blocks.append(Block("title", writer.line("titles"), level=2))
    return blocks + _below_title(writer, inner)


def _below_title(writer: Writer, inner: float) -> list[Block]:
    """What stands below a title; `inner`, from 0.1 to 1, decides which of the forms."""
    rng = writer.rng
    blocks: list[Block] = []
    if inner < 0.25:
        blocks.append(Block("paragraph", writer.line("short_bodies")))
    elif inner < 0.42:
        blocks += [Block("list", writer.line("items")) for _ in range(rng.randint(1, 8))]
    elif inner < 0.5:
        blocks.append(grids.drug_table(writer, rng.randint(2, 7)))
    elif inner < 0.56:
        blocks.append(grids.lab_table(writer, rng.randint(3, 9)))
    elif inner < 0.62:
        blocks.append(grids.pairs(writer, rng.randint(2, 6)))
    else:
        blocks += [
            Block("paragraph", writer.paragraph(rng.randint(1, 7)))
            for _ in range(rng.randint(1, 3))
        ]
        if rng.random() < 0.15:
            blocks += [Block("list", writer.line("items")) for _ in range(rng.randint(1, 5))]
    return blocks
