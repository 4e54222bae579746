"""Puts the front on a sheet (addressee, patient, date, title) and what follows the text (names)."""

from synthesis.pages.content import Content
from synthesis.pages.sheet import Sheet
from synthesis.pages.style import name_and_value

_SIGNATURE = {  # share of the text's width at which the names begin
    "left": 0.0,
    "right": 0.6,
    "center": 0.4,
    "right-low": 0.55,
    "far-left": 0.0,
    "indent": 0.15,
    "mid": 0.3,
}


def front(sheet: Sheet, content: Content) -> None:
    """Puts the groups of the front and the document's title, in the style's order."""
    if sheet.style.title_first:
        _title(sheet, content.doc_title)
    if content.return_line and content.front:
        _return_line(sheet, content.return_line)
    if sheet.style.front_at == "grid":
        _grid(sheet, [line for group in content.front for line in group])
    elif sheet.style.front_at == "cells":
        _cells(sheet, [line for group in content.front for line in group])
    else:
        groups(sheet, content.front, sheet.style.front_at)
    if not sheet.style.title_first:
        _title(sheet, content.doc_title)


def _return_line(sheet: Sheet, text: str) -> None:
    """Puts the sender in small print above the addressee."""
    size = sheet.style.size * sheet.rng.uniform(0.55, 0.8)
    x0, x1 = sheet.region
    text = sheet.fit(text, x1 - x0, sheet.regular, size)
    sheet.y += size * 1.3
    sheet.put(text, x0, sheet.y, "header", size, sheet.style.muted)
    if sheet.rng.random() < 0.5:
        sheet.rule(x0, sheet.y + 1.5, x0 + sheet.width(text, sheet.regular, size), sheet.y + 1.5)
    sheet.y += size * sheet.rng.uniform(0.2, 1.2)


def _grid(sheet: Sheet, lines: list[str]) -> None:
    """Puts all lines in a box of two or three columns, row by row."""
    style, size = sheet.style, sheet.style.size * sheet.rng.choice([0.85, 0.95, 1])
    x0, x1 = sheet.region
    columns = sheet.rng.choice([2, 2, 3])
    top = sheet.y
    for at in range(0, len(lines), columns):
        sheet.y += size * 1.35
        row = lines[at : at + columns]
        below = [
            _entry(
                sheet, line, x0 + 4 + number * (x1 - x0) / columns, (x1 - x0) / columns - 10, size
            )
            for number, line in enumerate(row)
        ]
        sheet.y += max(below)
    if lines and sheet.rng.random() < 0.6:
        sheet.frame(x0, top, x1, sheet.y + size * 0.5)
    sheet.y += size * style.leading


def _cells(sheet: Sheet, lines: list[str]) -> None:
    """Puts all lines in a table, names and values in cells of their own."""
    style, size = sheet.style, sheet.style.size * 0.95
    x0, x1 = sheet.region
    ruled = style.table_look in ("grid", "lines", "outer", "zebra")
    wide = (x1 - x0) / style.front_columns
    share, top = sheet.rng.uniform(0.3, 0.5), sheet.y
    font = sheet.bold if style.front_pairs.endswith("bold") or style.rule else sheet.regular
    for at in range(0, len(lines), style.front_columns):
        sheet.y += size * 1.5
        for number, line in enumerate(lines[at : at + style.front_columns]):
            x = x0 + number * wide + 3
            name, value = name_and_value(line, style)
            name = sheet.fit(name, wide * (share if value else 1) - 5, font, size)
            sheet.put(name, x, sheet.y, "front", size, style.ink, font)
            if value:
                text = sheet.fit(value, wide * (1 - share) - 6, sheet.regular, size)
                sheet.put(text, x + wide * share, sheet.y, "front", size, style.ink)
        if ruled:
            sheet.rule(x0, sheet.y + size * 0.4, x1, sheet.y + size * 0.4)
    if lines and ruled:
        sheet.frame(x0, top + size * 0.4, x1, sheet.y + size * 0.4)
    sheet.y += size * style.leading


