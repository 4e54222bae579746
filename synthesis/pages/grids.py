"""Invented tables: pairs of names and values, charts, prescriptions, laboratory and drug tables."""

import random

from synthesis.pages.block import Block
from synthesis.pages.text import Writer


def pairs(writer: Writer, count: int) -> Block:
    """Names and their values."""
    return Block("pairs", rows=tuple(_pair(writer) for _ in range(count)))


def twins(writer: Writer, count: int) -> Block:
    """Two grids of names and values side by side, each with its title."""
    rows = [(*_pair(writer), *_pair(writer)) for _ in range(count)]
    return Block("twins", rows=((writer.line("titles"), writer.line("titles")), *rows))


def chart(writer: Writer, count: int) -> Block:
    """Notes in a table: date or time, what was seen and done, who wrote it."""
    rng = writer.rng
    makers = {
        "date": writer.date,
        "time": lambda: f"{rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}",
        "word": lambda: writer.line(rng.choice(["titles", "roles", "departments"])),
        "item": lambda: writer.line(rng.choice(["items", "short_bodies"])),
        "sentence": lambda: writer.line("sentences"),
        "who": writer.doctor,
    }
    first = rng.choice([["date"], ["date", "time"], ["time"], ["word"]])
    middle = rng.choices(["item", "sentence", "word", "sentence"], k=rng.randint(1, 3))
    kinds = first + middle + ["who"] * (rng.random() < 0.5)
    rows = [tuple(writer.line("titles") for _ in kinds)] if rng.random() < 0.85 else []
    rows += [
        tuple("" if rng.random() < 0.05 else makers[kind]() for kind in kinds) for _ in range(count)
    ]
    return Block("chart", rows=tuple(rows))


def prescription(writer: Writer) -> list[Block]:
    """Drugs, each followed by how to take it."""
    rng = writer.rng
    blocks = []
    look, upper = rng.choice(["{}) ", "{}. ", "{} - ", "", "R/ "]), rng.random() < 0.4
    for number in range(1, rng.randint(2, 9)):
        if rng.random() < 0.15:
            blocks.append(Block("title", writer.line("titles")))
        drug = writer.fill("{drug_cap} {dose}")
        blocks.append(
            Block("paragraph", look.format(number) + writer.mix(drug.upper() if upper else drug))
        )
        taken = ", ".join(str(writer.pick(name)) for name in ("frequencies", "durations"))
        blocks.append(Block("list" if rng.random() < 0.5 else "paragraph", writer.mix(taken)))
    return blocks


def _pair(writer: Writer) -> tuple[str, str]:
    if writer.rng.random() < 0.3:
        return writer.mix(str(writer.pick("titles"))), writer.line("short_bodies")
    name, unit, _ = writer.pick("analytes")
    return writer.mix(name), f"{_value(writer.rng)} {unit}".strip()


def _value(rng: random.Random) -> str:
    number = rng.choice(
        [f"{rng.randint(1, 400)}", f"{rng.uniform(0, 20):.1f}", f"{rng.uniform(0, 3):.2f}"]
    )
    return rng.choice(["", "", "", "", "< ", "> "]) + (
        number if rng.random() < 0.6 else number.replace(".", ",")
    )


def lab_table(writer: Writer, count: int) -> Block:
    """Results with unit and range; some tables have a flag, earlier results, rows of one cell."""
    rng = writer.rng
    heads = _heads(writer, "table_heads")
    flag, earlier = rng.random() < 0.25, rng.choice([0, 0, 0, 1, 2])
    order = rng.choice([(0, 1, 2, 3), (0, 1, 2, 3), (0, 1, 3, 2), (0, 3, 1, 2)])
    dates = [writer.date() for _ in range(earlier)]
    rows: list[tuple[str, ...]] = []
    if rng.random() < 0.9:
        rows.append((*(heads[index] for index in order), *[""] * flag, *dates))
    for _ in range(count):
        if rng.random() < 0.06:
            rows.append((writer.line("departments"),))
            continue
        cells = _lab_cells(writer)
        flags = [rng.choice(["", "H", "L", "*", "N"])] * flag
        rows.append((*(cells[index] for index in order), *flags, *(_value(rng) for _ in dates)))
    return Block("table", rows=tuple(rows))


def _lab_cells(writer: Writer) -> list[str]:
    """Analyte, value, unit and range."""
    rng = writer.rng
    name, unit, usual = writer.pick("analytes")
    return [
        writer.mix(name),
        _value(rng) + rng.choice(["", "", "", " *", " H", " +"]),
        unit,
        rng.choice([usual, f"({usual})", f"[{usual}]"]),
    ]


def drug_table(writer: Writer, count: int) -> Block:
    """Drugs with dose and schedule; some tables have no head and the dose beside the name."""
    if writer.rng.random() < 0.4:
        return Block("table", rows=tuple(_drug_row(writer) for _ in range(count)))
    heads = _heads(writer, "drug_heads")
    rows = [tuple(heads)] if writer.rng.random() < 0.8 else []
    for _ in range(count):
        cells = [writer.fill("{drug_cap}"), writer.fill("{dose}")]
        cells += [_cell(writer) for _ in heads[2:]]
        rows.append(tuple(writer.mix(cell) for cell in cells))
    return Block("table", rows=tuple(rows))


def _heads(writer: Writer, name: str) -> list[str]:
    """A table's heads; where the writer uses phrases out of place, some are section titles."""
    heads = [writer.mix(head) for head in writer.pick(name)]
    if not writer.stray:
        return heads
    return [writer.line("titles") if writer.rng.random() < 0.1 else head for head in heads]


def _drug_row(writer: Writer) -> tuple[str, str]:
    rng = writer.rng
    taken = rng.choice(
        [
            "1-0-0",
            "1-0-1",
            "0-0-1",
            "1 - 0 - 0 - 1",
            str(writer.pick("frequencies")),
            str(writer.pick("durations")),
        ]
    )
    drug = rng.choice(["{drug_cap} {dose}", "{drug_cap} {dose}", "{drug_cap}"])
    return writer.mix(writer.fill(drug)), writer.mix(
        f"{taken}, {writer.pick('durations')}" if rng.random() < 0.3 else taken
    )


def _cell(writer: Writer) -> str:
    if writer.stray and writer.rng.random() < 0.12:
        return " ".join(writer.line("items").split()[:5])
    return str(
        writer.rng.choice([writer.pick("frequencies"), writer.pick("durations"), "1", "0", "-"])
    )
