"""What follows a value: its flag and its reference range."""

from typing import NamedTuple

from chartline.mentions.values.fitting import Fit
from chartline.mentions.values.measures import measures
from chartline.mentions.values.page import Page
from chartline.mentions.values.units import unit_at
from chartline.mentions.values.writing import number_of

_MOST = 3  # a flag, a range, a flag
_CLOSING = frozenset(")]")


class Reference(NamedTuple):
    """A reference range as written.

    Attributes:
        end: the character after it.
        low: the readings of its lower end; none where it has none.
        high: those of its upper end.
        units: its own unit; none where it states none.
        marked: whether a bracket or a word says that it is one.
    """

    end: int
    low: tuple[float, ...]
    high: tuple[float, ...]
    units: tuple[str, ...]
    marked: bool


class Tail(NamedTuple):
    """What stands beside a value.

    Attributes:
        flag: as written.
        reference: the reference range.
    """

    flag: str | None = None
    reference: Reference | None = None


def tail_at(page: Page, place: int, limit: int) -> Tail:
    """The flag and the reference range that follow a value, in any order."""
    flag, reference = None, None
    for _ in range(_MOST):
        if reference is None and (found := reference_at(page, place)) and found.marked:
            reference, place = found, found.end
        elif flag is None and (match := page.words.flag.match(page.folded, place)):
            if match.end() > limit:
                break
            flag, place = page.given.text[slice(*match.span("flag"))], match.end()
        else:
            break
    return Tail(flag, reference if reference and reference.end <= limit else None)


def reference_at(page: Page, place: int) -> Reference | None:
    """The reference range at a place."""
    match = page.words.reference.match(page.folded, place)
    if match is None:
        return None
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    if match["bound"]:
        readings = _signed(page, *match.span("limit"))
        low, high = (
            (readings, ()) if ">" in match["bound"] or "≥" in match["bound"] else ((), readings)
        )
    else:
        low, high = _signed(page, *match.span("low")), _signed(page, *match.span("high"))
    end = match.end()
    unit = unit_at(page.text, end)
    end = unit.end if unit else end
    if match["open"]:
        closing = page.text[end : end + 2].lstrip()[:1]
        if closing not in _CLOSING:
            return None
        end = page.text.index(closing, end) + 1
    marked = bool(match["open"] or match["norm"])
    return Reference(end, low, high, unit.ucum if unit else (), marked)


def _signed(page: Page, begin: int, end: int) -> tuple[float, ...]:
    sign = page.text[begin]
    if sign not in "+-":
        return number_of(page.text, begin, end, page.decimal).readings
    readings = number_of(page.text, begin + 1, end, page.decimal).readings
    return tuple(-reading for reading in readings) if sign == "-" else readings


def bounds(found: Fit, reference: Reference | None) -> tuple[float | None, float | None]:
    """The ends of a reference range in the unit of a value; None where they cannot be told."""
    if reference is None:
        return None, None
    low, high = (_end(found, readings, reference) for readings in (reference.low, reference.high))
    if low is not None and high is not None and low > high:
        return None, None
    return low, high


def _end(found: Fit, readings: tuple[float, ...], reference: Reference) -> float | None:
    measure = measures()[found.code]
    unit = next((u for u in reference.units if u in measure.factors), None)
    if reference.units and unit is None:
        return None
    unit = unit or found.written
    if unit is None or found.unit is None:
        return readings[0] if readings else None
    for reading in readings:
        value = measure.convert(reading, unit)
        if value is not None and (measure.plausible(value) or value == 0):
            return value
    return None
