"""The values of the measurements named in a passage."""

import re
from datetime import datetime

from chartline.mentions.lookup import Found
from chartline.mentions.spans import Moment
from chartline.mentions.values import before, running
from chartline.mentions.values.dated import dated
from chartline.mentions.values.groups import grouped
from chartline.mentions.values.page import Measured, Name, Page, page_of
from chartline.mentions.values.pressure import PRESSURE, pressures
from chartline.mentions.values.tables import in_tables
from chartline.mentions.words import Passage

_WORDS_BEFORE = 3  # words before a name that make its value a target or a change
_LISTED = re.compile(r"[\s,;/|.)-]*(?:et|and|und|y|e|en)?\s*")
_STOP = frozenset(".;:!?")


def measured(
    given: Passage,
    found: list[Found],
    moments: list[Moment],
    written_at: datetime | None,
) -> list[Measured]:
    """The values of the measurements in a passage, from left to right.

    A mention of a measurement stands from its name through its value and unit; below the head of a
    column, where the value alone stands. Names without a value are no facts.

    Args:
        given: the passage.
        found: its terms, from `lookup`: those of other kinds too, since values end at them.
        moments: the dates in it.
        written_at: the date of the document, in whose year a day without a year lies.
    """
    page = page_of(given, found, moments, written_at)
    values = in_tables(page)
    taken = {one.name.begin for one in values}
    values += _in_text(page, [name for name in page.names if name.begin not in taken])
    kept = _supported(page, sorted(values, key=lambda one: (one.span.begin, one.span.end)))
    return _once(dated(page, kept))


def _in_text(page: Page, names: list[Name]) -> list[Measured]:
    values: list[Measured] = []
    done = -1
    for number, name in enumerate(names):
        if number <= done or _is_aimed_at(page, name):
            continue
        group, group_values = grouped(page, names, number)
        if group > 1:
            values += group_values
            done = number + group - 1
            continue
        limit = page.limit(name)
        here = pressures(page, name, limit) if name.has(PRESSURE) else []
        here = here or ([] if name.has(PRESSURE) else running.after(page, name, limit))
        free_from = values[-1].span.end if values else 0
        values += here or before.before(page, name, free_from)
    return values


def _is_aimed_at(page: Page, name: Name) -> bool:
    """Whether the words before a name make its value a target or a change: `objectif d'Hb > 8`."""
    number = page.given.word_at.get(name.begin, 0)
    for word in reversed(page.given.words[max(0, number - 2 * _WORDS_BEFORE) : number]):
        if word in _STOP - {":"}:
            return False
        if word in page.words.targets or word in page.words.lost:
            return True
    return False


def _supported(page: Page, values: list[Measured]) -> list[Measured]:
    """The values that are sure, and those that stand in a list with another value."""
    kept = []
    for number, one in enumerate(values):
        neighbours = values[max(0, number - 1) : number] + values[number + 1 : number + 2]
        if one.sure or any(_listed(page, one, other) for other in neighbours):
            kept.append(one)
    return kept


def _listed(page: Page, one: Measured, other: Measured) -> bool:
    """Whether nothing but a comma stands between the values of two tests."""
    if one.span.code == other.span.code:
        return False
    first, second = sorted((one.span, other.span), key=lambda span: span.begin)
    return _LISTED.fullmatch(page.folded, first.end, max(first.end, second.begin)) is not None


def _once(values: list[Measured]) -> list[Measured]:
    """Each value once, by its place and code."""
    by_key = {(one.span.begin, one.span.end, one.span.code): one for one in values}
    return list(by_key.values())
