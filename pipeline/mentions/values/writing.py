"""A text with one form for each sign, its case kept; the numbers in it."""

import re
from typing import NamedTuple

from chartline.mentions.words import PLAIN

_ONE_FORM = PLAIN | {
    "\u200a": " ",
    "×": "x",
    "·": ".",
    "⁄": "/",
    "∕": "/",
    "≦": "≤",
    "≧": "≥",
    "⩽": "≤",
    "⩾": "≥",
    "＜": "<",
    "＞": ">",
}
_OTHERS = re.compile(f"[{''.join(_ONE_FORM)}]")  # rare: faster than `translate`
# Digits in groups of three, or digits with points and commas; not within a word or number.
NUMBER = re.compile(r"(?<![\w.,])(?:\d{1,3}(?:[ ']\d{3})+(?:[.,]\d+)?(?![\d'])|\d+(?:[.,]\d+)*)")
_PLAIN_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_GROUPED = re.compile(r"\d{1,3}([.,])\d{3}")
_DECIMAL = re.compile(r"(?<![\d.,])\d+([.,])(?:\d{1,2}|\d{4,})(?![\d]|[.,]\d)")
_POINT_LANGUAGES = frozenset({"en"})


def one_form(text: str) -> str:
    """A text of the same length with plain spaces, hyphens and signs.

    >>> one_form("12\\u202f300 × 10⁹/L – 5 µg")
    '12 300 x 10⁹/L - 5 μg'
    """
    return _OTHERS.sub(lambda match: _ONE_FORM[match.group()], text)


def decimal_mark(text: str, language: str) -> str:
    """The mark before decimals in a text: the only one that it uses so, else the language's."""
    seen = set(_DECIMAL.findall(text))
    if len(seen) == 1:
        return seen.pop()
    return "." if language in _POINT_LANGUAGES else ","


class Number(NamedTuple):
    """A number as written.

    Attributes:
        begin: its first character.
        end: the character after its last.
        readings: what it may mean, the likeliest first: `1.234` is 1.234 or 1234.
    """

    begin: int
    end: int
    readings: tuple[float, ...]


def number_of(text: str, begin: int, end: int, decimal: str) -> Number:
    """The number that stands at a place of a text.

    >>> number_of("12 300", 0, 6, ",").readings, number_of("1.234", 0, 5, ",").readings
    ((12300.0,), (1234.0, 1.234))
    """
    return Number(begin, end, _readings(text[begin:end], decimal))


def ungrouped(text: str, number: Number, decimal: str) -> Number | None:
    """The number's part before its first space: `234 109/L` is no 234,109."""
    match = _PLAIN_NUMBER.match(text, number.begin)
    if match is None or match.end() == number.end:
        return None
    return number_of(text, number.begin, match.end(), decimal)


def _readings(written: str, decimal: str) -> tuple[float, ...]:
    digits = re.sub(r"[ ']", "", written)
    marks = [character for character in digits if character in ".,"]
    if not marks:
        return (float(digits),)
    if len(set(marks)) == 2:
        if marks.count(marks[-1]) > 1:
            return ()
        whole, _, part = digits.rpartition(marks[-1])
        return (float(re.sub(r"[.,]", "", whole) + "." + part),)
    mark = marks[0]
    if len(marks) > 1:
        groups = digits.split(mark)
        whole_groups = all(len(group) == 3 for group in groups[1:]) and len(groups[0]) <= 3
        return (float("".join(groups)),) if whole_groups else ()
    as_decimal = float(digits.replace(mark, "."))
    if len(digits) != len(written) or not _GROUPED.fullmatch(digits) or digits.startswith("0"):
        return (as_decimal,)
    as_group = float(digits.replace(mark, ""))
    return (as_decimal, as_group) if mark == decimal else (as_group, as_decimal)
