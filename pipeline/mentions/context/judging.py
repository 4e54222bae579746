"""Terms in a text to their context."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from chartline.mentions.context.answers import answer_after, asked
from chartline.mentions.context.boxes import box_of
from chartline.mentions.context.cues import AFTER, BEFORE, CONDITION, Cue, find_cues, words_of
from chartline.mentions.context.headings import carried
from chartline.mentions.context.reach import STATUSES, Scene, distance
from chartline.mentions.sentences import sentences
from chartline.mentions.spans import Context, Span
from chartline.mentions.words import Passage

_FAMILY_SECTIONS = ("family_history",)
_PAST_SECTIONS = ("history", "surgical_history")
_ALLERGY_SECTIONS = ("allergies",)
_NEGATORS_OF_EXCLUSION = 5  # words before `excluded` in which `cannot be` stands
_NEGATORS_OF_DOUBT = 2  # words before `suspicion` in which `no clear` stands
_FAR = 1000  # words: the distance of what a heading says, more than any sentence's


class _Reading(NamedTuple):
    """What a cue says of a term.

    Attributes:
        distance: words between them; the nearest cue counts most.
        meaning: after other words have turned it into its contrary or not.
        side: where the cue stands.
    """

    distance: int
    meaning: str
    side: str


def contexts(given: Passage, spans: list[Span], section: str) -> list[Context]:
    """The context of each span.

    Args:
        given: the passage.
        spans: terms in it, from left to right.
        section: the kind of the section, which counts as context too.
    """
    taken = _words_of_spans(given, spans)
    cues = find_cues(given, taken) if spans else []
    bounds = sentences(given) if spans else []
    above = carried(given, bounds, cues, taken)
    found: list[Context] = []
    for scene, begin in _scenes(given, spans, taken, cues, bounds):
        heading = above.get(scene.begin, ())
        found += [
            _context(scene, number, span, section, heading)
            for number, span in enumerate(spans[begin : begin + len(scene.taken)])
        ]
    return found


def _words_of_spans(given: Passage, spans: list[Span]) -> list[tuple[int, int]]:
    """The first and the last word of each span."""
    return [
        (bisect_right(given.begins, span.begin) - 1, bisect_right(given.begins, span.end - 1) - 1)
        for span in spans
    ]


def _scenes(
    given: Passage,
    spans: list[Span],
    taken: list[tuple[int, int]],
    cues: list[Cue],
    bounds: list[tuple[int, int]],
) -> Iterator[tuple[Scene, int]]:
    """The sentences that have terms; of each also the number of its first term."""
    cue_begins = [cue.begin for cue in cues]
    lists = words_of(given.language)
    number = 0
    for begin, end in bounds:
        after = number
        while after < len(taken) and taken[after][0] < end:
            after += 1
        if after == number:
            continue
        here = taken[number:after]
        end = max(end, here[-1][1] + 1)
        yield (
            Scene(
                given,
                lists,
                begin,
                end,
                here,
                [span.kind for span in spans[number:after]],
                cues[bisect_left(cue_begins, begin) : bisect_left(cue_begins, end)],
                frozenset(n for first, last in here for n in range(first, last + 1)),
            ),
            number,
        )
        number = after


def _context(
    scene: Scene, number: int, span: Span, section: str, heading: tuple[str, ...]
) -> Context:
    readings = [*_readings(scene, number), *(_Reading(_FAR, what, BEFORE) for what in heading)]
    meanings = {reading.meaning for reading in readings}
    context = Context(family="family" in meanings, no_fact="no_fact" in meanings)
    context.negated, context.hypothetical = _certainty(readings)
    context.past = "past" in meanings or (section in _PAST_SECTIONS and span.kind != "drug")
    _form(scene, context, number)
    context.family |= section in _FAMILY_SECTIONS
    # The patient's history alone, and what was.
    context.past &= not context.family and not context.negated
    if span.kind == "drug" and not context.negated:
        context.status = "allergy" if section in _ALLERGY_SECTIONS else _status(readings)
    return context


def _readings(scene: Scene, number: int) -> Iterator[_Reading]:
    for cue in scene.cues:
        far = distance(scene, cue, number)
        if far is not None and (meaning := _meaning(scene, cue, number)) is not None:
            yield _Reading(far, meaning, cue.side)


def _meaning(scene: Scene, cue: Cue, number: int) -> str | None:
    """What a cue says of a term, with the words that turn it into its contrary."""
    if cue.meaning == "excluded":
        return "hypothetical" if _is_turned(scene, cue, number) else "negated"
    if cue.meaning == "affirmed":
        return "negated" if _is_turned(scene, cue, number) else "affirmed"
    doubtful = cue.meaning == "hypothetical" and cue.side != CONDITION
    if doubtful and scene.negated_before(cue.begin, _NEGATORS_OF_DOUBT):
        return "negated"
    if cue.meaning in ("stopped", "changed"):
        return None if scene.negated_before(cue.begin, _NEGATORS_OF_DOUBT) else cue.meaning
    if (cue.meaning, cue.side) == ("started", AFTER):
        never = scene.negated_before(cue.begin, _NEGATORS_OF_DOUBT)
        return "negated" if never else cue.meaning
    if cue.meaning == "negated" and cue.side != AFTER and _speaks_of_status(scene, cue):
        return None
    return cue.meaning


def _is_turned(scene: Scene, cue: Cue, number: int) -> bool:
    """Whether `not` belongs to a verb: `cannot be excluded`, `schließt … nicht aus`."""
    words, negators = scene.given.words, scene.lists.negators
    if scene.negated_before(cue.begin, _NEGATORS_OF_EXCLUSION):
        return True
    follows = scene.taken[number][1] + 1
    return cue.side == BEFORE and follows < scene.end and words[follows] in negators


def _speaks_of_status(scene: Scene, cue: Cue) -> bool:
    """Whether a negation is one of stopping or changing: `do not stop aspirin`."""
    return any(
        other.meaning in ("stopped", "changed") and 0 <= other.begin - cue.end <= 1
        for other in scene.cues
    )


def _certainty(readings: list[_Reading]) -> tuple[bool, bool]:
    """Whether a term is negated and whether it is hypothetical.

    Of the two the nearer cue decides, `possible pneumonia, no effusion`; of two as near, the
    negation, `no pneumonia suspected`. What is conditional stays so. What is confirmed is no longer
    suspected.
    """
    if any(reading.side == CONDITION for reading in readings):
        return False, True
    negated = _nearest(readings, "negated")
    affirmed = _nearest(readings, "affirmed")
    if affirmed is not None:
        readings = [one for one in readings if one.side == AFTER and one.distance > affirmed]
    if any(one.meaning == "negated" and one.side == AFTER for one in readings):
        # A verb at the sentence's end has the last word: `Hinweise auf … fanden sich nicht`.
        readings = [one for one in readings if one.side == AFTER]
    hypothetical = _nearest(readings, "hypothetical")
    if hypothetical is not None and (negated is None or hypothetical < negated):
        return False, True
    return negated is not None, False


def _nearest(readings: list[_Reading], meaning: str) -> int | None:
    return min((one.distance for one in readings if one.meaning == meaning), default=None)


def _status(readings: list[_Reading]) -> str | None:
    """The status of a drug: allergy, or what the nearest cue says."""
    statuses = [reading for reading in readings if reading.meaning in STATUSES]
    if not statuses:
        return None
    nearest = min(statuses, key=lambda one: (one.meaning != "allergy", one.distance))
    return nearest.meaning


def _form(scene: Scene, context: Context, number: int) -> None:
    """What a form says: an answer after the term, a box beside it, a question mark."""
    first, last = scene.taken[number]
    answer = answer_after(scene.given, last)
    box, ticked = box_of(scene.given, first, last)
    if ticked is not None:
        answer = ticked
    if answer is not None:
        context.negated, context.hypothetical = not answer, False
    elif asked(scene.given, first, last, scene.begin, scene.end):
        context.negated, context.hypothetical = False, True
    if box is False:
        context.no_fact = True  # an unticked box says nothing
