"""Blood pressure: two numbers, two values."""

import re

from chartline.mentions.values.fitting import Code, fit
from chartline.mentions.values.making import made
from chartline.mentions.values.page import Measured, Name, Page
from chartline.mentions.values.units import unit_at
from chartline.mentions.values.words import NUMERAL
from chartline.mentions.values.writing import number_of

PRESSURE = "blood_pressure"
_SYSTOLIC, _DIASTOLIC = "systolic_blood_pressure", "diastolic_blood_pressure"
_PAIR = re.compile(
    rf"(?P<systolic>{NUMERAL})(?P<unit>\s?mm\s?hg)?\s?(?:/|-|x|sur|over|zu|sobre|su|op|por|auf|a|e)\s?"
    rf"(?P<diastolic>{NUMERAL})(?![./-]?\d)"
)
_REACH = 90
_MOST_PULSE = 0.75  # of the systolic value: a pulse pressure above is no pair of pressures


def pressures(page: Page, name: Name, limit: int) -> list[Measured]:
    """Systolic and diastolic blood pressure; the pair itself is no value of its own.

    Of several pairs behind one name the first counts. A pair below 30 is in cm of mercury, as is
    usual in France and Brazil, without saying so.
    """
    limit = min(limit, name.end + _REACH)
    linking = page.words.links.match(page.folded, name.end, limit)
    place = linking.end() if linking else name.end
    comparator = page.words.comparator.search(page.folded, name.end, place)
    match = _PAIR.search(page.folded, place, limit)
    if match is None or not _links(page, page.folded[place : match.start()]):
        return []
    if page.moment_at(match.start()) or comparator:
        return []
    unit = unit_at(page.text, match.end())
    units = unit.ucum if unit else ("mm[Hg]",) if match["unit"] else ()
    readings = [
        number_of(page.text, *match.span(part), page.decimal).readings
        for part in ("systolic", "diastolic")
    ]
    found = fit((Code(PRESSURE, False),), readings, units, page.language)
    if found is None or not _plausible(*found.values) or found.unit is None:
        return []
    end = unit.end if unit else match.end()
    return [
        made(name, (name.begin, end), found._replace(code=code, values=(value,)), sure=True)
        for code, value in zip((_SYSTOLIC, _DIASTOLIC), found.values, strict=True)
    ]


def is_pair(page: Page, begin: int, end: int) -> bool:
    """Whether a cell begins with a pair of pressures."""
    return _PAIR.match(page.folded, begin, end) is not None


def _links(page: Page, between: str) -> bool:
    """Whether words may stand between the name and the pair: no digit, no break."""
    targets = page.words.targets & set(re.findall(r"\w+", between))
    return not targets and re.search(r"[\d;!?\n|<>≤≥]", between) is None


def _plausible(systolic: float, diastolic: float) -> bool:
    return diastolic < systolic and systolic - diastolic <= _MOST_PULSE * systolic
