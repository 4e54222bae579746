"""Puts the furniture on a sheet: what is repeated at the edges of its pages.

Running headers, footers, page numbers, the print of machines and stamps; the letterhead and the
margin column too.
"""

from dataclasses import replace

from synthesis.pages.content import Content
from synthesis.pages.sheet import Sheet
from synthesis.pages.style import Style

_MACHINE_EDGE = 8.0  # points between the page's edge and what machines print there
_GREY = (192, 192, 192)


def with_room(content: Content, style: Style) -> Style:
    """The style with the top and bottom made wide enough for the document's furniture."""
    size = style.furniture_size
    top = 26 + len(content.running) * size * 1.25
    if style.letterhead_again:
        top = max(top, 26 + 2 * 1.3 * 1.25 * size * style.letterhead_scale)
    rows = 1 if style.footer_look.startswith("joined") else len(content.footer)
    bottom = (rows * size * 1.1 + 12 + 1.4 * size) / 0.8 if rows else 0.0
    if rows and (style.page_number_at == "footer-above" or content.continued):
        bottom = max(bottom, 105.0)
    return replace(style, top=max(style.top, top), bottom=max(style.bottom, bottom))


def beside(content: Content, style: Style) -> bool:
    """Whether the front stands at the right of the letterhead."""
    plain = style.front_at not in ("grid", "cells", "inline", "center") and style.columns == 1
    return bool(
        style.front_beside
        and plain
        and content.front
        and content.letterhead
        and style.letterhead_at in ("left", "left-tall")
    )


def letterhead(sheet: Sheet, lines: list[str], page: int = -1, until: float | None = None) -> float:
    """Puts the sender at the head of a page and moves the sheet's place below it.

    Args:
        sheet: The sheet.
        lines: The sender.
        page: The page; the last where -1. On a given page the sheet's place does not move.
        until: Right edge, where lines are cut; that of the page where None.

    Returns:
        The y at which the letterhead begins.
    """
    style, width = sheet.style, sheet.style.page[0]
    size = style.furniture_size * style.letterhead_scale
    begin = y = sheet.rng.uniform(18, 45) if page == -1 else 14.0
    where = style.letterhead_at
    shift = style.page[0] * 0.2 if where == "left-tall" else 0
    start, end = style.left * 0.6 + shift, until or width - style.right
    lines = (
        lines
        if until is None
        else [sheet.fit(line, end - start, sheet.bold, size * 1.3) for line in lines]
    )
    for index, line in enumerate(lines):
        big = size * (1.3 if index == 0 and where != "two-column" else 1)
        font = sheet.bold if index == 0 else sheet.regular
        right = where == "right" or (where in ("split", "two-column", "split-right") and index % 2)
        y += big * 1.25 * (0 if where in ("split", "two-column") and index % 2 else 1)
        if where in ("center", "banner"):
            sheet.put(line, width / 2, y, "header", big, style.accent, font, "center", page=page)
        elif right:
            sheet.put(
                line, width - style.right, y, "header", big, style.accent, font, "right", page=page
            )
        else:
            sheet.put(line, start, y, "header", big, style.accent, font, page=page)
    if lines and style.rule:
        sheet.rule(style.left * 0.6, y + 5, end, y + 5, page)
    if lines and page == -1:
        sheet.y = max(sheet.y if sheet.rng.random() < 0.5 else 0, y + sheet.rng.uniform(6, 40))
    return begin


def margin(sheet: Sheet, lines: list[str]) -> None:
    """Puts the column of names and telephone numbers beside the text."""
    style, size = sheet.style, sheet.style.margin_size
    x = (
        max(12.0, style.left * 0.4)
        if style.margin_side == "left"
        else sheet.region[1] + style.margin_gap
    )
    y = sheet.y + sheet.rng.choice([0, 0, 10, 40, 120])
    at = sheet.rng.choice(["left", "left", "left", "center", "right"])
    place = x + {"left": 0.0, "center": style.margin_width / 2, "right": style.margin_width - 2}[at]
    step = sheet.rng.choice([size * 1.25, size * 1.15, style.size * style.leading])
    for number, line in enumerate(lines):
        bold = (number > 0 and not lines[number - 1]) or sheet.rng.random() < 0.1
        font = sheet.bold if bold else sheet.regular
        for piece in sheet.wrap(line, style.margin_width, font, size) or [""]:
            piece = sheet.fit(piece, style.margin_width + style.margin_gap - 5, font, size)
            y += step
            if y > sheet.floor:
                return
            if piece:
                sheet.put(piece, place, y, "note", size, style.muted, font, at)


def around(sheet: Sheet, content: Content) -> None:
    """Puts the furniture on all pages, once the text is on them."""
    style, total = sheet.style, len(sheet.pages)
    for page in range(total):
        if page or (style.running_first and not content.letterhead):
            if style.letterhead_again and content.letterhead:
                letterhead(sheet, content.letterhead[:2], page)
            elif content.running:
                _running(sheet, content.running, page)
        if content.footer and (page == 0 or not style.footer_first_only):
            _footer(sheet, content.footer, page)
        _transport(sheet, content, page, total)
        if content.page_number:
            _number(sheet, content, page, total)
        if content.continued and page < total - 1:
            text = content.continued.format(page=page + 2)
            x, y = sheet.region[1], sheet.floor + 14
            sheet.put(text, x, y, "footer", style.size, style.ink, at="right", page=page)
        _stamps(sheet, content, page)


