"""Boxes of forms, ticked or not."""

import re
from bisect import bisect_left

from chartline.mentions.context.answers import answers_of, line_ends
from chartline.mentions.words import Passage

_TICKED = frozenset("☑☒✓✔✗✘■")
_UNTICKED = frozenset("☐□❏❑")
_NEAR = 60  # characters from a label within which its box stands
_BRACKETS = {"[": "]", "(": ")"}
_ANY_BOX = re.compile("[" + "".join(_TICKED | _UNTICKED) + r"]|[\[(]\s*[xX✓✔✗✘]?\s*[\])]")
_CROSSES = frozenset({"x", "✓", "✔", "✗", "✘"})


def box_of(given: Passage, first: int, last: int) -> tuple[bool | None, bool | None]:
    """Whether the box of a label is ticked, and what its ticked box of yes and no says.

    Boxes stand before their labels, unless the line begins with a label: then after. Each is None
    where there is no such box.

    Args:
        given: the passage.
        first: the first word of the label.
        last: its last word.
    """
    line = given.text.rfind("\n", 0, given.begins[first]) + 1
    near = max(line, given.begins[first] - _NEAR), given.ends[last] + _NEAR
    if not _ANY_BOX.search(given.text, *near):
        return None, None
    answer = _ticked_answer(given, last)
    if answer is not None:
        return None, answer
    begin = bisect_left(given.begins, line)
    before = _state(given, first) if first > begin else None
    if before is not None and _opens(given, begin):
        return before, None
    after = None
    at = last + 1
    if not line_ends(given, last):
        while at < len(given.words) and given.words[at] in ":=" and not line_ends(given, at):
            at += 1
        after = _box_at(given, at)
    return (after[0] if after else before), None


def _opens(given: Passage, begin: int) -> bool:
    """Whether a line begins with a box."""
    return _box_at(given, begin) is not None


def _state(given: Passage, first: int) -> bool | None:
    """Whether the box that ends directly before a word is ticked."""
    for width in (1, 2, 3):
        box = _box_at(given, first - width) if first >= width else None
        if box is not None and box[1] == first:
            return box[0]
    return None


def _box_at(given: Passage, at: int) -> tuple[bool, int] | None:
    """Whether the box at a place is ticked, and the word after it; `[x]` and `[ ]` are boxes."""
    words = given.words
    if at >= len(words):
        return None
    if words[at] in _TICKED | _UNTICKED:
        return words[at] in _TICKED, at + 1
    closing = _BRACKETS.get(words[at])
    if closing is None:
        return None
    if words[at + 1 : at + 2] == [closing]:
        return False, at + 2
    if words[at + 2 : at + 3] == [closing] and words[at + 1] in _CROSSES:
        return True, at + 3
    return None


def _ticked_answer(given: Passage, last: int) -> bool | None:
    """The answer after a label whose box is ticked: `Asthma ☐ yes ☒ no`, `Asthma [x] yes`."""
    no, yes = answers_of(given.language)
    at = last + 1
    while at < len(given.words) and not line_ends(given, at - 1):
        box = _box_at(given, at)
        if box is None:
            if given.words[at] not in ":=" and given.words[at] not in no | yes:
                return None
            at += 1
            continue
        ticked, at = box
        word = given.words[at] if at < len(given.words) else ""
        if word not in no | yes:
            return None
        if ticked:
            return word in yes
    return None
