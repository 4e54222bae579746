"""Units as they are written, to UCUM."""

import re
from functools import cache
from typing import NamedTuple

from chartline.mentions.values.measures import core_rows
from chartline.mentions.values.writing import one_form

# Powers of ten per volume: `x10^9/L`, `.10*9/l`, `10E3/µL`, `10⁹/L`, `109/L` (a raised 9).
_POWER = re.compile(
    r" ?[x*.]? ?10 ?(?:\^|\*\*?|e ?\+?|exp|\.e ?)? ?(?P<power>12|0?[369]|[⁰¹²³⁶⁹]{1,2}) ?/ ?"
    r"(?P<volume>l\b|litre|liter|litro|[μu]l\b|mcl\b|mm3|mm³|mmc\b|cumm\b)",
    re.IGNORECASE,
)
_RAISED = str.maketrans("⁰¹²³⁶⁹", "012369")
_OF_LITRE = 6  # powers of ten of a microlitre in a litre
_PER_LITRE = {3: "10*3/L", 6: "10*6/L", 9: "10*9/L", 12: "10*12/L"}
_NOT_SPELLED = frozenset({"1"})  # a number, not a word for "no unit"
_MOST_SPACES = 2  # between a number and its unit
# Letters that are also flags, hours and so on count as units only in this case.
_SHORTEST_FOLDED = 2
_FIRST_LETTERS = 2  # by which spellings are looked up
_LONGEST = 30  # characters of a spelling


class Unit(NamedTuple):
    """A unit found in a text.

    Attributes:
        begin: its first character.
        end: the character after its last.
        ucum: the UCUM codes that it may stand for, the likeliest first.
    """

    begin: int
    end: int
    ucum: tuple[str, ...]


@cache
def _spellings() -> tuple[dict[str, str], dict[str, tuple[str, ...]], dict[str, list[int]]]:
    """The code of each spelling; the codes of each in lower case; lengths by the first letters."""
    exact: dict[str, str] = {}
    folded: dict[str, tuple[str, ...]] = {}
    for row in core_rows("unit_spellings"):
        spelling = one_form(row["spelling"])
        if spelling in _NOT_SPELLED or spelling.rstrip(".") in exact:
            continue  # the full stop may end the sentence
        exact.setdefault(spelling, row["ucum"])
        lower = spelling.lower()
        if row["ucum"] not in folded.get(lower, ()):
            folded[lower] = (*folded.get(lower, ()), row["ucum"])
    lengths: dict[str, set[int]] = {}
    for spelling in folded:
        lengths.setdefault(spelling[:_FIRST_LETTERS], set()).add(len(spelling))
    return exact, folded, {first: sorted(them, reverse=True) for first, them in lengths.items()}


def unit_at(text: str, place: int) -> Unit | None:
    """The unit at a place, after at most two spaces; the longest spelling counts.

    The case decides where it can: `G/L` is 10*9/L, `g/L` is g/L. A text in capitals has both, and
    the test that they stand with decides.

    Args:
        text: from `writing.one_form`.
        place: where a number or an opening bracket ends.

    >>> unit_at("5 mmol/L", 1).ucum, unit_at("12 G/L", 2).ucum, unit_at("12 x10^3/uL", 2).ucum
    (('mmol/L',), ('10*9/L', 'g/L'), ('10*9/L',))
    """
    power = _POWER.match(text, place)
    if power and (unit := _of_power(power)):
        return unit
    begin = place
    while begin < len(text) and text[begin] == " " and begin - place < _MOST_SPACES:
        begin += 1
    exact, folded, lengths = _spellings()
    window = text[begin : begin + _LONGEST + 1]
    first = window[:_FIRST_LETTERS].lower()
    for length in (*lengths.get(first, ()), *lengths.get(first[:1], ())):
        written = window[:length]
        if len(written) < length:
            continue
        codes = _codes(written, exact, folded)
        if codes and _ends_there(window, length):
            return Unit(begin, begin + length, codes)
    return None


def _codes(
    written: str, exact: dict[str, str], folded: dict[str, tuple[str, ...]]
) -> tuple[str, ...]:
    first = exact.get(written)
    if first is not None and not written.isupper():
        return (first,)
    others = folded.get(written.lower(), ()) if len(written) >= _SHORTEST_FOLDED else ()
    if first is None:
        return others
    return (first, *(code for code in others if code != first))


def _ends_there(window: str, length: int) -> bool:
    """Whether a unit ends within a window: no letter, digit or `per something` follows."""
    if length >= len(window):
        return True
    last, following = window[length - 1], window[length]
    if following == "/" and window[length + 1 : length + 2].isalnum():
        return False
    return not (last.isalnum() and (following.isalnum() or following in "²³⁻^"))


def _of_power(match: re.Match[str]) -> Unit | None:
    power = int(match["power"].translate(_RAISED))
    if not match["volume"].lower().startswith("l"):
        power += _OF_LITRE
    code = _PER_LITRE.get(power)
    return Unit(match.start(), match.end(), (code,)) if code else None
