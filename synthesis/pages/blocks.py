"""The text itself on a sheet: headings, paragraphs, lists, tables, pairs of names and values."""

from synthesis.pages.block import Block
from synthesis.pages.sheet import SIDE, Sheet
from synthesis.pages.style import Rgb, tint


def look_of_title(text: str, look: str, number: int) -> str:
    """A heading's characters as its look wants them."""
    if "caps" in look:
        text = text.upper()
    if "colon" in look:
        text += " :"
    return f"{number // 2 + 1}. {text}" if look == "numbered" else text


def flow(sheet: Sheet, blocks: list[Block]) -> None:
    """All blocks, one after the other."""
    beside = 0.0  # where a heading that stands beside its paragraph ends
    for number, block in enumerate(blocks):
        if block.kind == "title":
            sheet.y, beside = max(sheet.y, beside), 0.0
            beside = _title(sheet, block, number)
        elif block.kind == "paragraph":
            sheet.flow_text(
                block.text, "body", sheet.style.size, sheet.style.ink, justify=sheet.style.justify
            )
            sheet.y += sheet.style.size * sheet.style.gap
        elif block.kind == "list":
            _item(sheet, block.text)
        elif block.kind == "comment":
            font = sheet.italic if sheet.style.rule else sheet.regular
            sheet.flow_text(block.text, "body", sheet.style.size * 0.85, sheet.style.ink, font=font)
        elif block.kind == "subject":
            sheet.flow_text(block.text, "front", sheet.style.size, sheet.style.ink, font=sheet.bold)
            sheet.y += sheet.style.size * sheet.style.gap
        elif block.kind == "mark":
            sheet.flow_text(
                block.text,
                "other",
                sheet.style.size,
                sheet.style.muted,
                at=sheet.rng.choice(["left", "center"]),
            )
        else:
            {"pairs": _pairs, "twins": _twins}.get(block.kind, _table)(sheet, block)
            sheet.y += sheet.style.size * sheet.style.gap


def _item(sheet: Sheet, text: str) -> None:
    size, bullet = sheet.style.size, sheet.style.bullet
    indent = size * 2 if bullet else 0 if sheet.style.rule else size
    sheet.flow_text(text, "body", size, sheet.style.ink, indent=indent, hang=bullet)


def _title(sheet: Sheet, block: Block, number: int) -> float:
    """Draws a heading; where it stands beside its paragraph, tells how far down it reaches."""
    style, look = sheet.style, sheet.style.title_look
    sheet.y += style.size * style.gap * 1.2
    sheet.room(3 * style.size * style.leading)
    plain = look.startswith("plain") or look in ("underline", "accent", "big")
    font = sheet.italic if look == "italic" else sheet.regular if plain else sheet.bold
    rgb = style.accent if look in ("accent", "boxed", "big") else style.ink
    big = (
        style.size
        * (1.4 if look == "big" else style.title_scale)
        * (0.95 if block.level == 2 else 1)
    )
    text = look_of_title(block.text, look, number)
    if sheet.side:
        return _beside(sheet, text, font, min(big, style.size * 1.1), rgb)
    centred = style.title_at.startswith("center")
    indent = 0.0 if centred else style.title_indent + (10 if block.level == 2 else 0)
    top = sheet.y
    sheet.flow_text(
        text, "title", big, rgb, font=font, indent=indent, at="center" if centred else "left"
    )
    x0, x1 = sheet.region
    if "underline" in look and not centred:
        sheet.rule(
            x0 + indent, sheet.y + 1.5, x0 + indent + sheet.width(text, font, big), sheet.y + 1.5
        )
    if style.title_at.endswith("ruled"):
        sheet.rule(x0, sheet.y + big * 0.35, x1, sheet.y + big * 0.35)
    if look == "boxed" and sheet.y > top:
        sheet.frame(x0, top + big * 0.2, x1, sheet.y + big * 0.4)
    sheet.y += style.size * style.gap * 0.4
    return 0.0


def _beside(sheet: Sheet, text: str, font: str, size: float, rgb: Rgb) -> float:
    x0, x1 = sheet.region
    left = x0 - (x1 - x0) * sheet.side / (1 - sheet.side)
    y, color = sheet.y, tint(rgb, "title")
    for line in sheet.wrap(text, x0 - left - 6, font, size):
        y += size * sheet.style.leading
        sheet.put(line, left, y, "title", size, rgb, font, color=color)
    return y


def side(title_at: str) -> float:
    """The share of the width that headings beside their text take."""
    return SIDE.get(title_at, 0.0)


