"""Tables with a test a column: names in the head, a date and numbers in each row."""

from typing import NamedTuple

from chartline.mentions.values.cells import AMOUNT, BOUND, UNIT, cell_of, date_of
from chartline.mentions.values.fitting import fit, fits_unit
from chartline.mentions.values.making import made
from chartline.mentions.values.page import Measured, Name, Page
from chartline.mentions.values.units import unit_at

_FEWEST = 2  # tests in a head; one alone is a row without a value


class Columns(NamedTuple):
    """The heads of a table with a test a column.

    Attributes:
        names: of each column; None for one without a test.
        units: stated in the head or in the row below it.
    """

    names: list[Name | None]
    units: list[tuple[str, ...]]


def columns_of(page: Page, cells: list[tuple[int, int]]) -> Columns | None:
    """The columns below a row of names; None where the row is no such head."""
    found: list[Name | None] = []
    units: list[tuple[str, ...]] = []
    for begin, end in cells:
        here = page.names_in(begin, end)
        rest = page.text[here[0].end : end] if here else page.text[begin:end]
        if len(here) > 1 or (here and any(character.isdigit() for character in rest)):
            return None
        found.append(here[0] if here else None)
        units.append(_unit(page, here[0], end) if here else ())
    return Columns(found, units) if sum(map(bool, found)) >= _FEWEST else None


def _unit(page: Page, name: Name, end: int) -> tuple[str, ...]:
    place = name.end
    while place < end and page.text[place] in " ([,:":
        place += 1
    unit = unit_at(page.text, place)
    return unit.ucum if unit and fits_unit(name.codes, unit.ucum) else ()


def values_below(page: Page, columns: Columns, cells: list[tuple[int, int]]) -> list[Measured]:
    """The values of a row below names: as many cells as columns, and a date among them."""
    if len(cells) != len(columns.names):
        return []
    moments = [date for cell in cells if (date := date_of(page, *cell))]
    found, is_units = [], True
    for number, (name, cell) in enumerate(zip(columns.names, cells, strict=True)):
        if name is None:
            continue
        held = cell_of(page, name, *cell)
        if held.kind == UNIT:
            columns.units[number] = held.units
            continue
        is_units = False
        if held.kind not in (AMOUNT, BOUND) or held.amount is None or len(moments) != 1:
            continue
        own = held.amount.unit.ucum if held.amount.unit else columns.units[number]
        fitting = fit(name.codes, held.amount.readings, own, page.language)
        if fitting is not None:
            place = (held.amount.begin, held.amount.end)
            comparator = held.amount.comparator
            found.append(
                made(
                    name,
                    place,
                    fitting,
                    comparator=comparator,
                    tail=held.tail,
                    moment=moments[0],
                    sure=True,
                )
            )
    return [] if is_units else found
