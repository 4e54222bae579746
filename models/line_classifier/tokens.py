"""Words to numbers: each distinct word is looked at once, lines are sums over their words."""

import re
import zlib
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]

MAX_WORDS, MAX_GRAMS = 32, 12  # of a line; of a word
COUNTS = ("length", "digits", "upper", "lower", "letters", "signs", "doctors")
_DOCTOR = frozenset("dr pr prof docteur professeur doctor professor md frcp dott dra drs".split())
_KEPT = 60_000  # distinct words remembered
_DIGITS = re.compile(r"\d")
_WORD = re.compile(r"[^\W_]+|[^\w\s]|_")


@dataclass(frozen=True)
class Tokens:
    """N lines. `words` and `grams` are flat; line i holds `words[word_at[i]:word_at[i + 1]]`. `counts` (N x COUNTS) are
    of characters in all words of a line, and of doctors' titles. Id 0 stands for nothing."""

    words: Ids
    word_at: Ids
    grams: Ids
    gram_at: Ids
    first: Ids
    last: Ids
    counts: Ids


class Vocabulary:
    """Hashes words and their letter triples into buckets. Digits count as 0, upper case as lower."""

    def __init__(self, words: int, grams: int) -> None:
        self.buckets = words, grams
        self._forget()

    def _forget(self) -> None:
        self._index: dict[str, int] = {}
        self._known = np.zeros(
            (0, 2 + MAX_GRAMS + len(COUNTS)), np.int64
        )  # a row a word, see _rows
        self._new: list[tuple[int, ...]] = []  # rows that are not yet there

    def tokens(self, texts: list[str]) -> Tokens:
        """The words of each line, at most MAX_WORDS of them (the last one always counts)."""
        if len(self._index) > _KEPT:
            self._forget()
        found = [_WORD.findall(text) or ["?"] for text in texts]
        lengths = np.fromiter(map(len, found), np.int64, len(found))
        ends = np.cumsum(lengths)
        begins = ends - lengths
        rows = self._rows([*chain.from_iterable(found)])
        words, counts = rows[:, 0], rows[:, -len(COUNTS) :]
        sums = (
            np.add.reduceat(counts, begins) if len(found) else np.zeros((0, len(COUNTS)), np.int64)
        )
        kept = np.arange(len(rows)) - np.repeat(begins, lengths) < MAX_WORDS
        word_at = np.concatenate([[0], np.cumsum(np.minimum(lengths, MAX_WORDS))])
        sizes, grams = rows[kept, 1], rows[kept, 2 : 2 + MAX_GRAMS]
        gram_at = np.concatenate([[0], np.cumsum(sizes)])[word_at]
        return Tokens(
            words[kept],
            word_at,
            grams[np.arange(MAX_GRAMS) < sizes[:, None]],
            gram_at,
            words[begins],
            words[ends - 1],
            sums,
        )

    def _rows(self, words: list[str]) -> Ids:
        """What is known of each word: its id, the number of its triples, their ids (padded), its counts."""
        index = self._index
        which = [at if (at := index.get(word)) is not None else self._learn(word) for word in words]
        if self._new:
            if len(index) > len(self._known):  # room for as many again
                more = np.zeros((2 * len(index) - len(self._known), self._known.shape[1]), np.int64)
                self._known = np.concatenate([self._known, more])
            self._known[len(index) - len(self._new) : len(index)] = self._new
            self._new.clear()
        return self._known[np.array(which, np.int64)]

    def _learn(self, word: str) -> int:
        at = self._index[word] = len(self._index)
        plain = _DIGITS.sub("0", word.lower())
        framed = f"<{plain}>"
        triples = {framed[i : i + 3] for i in range(len(framed) - 2)}
        grams = sorted(_bucket(triple, self.buckets[1]) for triple in triples)[:MAX_GRAMS]
        letters = [char for char in word if char.isalpha()]
        upper, lower = (
            sum(char.isupper() for char in letters),
            sum(char.islower() for char in letters),
        )
        digits = sum(char.isdigit() for char in word)
        signs = len(word) - len(letters) - digits
        counts = len(word), digits, upper, lower, len(letters), signs, plain in _DOCTOR
        padding = [0] * (MAX_GRAMS - len(grams))
        self._new.append((_bucket(plain, self.buckets[0]), len(grams), *grams, *padding, *counts))
        return at


def _bucket(text: str, buckets: int) -> int:
    return 1 + zlib.crc32(text.encode("utf-8", "replace")) % (buckets - 1)
