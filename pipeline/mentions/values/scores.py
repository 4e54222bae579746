"""Scores and classes: `NYHA III`, `Child-Pugh B7`, `Glasgow 15/15`, `Gleason 3+4`."""

import re
from typing import NamedTuple

from chartline.mentions.values.measures import measures
from chartline.mentions.values.page import Name, Page

_NO_UNIT = "1"
_CLASSES = frozenset(
    "nyha killip asa ccs_angina hoehn_yahr fisher_scale mallampati hunt_hess mmrc ecog".split()
)
_ROMAN: dict[str, str | int] = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6}
_ONE = r"(?:iv|vi|v|i{1,3})(?![ab]?[^\W_])|[0-6](?![\d.,]\d|\d)"
_CLASS = re.compile(rf"(?P<first>{_ONE})[ab]?(?:\s?(?:-|/|a|à|to|bis|tot)\s?(?P<second>{_ONE}))?")
_CHILD_PUGH = {"a": (5, 6), "b": (7, 9), "c": (10, 15)}  # points of each class
_CHILD = re.compile(r"(?P<letter>[abc])\s?-?\s?(?P<points>\d{1,2})?(?![\w])")
_POINTS = re.compile(r"\s?\(?(?P<points>\d{1,2})\s?(?:p|points?|punkte|puntos|punti|pontos|punten)")
_SUM = re.compile(r"(?P<first>[1-5])\s?\+\s?(?P<second>[1-5])(?:\s?=\s?\d{1,2})?(?!\d)")
_OF = re.compile(
    r"\s?(?:/|sur|out of|von|de|su|van|of)\s?(?P<most>\d{1,3})(?![\d.,]*\d)(?P<more>\s?/)?"
)


class Score(NamedTuple):
    """A score found in a text.

    Attributes:
        end: the character after it.
        values: one, or both ends of a range.
        letter: the class as written, where that is a letter.
    """

    end: int
    values: tuple[float, ...]
    letter: str | None = None


def class_at(page: Page, name: Name, place: int) -> Score | None:
    """The class or sum at a place that follows a name; None where no such form stands there."""
    if name.has("child_pugh") and (match := _CHILD.match(page.folded, place)):
        return _child_pugh(page, match)
    if name.has("gleason") and (match := _SUM.match(page.folded, place)):
        return Score(match.end(), (float(match["first"]) + float(match["second"]),))
    if not name.has(*_CLASSES):
        return None
    match = _CLASS.match(page.folded, place)
    if match is None or page.text[match.end() : match.end() + 1].isalnum():
        return None
    values = [_number(match["first"])]
    if match["second"]:
        most = measures()[name.codes[0].code].high
        if _number(match["second"]) != most or "/" not in match.group():
            values.append(_number(match["second"]))
    return Score(match.end(), tuple(values))


def _number(written: str) -> float:
    return float(_ROMAN.get(written, written))


def _child_pugh(page: Page, match: re.Match[str]) -> Score | None:
    """Points where they are stated; of a class alone the two ends of its points."""
    letter = match["letter"].upper()
    low, high = _CHILD_PUGH[match["letter"]]
    points, end = match["points"], match.end()
    if not points and (after := _POINTS.match(page.folded, end)):
        points, end = after["points"], after.end()
    if not points:
        return Score(end, (float(low), float(high)), letter)
    return Score(end, (float(points),), letter) if low <= int(points) <= high else None


def denominator_at(page: Page, name: Name, place: int) -> tuple[int, bool] | None:
    """What a score is out of: where it ends, and whether it is the test's; None without one."""
    measure = measures()[name.codes[0].code]
    if measure.unit != _NO_UNIT:
        return None
    match = _OF.match(page.folded, place)
    if match is None:
        return None
    return match.end("most"), float(match["most"]) == measure.high and not match["more"]
