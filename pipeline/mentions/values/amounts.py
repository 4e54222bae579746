"""A number or range of values with its comparator and unit, as a text writes it."""

import re
from typing import NamedTuple

from chartline.mentions.values.fitting import fits_unit
from chartline.mentions.values.page import Name, Page
from chartline.mentions.values.tails import Reference, reference_at
from chartline.mentions.values.units import Unit, unit_at
from chartline.mentions.values.words import NUMERAL
from chartline.mentions.values.writing import Number, number_of, ungrouped

# A value that lies below zero can have a minus sign; elsewhere it is a dash.
_BELOW_ZERO = frozenset(
    "base_excess anion_gap central_venous_pressure intracranial_pressure rass wells_dvt "
    "global_longitudinal_strain bone_density_t_score".split()
)
# What is often stated as a range. Of other tests a range beside the name is the reference range.
_RANGED = frozenset(
    "ejection_fraction heart_rate respiratory_rate oxygen_saturation body_temperature oxygen_flow "
    "systolic_blood_pressure diastolic_blood_pressure mean_arterial_pressure pain_score nyha ecog "
    "mean_aortic_gradient systolic_pulmonary_artery_pressure blasts_percent gestational_age "
    "six_minute_walk_distance fio2 egfr mmrc ccs_angina fetal_heart_rate peep".split()
)
_SECOND = re.compile(rf"\s?(?:-|bis|to|à|a|tot|al|até)\s?(?P<second>{NUMERAL})")
_AND = re.compile(rf"\s?(?:-|and|et|und|y|e|en)\s?(?P<second>{NUMERAL})")
_DEGREES = re.compile(r"\s?[°º]\s?(?P<tenths>\d)?(?![\d\w])")
_METRES = re.compile(r"(?P<metres>[12])\s?m\s?(?P<centimetres>\d\d)(?!\d)")
_LETTER = re.compile(r" ?(?P<flag>[HL])(?=[\s)\]]|$)")
_BRACKET = re.compile(r"\s{0,2}[(\[]\s?")
_CLOSES = re.compile(r"\s?[)\]]")


class Amount(NamedTuple):
    """A number with what belongs to it.

    Attributes:
        begin: of its comparator or number.
        end: after its number and unit.
        readings: of the number, or of both ends of a range of values.
        comparator: `<`, `>`, `<=`, `>=` or None.
        unit: None where none follows.
        reference: a reference range between the number and its unit.
        flag: a letter between the number and its unit or range.
    """

    begin: int
    end: int
    readings: tuple[tuple[float, ...], ...]
    comparator: str | None
    unit: Unit | None
    reference: Reference | None = None
    flag: str | None = None


def amount_at(page: Page, name: Name, start: int, begin: int, end: int) -> tuple[Amount, int]:
    """The amount whose number stands at a place, and where what precedes it ends.

    Args:
        page: the page.
        name: of the test.
        start: where the stretch before the number begins.
        begin: the first digit.
        end: the character after the last digit.
    """
    special = _special(page, name, begin)
    before = page.folded[start:begin]
    comparator, first = None, begin
    if match := page.words.comparator.search(before):
        comparator = page.words.comparators[_plain(match.group())]
        first = start + match.start()
    if special is not None:
        return special._replace(begin=first, comparator=comparator), first
    number = number_of(page.text, begin, end, page.decimal)
    number, unit, reference, flag = _with_unit(page, name, number)
    readings = [number.readings]
    last = number.end
    if unit is None and not comparator and (second := _second(page, number, before)):
        second, unit, reference, flag = _with_unit(page, name, second)
        readings, last = [*readings, second.readings], second.end
    if page.text[begin - 1 : begin] == "-" and _is_negative(page, name, begin):
        readings = [tuple(-reading for reading in one) for one in readings]
        first = min(first, begin - 1)
    stop = unit.end if unit else last
    return Amount(first, stop, tuple(readings), comparator, unit, reference, flag), first


def is_ranged(name: Name) -> bool:
    """Whether a test's value is often stated as a range."""
    return name.has(*_RANGED)


def _plain(comparator: str) -> str:
    return re.sub(r"\s+", " ", comparator).strip()


def _with_unit(
    page: Page, name: Name, number: Number
) -> tuple[Number, Unit | None, Reference | None, str | None]:
    """A number, the unit after it, and a reference range and a flag between them.

    A raised exponent that reads as part of the number belongs to the unit. `L` is a litre only
    where the test has that unit.
    """
    unit = unit_at(page.text, number.end)
    letter = _LETTER.match(page.text, number.end)
    if letter and not (unit and fits_unit(name.codes, unit.ucum)):
        after = number._replace(end=letter.end())
        _, unit, reference = _unit_after(page, after)
        return number, unit, reference, letter["flag"]
    if unit is not None:
        return number, unit, None, None
    return *_unit_after(page, number), None


def _unit_after(page: Page, number: Number) -> tuple[Number, Unit | None, Reference | None]:
    """A number and its unit, where that does not follow at once."""
    flagged = page.text[number.end - 1].isalpha()
    if flagged and (unit := unit_at(page.text, number.end)):
        return number, unit, None
    shorter = None if flagged else ungrouped(page.text, number, page.decimal)
    if shorter is not None and (unit := unit_at(page.text, shorter.end)):
        return shorter, unit, None
    bracket = _BRACKET.match(page.text, number.end)
    if bracket is None:
        return number, None, None
    reference = reference_at(page, number.end)
    if reference is not None and not reference.units:  # `4.2 (3.5-5.1) mmol/L`
        unit = unit_at(page.text, reference.end)
        return number, unit, reference if unit else None
    inside = unit_at(page.text, bracket.end())
    if inside and (closing := _CLOSES.match(page.text, inside.end)):
        return number, inside._replace(end=closing.end()), None
    return number, None, None


def _second(page: Page, number: Number, before: str) -> Number | None:
    """The upper end of a range of values."""
    if page.words.earlier.search(before):
        return None
    pattern = _AND if page.words.between.search(before) else _SECOND
    match = pattern.match(page.text, number.end)
    if match is None:
        return None
    return number_of(page.text, match.start("second"), match.end("second"), page.decimal)


def _is_negative(page: Page, name: Name, begin: int) -> bool:
    touches_word = page.text[begin - 2 : begin - 1].isalnum()
    return name.has(*_BELOW_ZERO) and not touches_word


def _special(page: Page, name: Name, begin: int) -> Amount | None:
    """Forms of one test: `37°5`, `38°`, `1m75`."""
    if name.has("body_height") and (match := _METRES.match(page.text, begin)):
        metres = int(match["metres"]) + int(match["centimetres"]) / 100
        unit = Unit(match.start(), match.end(), ("m",))
        return Amount(begin, match.end(), ((metres,),), None, unit)
    if not name.has("body_temperature"):
        return None
    number = re.compile(NUMERAL).match(page.text, begin)
    degrees = number and _DEGREES.match(page.text, number.end())
    if not number or not degrees:
        return None
    (value, *_) = number_of(page.text, begin, number.end(), ",").readings or (0.0,)
    if degrees["tenths"]:
        value += int(degrees["tenths"]) / 10
    unit = Unit(degrees.start(), degrees.end(), ("Cel", "[degF]"))
    return Amount(begin, degrees.end(), ((value,),), None, unit)
