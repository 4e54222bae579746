"""The cells of a row of a table of tests, and what each holds."""

import re
from datetime import UTC, datetime
from typing import NamedTuple

from chartline.mentions.spans import Moment
from chartline.mentions.values.amounts import Amount, amount_at
from chartline.mentions.values.fitting import fits_unit
from chartline.mentions.values.page import CELL_EDGE, Name, Page
from chartline.mentions.values.tails import Reference, Tail, reference_at, tail_at
from chartline.mentions.values.units import unit_at
from chartline.mentions.values.writing import NUMBER

_ABSENT = frozenset(
    {"-", "--", "---", "/", "//", "nd", "n.d.", "nf", "n.f.", "na", "n/a", "...", "x"}
)
_DAY = re.compile(
    r"(?P<day>\d{1,2})/(?P<month>\d{1,2})(?![\d/])|(?P<day2>\d{1,2})\.(?P<month2>\d{1,2})\.(?!\d)"
)
_HOUR = re.compile(r"(?:^|[\s,T(])(?P<hour>[01]?\d|2[0-3])\s?[:hH]\s?(?P<minute>[0-5]\d)?(?!\d)")
_DAY_FIRST_UNSURE = frozenset({"en"})
_SIGN = re.compile(r"(?P<flag>\*{1,2}|\+{1,2}|-{1,2}(?=\s)|[↑↓▲▼]|[HhLl](?=\s))\s*")
AMOUNT, RANGE, BOUND, UNIT, FLAG, DATE, ABSENT, TEXT = (
    "amount",
    "range",
    "bound",
    "unit",
    "flag",
    "date",
    "absent",
    "text",
)


class Cell(NamedTuple):
    """What a cell holds.

    Attributes:
        kind: amount, range, bound (`< 5`: a value or a range), unit, flag, date, absent, text.
        begin: its first character.
        end: the character after its last.
        amount: of an amount or a bound.
        tail: flag and reference range that stand in the cell of an amount.
        reference: of a range or a bound.
        units: of a unit.
        moment: of a date, or in brackets behind an amount.
    """

    kind: str
    begin: int
    end: int
    amount: Amount | None = None
    tail: Tail = Tail()
    reference: Reference | None = None
    units: tuple[str, ...] = ()
    moment: Moment | None = None


def cells_of(page: Page, begin: int, end: int) -> list[tuple[int, int]]:
    """Where the cells of a line stand: tabs, bars and wide gaps lie between them."""
    line = page.text[begin:end]
    if not any(mark in line for mark in ("\t", "|", "  ")):
        return [(begin, end)] if line.strip() else []
    edges = [begin]
    for match in CELL_EDGE.finditer(page.text, begin, end):
        edges += match.span()
    edges.append(end)
    found = []
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        inside = page.text[first:last]
        first += len(inside) - len(inside.lstrip())
        last -= len(inside) - len(inside.rstrip())
        if first < last:
            found.append((first, last))
    return found


def cell_of(page: Page, name: Name, begin: int, end: int) -> Cell:
    """What a cell of a row of a test holds.

    Args:
        page: the page.
        name: of the test.
        begin: the cell's first character.
        end: the character after its last.
    """
    written = page.folded[begin:end]
    if moment := date_of(page, begin, end):
        return Cell(DATE, begin, end, moment=moment)
    if written in _ABSENT:
        return Cell(ABSENT, begin, end)
    reference = reference_at(page, begin)
    if reference is not None and reference.end == end:
        if reference.marked or (reference.low and reference.high):
            return Cell(RANGE, begin, end, reference=reference)
        amount = _amount(page, name, begin, end)
        return amount._replace(kind=BOUND, reference=reference) if amount else _text(begin, end)
    if amount := _amount(page, name, begin, end):
        return amount
    opening = begin + (page.text[begin] in "([")
    unit = unit_at(page.text, opening)
    flag = page.words.flag.match(page.folded, begin)
    if flag and flag.end() == end and not (unit and fits_unit(name.codes, unit.ucum)):
        return Cell(FLAG, begin, end)
    if unit and page.text[unit.end : end].strip(" )]") == "" and unit.end <= end:
        return Cell(UNIT, begin, end, units=unit.ucum)
    return _text(begin, end)


