"""The date of values that a heading before them states: `Biologie du 12/03/2024 : Hb 8,9 g/dL`."""

import re

from chartline.mentions.spans import Moment
from chartline.mentions.values.cells import date_of
from chartline.mentions.values.page import CELL_EDGE, Measured, Page

_REACH = 500  # characters from a date to the last value that it dates
_OPENS = re.compile(r"\s?\)?\s?:")


def dated(page: Page, values: list[Measured]) -> list[Measured]:
    """The values, those without a date of their own with that of the heading before them."""
    if not page.moments:
        return values
    headings = _headings(page, {page.line_of(one.name.begin)[0] for one in values})
    found = []
    for one in values:
        begin, _ = page.line_of(one.name.begin)
        moment = one.moment or _before_colon(page, begin, one.span.begin) or headings.get(begin)
        found.append(one._replace(moment=moment))
    return found


def heading_date(page: Page, begin: int, end: int) -> Moment | None:
    """The date with which a line ends, or that is all of it: it belongs to the lines below."""
    moments = page.moments_in(begin, end)
    if len(moments) == 1 and not page.text[moments[0].end : end].strip(" :.)"):
        return moments[0]
    return date_of(page, begin, end)


def _before_colon(page: Page, begin: int, place: int) -> Moment | None:
    """The last date in a line before a place that a colon follows."""
    for moment in reversed(page.moments_in(max(begin, place - _REACH), place)):
        if _OPENS.match(page.text, moment.end):
            return moment
    return None


def _headings(page: Page, with_values: set[int]) -> dict[int, Moment]:
    """The date above each line with values, where only such lines stand between."""
    found: dict[int, Moment] = {}
    current: Moment | None = None
    for begin in page.lines:
        if begin in with_values:
            if current is not None:
                found[begin] = current
            continue
        _, end = page.line_of(begin)
        alone = CELL_EDGE.search(page.text, begin, end) is None  # not the head of a column
        current = heading_date(page, begin, end) if alone else None
    return found
