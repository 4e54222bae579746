"""What a document says, before anyone lays it out: pieces of text, each with its true label."""

import random
from dataclasses import dataclass, field

from synthesis.pages import grids, senders
from synthesis.pages.block import Block
from synthesis.pages.text import Split, Writer, held_out


@dataclass
class Content:
    """A whole document. Each field but `flow` maps to one label; `page_number` holds {page} and {pages}.

    `transport` is what a fax or a browser prints along the edges: (top, bottom); `edge` is written up the left edge;
    `continued` stands at the foot of every page but the last, `closing` after the signature; `return_line` is the
    sender in small print above the addressee; the first page has the number `first_page`, in an excerpt not 1.
    """

    language: str
    letterhead: list[str] = field(default_factory=list)
    running: list[str] = field(default_factory=list)
    margin: list[str] = field(default_factory=list)
    front: list[list[str]] = field(default_factory=list)
    doc_title: str = ""
    flow: list[Block] = field(default_factory=list)
    signature: list[str] = field(default_factory=list)
    footer: list[str] = field(default_factory=list)
    page_number: str = ""
    stamps: list[str] = field(default_factory=list)
    transport: tuple[list[str], list[str]] = ((), ())  # type: ignore[assignment]
    edge: str = ""
    continued: str = ""
    closing: str = ""
    return_line: str = ""
    first_page: int = 1


KINDS = (
    "discharge",
    "letter",
    "operative",
    "laboratory",
    "radiology",
    "chart",
    "prescription",
    "short",
)


def sample(
    rng: random.Random,
    language: str,
    split: Split | None,
    kind: str | None = None,
    disguised: bool | None = None,
) -> Content:
    """A random document; every part may be missing, so that no part leans on another. `disguised`, which documents of
    the training split are unless told otherwise: in about half of them words are invented, and phrases stray."""
    disguised = split == "train" if disguised is None else disguised
    scramble = rng.choice([0.0, 0.0, 0.0, 0.3, 0.6, 0.9, 1.0]) if disguised else 0.0
    writer = Writer(rng, language, split, scramble, plain=rng.random() < 0.06, stray=disguised)
    kind = kind or rng.choice(KINDS)
    content = Content(language)
    if rng.random() < 0.8:
        content.letterhead = (
            senders.sender(writer) if rng.random() < 0.4 else senders.letterhead(writer)
        )
    if rng.random() < 0.55:
        content.running = _lines(writer, "running", 1, 3)
    if rng.random() < 0.5 and kind != "laboratory":
        content.margin = margin(writer, rng.randint(3, 40))
    content.front = [_lines(writer, "front", 1, 6) for _ in range(rng.choice([0, 1, 1, 2, 2, 3]))]
    if rng.random() < 0.4:
        content.front.insert(rng.choice([0, 0, len(content.front)]), senders.addressee(writer))
        if rng.random() < 0.2:
            content.return_line = senders.return_line(writer)
    if rng.random() < 0.7:
        title = writer.line("document_titles")
        content.doc_title = rng.choice([title, title.upper(), title + " " + writer.date()])
    content.flow = flow(writer, kind)
    if rng.random() < 0.75:
        content.signature = signature(writer)
    if rng.random() < 0.75:
        content.footer = _lines(writer, "footer", 1, 5)
        if rng.random() < 0.15:
            content.footer = [". ".join(content.footer) + "."]
    if rng.random() < 0.7:
        content.page_number = rng.choice(held_out(writer.bank["page_numbers"], split))
        content.first_page = rng.randint(2, 400) if rng.random() < 0.07 else 1
    if rng.random() < 0.12:
        content.stamps = _lines(writer, "other", 1, 2)
    _edges(content, writer)
    if rng.random() < 0.06:
        content.closing = _end(writer) if rng.random() < 0.5 else writer.line("endings")
    if rng.random() < 0.06:
        content.flow = [_shouted(block) for block in content.flow]
    return content


def _edges(content: Content, writer: Writer) -> None:
    """What machines add along the edges of a page."""
    rng = writer.rng
    if rng.random() < 0.06:
        fax = f"{writer.date()} {rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}   FAX {writer.phone()}   {writer.hospital}"
        content.transport = ([writer.mix(fax)], [])
    elif rng.random() < 0.07:
        name = rng.choice(["report", "print", "letter", "view", "document"])
        address = (
            f"file:///C:/{name}/{writer.patient_id}.html"
            if rng.random() < 0.5
            else f"https://{writer.fill('{site}')}.example/{name}?id={writer.patient_id}"
        )
        content.transport = (
            [
                f"{writer.date()}, {rng.randint(0, 23)}:{rng.randint(0, 59):02d}",
                writer.line("document_titles"),
            ],
            [address],
        )
    if rng.random() < 0.05:
        content.edge = writer.fill(
            rng.choice(
                ["FORM {digits} / {n}", "{digits}", "Mod. {digits}-{n}", "{hospital} {digits}"]
            )
        )
    if rng.random() < 0.06:
        content.continued = rng.choice(
            ["./..", ".../...", "-> {page}", "(...)", "T.S.V.P.", "p.t.o."]
        )


