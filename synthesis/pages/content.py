"""What a document says, before it is laid out: pieces of text, each of which has one label.

The probabilities here and in `clinical_text` are not measured: they are chosen so that each part is
often there and often missing.
"""

import random
from dataclasses import dataclass, field

from synthesis.pages import clinical_text, senders
from synthesis.pages.block import Block
from synthesis.pages.text import Split, Writer, held_out


@dataclass
class Content:
    """A whole document. Each field but `flow` has one label.

    Attributes:
        language: Two letters.
        letterhead: The sender, at the head of the first page.
        running: Running header.
        margin: The column of names beside the text; an empty string is a gap.
        front: Groups of lines before the text: addressee, patient, date.
        doc_title: The document's title.
        flow: The clinical text.
        signature: Names at the end.
        footer: At the foot of pages.
        page_number: With {page} and {pages}.
        stamps: Words printed across the page.
        transport: What a fax or a browser prints along the edges: (top, bottom).
        edge: Text that runs up the left edge.
        continued: At the foot of every page but the last.
        closing: After the signature.
        return_line: The sender in small print above the addressee.
        first_page: Number of the first page; not 1 in an excerpt.
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
    """A random document. Every part may be missing, so that none can be inferred from another.

    Args:
        rng: The source of random numbers.
        language: Two letters.
        split: Whose phrases are used; all where None.
        kind: One of KINDS; random where None.
        disguised: In about half of the documents replace words by invented ones, and use phrases
            out of place, so that a model cannot learn the phrases. Where None, in training only.
    """
    disguised = split == "train" if disguised is None else disguised
    scramble = rng.choice([0.0, 0.0, 0.0, 0.3, 0.6, 0.9, 1.0]) if disguised else 0.0
    writer = Writer(rng, language, split, scramble, plain=rng.random() < 0.06, stray=disguised)
    kind = kind or rng.choice(KINDS)
    content = Content(language)
    _before(content, writer, kind)
    content.flow = clinical_text.flow(writer, kind)
    _after(content, writer)
    _machine_print(content, writer)
    if rng.random() < 0.06:
        content.closing = (
            clinical_text.end_of_report(writer) if rng.random() < 0.5 else writer.line("endings")
        )
    if rng.random() < 0.06:
        content.flow = [_in_capitals(block) for block in content.flow]
    return content


def _before(content: Content, writer: Writer, kind: str) -> None:
    """What stands before and beside the text."""
    rng = writer.rng
    if rng.random() < 0.8:
        content.letterhead = (
            senders.sender(writer) if rng.random() < 0.4 else senders.letterhead(writer)
        )
    if rng.random() < 0.55:
        content.running = writer.lines("running", 1, 3)
    if rng.random() < 0.5 and kind != "laboratory":
        content.margin = margin(writer, rng.randint(3, 40))
    content.front = [writer.lines("front", 1, 6) for _ in range(rng.choice([0, 1, 1, 2, 2, 3]))]
    if rng.random() < 0.4:
        content.front.insert(rng.choice([0, 0, len(content.front)]), senders.addressee(writer))
        if rng.random() < 0.2:
            content.return_line = senders.return_line(writer)
    if rng.random() < 0.7:
        title = writer.line("document_titles")
        content.doc_title = rng.choice([title, title.upper(), title + " " + writer.date()])


def _after(content: Content, writer: Writer) -> None:
    """What stands after the text and at the foot of pages."""
    rng = writer.rng
    if rng.random() < 0.75:
        content.signature = signature(writer)
    if rng.random() < 0.75:
        content.footer = writer.lines("footer", 1, 5)
        if rng.random() < 0.15:
            content.footer = [". ".join(content.footer) + "."]
    if rng.random() < 0.7:
        content.page_number = rng.choice(held_out(writer.bank["page_numbers"], writer.split))
        content.first_page = rng.randint(2, 400) if rng.random() < 0.07 else 1
    if rng.random() < 0.12:
        content.stamps = writer.lines("other", 1, 2)


def _machine_print(content: Content, writer: Writer) -> None:
    """What a fax machine, a browser or a printer of forms adds to a page."""
    rng = writer.rng
    if rng.random() < 0.06:
        time = f"{writer.date()} {rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}"
        fax = f"{time}   FAX {writer.phone()}   {writer.hospital}"
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


def _in_capitals(block: Block) -> Block:
    rows = tuple(tuple(cell.upper() for cell in row) for row in block.rows)
    return Block(block.kind, block.text.upper(), rows, block.level)


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
    """The lines at the end: a valediction, names, roles."""
    rng = writer.rng
    lines = [writer.line("valedictions")] if rng.random() < 0.5 else []
    lines += [writer.line("signature_words") for _ in range(rng.randint(0, 3))]
    lines += ["_" * rng.randint(12, 30)] * (rng.random() < 0.08)
    lines += [writer.doctor()] * (rng.random() < 0.8) + [writer.line("roles")] * (
        rng.random() < 0.3
    )
    return lines
