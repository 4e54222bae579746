"""A row of a table of tests: a name and the cells after it."""

from itertools import combinations
from typing import NamedTuple

from chartline.mentions.spans import Moment
from chartline.mentions.values import cells as kinds
from chartline.mentions.values import heads as roles
from chartline.mentions.values.amounts import Amount
from chartline.mentions.values.cells import Cell
from chartline.mentions.values.fitting import fit, fits_unit
from chartline.mentions.values.heads import Head
from chartline.mentions.values.making import made
from chartline.mentions.values.page import Measured, Name, Page
from chartline.mentions.values.tails import Reference, Tail

_MOST_HEADS = 12  # columns: more would make many ways of giving cells their heads
_NUMBERS = frozenset({kinds.AMOUNT, kinds.BOUND})
_ANY = frozenset(
    {kinds.AMOUNT, kinds.BOUND, kinds.RANGE, kinds.UNIT, kinds.FLAG, kinds.ABSENT, kinds.TEXT}
)
_HELD = {  # what a cell below a head of each role can hold
    roles.NAME: frozenset({kinds.TEXT}),
    roles.VALUE: _NUMBERS | {kinds.ABSENT, kinds.TEXT},
    roles.PREVIOUS: _NUMBERS | {kinds.ABSENT, kinds.TEXT},
    roles.UNIT: frozenset({kinds.UNIT, kinds.ABSENT}),
    roles.REFERENCE: frozenset({kinds.RANGE, kinds.BOUND, kinds.TEXT, kinds.ABSENT}),
    roles.FLAG: frozenset({kinds.FLAG, kinds.ABSENT, kinds.TEXT}),
    roles.LOW: _NUMBERS | {kinds.ABSENT},
    roles.HIGH: _NUMBERS | {kinds.ABSENT},
    roles.OTHER: _ANY,
}
_AGREE = 0.06  # relative difference up to which two results in two units are one


class Row(NamedTuple):
    """A row of a test.

    Attributes:
        name: of the test.
        cells: those after the name, from left to right.
        heads: of these cells; None where the columns have none.
        units: a unit stated beside the name.
        moment: the date of the row.
    """

    name: Name
    cells: list[Cell]
    heads: list[Head] | None
    units: tuple[str, ...]
    moment: Moment | None


class _Column(NamedTuple):
    cell: Cell
    moment: Moment | None


def values_of(page: Page, row: Row) -> list[Measured]:
    """The values in a row; none where its columns cannot be told apart."""
    columns = _columns(row)
    if not columns:
        return []
    units = _units(row)
    flag = _flag(page, row) if len(columns) == 1 else None
    tests = {_code(row, column) for column in columns}
    found = []
    for column in columns:
        amount = column.cell.amount
        if amount is None:
            continue
        last = column is columns[-1]
        reference = _reference(row, column.cell) if last or len(tests) == 1 else None
        tail = Tail(
            column.cell.tail.flag or amount.flag or flag,
            column.cell.tail.reference or amount.reference or reference,
        )
        one = _value(page, row, amount, units, tail, column.moment)
        if one is not None:
            found.append(one)
    return found


def _code(row: Row, column: _Column) -> str | None:
    """The test of a value with a unit of its own: a row may hold a share and a count."""
    amount = column.cell.amount
    if amount is None or amount.unit is None:
        return None
    found = fit(row.name.codes, amount.readings, amount.unit.ucum, "")
    return found.code if found else None


def _value(
    page: Page,
    row: Row,
    amount: Amount,
    units: tuple[str, ...],
    tail: Tail,
    moment: Moment | None,
) -> Measured | None:
    name = row.name
    if amount.unit and not fits_unit(name.codes, amount.unit.ucum):
        return None
    own = amount.unit.ucum if amount.unit else units
    if not own and row.cells and any(cell.kind == kinds.UNIT for cell in row.cells):
        return None  # the unit of the row is none of the test's
    found = fit(name.codes, amount.readings, own, page.language)
    if found is None:
        return None
    place = (name.begin, amount.end) if amount.begin >= name.end else (amount.begin, name.end)
    return made(
        name,
        place,
        found,
        comparator=amount.comparator,
        tail=tail,
        moment=moment or row.moment,
        sure=True,
    )


def _columns(row: Row) -> list[_Column]:
    """The cells of a row that hold values, each with its date."""
    dated = [head for head in row.heads or [] if head.role in (roles.VALUE, roles.PREVIOUS)]
    if row.heads is not None and (aligned := _aligned(row.heads, row.cells)):
        return _below_heads(aligned)
    if len(dated) > 1:
        return _in_order(row, dated)
    moment = dated[0].moment if dated else None
    return [_Column(cell, cell.moment or moment) for cell in _single(row)]