def _shouted(block: Block) -> Block:
    rows = tuple(tuple(cell.upper() for cell in row) for row in block.rows)
    return Block(block.kind, block.text.upper(), rows, block.level)


def _lines(writer: Writer, name: str, low: int, high: int) -> list[str]:
    return [writer.line(name) for _ in range(writer.rng.randint(low, high))]


def margin(writer: Writer, count: int) -> list[str]:
    """A margin column: roles, doctors, telephone lines, in groups; an empty string is a gap."""
    rng = writer.rng
    lines: list[str] = []
    head = rng.choice(["{}", "{}", "{}:", "{} :", "{}:"])
    while len(lines) < count:
        style = rng.random()
        if style < 0.35:
            lines += ["", head.format(writer.line(rng.choice(["roles", "roles", "departments"])))]
        if style < 0.6:
            lines += [writer.doctor() for _ in range(rng.randint(1, 5))]
        elif style < 0.7:
            lines += [writer.doctor(), *senders.place(writer, "letterhead", 0.9)]
        elif style < 0.85:
            lines += [f"{writer.line('margin_words')} {writer.phone()}"]
        elif style < 0.92:
            lines += [writer.line("margin_words"), writer.phone()]
        else:
            lines += [
                "",
                writer.mix(writer.department),
                f"{writer.line('margin_words')} {writer.phone()}",
            ]
        if rng.random() < 0.12:
            name = writer.last.lower()
            lines.append(f"{name}@{rng.choice(['chu', 'mail', 'hopital', 'clinic'])}.example")
    return lines[:count]


def signature(writer: Writer) -> list[str]:
    rng = writer.rng
    lines = [writer.line("valedictions")] if rng.random() < 0.5 else []
    lines += [writer.line("signature_words") for _ in range(rng.randint(0, 3))]
    lines += ["_" * rng.randint(12, 30)] * (rng.random() < 0.08)
    lines += [writer.doctor()] * (rng.random() < 0.8) + [writer.line("roles")] * (
        rng.random() < 0.3
    )
    return lines


def flow(writer: Writer, kind: str) -> list[Block]:
    """The clinical part of a document of a kind."""
    rng = writer.rng
    if kind == "short":
        return [Block("paragraph", writer.paragraph(rng.randint(1, 4)))]
    blocks: list[Block] = []
    if kind == "letter" or rng.random() < 0.3:
        blocks.append(Block("paragraph", writer.line("salutations")))
        if rng.random() < 0.2:
            blocks.append(Block("subject", ", ".join(_lines(writer, "front", 1, 3))))
        blocks += [
            Block("paragraph", writer.paragraph(rng.randint(1, 6)))
            for _ in range(rng.randint(0, 4))
        ]
    if kind == "chart":
        blocks += [Block("title", writer.line("titles"))] * (rng.random() < 0.5) + [
            grids.chart(writer, rng.randint(3, 16))
        ]
    if kind == "prescription":
        blocks += grids.prescription(writer)
    if kind == "laboratory":
        for _ in range(rng.randint(1, 4)):
            blocks += [
                Block("title", writer.line("titles")),
                grids.lab_table(writer, rng.randint(3, 14)),
            ]
            if rng.random() < 0.35:
                blocks += [Block("comment", writer.paragraph(1)) for _ in range(rng.randint(1, 3))]
    few = {
        "letter": (0, 6),
        "discharge": (4, 14),
        "laboratory": (0, 2),
        "chart": (0, 3),
        "prescription": (0, 1),
    }
    sections = few.get(kind, (3, 8))
    separator = rng.choice(["-" * 60, "=" * 50, "_" * 55, "* * *"]) if rng.random() < 0.05 else ""
    for _ in range(rng.randint(*sections) * rng.choice([1, 1, 1, 2, 3])):
        blocks += [*section(writer), Block("mark", separator)] if separator else section(writer)
    if rng.random() < 0.06:
        blocks.append(Block("mark", _end(writer)))
    return blocks or [Block("paragraph", writer.paragraph(3))]


def _end(writer: Writer) -> str:
    return writer.rng.choice(["***", "*** {} ***", "-- {} --", "- {} -", "*** {} ***"]).format(
        writer.line("endings")
    )


def section(writer: Writer) -> list[Block]:
    rng = writer.rng
    title = writer.line("titles")
    inner = rng.random()
    if inner < 0.1:
        said = (
            writer.line("short_bodies")
            if rng.random() < 0.6
            else writer.paragraph(rng.randint(1, 3))
        )
        return [Block("paragraph", f"{title}{rng.choice([' : ', ': ', ' - ', '. '])}{said}")]
    if rng.random() < 0.06:  # a part without a heading
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
