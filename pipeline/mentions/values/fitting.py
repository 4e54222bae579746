"""Which test and unit a number fits."""

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from chartline.mentions.values.measures import (
    IMPERIAL,
    IMPERIAL_LANGUAGES,
    Measure,
    measures,
    rounded,
)

_SAME = 1e-3  # relative difference below which two values are one
_PERCENT = "_percent"  # codes of shares end so: `neutrophils_percent` beside `neutrophils`
# Nobody writes a blood pressure in kPa without saying so; 14/8 is in cm[Hg].
# Ranges that begin at 0 hold any small number. A unit is not concluded below this part of the high
# end: nobody has 0.0112*10*9/L leukocytes, so that 11.2 is no count per microlitre.
_SPAN = 10_000
_ONLY_STATED = frozenset({"kPa"})


class Code(NamedTuple):
    """A test that a name may stand for.

    Attributes:
        code: in the vocabulary CHARTLINE.
        weak: whether the name has another common meaning.
    """

    code: str
    weak: bool


class Fit(NamedTuple):
    """A number as a value of a test.

    Attributes:
        code: of the test.
        values: in `unit`; one a number.
        unit: the test's unit; None where it is not stated and cannot be concluded.
        written: the unit of the numbers as written, for the reference range beside them.
    """

    code: str
    values: tuple[float, ...]
    unit: str | None
    written: str | None


def fit(
    codes: tuple[Code, ...],
    numbers: Sequence[Sequence[float]],
    units: Sequence[str],
    language: str,
) -> Fit | None:
    """The test and unit that numbers fit; None where there is none, or more than one.

    Args:
        codes: the tests that the name may stand for.
        numbers: the readings of each number, the likeliest first.
        units: UCUM codes of the unit that is stated, the likeliest first; none where none is.
        language: of the text.
    """
    if units:
        return _fit_of_unit(codes, numbers, units)
    if len({one.code for one in codes}) != 1:
        return None
    return _concluded(measures()[codes[0].code], numbers, language)


def fits_unit(codes: tuple[Code, ...], units: Iterable[str]) -> bool:
    """Whether a unit is one of a test's."""
    return any(unit in measure.factors for measure, _ in _measures(codes) for unit in units)


@lru_cache(4096)
def _measures(codes: tuple[Code, ...]) -> list[tuple[Measure, bool]]:
    """The tests, and the shares that go with them, each with whether it is weak."""
    known = measures()
    shares = [Code(one.code + _PERCENT, True) for one in codes if one.code + _PERCENT in known]
    unique: dict[str, bool] = {}
    for one in [*codes, *shares]:
        if one.code in known:
            unique[one.code] = unique.get(one.code, True) and one.weak
    return [(known[code], weak) for code, weak in unique.items()]


def _fit_of_unit(
    codes: tuple[Code, ...], numbers: Sequence[Sequence[float]], units: Sequence[str]
) -> Fit | None:
    found: list[tuple[Fit, bool]] = []
    for measure, weak in _measures(codes):
        for unit in units:
            values = _values(measure, numbers, unit)
            if values is not None:
                found.append((Fit(measure.code, values, measure.unit, unit), weak))
                break
    strong = [one for one, weak in found if not weak]
    if len(strong) == 1:
        return strong[0]
    return found[0][0] if len(found) == 1 else None


def _values(
    measure: Measure, numbers: Sequence[Sequence[float]], unit: str, lowest: float = 0.0
) -> tuple[float, ...] | None:
    """The first plausible reading of each number in the test's unit; None where one has none.

    A value other than 0 is at least `lowest` away from it.
    """
    values = []
    for readings in numbers:
        converted = (measure.convert(reading, unit) for reading in readings)
        possible = (v for v in converted if v is not None and measure.plausible(v))
        value = next((v for v in possible if v == 0 or abs(v) >= lowest), None)
        if value is None:
            return None
        values.append(value)
    return tuple(values)


def _concluded(measure: Measure, numbers: Sequence[Sequence[float]], language: str) -> Fit | None:
    """Numbers without a unit: the only plausible one, or none."""
    units = _usual_units(measure.code, language)
    lowest = measure.high / _SPAN if measure.low == 0 else 0.0
    possible = [
        (values, unit) for unit in units if (values := _values(measure, numbers, unit, lowest))
    ]
    if not possible:
        return None
    values, unit = possible[0]
    if all(_same(values, others) for others, _ in possible):
        return Fit(measure.code, values, measure.unit, unit)
    written = tuple(_as_written(measure, readings, units) for readings in numbers)
    return Fit(measure.code, written, None, None)


@cache
def _usual_units(code: str, language: str) -> tuple[str, ...]:
    """The units that a number without one may be in: the test's own first, one a factor."""
    measure = measures()[code]
    units: dict[tuple[float, float], str] = {}
    for unit, factor in measure.factors.items():
        foreign = unit in IMPERIAL and language not in IMPERIAL_LANGUAGES
        if unit == measure.unit or not (foreign or unit in _ONLY_STATED):
            units.setdefault(factor, unit)
    return tuple(units.values())


def _as_written(measure: Measure, readings: Sequence[float], units: Sequence[str]) -> float:
    """The first reading that is plausible in any unit."""
    for reading in readings:
        if any(_values(measure, [[reading]], unit) for unit in units):
            return reading
    return readings[0]


def _same(some: Sequence[float], others: Sequence[float]) -> bool:
    return all(
        abs(one - other) <= _SAME * max(abs(one), abs(other), 1e-12)
        for one, other in zip(some, others, strict=True)
    )


def middle(values: Sequence[float]) -> float:
    """One value for one or for the two ends of a range: the middle, as is usual for `30-35 %`."""
    return rounded(sum(values) / len(values)) if len(values) > 1 else values[0]