def _entry(
    sheet: Sheet, line: str, x: float, room: float, size: float, label: str = "front"
) -> float:
    """Puts a line; its name and value may stand apart, or the name in small print above.

    Returns:
        How much lower it ends than one line.
    """
    ink, look = sheet.style.ink, sheet.style.front_pairs
    name, colon, value = line.partition(": ")
    if colon and look == "above":
        sheet.put(
            sheet.fit(name, room, sheet.regular, size * 0.8), x, sheet.y, label, size * 0.8, ink
        )
        sheet.put(
            sheet.fit(value, room, sheet.regular, size), x, sheet.y + size * 1.15, label, size, ink
        )
        return size * 1.35
    if colon and look.startswith("apart"):
        font = sheet.bold if look.endswith("bold") else sheet.regular
        name = name if look.endswith("bare") else f"{name}:"
        at = min(room * 0.5, size * sheet.style.front_width)
        sheet.put(sheet.fit(name, at, font, size), x, sheet.y, label, size, ink, font)
        sheet.put(
            sheet.fit(value, room - at, sheet.regular, size), x + at, sheet.y, label, size, ink
        )
    else:
        sheet.put(sheet.fit(line, room, sheet.regular, size), x, sheet.y, label, size, ink)
    return 0.0


def groups(sheet: Sheet, groups_: list[list[str]], where: str) -> None:
    """Puts groups of lines below each other or in two columns; `where` is a style's `front_at`."""
    style, size = sheet.style, sheet.style.size
    top = lowest = sheet.y
    for number, group in enumerate(groups_):
        x0, x1 = sheet.region
        second = where == "two-column" and number % 2 == 1
        right = second or where in ("right", "right-low")
        x = x0 + (x1 - x0) * sheet.rng.uniform(0.45, 0.6) if right else x0
        if second:
            sheet.y = top
        top = sheet.y
        if where == "inline":
            sheet.flow_text("   ".join(group), "front", size, style.ink)
        for line in group if where != "inline" else []:
            sheet.y += size * 1.3
            if where == "center":
                text = sheet.fit(line, x1 - x, sheet.regular, size)
                sheet.put(text, (x0 + x1) / 2, sheet.y, "front", size, style.ink, at="center")
            else:
                room = 0.45 * (x1 - x0) - size if where == "two-column" and not right else x1 - x
                sheet.y += _entry(sheet, line, x, room, size)
        if where == "boxed" and group:
            sheet.frame(x0 - 4, top + size * 0.2, x1, sheet.y + size * 0.45)
        lowest = max(lowest, sheet.y)
        sheet.y = lowest + size * sheet.rng.uniform(0.2, 1.5)


def _title(sheet: Sheet, title: str) -> None:
    if not title:
        return
    style, size, look = sheet.style, sheet.style.size, sheet.style.doc_title_look
    scale = max(1.5, style.doc_title_scale) if "big" in look else style.doc_title_scale
    at = {"right": "right"}.get(
        look, "center" if look in ("center", "center-big", "boxed", "filled") else "left"
    )
    font = sheet.rng.choice([sheet.bold, sheet.bold, sheet.regular])
    sheet.y += size
    top = sheet.y
    sheet.flow_text(title, "front", size * scale, style.accent, font=font, at=at)
    if look == "boxed":
        sheet.frame(sheet.region[0], top, sheet.region[1], sheet.y + size * 0.5)
    sheet.y += size


def closing(sheet: Sheet, text: str) -> None:
    """Puts the line that says that nothing follows."""
    if text:
        size = sheet.style.size
        sheet.y += size * sheet.rng.uniform(0.5, 2)
        at = sheet.rng.choice(["left", "center"])
        sheet.flow_text(text, "other", size, sheet.style.ink, at=at)


def signature(sheet: Sheet, lines: list[str]) -> None:
    """Puts the names at the end, below each other or side by side."""
    style, size = sheet.style, sheet.style.size
    if not lines:
        return
    sheet.room(size * 3)
    sheet.y += size * sheet.rng.uniform(0.3, 3)
    columns = sheet.rng.choice([2, 2, 3]) if style.signature_at == "two" else 1
    for number, line in enumerate(lines):
        if number % columns == 0:
            sheet.y += size * sheet.rng.choice([1.25, 1.25, 1.5, 1.5, 4]) if number else size * 1.25
            if sheet.y > sheet.floor + 30:
                sheet.break_page()
                sheet.y += size * 1.5
        x0, x1 = sheet.region
        share = number % columns / columns if columns > 1 else _SIGNATURE[style.signature_at]
        room = (x1 - x0) / columns - 1.5 * size if columns > 1 else (x1 - x0) * 0.45 + 40
        if ": " in line and style.front_pairs.startswith("apart"):
            _entry(sheet, line, x0 + (x1 - x0) * share, room, size, "signature")
            continue
        text = sheet.fit(line, room, sheet.regular, size)
        font = sheet.rng.choice([sheet.regular, sheet.regular, sheet.bold])
        sheet.put(text, x0 + (x1 - x0) * share, sheet.y, "signature", size, style.ink, font)
