"""What a heading says of the list under it: `Family history:`, and a line for each disease."""

from bisect import bisect_left

from chartline.mentions.context.cues import BEFORE, CONDITION, Cue
from chartline.mentions.words import Passage

_CARRIED = ("negated", "hypothetical", "family", "past", "stopped", "started", "allergy")
_LONGEST_LABEL = 6  # words before the colon of a line's own label


def carried(
    given: Passage, bounds: list[tuple[int, int]], cues: list[Cue], taken: list[tuple[int, int]]
) -> dict[int, tuple[str, ...]]:
    """What the heading above each sentence says of its terms, by the sentence's first word.

    A heading is a line that ends with a colon. It holds for the lines under it, to an empty line
    or to the next heading.

    Args:
        given: the passage.
        bounds: its sentences.
        cues: its cues.
        taken: the first and the last word of each of its terms.
    """
    if ":\n" not in given.text and ": \n" not in given.text:
        return {}
    begins = [cue.begin for cue in cues]
    terms = [first for first, _ in taken]
    found: dict[int, tuple[str, ...]] = {}
    current: tuple[str, ...] = ()
    for begin, end in bounds:
        if begin and given.text.count("\n", given.ends[begin - 1], given.begins[begin]) > 1:
            current = ()
        here = cues[bisect_left(begins, begin) : bisect_left(begins, end)]
        if given.words[end - 1] == ":":
            current = tuple(
                cue.meaning
                for cue in here
                if cue.side in (BEFORE, CONDITION) and cue.meaning in _CARRIED
            )
        elif _has_label(given, begin, end, here, terms):
            current = ()
        elif current:
            found[begin] = current
    return found


def _has_label(given: Passage, begin: int, end: int, cues: list[Cue], terms: list[int]) -> bool:
    """Whether a line has a label of its own that is neither a term nor a person."""
    colons = [n for n in range(begin, min(end, begin + _LONGEST_LABEL)) if given.words[n] == ":"]
    if not colons:
        return False
    is_person = any(cue.meaning == "family" and cue.begin < colons[0] for cue in cues)
    at = bisect_left(terms, begin)
    return not is_person and not (at < len(terms) and terms[at] < colons[0])
