"""What a document says, before anyone lays it out: pieces of text, each with its true label."""

import random
from dataclasses import dataclass, field
from typing import Literal

from models.line_classifier.synthesis.text import Split, Writer, held_out


@dataclass(frozen=True)
class Block:
    """One piece of the flow. `rows` holds a table's cells (first row: heads, in most) or the two columns of a key-value grid.
    A `comment` is a paragraph in small print, a `subject` names the patient after the salutation; a `mark` is no
    clinical text: a line of dashes, the end of the report.
    """

    kind: Literal["paragraph", "title", "list", "table", "pairs", "comment", "subject", "mark"]
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    level: int = 1


@dataclass
class Content:
    """A whole document. Each field but `flow` maps to one label; `page_number` holds {page} and {pages}.

    `transport` is what a fax or a browser prints along the edges: (top, bottom); `edge` is written up the left edge;
    `continued` stands at the foot of every page but the last.
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


KINDS = ("discharge", "letter", "operative", "laboratory", "radiology", "short")


def sample(rng: random.Random, language: str, split: Split | None, kind: str | None = None) -> Content:
    """A random document; every part may be missing, so that no part leans on another."""
    scramble = rng.choice([0.0, 0.0, 0.0, 0.3, 0.6, 0.9, 1.0]) if split == "train" else 0.0
    writer = Writer(rng, language, split, scramble, plain=rng.random() < 0.06)
    kind = kind or rng.choice(KINDS)
    content = Content(language)
    if rng.random() < 0.85:
        content.letterhead = [writer.hospital] * (rng.random() < 0.8) + _lines(writer, "letterhead", 0, 5)
        if rng.random() < 0.2:
            content.letterhead += [writer.line("roles")] * (rng.random() < 0.5) + [
                writer.doctor() for _ in range(rng.randint(1, 4))
            ]
    if rng.random() < 0.55:
        content.running = _lines(writer, "running", 1, 3)
    if rng.random() < 0.5 and kind != "laboratory":
        content.margin = margin(writer, rng.randint(3, 40))
    content.front = [_lines(writer, "front", 1, 6) for _ in range(rng.choice([0, 1, 1, 2, 2, 3]))]
    if rng.random() < 0.4:
        content.front.insert(rng.choice([0, 0, len(content.front)]), addressee(writer))
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
    if rng.random() < 0.12:
        content.stamps = _lines(writer, "other", 1, 2)
    _edges(content, writer)
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
            [f"{writer.date()}, {rng.randint(0, 23)}:{rng.randint(0, 59):02d}", writer.line("document_titles")],
            [address],
        )
    if rng.random() < 0.05:
        content.edge = writer.fill(
            rng.choice(["FORM {digits} / {n}", "{digits}", "Mod. {digits}-{n}", "{hospital} {digits}"])
        )
    if rng.random() < 0.06:
        content.continued = rng.choice(["./..", ".../...", "-> {page}", "(...)", "T.S.V.P.", "p.t.o."])


def _shouted(block: Block) -> Block:
    rows = tuple(tuple(cell.upper() for cell in row) for row in block.rows)
    return Block(block.kind, block.text.upper(), rows, block.level)


def _lines(writer: Writer, name: str, low: int, high: int) -> list[str]:
    return [writer.line(name) for _ in range(writer.rng.randint(low, high))]


def margin(writer: Writer, count: int) -> list[str]:
    """A margin column: roles, doctors, telephone lines, in groups; an empty string is a gap."""
    rng = writer.rng
    lines: list[str] = []
    while len(lines) < count:
        style = rng.random()
        if style < 0.35:
            lines += ["", writer.line("roles")]
        if style < 0.7:
            lines += [writer.doctor() for _ in range(rng.randint(1, 5))]
        elif style < 0.85:
            lines += [f"{writer.line('margin_words')} {writer.phone()}"]
        elif style < 0.92:
            lines += [writer.line("margin_words"), writer.phone()]
        else:
            lines += ["", writer.mix(writer.department), f"{writer.line('margin_words')} {writer.phone()}"]
        if rng.random() < 0.12:
            name = writer.last.lower()
            lines.append(f"{name}@{rng.choice(['chu', 'mail', 'hopital', 'clinic'])}.example")
    return lines[:count]


def addressee(writer: Writer) -> list[str]:
    """To whom a letter goes: the same names, roles, houses and streets as in letterheads, so that only the place tells them apart."""
    rng = writer.rng

    def templates(slot: str) -> list[str]:
        return [text for text in writer.bank["front"] if slot in text and ":" not in text]

    lines = [writer.line("addressees")] * (rng.random() < 0.4)
    lines.append(writer.doctor() if rng.random() < 0.7 else writer.mix(writer.fill("{first} {NAME}")))
    lines += [writer.line("roles")] * (rng.random() < 0.3)
    lines += [writer.mix(str(writer.pick(rng.choice(["hospitals", "hospitals", "departments"]))))] * (
        rng.random() < 0.4
    )
    for slot, share in (("{street}", 0.85), ("{zip}", 0.9)):
        if rng.random() < share:
            lines.append(writer.mix(writer.fill(rng.choice(templates(slot)))))
    return lines


def signature(writer: Writer) -> list[str]:
    rng = writer.rng
    lines = [writer.line("valedictions")] if rng.random() < 0.5 else []
    lines += [writer.line("signature_words") for _ in range(rng.randint(0, 3))]
    lines += ["_" * rng.randint(12, 30)] * (rng.random() < 0.08)
    lines += [writer.doctor()] * (rng.random() < 0.8) + [writer.line("roles")] * (rng.random() < 0.3)
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
        blocks += [Block("paragraph", writer.paragraph(rng.randint(1, 6))) for _ in range(rng.randint(0, 4))]
    if kind == "laboratory":
        for _ in range(rng.randint(1, 4)):
            blocks += [Block("title", writer.line("titles")), lab_table(writer, rng.randint(3, 14))]
            if rng.random() < 0.35:
                blocks += [Block("comment", writer.paragraph(1)) for _ in range(rng.randint(1, 3))]
    sections = {"letter": (0, 6), "discharge": (4, 14), "laboratory": (0, 2)}.get(kind, (3, 8))
    separator = rng.choice(["-" * 60, "=" * 50, "_" * 55, "* * *"]) if rng.random() < 0.05 else ""
    for _ in range(rng.randint(*sections) * rng.choice([1, 1, 1, 2, 3])):
        blocks += [*section(writer), Block("mark", separator)] if separator else section(writer)
    if rng.random() < 0.06:
        blocks.append(
            Block(
                "mark", rng.choice(["***", "*** {} ***", "-- {} --", "- {} -"]).format(writer.line("document_titles"))
            )
        )
    return blocks or [Block("paragraph", writer.paragraph(3))]


def section(writer: Writer) -> list[Block]:
    rng = writer.rng
    title = writer.line("titles")
    inner = rng.random()
    if inner < 0.1:
        said = writer.line("short_bodies") if rng.random() < 0.6 else writer.paragraph(rng.randint(1, 3))
        return [Block("paragraph", f"{title}{rng.choice([' : ', ': ', ' - ', '. '])}{said}")]
    if rng.random() < 0.06:  # a part without a heading
        return [Block("paragraph", writer.paragraph(rng.randint(1, 6)))]
    blocks = [Block("title", title, level=rng.choice([1, 1, 1, 2]))]
    if rng.random() < 0.07:
        blocks.append(Block("title", writer.line("titles"), level=2))
    if inner < 0.25:
        blocks.append(Block("paragraph", writer.line("short_bodies")))
    elif inner < 0.42:
        blocks += [Block("list", writer.line("items")) for _ in range(rng.randint(1, 8))]
    elif inner < 0.5:
        blocks.append(drug_table(writer, rng.randint(2, 7)))
    elif inner < 0.56:
        blocks.append(lab_table(writer, rng.randint(3, 9)))
    elif inner < 0.62:
        blocks.append(Block("pairs", rows=tuple(_pair(writer) for _ in range(rng.randint(2, 6)))))
    else:
        blocks += [Block("paragraph", writer.paragraph(rng.randint(1, 7))) for _ in range(rng.randint(1, 3))]
        if rng.random() < 0.15:
            blocks += [Block("list", writer.line("items")) for _ in range(rng.randint(1, 5))]
    return blocks


def _pair(writer: Writer) -> tuple[str, str]:
    if writer.rng.random() < 0.3:
        return writer.mix(str(writer.pick("titles"))), writer.line("short_bodies")
    name, unit, _ = writer.pick("analytes")
    return writer.mix(name), f"{_value(writer.rng)} {unit}".strip()


def _value(rng: random.Random) -> str:
    number = rng.choice([f"{rng.randint(1, 400)}", f"{rng.uniform(0, 20):.1f}", f"{rng.uniform(0, 3):.2f}"])
    return rng.choice(["", "", "", "", "< ", "> "]) + (number if rng.random() < 0.6 else number.replace(".", ","))


def lab_table(writer: Writer, count: int) -> Block:
    """Results with unit and range, in some tables a flag or earlier results; groups have a row of their own."""
    rng = writer.rng
    heads = [writer.mix(head) for head in writer.pick("table_heads")]
    flag, earlier, order = (
        rng.random() < 0.25,
        rng.choice([0, 0, 0, 1, 2]),
        rng.choice([(0, 1, 2, 3), (0, 1, 2, 3), (0, 1, 3, 2), (0, 3, 1, 2)]),
    )
    dates = [writer.date() for _ in range(earlier)]
    rows = [tuple([heads[index] for index in order] + [""] * flag + dates)] if rng.random() < 0.9 else []
    for _ in range(count):
        if rng.random() < 0.06:
            rows.append((writer.line("departments"),))
            continue
        name, unit, usual = writer.pick("analytes")
        cells = [
            writer.mix(name),
            _value(rng) + rng.choice(["", "", "", " *", " H", " +"]),
            unit,
            rng.choice([usual, f"({usual})", f"[{usual}]"]),
        ]
        rows.append(
            tuple(
                [cells[index] for index in order]
                + [rng.choice(["", "H", "L", "*", "N"])] * flag
                + [_value(rng) for _ in dates]
            )
        )
    return Block("table", rows=tuple(rows))


def drug_table(writer: Writer, count: int) -> Block:
    heads = writer.pick("drug_heads")
    rows = [tuple(writer.mix(head) for head in heads)] if writer.rng.random() < 0.8 else []
    for _ in range(count):
        cells = [writer.fill("{drug_cap}"), writer.fill("{dose}")]
        cells += [_cell(writer) for _ in heads[2:]]
        rows.append(tuple(writer.mix(cell) for cell in cells))
    return Block("table", rows=tuple(rows))


def _cell(writer: Writer) -> str:
    if writer.split == "train" and writer.rng.random() < 0.12:
        return " ".join(writer.line("items").split()[:5])
    return str(writer.rng.choice([writer.pick("frequencies"), writer.pick("durations"), "1", "0", "-"]))
