"""What a document says, before anyone lays it out: pieces of text, each with its true label."""

import random
from dataclasses import dataclass, field
from typing import Literal

from models.line_classifier.synthesis.text import Split, Writer, held_out


@dataclass(frozen=True)
class Block:
    """One piece of the flow. `rows` holds a table's cells (first row: heads) or the two columns of a key-value grid."""

    kind: Literal["paragraph", "title", "list", "table", "pairs", "gap"]
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    level: int = 1


@dataclass
class Content:
    """A whole document. Each field but `flow` maps to one label; `page_number` holds {page} and {pages}."""

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


KINDS = ("discharge", "letter", "operative", "laboratory", "radiology", "short")


def sample(rng: random.Random, language: str, split: Split | None, kind: str | None = None) -> Content:
    """A random document; every part may be missing, so that no part leans on another."""
    scramble = rng.choice([0.0, 0.0, 0.0, 0.3, 0.6, 0.9, 1.0]) if split == "train" else 0.0
    writer = Writer(rng, language, split, scramble)
    kind = kind or rng.choice(KINDS)
    content = Content(language)
    if rng.random() < 0.85:
        content.letterhead = [writer.hospital] * (rng.random() < 0.8) + _lines(writer, "letterhead", 0, 5)
    if rng.random() < 0.55:
        content.running = _lines(writer, "running", 1, 3)
    if rng.random() < 0.5 and kind != "laboratory":
        content.margin = margin(writer, rng.randint(3, 40))
    content.front = [_lines(writer, "front", 1, 6) for _ in range(rng.choice([0, 1, 1, 2, 2, 3]))]
    if rng.random() < 0.7:
        title = writer.line("document_titles")
        content.doc_title = rng.choice([title, title.upper(), title + " " + writer.date()])
    content.flow = flow(writer, kind)
    if rng.random() < 0.75:
        content.signature = signature(writer)
    if rng.random() < 0.75:
        content.footer = _lines(writer, "footer", 1, 5)
    if rng.random() < 0.7:
        content.page_number = rng.choice(held_out(writer.bank["page_numbers"], split))
    if rng.random() < 0.12:
        content.stamps = _lines(writer, "other", 1, 2)
    return content


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


def signature(writer: Writer) -> list[str]:
    rng = writer.rng
    lines = [writer.line("valedictions")] if rng.random() < 0.5 else []
    lines += [writer.line("signature_words") for _ in range(rng.randint(0, 3))]
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
        blocks += [Block("paragraph", writer.paragraph(rng.randint(1, 6))) for _ in range(rng.randint(0, 4))]
    if kind == "laboratory":
        for _ in range(rng.randint(1, 4)):
            blocks += [Block("title", writer.line("titles")), lab_table(writer, rng.randint(4, 16))]
    sections = {"letter": (0, 6), "discharge": (4, 14), "laboratory": (0, 2)}.get(kind, (3, 8))
    for _ in range(rng.randint(*sections) * rng.choice([1, 1, 1, 2, 3])):
        blocks += section(writer)
    return blocks or [Block("paragraph", writer.paragraph(3))]


def section(writer: Writer) -> list[Block]:
    rng = writer.rng
    title = writer.line("titles")
    inner = rng.random()
    if inner < 0.1:
        return [Block("paragraph", f"{title} : {writer.line('short_bodies')}")]
    blocks = [Block("title", title, level=rng.choice([1, 1, 1, 2]))]
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
    name, unit, _ = writer.pick("analytes")
    return writer.mix(name) + " :", f"{_value(writer.rng)} {unit}".strip()


def _value(rng: random.Random) -> str:
    return rng.choice(
        [f"{rng.randint(1, 400)}", f"{rng.uniform(0, 20):.1f}", f"{rng.uniform(0, 3):.2f}".replace(".", ",")]
    )


def lab_table(writer: Writer, count: int) -> Block:
    rows = [tuple(writer.mix(head) for head in writer.pick("table_heads"))]
    for _ in range(count):
        name, unit, usual = writer.pick("analytes")
        rows.append((writer.mix(name), _value(writer.rng) + writer.rng.choice(["", "", " *", " H"]), unit, usual))
    return Block("table", rows=tuple(rows))


def drug_table(writer: Writer, count: int) -> Block:
    heads = writer.pick("drug_heads")
    rows = [tuple(writer.mix(head) for head in heads)]
    for _ in range(count):
        cells = [writer.fill("{drug_cap}"), writer.fill("{dose}")]
        cells += [_cell(writer) for _ in heads[2:]]
        rows.append(tuple(writer.mix(cell) for cell in cells))
    return Block("table", rows=tuple(rows))


def _cell(writer: Writer) -> str:
    if writer.split == "train" and writer.rng.random() < 0.12:
        return " ".join(writer.line("items").split()[:3])
    return str(writer.rng.choice([writer.pick("frequencies"), writer.pick("durations"), "1", "0"]))