def _text(begin: int, end: int) -> Cell:
    return Cell(TEXT, begin, end)


def _amount(page: Page, name: Name, begin: int, end: int) -> Cell | None:
    """A cell with a number, its unit, flag and reference range, and nothing else."""
    sign = _SIGN.match(page.text, begin, end)
    start = sign.end() if sign else begin
    if sign and sign["flag"] == "-" and sign.end() == sign.end("flag"):
        start = begin  # a minus sign
    number = NUMBER.search(page.text, start, end)
    if number is None:
        return None
    amount, gap_end = amount_at(page, name, start, number.start(), number.end())
    if page.text[start:gap_end].strip(" =~") or len(amount.readings) > 1:
        return None
    if amount.end > end:
        return None
    tail = tail_at(page, amount.end, end)
    rest = amount.end
    if tail.reference:
        rest = max(rest, tail.reference.end)
    moment = None
    left = page.folded[rest:end]
    if tail.flag:
        left = left.replace(tail.flag.lower(), "", 1)
    if bracketed := page.moments_in(rest, end):
        moment = bracketed[0]
        left = left.replace(page.folded[moment.begin : moment.end], "")
    if left.strip(" ()[]*"):
        return None
    if sign and tail.flag is None and start != begin:
        tail = tail._replace(flag=sign["flag"])
    return Cell(AMOUNT, begin, end, amount, tail, moment=moment)


def date_of(page: Page, begin: int, end: int) -> Moment | None:
    """The date that a cell holds, with its hour; None where the cell holds anything else."""
    inside = page.moments_in(begin, end) if page.moments else []
    if inside:
        moment = inside[0]
        rest = page.folded[begin : moment.begin] + page.folded[moment.end : end]
        hour = _HOUR.search(page.folded, moment.end, end)
        if hour:
            rest = rest.replace(hour.group().strip(), "", 1)
        if len(inside) == 1 and len(rest) <= _ASIDE and not re.search(r"\d", rest):
            return _at_hour(moment, hour)
    return None


def day_of(page: Page, begin: int, end: int) -> Moment | None:
    """The date that a head holds, which may lack its year: the last such day before the document's.

    Only heads are read so: elsewhere `12/03` and `8.9.` are values.
    """
    match = _DAY.match(page.text, begin, end)
    if match is None or page.written_at is None:
        return date_of(page, begin, end)
    hour = _HOUR.search(page.folded, match.end(), end)
    if page.text[match.end() : hour.start() if hour else end].strip(" ,"):
        return None
    return _of_this_year(page, match, hour)


_ASIDE = 12  # characters beside a date in its cell: a weekday, `Uhr`, `le`


def _at_hour(moment: Moment, hour: re.Match[str] | None) -> Moment:
    if hour is None or moment.precision != "day":
        return moment
    time = moment.time.replace(hour=int(hour["hour"]), minute=int(hour["minute"] or 0))
    return moment._replace(time=time)


def _of_this_year(page: Page, match: re.Match[str], hour: re.Match[str] | None) -> Moment | None:
    day = int(match["day"] or match["day2"])
    month = int(match["month"] or match["month2"])
    written = page.written_at
    if written is None or (
        page.language in _DAY_FIRST_UNSURE and day <= 12 and month <= 12 and day != month
    ):
        return None
    if day <= 12 < month:
        day, month = month, day
    for year in (written.year, written.year - 1):
        try:
            time = datetime(year, month, day, tzinfo=UTC)
        except ValueError:
            continue
        if time.date() <= written.date():
            return _at_hour(Moment(match.start(), match.end(), time, "day", False), hour)
    return None
