"""Words in the form in which terms and texts are compared."""

from collections.abc import Callable
from dataclasses import dataclass

from chartline.mentions.inflection import reduced
from chartline.mentions.words import SHORTEST_CORRECTED, Passage, passage

Corrected = Callable[[str, str], tuple[str, float]]

_JOINS = frozenset("-'/")  # `non-insulin-dependent` is `non insulin dependent`
BREAK = "|"  # stands for a mark that no term goes across


@dataclass(frozen=True)
class Keyed:
    """A passage as one string of reduced words with single spaces.

    Attributes:
        text: `insuffisanc cardiaqu | hta`.
        words: its words.
        begins: where each of its words begins in `text`.
        word: the number, in the passage, of each of its words.
        word_ending: the number of the word that ends at a place of `text`.
        doubtful: the confidence of each word, by its number, that was corrected.
    """

    text: str
    words: list[str]
    begins: list[int]
    word: list[int]
    word_ending: dict[int, int]
    doubtful: dict[int, float]


def keyed(given: Passage, corrected: Corrected | None = None) -> Keyed:
    """A passage's words, reduced and joined.

    Args:
        given: the passage.
        corrected: gives a reduced word as it is looked up, with its confidence.

    >>> keyed(passage("L'œdème aigu, non-opéré", "fr")).text
    'l oedem aigu | non oper'
    """
    parts: list[str] = []
    words, begins, numbers, endings, doubtful = [], [], [], {}, {}
    at = 0
    for number, word in enumerate(given.words):
        if not word[0].isalnum():
            if _joins(given, number) or (parts and parts[-1] == BREAK):
                continue
            word = BREAK
        else:
            word = reduced(word, given.language)
            if corrected and len(word) >= SHORTEST_CORRECTED:
                word, confidence = corrected(word, given.language)
                if confidence < 1:
                    doubtful[number] = confidence
            words.append(word)
            begins.append(at)
            numbers.append(number)
            endings[at + len(word)] = number
        parts.append(word)
        at += len(word) + 1
    return Keyed(" ".join(parts), words, begins, numbers, endings, doubtful)


def _joins(given: Passage, number: int) -> bool:
    """Whether a mark stands inside a term: a hyphen between words, the point of `E. coli`."""
    mark, words = given.words[number], given.words
    if mark in _JOINS:
        touches_left = number > 0 and given.ends[number - 1] == given.begins[number]
        touches_right = number + 1 < len(words) and given.begins[number + 1] == given.ends[number]
        return touches_left and touches_right
    return (
        mark == "." and number > 0 and len(words[number - 1]) == 1 and words[number - 1].isalpha()
    )


def key_of(term: str, language: str) -> str:
    """The key under which a term is stored.

    >>> key_of("Crohn's disease", "en"), key_of("Linksherzinsuffizienzen", "de")
    ('crohn s disease', 'linksherzinsuffizienz')
    """
    return keyed(passage(term, language)).text.replace(f" {BREAK}", "").replace(f"{BREAK} ", "")
