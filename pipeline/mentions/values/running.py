"""Values in running text: the number that follows the name of a test."""

import re
from typing import NamedTuple

from chartline.mentions.spans import Moment
from chartline.mentions.values.amounts import Amount, amount_at, is_ranged
from chartline.mentions.values.fitting import fit, fits_unit
from chartline.mentions.values.making import made, score
from chartline.mentions.values.measures import measures
from chartline.mentions.values.page import Measured, Name, Page
from chartline.mentions.values.scores import class_at, denominator_at
from chartline.mentions.values.tails import Tail, reference_at, tail_at
from chartline.mentions.values.units import unit_at
from chartline.mentions.values.words import NUMERAL
from chartline.mentions.values.writing import NUMBER, number_of

_REACH = 90  # characters from a name to its value
_LONGEST_GAP = 60  # characters between a name and a value with a fitting unit
_MOST_WORDS = 7  # in that gap
_BREAKS = re.compile(r"[;!?\n\t|,•]|\.(?=\s+[A-ZÀ-Þ])")
_LINKED = re.compile(r"[:=]\s*$")
_DECIMALS = re.compile(r"\d[.,]\d{1,2}(?!\d)")
_NARROW = 2.5  # a plausible range whose ends differ less is support where decimals are written
_TIMES = frozenset({"h", "min", "s", "d", "wk", "mo", "a"})
_FIRST_YEAR, _LAST_YEAR = 1950, 2040  # four digits between these may be a year
_OPENS, _CLOSES = re.compile(r"\s?[(\[]\s?"), re.compile(r"\s?[)\]]")
_IN = re.compile(r",?\s(?:in|en|em)\s")
_DATE_BRACKET = re.compile(r"\s?\(")
_JOINS_NUMBER = re.compile(r"[/:x%°'\"^]?\d|\s?/\s?\d|-\d|[^\W\d_]")
_DAY_NUMBER = re.compile(r"\b[jhdtps]\+?\d{1,3}\b")  # `J3`, `H24`: a day or hour of the stay
_MOST_SERIES = 6
_NUMERAL = re.compile(NUMERAL)
_RULE = re.compile(r"\s*(?:[:→]|[-=]>)")  # `Hb < 7 : transfuse` says what to do, not what is
_BESIDE = re.compile(r"\s?[,;/(]?\s?")
_ASIDE = re.compile(r"[^()\n]{0,20}\)")


class _Head(NamedTuple):
    """What stands between a name and where its value may begin.

    Attributes:
        place: where the value may begin.
        units: a unit stated beside the name: `Hb (g/dL)`.
        tail: a reference range stated there.
    """

    place: int
    units: tuple[str, ...]
    tail: Tail


def after(page: Page, name: Name, limit: int) -> list[Measured]:
    """The values that follow a name before a limit; several where one follows another in time."""
    head = _head(page, name)
    limit = min(limit, name.end + _REACH)
    scored = _score(page, name, head, limit)
    if scored is not None:
        return [scored]
    start, moment = head.place, None
    place = start
    while match := NUMBER.search(page.text, place, limit):
        covering = page.moment_at(match.start())
        if covering is not None:
            start, moment = covering.end, covering
        else:
            amount, gap_end = amount_at(page, name, start, match.start(), match.end())
            if not _is_time(name, amount):
                found = _accepted(page, name, head, (start, gap_end), amount, limit, moment)
                return found + _other_share(page, name, found, limit)
            start = amount.end
        place = start
    return []


def _head(page: Page, name: Name) -> _Head:
    """A unit or a reference range in brackets beside a name."""
    place = name.end
    while place < len(page.text) and page.text[place] in "+⁺":
        place += 1  # the sign of an ion
    units: tuple[str, ...] = ()
    tail = Tail()
    inner = _IN.match(page.folded, place) or _OPENS.match(page.text, place)
    if inner and (unit := unit_at(page.text, inner.end())):
        closed = _CLOSES.match(page.text, unit.end)
        bracketed = page.text[inner.end() - 1 : inner.end()] != " " or "(" in inner.group()
        if fits_unit(name.codes, unit.ucum) and (closed or not bracketed):
            units, place = unit.ucum, closed.end() if closed else unit.end
    if inner and not units and (found := reference_at(page, place)) and found.marked:
        tail, place = Tail(None, found), found.end
    return _Head(place, units, tail)


def _is_time(name: Name, amount: Amount) -> bool:
    """Whether a number is a time of the day or a duration: `à 3 mois : 0,2`."""
    if amount.unit is None or fits_unit(name.codes, amount.unit.ucum):
        return False
    return amount.unit.ucum[0] in _TIMES


