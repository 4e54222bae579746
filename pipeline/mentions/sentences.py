"""Where sentences end: context such as a negation reaches no further."""

import re
from bisect import bisect_left

from chartline.mentions.words import Passage

_ENDS = frozenset(".!?;")
# Words whose full stop ends no sentence, in any of the seven languages.
_ABBREVIATED = frozenset(
    "dr dra prof mr mrs ms st sr sra sig mme mlle ca bzw ggf evtl inkl vgl nr no tel av vs approx "
    "resp max min med pat bds bid tid od bd cp comp tbl tab ev etc ex env susp cf fig art abs str "
    "zn vd va pv chron rez neurol klin path dtsch sog usw tgl geb dcha izda dx aprox antec ant "
    "atcd hx mvt ung dhr mevr mw hr fr exmo sog dott".split()
)
# Words after which a sentence goes on, though a new line begins with a capital.
_OPEN = frozenset(
    "of for to the a an no without with and or in auf fur von der die das den dem ein eine einen "
    "kein keine keinen ohne mit und oder bei de d du des la le les un une pas aucun aucune sans "
    "avec et ou pour el los las sin con y o del di il una senza e per van voor het een geen zonder "
    "met en um uma sem com do da ,".split()
)
_LINE = re.compile(r"\n")
# Characters of a line that may have been broken by its page's width. German nouns have capitals, so
# that there the next word does not tell.
_LONG_LINE = 50


def sentences(given: Passage) -> list[tuple[int, int]]:
    """The first word of each sentence and the word after its last.

    A sentence ends at a full stop before a capital, a digit or a line's end, unless the stop
    belongs to an abbreviation; and at a line's end, unless the next line goes on in lower case or
    the line ends with a word that needs another, such as a preposition.

    >>> from chartline.mentions.words import passage
    >>> [*sentences(passage("Dr. Roe saw her. No fever.", "en"))]
    [(0, 6), (6, 9)]
    """
    words = given.words
    last = len(words) - 1
    marks = {number for number, word in enumerate(words) if word in _ENDS and number < last}
    lines = {bisect_left(given.begins, line.start()) - 1 for line in _LINE.finditer(given.text)}
    found = []
    begin = 0
    for number in sorted(marks | lines):
        if 0 <= number < last and _ends(given, number):
            found.append((begin, number + 1))
            begin = number + 1
    if begin < len(words):
        found.append((begin, len(words)))
    return found


def _ends(given: Passage, number: int) -> bool:
    """Whether a sentence ends with a word."""
    word = given.words[number]
    gap = given.text[given.ends[number] : given.begins[number + 1]]
    following = given.text[given.begins[number + 1]]
    if "\n" in gap:
        return gap.count("\n") > 1 or word in _ENDS or not _goes_on(given, number, following)
    if word == ";":
        return True
    if word not in _ENDS or following.islower():
        return False
    if not gap and not (word == "." and _is_glued(given, number)):
        return False
    return word != "." or not _is_abbreviated(given, number)


def _goes_on(given: Passage, number: int, following: str) -> bool:
    """Whether a sentence goes on in the next line."""
    if following.islower() or (given.words[number] in _OPEN and following.isalpha()):
        return True
    begin = given.text.rfind("\n", 0, given.begins[number]) + 1
    is_long = given.ends[number] - begin >= _LONG_LINE
    return given.language == "de" and is_long and following.isalpha() and given.words[number] != ":"


def _is_glued(given: Passage, stop: int) -> bool:
    """Whether a full stop stands between two words without a space: `fever.Cough`."""
    if stop == 0:
        return False
    begin = given.begins[stop + 1]
    before, after = given.words[stop - 1], given.text[begin : begin + 2]
    return len(before) > 2 and before.isalpha() and after[:1].isupper() and after[1:].islower()


def _is_abbreviated(given: Passage, stop: int) -> bool:
    """Whether the full stop belongs to the word before it: `Dr.`, `V. a.`, `z. B.`"""
    if stop == 0:
        return False
    before = given.words[stop - 1]
    if given.ends[stop - 1] != given.begins[stop] or not before.isalpha():
        return False
    if len(before) > 1:
        return before in _ABBREVIATED
    # `V.A. Pneumonie` is one, `hepatitis C. Asthma` and `vitamin D. Asthma` are not.
    is_capital = given.text[given.begins[stop - 1]].isupper()
    return not is_capital or stop == 1 or not given.words[stop - 2][0].isalnum()
