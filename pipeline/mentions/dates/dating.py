"""Which term a date belongs to."""

from bisect import bisect_right

from chartline.mentions.sentences import sentences
from chartline.mentions.spans import Moment, Span
from chartline.mentions.words import Passage

_REACH = 60  # characters between a term and its date
_BARRIERS = frozenset(";.")


def dates_of(given: Passage, spans: list[Span], moments: list[Moment]) -> list[Moment | None]:
    """The moment that dates each span; None for spans without one.

    A date belongs to the nearest term before it in its sentence, and to the terms that only commas
    and `and` join to that; where it opens its sentence or has no term before it, to those after it.
    """
    found: list[Moment | None] = [None] * len(spans)
    if not moments or not spans:
        return found
    bounds = [(given.begins[first], given.ends[last - 1]) for first, last in sentences(given)]
    starts = [begin for begin, _ in bounds]
    for moment in moments:
        begin, end = bounds[max(0, bisect_right(starts, moment.begin) - 1)]
        end = max(end, moment.end)
        inside = [n for n, span in enumerate(spans) if begin <= span.begin and span.end <= end]
        for number in _dated(given, spans, inside, moment, moments, begin):
            if found[number] is None:
                found[number] = moment
    return found


def _dated(
    given: Passage,
    spans: list[Span],
    inside: list[int],
    moment: Moment,
    moments: list[Moment],
    begin: int,
) -> list[int]:
    """The spans of a sentence that a moment dates."""
    opens = not given.text[begin : moment.begin].strip(" \t\n-•:")
    before = [n for n in inside if spans[n].end <= moment.begin]
    if before and not opens:
        nearest = before[-1]
        gap = given.text[spans[nearest].end : moment.begin]
        taken = any(spans[nearest].end <= other.begin < moment.begin for other in moments)
        if len(gap) <= _REACH and not taken and not _BARRIERS & set(gap):
            return [nearest]
    after = [n for n in inside if spans[n].begin >= moment.end]
    later = min((other.begin for other in moments if other.begin >= moment.end), default=None)
    if opens:
        return [n for n in after if later is None or spans[n].begin < later]
    if after and spans[after[0]].begin - moment.end <= _REACH:
        return after[:1] if later is None or spans[after[0]].begin < later else []
    return []
