"""Terms in a text to their context."""

from bisect import bisect_right
from itertools import takewhile

from chartline.mentions.context.answers import answer_after, box_of
from chartline.mentions.context.cues import AFTER, BEFORE, ENDS, Cue, find_cues
from chartline.mentions.sentences import sentences
from chartline.mentions.spans import Context, Span
from chartline.mentions.words import Passage

# How many words a cue reaches at most, by its meaning and side.
_REACH = {
    ("negated", BEFORE): 25,
    ("negated", AFTER): 8,
    ("hypothetical", BEFORE): 12,
    ("hypothetical", AFTER): 6,
    ("family", BEFORE): 25,
    ("family", AFTER): 4,
    ("past", BEFORE): 12,
    ("past", AFTER): 5,
    ("no_fact", BEFORE): 0,
    ("no_fact", AFTER): 0,
}
_REACH_OF_STATUS = 6
_STATUSES = ("allergy", "stopped", "changed", "started")  # the first that is found counts
_FLAGS = ("negated", "hypothetical", "family", "past", "no_fact")
_FAMILY_SECTIONS = ("family_history",)
_PAST_SECTIONS = ("history", "surgical_history")
_ALLERGY_SECTIONS = ("allergies",)
_BREAKS_AFTER = frozenset(",;")  # a cue behind a term does not reach back over these


def contexts(given: Passage, spans: list[Span], section: str) -> list[Context]:
    """The context of each span.

    Args:
        given: the passage.
        spans: terms in it, from left to right.
        section: the kind of the section, which counts as context too.
    """
    cues = find_cues(given)
    bounds = sentences(given)
    begins = [begin for begin, _ in bounds]
    taken = _words_of_spans(given, spans)
    found = []
    for span, (first, last) in zip(spans, taken, strict=True):
        begin, end = bounds[bisect_right(begins, first) - 1]
        inside = [cue for cue in cues if begin <= cue.begin and cue.end <= max(end, last + 1)]
        found.append(_context(given, span, first, last, inside, section))
    return found


def _words_of_spans(given: Passage, spans: list[Span]) -> list[tuple[int, int]]:
    """The first and the last word of each span."""
    return [
        (bisect_right(given.begins, span.begin) - 1, bisect_right(given.begins, span.end - 1) - 1)
        for span in spans
    ]


def _context(
    given: Passage, span: Span, first: int, last: int, cues: list[Cue], section: str
) -> Context:
    reaching = {cue.meaning for cue in cues if _reaches(given, cue, cues, first, last)}
    context = Context()
    for flag in _FLAGS:
        setattr(context, flag, flag in reaching)
    _answer(given, context, first, last)
    if span.kind == "drug":
        context.status = next((status for status in _STATUSES if status in reaching), None)
        if section in _ALLERGY_SECTIONS and not context.negated:
            context.status = "allergy"
    context.family |= section in _FAMILY_SECTIONS
    context.past |= section in _PAST_SECTIONS and span.kind != "drug"
    context.past &= not context.family  # the patient's history alone
    if context.hypothetical:
        context.negated = False  # `does not rule out` is neither yes nor no
    return context


def _answer(given: Passage, context: Context, first: int, last: int) -> None:
    """What a form says: an answer after the term, or a box beside it."""
    answer = answer_after(given, last)
    if answer is not None:
        context.negated = not answer
    box = box_of(given, first, last)
    if box is False:
        context.no_fact = True  # an unticked box says nothing


def _reaches(given: Passage, cue: Cue, cues: list[Cue], first: int, last: int) -> bool:
    """Whether a cue reaches a term."""
    reach = _REACH.get((cue.meaning, cue.side), _REACH_OF_STATUS)
    if cue.side == BEFORE and cue.end <= first:
        between = range(cue.end, first)
    elif cue.side == AFTER and cue.begin > last:
        between = range(last + 1, cue.begin)
        if any(given.words[number] in _BREAKS_AFTER for number in between):
            return False
    else:
        return False
    if len(between) > reach:
        return False
    return not any(
        other.meaning == ENDS and other.begin in between
        for other in takewhile(lambda other: other.begin < between.stop, cues)
    )