def _pairs(sheet: Sheet, block: Block) -> None:
    style, size, look = sheet.style, sheet.style.size, sheet.style.pairs_look
    font = sheet.bold if "bold" in look else sheet.regular
    share = 0.7 if look == "dots-wide" else sheet.rng.uniform(0.3, 0.5)
    for name, value in block.rows:
        sheet.room(size * 1.6)
        x0, x1 = sheet.region
        sheet.y += size * max(1.3, style.leading)
        at = x0 + (x1 - x0) * share
        name = sheet.fit(name, at - x0 - 24, font, size)
        value = sheet.fit(value, x1 - at, sheet.regular, size)
        if look.startswith("dots"):
            room = at - x0 - sheet.width(name, font, size) - 6
            dots = "." * max(3, int(room / sheet.width(".", font, size)))
            sheet.put(f"{name} {dots} {value}", x0, sheet.y, "table", size, style.ink)
        elif look.startswith("one"):
            sheet.put(f"{name}: {value}", x0, sheet.y, "table", size, style.ink, font)
        else:
            end = "right" if look == "columns-right" else "left"
            sheet.put(
                f"{name} :",
                at - 8 if end == "right" else x0,
                sheet.y,
                "table",
                size,
                style.ink,
                font,
                end,
            )
            sheet.put(value, at, sheet.y, "table", size, style.ink)


def _twins(sheet: Sheet, block: Block) -> None:
    style, size, end = sheet.style, sheet.style.size * 0.95, sheet.rng.choice(["left", "right"])
    share = sheet.rng.uniform(0.5, 0.7)
    for number, cells in enumerate(block.rows):
        sheet.room(size * (4 if number == 0 else 1.6))
        x0, x1 = sheet.region
        half = (x1 - x0) / 2
        sheet.y += size * max(1.3, style.leading)
        for x, parts in ((x0, cells[: len(cells) // 2]), (x0 + half, cells[len(cells) // 2 :])):
            if len(parts) == 1:
                sheet.put(
                    sheet.fit(parts[0], half - 10, sheet.bold, size),
                    x,
                    sheet.y,
                    "title",
                    size,
                    style.ink,
                    sheet.bold,
                )
                continue
            name = sheet.fit(parts[0], half * share - 10, sheet.regular, size)
            value = sheet.fit(parts[1], half * (1 - share) - 12, sheet.regular, size)
            at = x + half * share if end == "left" else x + half - 12
            sheet.put(name, x, sheet.y, "table", size, style.ink)
            if value:
                sheet.put(value, at, sheet.y, "table", size, style.ink, at=end)


def _table(sheet: Sheet, block: Block) -> None:
    style, size = sheet.style, sheet.style.size * sheet.rng.choice([0.85, 0.95, 0.95, 1])
    count = max(len(row) for row in block.rows)
    chart = block.kind == "chart"
    shares, ends = _columns(sheet, count, *((0.08, 0.2) if chart else (0.22, 0.45)))
    wraps = chart or sheet.rng.random() < 0.4
    for index, row in enumerate(block.rows):
        head = index == 0 and style.table_look != "plain"
        font = sheet.bold if head or (len(row) == 1 and count > 1) else sheet.regular
        x0, x1 = sheet.region
        edges = [x0 + share * (x1 - x0) for share in shares]
        if len(row) == 1:
            edges = [x0, x1]
        cells = [
            sheet.wrap(cell, right - left - 8, font, size)
            for cell, left, right in zip(row, edges, edges[1:], strict=False)
        ]
        cells = [lines if wraps else lines[:1] for lines in cells]
        step = size * max(1.3, style.leading)
        height = max([len(lines) for lines in cells] or [1]) * step
        sheet.room(height + size * 0.5)
        edges = [edge + sheet.region[0] - x0 for edge in edges]  # another column by now, perhaps
        for lines, left, right, end in zip(cells, edges, edges[1:], ends, strict=False):
            x = {"left": left + 3, "center": (left + right) / 2, "right": right - 4}[
                end if len(row) > 1 else "left"
            ]
            color = tint(style.ink, "table")
            for number, line in enumerate(lines):
                text = sheet.fit(line, right - left - 6, font, size)
                if text:
                    sheet.put(
                        text,
                        x,
                        sheet.y + (number + 1) * step,
                        "table",
                        size,
                        style.ink,
                        font,
                        end if len(row) > 1 else "left",
                        color=color,
                    )
        sheet.y += height
        _rules(sheet, index, edges, height, size)


def _columns(sheet: Sheet, count: int, low: float, high: float) -> tuple[list[float], list[str]]:
    """Edges of columns as shares of the width, and how each is aligned. The first takes a share from `low` to `high`."""
    first = sheet.rng.uniform(low, high)
    weights = [first] + [
        sheet.rng.uniform(0.6, 1.4) * (1 - first) / max(1, count - 1) for _ in range(count - 1)
    ]
    total = sum(weights) / sheet.rng.choice([1, 1, 1, 0.8])
    edges = [0.0]
    for weight in weights:
        edges.append(edges[-1] + weight / total)
    aligned = sheet.rng.choice(["left", "left", "left", "center", "right"])
    return edges, ["left"] + [aligned] * (count - 1)


def _rules(sheet: Sheet, index: int, edges: list[float], height: float, size: float) -> None:
    look, low = sheet.style.table_look, sheet.y + size * 0.35
    if look in ("grid", "lines") or (look == "head" and index == 0):
        sheet.rule(edges[0], low, edges[-1], low)
    if look == "grid":
        for x in edges:
            sheet.rule(x, low - height, x, low)