def _places(sheet: Sheet) -> dict[str, float]:
    """The x at which furniture stands at the left, in the middle and at the right."""
    left, right = sheet.style.left * 0.7, sheet.style.page[0] - sheet.style.right * 0.7
    return {"left": left, "center": (left + right) / 2, "right": right}


def _running(sheet: Sheet, lines: list[str], page: int) -> None:
    """Puts the running header: a line a row, or up to three beside each other."""
    style, size = sheet.style, sheet.style.furniture_size * 0.95
    places, look, top = _places(sheet), style.running_look, 18.0
    a_row = 3 if look.startswith(("spread", "grid")) else 1
    rows = [lines[at : at + a_row] for at in range(0, len(lines), a_row)]
    for number, row in enumerate(rows, 1):
        y = top + number * size * 1.25
        ends = (style.running_at,) if len(row) == 1 else ("left", "right", "center")
        room = (places["right"] - places["left"]) / len(row) - 1.5 * size
        for line, at in zip(row, ends, strict=False):
            text = line if len(row) == 1 else sheet.fit(line, room, sheet.regular, size)
            sheet.put(text, places[at], y, "header", size, style.muted, at=at, page=page)
    bottom = top + len(rows) * size * 1.25 + 4
    if look.endswith("ruled"):
        sheet.rule(places["left"], bottom, places["right"], bottom, page)
    if look in ("boxed", "grid"):
        sheet.frame(places["left"] - 4, top, places["right"] + 4, bottom, page)


def _footer(sheet: Sheet, lines: list[str], page: int) -> None:
    """Puts the footer: its lines below each other, in columns, or joined into one."""
    style, size = sheet.style, sheet.style.furniture_size * 0.9
    places, look = _places(sheet), style.footer_look
    start = style.page[1] - style.bottom * 0.8 + 6
    if look.endswith("ruled"):
        sheet.rule(places["left"], start - size * 1.1, places["right"], start - size * 1.1, page)
    if look.startswith("joined"):
        text = sheet.fit(
            sheet.rng.choice([" - ", " | ", "  ·  ", ", "]).join(lines),
            places["right"] - places["left"],
            sheet.regular,
            size,
        )
        lines, look = [text], "stack"
    columns = {"spread": 3, "spread-ruled": 3, "columns": min(3, len(lines))}.get(look, 1)
    for number, line in enumerate(lines):
        at = ("left", "center", "right")[number % columns] if columns > 1 else style.footer_at
        y = start + number // columns * size * 1.2
        if y < style.page[1] - 8:
            room = (places["right"] - places["left"]) / columns - 1.5 * size
            text = sheet.fit(line, room, sheet.regular, size)
            sheet.put(text, places[at], y, "footer", size, style.muted, at=at, page=page)


def _number(sheet: Sheet, content: Content, page: int, total: int) -> None:
    """Puts the page number of page `page`, counted from 0, of `total`."""
    style, places = sheet.style, _places(sheet)
    first = content.first_page
    text = content.page_number.format(page=page + first, pages=total + first - 1)
    at = style.page_number_at
    side = (
        "right" if at.endswith(("right", "inner")) else "left" if at.endswith("left") else "center"
    )
    y = style.page[1] - (6 if content.footer else style.bottom * 0.5)
    if at.startswith("top") and not content.transport[0]:
        y = 14
    elif at == "footer-above":
        y = style.page[1] - style.bottom * 0.8 - 8
    if content.transport[1] and not at.startswith("top"):  # where the browser prints its own
        side, y = "right", style.page[1] - _MACHINE_EDGE
    size = style.furniture_size * 0.95
    sheet.put(text, places[side], y, "page_number", size, style.muted, at=side, page=page)


def _transport(sheet: Sheet, content: Content, page: int, total: int) -> None:
    """Puts the line of a fax machine, or what a browser prints along the edges."""
    top, bottom = content.transport
    width, height = sheet.style.page
    size, ink = sheet.rng.choice([7.0, 8.0, 9.0]), (0, 0, 0)
    for line, at, x in zip(top, ("left", "center"), (_MACHINE_EDGE * 3, width / 2), strict=False):
        sheet.put(line, x, _MACHINE_EDGE + size * 0.6, "header", size, ink, at=at, page=page)
    for line in bottom:
        sheet.put(line, _MACHINE_EDGE * 3, height - _MACHINE_EDGE, "footer", size, ink, page=page)
        if not content.page_number:
            number, x, y = f"{page + 1}/{total}", width - _MACHINE_EDGE * 3, height - _MACHINE_EDGE
            sheet.put(number, x, y, "page_number", size, ink, at="right", page=page)


def _stamps(sheet: Sheet, content: Content, page: int) -> None:
    """Puts words across the page, and those that run up its left edge."""
    style = sheet.style
    for number, line in enumerate(content.stamps):
        angles = [0, 0, 30, 45] if number else [0, 0, 0, 8]
        angle, size = sheet.rng.choice(angles), 26 if number else 14
        x, y = style.left + 30, 60 + number * 330 + page * 7
        sheet.put(line, x, y, "other", size, _GREY, sheet.bold, page=page, angle=angle)
    if content.edge:
        low = style.page[1] * 0.8
        sheet.put(content.edge, 14, low, "other", 6.5, style.muted, page=page, angle=90)
