"""Forms of label and answer, and questions: `HTA : 0`, `Chest pain: no`, `Asthma?`"""

from functools import cache

from chartline.core.lexicons import lexicon
from chartline.mentions.context import cues_of
from chartline.mentions.words import Passage

_LINKS = frozenset(":=-?")
_NO_SIGNS, _YES_SIGNS = frozenset({"0", "-", "∅", "ø"}), frozenset({"+", "++", "+++"})
_ENDS = frozenset(",;.|()")
_WIDE_GAP = 2  # spaces: as much as parts one answer from the next label
_LONGEST_LABEL = 5  # words between a term and the colon of its label: `chest pain on exertion:`
_LONGEST_ANSWER = 3  # words: `none so far`
_SHORTEST_UNLINKED = 2  # letters of an answer without a colon: `diabetes no, asthma yes`
_MARKS_IN_LABELS = frozenset("()'/-")


@cache
def answers_of(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """What forms write for no, and for yes."""
    answers = lexicon(cues_of.__name__, "answers")
    return frozenset(answers["no"][language]), frozenset(answers["yes"][language])


def answer_after(given: Passage, last: int) -> bool | None:
    """What a form answers to a label: True for yes, False for no, None where there is no answer.

    Args:
        given: the passage.
        last: the last word of the label's term.
    """
    at = last + 1
    if at >= len(given.words) or line_ends(given, last):
        return None
    gap = given.text[given.ends[last] : given.begins[at]]
    linked = len(gap) >= _WIDE_GAP or "\t" in gap
    if given.words[at] in _LINKS or given.words[at] == "|":
        if given.words[at] == "-" and _cell_ends(given, at):
            return False  # `asthme -`
        linked, at = True, at + 1
    elif (colon := _colon_of_label(given, at)) is not None:
        linked, at = True, colon + 1
    if at >= len(given.words) or line_ends(given, at - 1):
        return None
    return _meaning(given, at, linked)


def _colon_of_label(given: Passage, at: int) -> int | None:
    """The colon of a label that goes on after its term."""
    for number in range(at, min(at + _LONGEST_LABEL + 1, len(given.words))):
        word = given.words[number]
        if word == ":":
            return number
        if line_ends(given, number) or not (word[0].isalnum() or word in _MARKS_IN_LABELS):
            return None
    return None


def _meaning(given: Passage, at: int, linked: bool) -> bool | None:
    """The meaning of the words after a label, where they are an answer and nothing follows."""
    no, yes = answers_of(given.language)
    word = given.words[at]
    if _cell_ends(given, at) and (linked or given.begins[at] > given.ends[at - 1]):
        if word in _NO_SIGNS:
            return False
        if word in _YES_SIGNS:
            return True
    for end in range(min(at + _LONGEST_ANSWER, len(given.words)) - 1, at - 1, -1):
        phrase = " ".join(given.words[at : end + 1])
        if (phrase in no or phrase in yes) and _cell_ends(given, end):
            return phrase in yes if linked or len(phrase) >= _SHORTEST_UNLINKED else None
    return None


def _cell_ends(given: Passage, at: int) -> bool:
    """Whether an answer ends with a word: at a mark, a wide gap, a cell's or a line's end."""
    if at + 1 >= len(given.words):
        return True
    gap = given.text[given.ends[at] : given.begins[at + 1]]
    return len(gap) >= _WIDE_GAP or "\n" in gap or "\t" in gap or given.words[at + 1] in _ENDS


def line_ends(given: Passage, at: int) -> bool:
    """Whether a line ends with a word."""
    return at + 1 >= len(given.words) or "\n" in given.text[given.ends[at] : given.begins[at + 1]]


def asked(given: Passage, first: int, last: int, begin: int, end: int) -> bool:
    """Whether a question mark makes a term uncertain: `?PE`, `asthma (?)`, `Any chest pain?`

    Args:
        given: the passage.
        first: the first word of the term.
        last: its last word.
        begin: the first word of its sentence.
        end: the word after the sentence's last.
    """
    words = given.words
    if _marks_next(given, first - 1):
        return True
    closing = next((n for n in range(last + 1, min(end, last + 3)) if words[n] == "?"), None)
    if closing is not None and all(n == "(" for n in words[last + 1 : closing]):
        return True
    if words[end - 1] != "?" or not _touches_left(given, end - 1):
        return False
    openers = lexicon(cues_of.__name__, "answers")["questions"]
    if words[begin] in openers[given.language]:
        return True
    return not any(word in ",;:" for word in words[last + 1 : end - 1])


def _marks_next(given: Passage, mark: int) -> bool:
    """Whether a question mark belongs to the word after it."""
    if mark < 0 or given.words[mark] not in "?¿":
        return False
    if given.words[mark] == "¿" or given.begins[mark + 1] == given.ends[mark]:
        return True
    if mark == 0 or not given.words[mark - 1][0].isalnum() or line_ends(given, mark - 1):
        return not line_ends(given, mark)
    # French writes a space before a question mark.
    return given.language != "fr" and not _touches_left(given, mark) and not line_ends(given, mark)


def _touches_left(given: Passage, mark: int) -> bool:
    if given.language == "fr":
        return True
    return mark > 0 and given.ends[mark - 1] == given.begins[mark]
