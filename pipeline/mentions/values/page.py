"""A passage as the steps from names to values look at it."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from chartline.mentions.lookup import Found
from chartline.mentions.spans import Moment, Quantity, Span
from chartline.mentions.values.fitting import Code
from chartline.mentions.values.words import Around, around
from chartline.mentions.values.writing import decimal_mark, one_form
from chartline.mentions.words import Passage

MEASUREMENT = "measurement"
_JOINED = frozenset({"(", " (", "[", " [", "/", " / ", " ", "-", " - ", ": ", ", "})

_UNITS = frozenset({"mg", "g", "pg", "ng", "ml", "l", "mm", "cm", "min", "k", "u", "t", "m", "h"})
CELL_EDGE = re.compile(r"\t+| *\|[ \t]*| {2,}")  # tabs, bars and wide gaps lie between cells
REACH = 90  # characters from a name to the end of its value
_UNIT_BEHIND = re.compile(r"\s?/\s?(?:d?l|ml|[μu]l|m[mol]|kg|h|24|g|mm3)", re.IGNORECASE)


class Name(NamedTuple):
    """The name of a test in a text.

    Attributes:
        begin: its first character.
        end: the character after its last.
        codes: the tests that it may stand for.
        span: the first of them.
    """

    begin: int
    end: int
    codes: tuple[Code, ...]
    span: Span

    @property
    def weak(self) -> bool:
        """Whether the name has another common meaning: support is needed."""
        return all(code.weak for code in self.codes)

    def has(self, *codes: str) -> bool:
        """Whether it may stand for one of some codes."""
        for one in self.codes:  # noqa: SIM110  a generator costs more, and this runs often
            if one.code in codes:
                return True
        return False


class Measured(NamedTuple):
    """A value of a test.

    Attributes:
        span: from the name through the value and its unit, or the value alone below a head.
        quantity: the value.
        moment: the date that a table or the text between name and value states.
        earlier: whether a later value follows: `from 145 to 98`.
        sure: whether it counts although its name is weak.
        name: the name that it belongs to.
    """

    span: Span
    quantity: Quantity
    moment: Moment | None
    earlier: bool
    sure: bool
    name: Name


@dataclass
class Page:
    """A passage with the names of tests in it.

    Attributes:
        given: the passage.
        text: the passage in one form (see `writing.one_form`), case kept.
        folded: the same without case and accents.
        words: the patterns of the language.
        names: from left to right.
        others: where terms of other kinds begin.
        moments: dates in the text, from left to right.
        written_at: the date of the document.
        lines: where each line begins.
    """

    given: Passage
    text: str
    folded: str
    words: Around
    names: list[Name]
    others: list[int]
    moments: list[Moment]
    written_at: datetime | None
    lines: list[int] = field(default_factory=list)

    @cached_property
    def decimal(self) -> str:
        """The mark before decimals."""
        return decimal_mark(self.text, self.language)

    @cached_property
    def name_begins(self) -> list[int]:
        """Where each name begins."""
        return [name.begin for name in self.names]

    @property
    def language(self) -> str:
        """ISO 639-1 code."""
        return self.given.language

    def line_of(self, place: int) -> tuple[int, int]:
        """Where the line around a place begins and ends."""
        number = bisect_right(self.lines, place)
        end = self.lines[number] - 1 if number < len(self.lines) else len(self.text)
        return self.lines[number - 1], end

    def limit(self, name: Name) -> int:
        """Where what belongs to a name ends at the latest: its cell or line, or the next term."""
        end = min(self.line_of(name.begin)[1], name.end + REACH)
        if edge := CELL_EDGE.search(self.text, name.end, end):
            end = edge.start()
        number = bisect_right(self.name_begins, name.begin)
        if number < len(self.names):
            end = min(end, self.names[number].begin)
        number = bisect_right(self.others, name.end)
        return min(end, self.others[number]) if number < len(self.others) else end

    def names_in(self, begin: int, end: int) -> list[Name]:
        """The names that begin within a stretch of the text."""
        first = bisect_left(self.name_begins, begin)
        return self.names[first : bisect_left(self.name_begins, end, first)]

    def moment_at(self, place: int) -> Moment | None:
        """The date that covers a place."""
        number = bisect_right(self.moments, place, key=lambda moment: moment.begin) - 1
        if number >= 0 and place < self.moments[number].end:
            return self.moments[number]
        return None

    def moments_in(self, begin: int, end: int) -> list[Moment]:
        """The dates within a stretch of the text."""
        first = bisect_right(self.moments, begin - 1, key=lambda moment: moment.begin)
        found = []
        for moment in self.moments[first:]:
            if moment.end > end:
                break
            found.append(moment)
        return found


def page_of(
    given: Passage, found: list[Found], moments: list[Moment], written_at: datetime | None
) -> Page:
    """A passage with the names of tests among its terms."""
    text = one_form(given.text)
    begins = [0]
    while (place := text.find("\n", begins[-1])) >= 0:
        begins.append(place + 1)
    others = sorted({one.span.begin for one in found if one.span.kind != MEASUREMENT})
    return Page(
        given=given,
        text=text,
        folded=one_form(given.folded),
        words=around(given.language),
        names=_names(text, found),
        others=others,
        moments=moments,
        written_at=written_at,
        lines=begins,
    )


def _names(text: str, found: list[Found]) -> list[Name]:
    names: list[Name] = []
    for one in sorted(found, key=lambda one: (one.span.begin, one.weak)):
        span = one.span
        if span.kind != MEASUREMENT or _is_unit(text, span):
            continue
        code = Code(span.code, one.weak or _too_short(text, span))
        last = names[-1] if names else None
        if last and last.begin == span.begin:
            names[-1] = last._replace(codes=(*last.codes, code))
        else:
            names.append(Name(span.begin, span.end, (code,), span))
    return _merged(text, names)


def _is_unit(text: str, span: Span) -> bool:
    """Whether a name is a unit here, as `mg` in `5 mg/L` is no magnesium."""
    if (
        not _UNIT_BEHIND.match(text, span.end)
        and not text[max(0, span.begin - 2) : span.begin].strip().isdigit()
    ):
        return False
    return text[span.begin : span.end].lower() in _UNITS


def _too_short(text: str, span: Span) -> bool:
    """Whether the name is a letter or `na` without the sign of an ion."""
    written = text[span.begin : span.end].lower()
    return (len(written) == 1 or written == "na") and text[span.end : span.end + 1] not in "+⁺"


def _merged(text: str, names: list[Name]) -> list[Name]:
    """Names with two names of one test beside each other as one: `Natrium (Na)`."""
    merged: list[Name] = []
    for name in names:
        last = merged[-1] if merged else None
        if last and text[last.end : name.begin] in _JOINED:
            codes = {one.code for one in last.codes} & {one.code for one in name.codes}
            if codes:
                both = [one for one in (*last.codes, *name.codes) if one.code in codes]
                end = name.end + (text[name.end : name.end + 1] in ")]" and name.end < len(text))
                merged[-1] = Name(last.begin, end, _distinct(both), last.span)
                continue
        merged.append(name)
    return merged


def _distinct(codes: list[Code]) -> tuple[Code, ...]:
    weak: dict[str, bool] = {}
    for one in codes:
        weak[one.code] = weak.get(one.code, True) and one.weak
    return tuple(Code(code, is_weak) for code, is_weak in weak.items())
