"""Names joined to one group, with as many values: `ASAT/ALAT : 35/42 UI/L`."""

import re

from chartline.mentions.values.fitting import fit
from chartline.mentions.values.making import made
from chartline.mentions.values.page import Measured, Name, Page
from chartline.mentions.values.pressure import PRESSURE
from chartline.mentions.values.units import unit_at
from chartline.mentions.values.words import NUMERAL
from chartline.mentions.values.writing import number_of

_JOIN = re.compile(r"\+?\s?(?:/|et|and|und|y|e|en|ed|&)\s?")
_MOST = 5
_NUMERAL = re.compile(NUMERAL)
_REACH = 40


def grouped(page: Page, names: list[Name], first: int) -> tuple[int, list[Measured]]:
    """The number of names joined from one on, and their values, one each or none at all.

    Where names are joined and the numbers are not as many, nobody knows which number is whose.
    """
    group = [names[first]]
    for name in names[first + 1 : first + _MOST]:
        if _JOIN.fullmatch(page.folded, group[-1].end, name.begin) is None:
            break
        group.append(name)
    if len(group) == 1 or any(name.has(PRESSURE) for name in group):
        return len(group), []
    return len(group), _values(page, group)


def _values(page: Page, group: list[Name]) -> list[Measured]:
    last = group[-1]
    limit = min(page.limit(last), last.end + _REACH)
    linking = page.words.links.match(page.folded, last.end, limit)
    place = linking.end() if linking else last.end
    numbers = []
    while number := _NUMERAL.match(page.text, place, limit):
        numbers.append(number)
        join = _JOIN.match(page.folded, number.end(), limit)
        if join is None:
            break
        place = join.end()
    if len(numbers) != len(group):
        return []
    unit = unit_at(page.text, numbers[-1].end())
    units = unit.ucum if unit else ()
    end = unit.end if unit else numbers[-1].end()
    found = []
    for name, number in zip(group, numbers, strict=True):
        readings = number_of(page.text, *number.span(), page.decimal).readings
        fitting = fit(name.codes, [readings], units, page.language)
        if fitting is None:
            return []
        found.append(made(name, (name.begin, end), fitting, sure=bool(units)))
    return found