def _aligned(heads: list[Head], cells: list[Cell]) -> list[tuple[Head, Cell]] | None:
    """Each cell with its head; None where more than one way of giving them is possible.

    An empty cell leaves nothing in a text, so that a row may have fewer cells than heads.
    """
    if not cells or len(cells) > len(heads) or len(heads) > _MOST_HEADS:
        return None
    found = None
    for chosen in combinations(heads, len(cells)):
        if all(cell.kind in _HELD[head.role] for head, cell in zip(chosen, cells, strict=True)):
            if found is not None:
                return None
            found = list(zip(chosen, cells, strict=True))
    return found


def _below_heads(aligned: list[tuple[Head, Cell]]) -> list[_Column]:
    """The values below their heads; a former result without a date is none."""
    undated = [head for head, _ in aligned if head.role == roles.VALUE and head.moment is None]
    found = []
    for head, cell in aligned:
        if head.role in (roles.VALUE, roles.PREVIOUS) and cell.amount is not None:
            moment = cell.moment or head.moment
            if moment is not None or (head.role == roles.VALUE and len(undated) == 1):
                found.append(_Column(cell, moment))
    return found


def _in_order(row: Row, dated: list[Head]) -> list[_Column]:
    """Values below dates, where a row has as many of the one as of the other."""
    cells = [cell for cell in row.cells if cell.kind in (kinds.AMOUNT, kinds.ABSENT)]
    if len(cells) != len(dated):
        return []
    return [
        _Column(cell, cell.moment or head.moment)
        for cell, head in zip(cells, dated, strict=True)
        if cell.kind == kinds.AMOUNT and (head.moment or cell.moment)
    ]


def _single(row: Row) -> list[Cell]:
    """The one result of a row without heads; none where several numbers could be it."""
    amounts = [cell for cell in row.cells if cell.kind == kinds.AMOUNT]
    bounds = [cell for cell in row.cells if cell.kind == kinds.BOUND]
    if not amounts:
        return bounds[:1]
    first = amounts[0]
    if len(amounts) == 1 or _followed_by_unit(row, first):
        return [first, *(cell for cell in amounts[1:] if cell.moment)]
    if all(_own_units(row, cell) for cell in amounts):
        return amounts if _one_result(row, amounts) else []
    return []


def _followed_by_unit(row: Row, first: Cell) -> bool:
    """Whether a unit or a range stands between the first number of a row and the next."""
    number = row.cells.index(first)
    following = row.cells[number + 1].kind if number + 1 < len(row.cells) else None
    return following in (kinds.UNIT, kinds.RANGE) or first.tail.reference is not None


def _own_units(row: Row, cell: Cell) -> bool:
    return cell.amount is not None and cell.amount.unit is not None


def _one_result(row: Row, amounts: list[Cell]) -> bool:
    """Whether amounts are one result in several units, or results of several tests."""
    found = [
        fit(row.name.codes, cell.amount.readings, cell.amount.unit.ucum, "")
        for cell in amounts
        if cell.amount and cell.amount.unit
    ]
    by_code: dict[str, list[float]] = {}
    for one in found:
        if one is not None:
            by_code.setdefault(one.code, []).append(one.values[0])
    return all(max(values) - min(values) <= _AGREE * max(values) for values in by_code.values())


def _units(row: Row) -> tuple[str, ...]:
    for cell in row.cells:
        if cell.kind == kinds.UNIT and fits_unit(row.name.codes, cell.units):
            return cell.units
    return row.units


def _flag(page: Page, row: Row) -> str | None:
    for cell in row.cells:
        if cell.kind == kinds.FLAG or (cell.kind == kinds.ABSENT and _is_sign(page, row, cell)):
            return page.given.text[cell.begin : cell.end]
    return None


def _is_sign(page: Page, row: Row, cell: Cell) -> bool:
    """Whether a lone minus stands behind a value, where laboratories mark what is low."""
    behind = any(
        other.kind in (kinds.AMOUNT, kinds.BOUND) and other.end <= cell.begin for other in row.cells
    )
    return behind and page.text[cell.begin : cell.end] in ("-", "--")


def _reference(row: Row, value: Cell) -> Reference | None:
    """The reference range of a row: a cell of its own, or two cells with heads."""
    aligned = _aligned(row.heads, row.cells) if row.heads else None
    for head, cell in aligned or []:
        if head.role == roles.REFERENCE and cell.reference is not None:
            return cell.reference
    for cell in row.cells if aligned is None else []:
        behind = cell.kind == kinds.BOUND and cell.begin > value.begin
        if cell is not value and (cell.kind == kinds.RANGE or behind):
            return cell.reference
    ends: dict[str, tuple[float, ...]] = {}
    for head, cell in aligned or []:
        if head.role in (roles.LOW, roles.HIGH) and cell.amount:
            ends[head.role] = cell.amount.readings[0]
    if not ends:
        return None
    return Reference(value.end, ends.get(roles.LOW, ()), ends.get(roles.HIGH, ()), (), True)
