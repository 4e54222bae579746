"""Puts tables on a sheet: rows of cells, and pairs of names and values."""

from synthesis.pages.block import Block
from synthesis.pages.sheet import Sheet
from synthesis.pages.tints import tint


def pairs(sheet: Sheet, block: Block) -> None:
    """Puts names and their values below each other."""
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
            end, x = ("right", at - 8) if look == "columns-right" else ("left", x0)
            sheet.put(f"{name} :", x, sheet.y, "table", size, style.ink, font, end)
            sheet.put(value, at, sheet.y, "table", size, style.ink)


def twins(sheet: Sheet, block: Block) -> None:
    """Puts two grids of names and values side by side, each below its title."""
    style, size, end = sheet.style, sheet.style.size * 0.95, sheet.rng.choice(["left", "right"])
    share = sheet.rng.uniform(0.5, 0.7)
    for number, cells in enumerate(block.rows):
        sheet.room(size * (4 if number == 0 else 1.6))
        x0, x1 = sheet.region
        half = (x1 - x0) / 2
        sheet.y += size * max(1.3, style.leading)
        for x, parts in ((x0, cells[: len(cells) // 2]), (x0 + half, cells[len(cells) // 2 :])):
            if len(parts) == 1:
                title = sheet.fit(parts[0], half - 10, sheet.bold, size)
                sheet.put(title, x, sheet.y, "title", size, style.ink, sheet.bold)
                continue
            name = sheet.fit(parts[0], half * share - 10, sheet.regular, size)
            value = sheet.fit(parts[1], half * (1 - share) - 12, sheet.regular, size)
            at = x + half * share if end == "left" else x + half - 12
            sheet.put(name, x, sheet.y, "table", size, style.ink)
            if value:
                sheet.put(value, at, sheet.y, "table", size, style.ink, at=end)


def table(sheet: Sheet, block: Block) -> None:
    """Puts a table or chart, row by row; a row of one cell takes the whole width."""
    style, size = sheet.style, sheet.style.size * sheet.rng.choice([0.85, 0.95, 0.95, 1])
    count = max(len(row) for row in block.rows)
    chart = block.kind == "chart"
    shares, ends = _columns(sheet, count, *((0.08, 0.2) if chart else (0.22, 0.45)))
    wraps = chart or sheet.rng.random() < 0.4
    step = size * max(1.3, style.leading)
    for index, row in enumerate(block.rows):
        alone = len(row) == 1
        head = index == 0 and style.table_look != "plain"
        font = sheet.bold if head or (alone and count > 1) else sheet.regular
        x0, x1 = sheet.region
        edges = [x0, x1] if alone else [x0 + share * (x1 - x0) for share in shares]
        cells = [
            sheet.wrap(cell, right - left - 8, font, size)
            for cell, left, right in zip(row, edges, edges[1:], strict=False)
        ]
        cells = [lines if wraps else lines[:1] for lines in cells]
        height = max([len(lines) for lines in cells] or [1]) * step
        sheet.room(height + size * 0.5)
        edges = [edge + sheet.region[0] - x0 for edge in edges]  # the column may be another now
        for lines, left, right, end in zip(cells, edges, edges[1:], ends, strict=False):
            _cell(sheet, lines, (left, right), "left" if alone else end, font, size)
        sheet.y += height
        _rules(sheet, index, edges, height, size)


def _cell(
    sheet: Sheet, lines: list[str], edges: tuple[float, float], end: str, font: str, size: float
) -> None:
    """Puts the lines of a cell below the sheet's place, which does not move."""
    left, right = edges
    x = {"left": left + 3, "center": (left + right) / 2, "right": right - 4}[end]
    ink, color = sheet.style.ink, tint(sheet.style.ink, "table")
    step = size * max(1.3, sheet.style.leading)
    for number, line in enumerate(lines, 1):
        text = sheet.fit(line, right - left - 6, font, size)
        if text:
            y = sheet.y + number * step
            sheet.put(text, x, y, "table", size, ink, font, end, color=color)


def _columns(sheet: Sheet, count: int, low: float, high: float) -> tuple[list[float], list[str]]:
    """Random widths of columns.

    Args:
        sheet: The sheet.
        count: Number of columns.
        low: Smallest share of the width that the first column takes.
        high: Its largest share.

    Returns:
        The `count + 1` edges as shares of the width, and the alignment of each column.
    """
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
    """Draws the lines of row `index`, which is `height` high and ends at the sheet's place."""
    look, low = sheet.style.table_look, sheet.y + size * 0.35
    if look in ("grid", "lines") or (look == "head" and index == 0):
        sheet.rule(edges[0], low, edges[-1], low)
    if look == "grid":
        for x in edges:
            sheet.rule(x, low - height, x, low)
