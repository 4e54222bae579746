"""Forms of label and answer: `HTA : 0`, `Chest pain: no`, boxes that are ticked or not."""

from chartline.core.lexicons import lexicon
from chartline.mentions.words import Passage

_LINKS = frozenset(":=-")
_TICKED = frozenset("☑☒✓✔✗✘■")
_UNTICKED = frozenset("☐□❏❑")
_NO_SIGNS, _YES_SIGNS = frozenset({"0", "-", "∅", "ø"}), frozenset({"+", "++", "+++"})
_ENDS = frozenset(",;.|")
_WIDE_GAP = 2  # spaces: as much as parts one answer from the next label


def answer_after(given: Passage, last: int) -> bool | None:
    """What a form answers to a label: True for yes, False for no, None where there is no answer.

    Args:
        given: the passage.
        last: the last word of the label.
    """
    at = last + 1
    linked = False
    while at < len(given.words) and given.words[at] in _LINKS and not linked:
        if given.words[at] == "-" and _cell_ends(given, at):
            return False  # `asthme -`
        linked = True
        at += 1
    if at >= len(given.words) or _line_ends(given, at - 1):
        return None
    return _meaning(given, at, linked)


def _meaning(given: Passage, at: int, linked: bool) -> bool | None:
    """The meaning of the word after a label, where it is an answer and nothing follows it."""
    word = given.words[at]
    answers = lexicon("chartline.mentions.context.cues_of", "answers")
    no, yes = answers["no"][given.language], answers["yes"][given.language]
    signs = linked or given.begins[at] - given.ends[at - 1] >= 1
    if not _cell_ends(given, at):
        return None
    if (linked and word in no) or (signs and word in _NO_SIGNS):
        return False
    if (linked and word in yes) or (signs and word in _YES_SIGNS):
        return True
    return None


def _cell_ends(given: Passage, at: int) -> bool:
    """Whether an answer ends with a word: at a mark, a wide gap, a cell's or a line's end."""
    if at + 1 >= len(given.words):
        return True
    gap = given.text[given.ends[at] : given.begins[at + 1]]
    return len(gap) >= _WIDE_GAP or "\n" in gap or "\t" in gap or given.words[at + 1] in _ENDS


def _line_ends(given: Passage, at: int) -> bool:
    return at + 1 >= len(given.words) or "\n" in given.text[given.ends[at] : given.begins[at + 1]]


def box_of(given: Passage, first: int, last: int) -> bool | None:
    """Whether the box of a label is ticked; None where it has no box.

    Boxes stand before their labels, unless the line begins with a label: then after.

    Args:
        given: the passage.
        first: the first word of the label.
        last: its last word.
    """
    begin = first
    while begin > 0 and not _line_ends(given, begin - 1):
        begin -= 1
    before = _state(given, first - 1) if first > begin else None
    if before is not None and _state(given, begin) is not None:
        return before
    after = _state(given, last + 1) if not _line_ends(given, last) else None
    return after if after is not None else before


def _state(given: Passage, at: int) -> bool | None:
    """Whether the word is a ticked or an unticked box; `[x]` and `[ ]` are boxes too."""
    if not 0 <= at < len(given.words):
        return None
    word = given.words[at]
    if word in _TICKED:
        return True
    if word in _UNTICKED:
        return False
    if word == "]" and at >= 1:
        if given.words[at - 1] == "[":
            return False
        return (
            True if at >= 2 and given.words[at - 1] == "x" and given.words[at - 2] == "[" else None
        )
    return None
