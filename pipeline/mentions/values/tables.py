"""Tables of tests: a test a row, or a test a column."""

from dataclasses import dataclass, field

from chartline.mentions.spans import Moment
from chartline.mentions.values import cells as kinds
from chartline.mentions.values import running
from chartline.mentions.values.cells import Cell, cell_of, cells_of, date_of
from chartline.mentions.values.columns import Columns, columns_of, values_below
from chartline.mentions.values.dated import heading_date
from chartline.mentions.values.fitting import Fit, fits_unit
from chartline.mentions.values.heads import PREVIOUS, VALUE, Head, heads_of
from chartline.mentions.values.page import Measured, Name, Page
from chartline.mentions.values.pressure import PRESSURE, is_pair, pressures
from chartline.mentions.values.rows import Row, values_of
from chartline.mentions.values.tails import bounds
from chartline.mentions.values.units import unit_at

_LONGEST_HEADING = 90  # characters of a line between rows; a longer one ends the table
_QUALIFIER = 40  # characters behind a name in its cell: `, total`, `(plasma)`


@dataclass
class _State:
    """What the rows above say of the rows below."""

    heads: list[Head] | None = None
    columns: Columns | None = None
    moment: Moment | None = None
    values: list[Measured] = field(default_factory=list)


def in_tables(page: Page) -> list[Measured]:
    """The values in rows of tables."""
    state = _State()
    for begin, end in _lines(page):
        cells = cells_of(page, begin, end)
        if len(cells) > 1:
            _read_row(page, state, cells)
        elif not cells or end - begin > _LONGEST_HEADING:
            state = _State(values=state.values)
        elif moment := heading_date(page, *cells[0]):
            state = _State(moment=moment, values=state.values)
    return state.values


def _lines(page: Page) -> list[tuple[int, int]]:
    ends = [*(begin - 1 for begin in page.lines[1:]), len(page.text)]
    return list(zip(page.lines, ends, strict=True))


def _read_row(page: Page, state: _State, cells: list[tuple[int, int]]) -> None:
    names = page.names_in(cells[0][0], cells[-1][1])
    if not names:
        if heads := heads_of(page, cells):
            state.heads, state.columns = heads, None
            return
        if state.columns:
            state.values += values_below(page, state.columns, cells)
        return
    found = _values_of_row(page, state, cells)
    state.values += found
    if found:
        state.columns = None
    elif columns := columns_of(page, cells):
        state.columns = columns


def _values_of_row(page: Page, state: _State, cells: list[tuple[int, int]]) -> list[Measured]:
    """The values of all tests named in a row: each has the cells up to the next."""
    opening = [next(iter(page.names_in(*cell)), None) for cell in cells]
    starts = [number for number, name in enumerate(opening) if name is not None]
    found: list[Measured] = []
    for start, stop in zip(starts, [*starts[1:], len(cells)], strict=True):
        name = opening[start]
        if name is None:
            continue
        alone = len(starts) == 1
        heads = _heads_for(state.heads, len(cells), start, stop) if alone else None
        before = cells[:start] if alone else []
        found += _values_of_name(
            page, state, name, cells[start], before, cells[start + 1 : stop], heads
        )
    return found


def _heads_for(heads: list[Head] | None, count: int, start: int, stop: int) -> list[Head] | None:
    """The heads of the cells behind a name; a head row without a head of names is one shorter."""
    if heads is None:
        return None
    if len(heads) == count:
        return heads[start + 1 : stop]
    if len(heads) == count - 1 and start == 0 and heads[0].role in (VALUE, PREVIOUS):
        return heads
    return heads if heads[0].role in (VALUE, PREVIOUS) else heads[1:]


def _values_of_name(
    page: Page,
    state: _State,
    name: Name,
    own: tuple[int, int],
    before: list[tuple[int, int]],
    after: list[tuple[int, int]],
    heads: list[Head] | None,
) -> list[Measured]:
    moment = _row_date(page, before + after) or state.moment
    inside = page.names_in(*own)[1:]
    limit = inside[0].begin if inside else own[1]
    if name.has(PRESSURE):
        return _pressures(page, name, own, after, moment)
    if written := running.after(page, name, limit):
        behind = [cell_of(page, name, *cell) for cell in after]
        return [_with_cells(page, one, behind, moment) for one in written]
    if inside or own[1] - name.end > _QUALIFIER or name.begin - own[0] > _QUALIFIER:
        return []
    typed = [cell_of(page, name, *cell) for cell in after if date_of(page, *cell) is None]
    if not any(cell.kind in (kinds.AMOUNT, kinds.BOUND) for cell in typed) and heads is None:
        typed = [cell_of(page, name, *cell) for cell in before] + typed
    return values_of(page, Row(name, typed, heads, _unit_beside(page, name, own[1]), moment))


def _pressures(
    page: Page,
    name: Name,
    own: tuple[int, int],
    after: list[tuple[int, int]],
    moment: Moment | None,
) -> list[Measured]:
    """Blood pressure in the cell of its name or in the next; none where several cells hold one."""
    pressed = pressures(page, name, own[1])
    if not pressed and sum(is_pair(page, *cell) for cell in after) == 1:
        pressed = pressures(page, name, after[0][1])
    return [one._replace(moment=one.moment or moment) for one in pressed]


def _with_cells(page: Page, one: Measured, after: list[Cell], moment: Moment | None) -> Measured:
    """A value from the cell of its name, with the flag and range of the cells behind."""
    quantity = one.quantity
    found = Fit(one.span.code, (quantity.value,), quantity.unit, quantity.unit)
    for cell in after:
        if cell.kind == kinds.RANGE and quantity.low is None and quantity.high is None:
            low, high = bounds(found, cell.reference)
            quantity = quantity._replace(low=low, high=high)
        elif cell.kind == kinds.FLAG and quantity.flag is None:
            quantity = quantity._replace(flag=page.given.text[cell.begin : cell.end])
        elif cell.kind not in (kinds.RANGE, kinds.FLAG):
            break
    return one._replace(quantity=quantity, moment=one.moment or moment, sure=True)


def _row_date(page: Page, cells: list[tuple[int, int]]) -> Moment | None:
    """The date of a row: the only one in its cells."""
    dates = [date for cell in cells if (date := date_of(page, *cell))]
    return dates[0] if len(dates) == 1 else None


def _unit_beside(page: Page, name: Name, end: int) -> tuple[str, ...]:
    """A unit in the cell of the name: `Hémoglobine (g/dL)`."""
    place = name.end
    while place < end and page.text[place] in " ([,+:":
        place += 1
    unit = unit_at(page.text, place)
    if unit is None or unit.end > end or not fits_unit(name.codes, unit.ucum):
        return ()
    return unit.ucum
