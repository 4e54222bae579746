"""A linear model over hashed character n-grams that tells languages apart.

The method is that of Cavnar and Trenkle (N-gram-based text categorization, 1994) with the
classifier of Joulin et al. (Bag of tricks for efficient text classification, 2017): hashed
n-grams, one weight per class. `python -m synthesis.languages` trains it.
"""

import sys
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

OTHER = "other"  # the class of a language that is not one of ours
NO_LANGUAGE = "none"  # the class of numbers, names and addresses
LANGUAGES = ("de", "en", "es", "fr", "it", "nl", "pt")
CLASSES = (*LANGUAGES, OTHER, NO_LANGUAGE)
BITS = 16  # the table of weights has 2 ** BITS rows
LONGEST = 5  # characters of an n-gram, at most
READ = 480  # characters read of a text; a longer one is read in PIECES of this length together
PIECES = 3

_SPACE, _FOREIGN = 32, 1  # codes of a space and of any letter that is not Latin
_TABLE_END = 0x2000  # characters from here on are symbols, or letters of other scripts
_OTHER_SCRIPTS = 0x2E80  # characters from here on are letters of other scripts
_APOSTROPHES = "'\u2019"
_HASH, _MIX = np.uint32(0x01000193), np.uint32(0x9E3779B1)  # FNV's prime; 2 ** 32 / golden ratio


@dataclass(frozen=True)
class Weights:
    """What the model has learned.

    Attributes:
        table: a row per bucket of n-grams, a column per class.
        bias: of each class.
    """

    table: NDArray[np.float32]
    bias: NDArray[np.float32]


@cache
def weights() -> Weights:
    """The weights of the package; read once in each process."""
    from safetensors.numpy import load

    tensors = load((resources.files("chartline.text") / "languages.safetensors").read_bytes())
    return Weights(tensors["table"] * tensors["scale"], tensors["bias"])


def letters_of(text: str) -> NDArray[np.uint32]:
    """The characters that are read of a text: Latin letters in lower case, apostrophes, spaces.

    Each run of anything else is one space; a letter of another script is `_FOREIGN`.
    """
    encoded = unicodedata.normalize("NFC", _sample(text)).encode(_UTF_32, "replace")
    codes = np.frombuffer(encoded, np.uint32)
    found = np.take(_folded(), np.minimum(codes, _TABLE_END))
    if codes.size and codes.max() >= _TABLE_END:
        found[codes >= _TABLE_END] = _SPACE
        found[codes == ord("\u2019")] = ord("'")
        found[codes >= _OTHER_SCRIPTS] = _FOREIGN
    found = np.concatenate(([_SPACE], found, [_SPACE])).astype(np.uint32)
    keep = found != _SPACE
    keep[1:] |= keep[:-1]
    keep[0] = True
    return found[keep]


def buckets(letters: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The row of each n-gram of 1 to LONGEST characters."""
    rows = []
    hashed = letters
    for length in range(1, LONGEST + 1):
        if length > 1:
            hashed = hashed[:-1] * _HASH ^ letters[length - 1 :]
        rows.append((hashed + np.uint32(length)) * _MIX >> np.uint32(32 - BITS))
    return np.concatenate(rows)


def foreign_share(letters: NDArray[np.uint32]) -> float:
    """The share of letters of other scripts than Latin among all letters."""
    count = int((letters != _SPACE).sum())
    return int((letters == _FOREIGN).sum()) / count if count else 0.0


def probabilities(letters: NDArray[np.uint32]) -> NDArray[np.float32]:
    """The probability of each of CLASSES for a text read by `letters_of`."""
    model, rows = weights(), buckets(letters)
    weighing = np.full(len(rows), 1 / np.sqrt(len(rows)), np.float32)
    scores = weighing @ model.table.take(rows, 0) + model.bias
    exponents = np.exp(scores - scores.max())
    return exponents / exponents.sum()


_UTF_32 = "utf-32-le" if sys.byteorder == "little" else "utf-32-be"


def _sample(text: str) -> str:
    """A text, or pieces of a long one from its beginning, middle and end."""
    if len(text) <= READ:
        return text
    piece = READ // PIECES
    step = (len(text) - piece) // (PIECES - 1)
    return " ".join(text[step * i : step * i + piece] for i in range(PIECES))


@cache
def _folded() -> NDArray[np.uint32]:
    """For each character below _TABLE_END the code that it is read as; the last stands for more."""
    return np.array([*map(_fold, map(chr, range(_TABLE_END))), _SPACE], np.uint32)


def _fold(character: str) -> int:
    if character in _APOSTROPHES:
        return ord("'")
    if not character.isalpha():
        return _SPACE
    if "LATIN" not in unicodedata.name(character, "") and character not in "µªº":
        return _FOREIGN
    return ord(character.lower()[0])