def _accepted(
    page: Page,
    name: Name,
    head: _Head,
    gap: tuple[int, int],
    amount: Amount,
    limit: int,
    moment: Moment | None,
) -> list[Measured]:
    """The values from an amount on, where what precedes it links it to the name."""
    between = page.folded[gap[0] : gap[1]]
    series = _series(page, name, amount, limit)
    units = next((one.unit.ucum for one in reversed(series) if one.unit), head.units)
    if not _linked(page, name, between, series, units):
        return []
    found = []
    for number, one in enumerate(series):
        own = one.unit.ucum if one.unit else units
        fitting = fit(name.codes, one.readings, own, page.language)
        if fitting is None:
            return []
        last = number == len(series) - 1
        tail = tail_at(page, one.end, limit) if last else Tail()
        if tail.reference is None:
            tail = tail._replace(reference=one.reference or head.tail.reference)
        tail = tail._replace(flag=tail.flag or one.flag)
        sure = bool(own) or bool(_LINKED.search(between)) or _is_narrow(page, fitting.code, one)
        found.append(
            made(
                name,
                (name.begin, one.end),
                fitting,
                comparator=one.comparator,
                tail=tail,
                moment=moment or (_dated_behind(page, one.end) if last else None),
                earlier=not last,
                sure=sure,
            )
        )
    return found


def _other_share(page: Page, name: Name, found: list[Measured], limit: int) -> list[Measured]:
    """The count beside a share, or the share beside a count: `Lymphocytes 15 % 1,25 G/L`."""
    if len(found) != 1:
        return []
    begin = _BESIDE.match(page.text, found[0].span.end)
    number = begin and _NUMERAL.match(page.text, begin.end(), limit)
    if not number:
        return []
    amount, _ = amount_at(page, name, number.start(), *number.span())
    if amount.unit is None:
        return []
    other = fit(name.codes, amount.readings, amount.unit.ucum, page.language)
    if other is None or other.code == found[0].span.code:
        return []
    tail = tail_at(page, amount.end, limit)
    return [made(name, (name.begin, amount.end), other, tail=tail, sure=True)]


def _series(page: Page, name: Name, amount: Amount, limit: int) -> list[Amount]:
    """An amount and those that follow it in time: `145 → 98 µmol/L`."""
    found = [amount]
    while len(found) < _MOST_SERIES:
        then = page.words.then.match(page.folded, found[-1].end)
        number = then and _NUMERAL.match(page.text, then.end())
        if not number or number.end() > limit or page.moment_at(number.start()):
            break
        following, _ = amount_at(page, name, number.start(), number.start(), number.end())
        if following.unit and not fits_unit(name.codes, following.unit.ucum):
            break
        found.append(following)
    return found


def _linked(
    page: Page, name: Name, between: str, series: list[Amount], units: tuple[str, ...]
) -> bool:
    """Whether what stands between a name and an amount makes the amount its value."""
    stated = series[-1].unit is not None
    if stated and not fits_unit(name.codes, units):
        return False
    plain = page.words.between.sub(" ", page.words.earlier.sub(" ", between))
    if series[-1].comparator and _RULE.match(page.text, series[-1].end):
        return False
    if page.words.by.search(between) or page.words.targets & set(re.findall(r"\w+", plain)):
        return False
    if any(len(one.readings) > 1 for one in series) and not is_ranged(name):
        return False
    if page.words.links.fullmatch(plain):
        return stated or not _counts_else(page, series[-1], between, bool(units))
    if not stated or len(plain) > _LONGEST_GAP or len(plain.split()) > _MOST_WORDS:
        return False
    inside = _DAY_NUMBER.sub("", plain.removeprefix("."))
    return not _BREAKS.search(inside) and not re.search(r"\d", inside)


def _counts_else(page: Page, amount: Amount, between: str, units: bool) -> bool:
    """Whether a number without a unit is a date, counts something, or is part of another form."""
    if page.words.counted.match(page.folded, amount.end):
        return True
    if _JOINS_NUMBER.match(page.text, amount.end):
        return True
    (value, *_) = amount.readings[0] or (0.0,)
    year = value.is_integer() and _FIRST_YEAR <= value <= _LAST_YEAR
    return year and not units and not _LINKED.search(between)


def _is_narrow(page: Page, code: str, amount: Amount) -> bool:
    """Whether a number with decimals is support, since few numbers are plausible: `T 36.8`."""
    measure = measures()[code]
    decimals = _DECIMALS.search(page.text, amount.begin, amount.end)
    return decimals is not None and measure.low > 0 and measure.high <= _NARROW * measure.low


def _dated_behind(page: Page, place: int) -> Moment | None:
    """A date in brackets behind a value: `4,2 (12/03/2024)`."""
    opening = _DATE_BRACKET.match(page.text, place)
    if opening is None:
        return None
    moment = page.moment_at(opening.end()) or page.moment_at(opening.end() - 1)
    return moment if moment and _ASIDE.match(page.text, moment.end - 1) else None


def _score(page: Page, name: Name, head: _Head, limit: int) -> Measured | None:
    """A class or a score with what it is out of."""
    linking = page.words.links.match(page.folded, head.place, limit)
    place = linking.end() if linking else head.place
    found = class_at(page, name, place)
    if found and found.end <= limit:
        fitting = score(name.codes[0].code, found.values)
        tail = Tail(found.letter)
        return made(name, (name.begin, found.end), fitting, tail=tail, sure=True)
    number = _NUMERAL.match(page.text, place, limit)
    if number is None or (out_of := denominator_at(page, name, number.end())) is None:
        return None
    end, same = out_of
    readings = number_of(page.text, *number.span(), page.decimal).readings
    fitting_or_none = fit(name.codes, [readings], ["1"], page.language)
    if fitting_or_none is None or not same:
        return None
    return made(name, (name.begin, end), fitting_or_none, sure=True)
