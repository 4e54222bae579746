"""A text as words: what every step from text to mentions looks at.

Folding keeps the length of a text, so that a place in the folded text is the same place in the
text as written.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

PLAIN = {
    "\u2019": "'",
    "\u2018": "'",
    "\u02bc": "'",
    "`": "'",
    "\u2010": "-",
    "\u2011": "-",
    "\u2012": "-",
    "\u2013": "-",
    "\u2014": "-",
    "\u2212": "-",
    "\u00ad": "-",
    "\u00a0": " ",
    "\u2007": " ",
    "\u2009": " ",
    "\u202f": " ",
    "\u00b5": "\u03bc",  # the sign micro and the Greek letter are one character
}
# A number with its decimals or thousands, or a run of letters and digits, or one mark.
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*(?![^\W\d_])|[^\W_]+|[^\w\s]|_")

SHORTEST_CORRECTED = 8  # letters: a shorter word with one other letter is often another word
_LAST_FOLDED = 0x3000  # Latin, Greek, Cyrillic and punctuation lie below


def _folded_character(character: str) -> str:
    """A character in lower case and without its accent; as it is where that changes its length."""
    base = unicodedata.normalize("NFD", character)[0].lower()
    return base if len(base) == 1 else character


_FOLDS = {
    code: folded
    for code in range(_LAST_FOLDED)
    if (folded := _folded_character(chr(code))) != chr(code)
    and not unicodedata.combining(chr(code))
} | {ord(character): plain for character, plain in PLAIN.items()}


def fold(text: str) -> str:
    """A text in lower case, without accents, with plain apostrophes, hyphens and spaces.

    Its length stays. `ß`, `œ` and `æ` stay, since two letters stand for them.

    >>> fold("Œdème d’effort\\u00a0: ÉCG")
    "œdeme d'effort : ecg"
    """
    return text.translate(_FOLDS)


@dataclass(frozen=True)
class Passage:
    """A text, folded, and cut into words and marks.

    Attributes:
        text: as written.
        language: ISO 639-1 code, one of seven; `und` where it is not known.
        folded: as long as `text`, see `fold`.
        words: folded words, numbers and marks, in order: `["pas", "d", "'", "hta", "."]`.
        begins: where each begins in the text.
        ends: the character after each.
    """

    text: str
    language: str
    folded: str
    words: list[str]
    begins: list[int]
    ends: list[int]

    @cached_property
    def word_at(self) -> dict[int, int]:
        """The number of the word that begins at a character."""
        return {begin: number for number, begin in enumerate(self.begins)}


def passage(text: str, language: str) -> Passage:
    """A text as words.

    >>> passage("TA 145/90, K+ 3,5", "fr").words
    ['ta', '145', '/', '90', ',', 'k', '+', '3,5']
    """
    folded = fold(text)
    found = [match.span() for match in _TOKEN.finditer(folded)]
    return Passage(
        text=text,
        language=language,
        folded=folded,
        words=[folded[begin:end] for begin, end in found],
        begins=[begin for begin, _ in found],
        ends=[end for _, end in found],
    )


def shortened(word: str) -> list[str]:
    """A word with each of its letters left out in turn (Garbe's symmetric delete, 2012).

    >>> shortened("abc")
    ['bc', 'ac', 'ab']
    """
    return [word[:place] + word[place + 1 :] for place in range(len(word))]
