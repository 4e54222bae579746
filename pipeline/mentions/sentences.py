"""Where sentences end: context such as a negation reaches no further."""

from chartline.mentions.words import Passage

_ENDS = frozenset(".!?;")
_BULLETS = frozenset("•●▪◦‣·○■□➢*>-☐☑☒")
# Words whose full stop ends no sentence, in any of the seven languages.
_ABBREVIATED = frozenset(
    "dr dra prof mr mrs ms st sr sra sig mme mlle ca bzw ggf evtl inkl vgl nr no tel av vs approx "
    "resp max min med pat bds bid tid od bd cp comp tbl tab ev etc ex env susp cf fig art abs str "
    "zn vd va pv".split()
)


def sentences(given: Passage) -> list[tuple[int, int]]:
    """The first word of each sentence and the word after its last.

    A sentence ends at a full stop before a capital, a digit or a line's end, unless the stop
    belongs to an abbreviation; and at a line's end, unless the next line goes on in lower case.

    >>> from chartline.mentions.words import passage
    >>> [*sentences(passage("Dr. Roe saw her. No fever.", "en"))]
    [(0, 5), (5, 8)]
    """
    found = []
    begin = 0
    for number in range(len(given.words) - 1):
        if _ends(given, number):
            found.append((begin, number + 1))
            begin = number + 1
    if begin < len(given.words):
        found.append((begin, len(given.words)))
    return found


def _ends(given: Passage, number: int) -> bool:
    """Whether a sentence ends with a word."""
    word = given.words[number]
    gap = given.text[given.ends[number] : given.begins[number + 1]]
    following = given.text[given.begins[number + 1]]
    if "\n" in gap:
        return word in _ENDS or not following.islower() or gap.count("\n") > 1
    if word == ";":
        return True
    if word not in _ENDS or not gap or following.islower():
        return False
    return word != "." or not _is_abbreviated(given, number)


def _is_abbreviated(given: Passage, stop: int) -> bool:
    """Whether the full stop belongs to the word before it: `Dr.`, `V.`, `z. B.`"""
    if stop == 0:
        return False
    before = given.words[stop - 1]
    touches = given.ends[stop - 1] == given.begins[stop]
    return touches and before.isalpha() and (len(before) == 1 or before in _ABBREVIATED)
