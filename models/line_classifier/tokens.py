"""Words and trigrams of lines as numbers, by hashing.

Each distinct word is analysed once; a line's numbers are put together from those of its words.
"""

import re
import zlib
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]

MAX_WORDS = 32  # of a line; more than its label needs
MAX_GRAMS = 12  # of a word
COUNTS = ("length", "digits", "upper", "lower", "letters", "signs", "doctors")
_DOCTORS_TITLES = frozenset(
    "dr pr prof docteur professeur doctor professor md frcp dott dra drs".split()
)
_WORDS_KEPT = 60_000  # distinct words; beyond, all are forgotten, so that memory stays bounded
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W_]+|[^\w\s]|_")  # letters and digits, or one other sign
_NO_WORD = "?"  # stands for the words of a line that has none


@dataclass(frozen=True)
class Tokens:
    """The words of N lines, W in all, and their trigrams, G in all. Id 0 stands for nothing.

    Attributes:
        words: ids of words, line after line, W.
        word_at: line i has words[word_at[i]:word_at[i + 1]], N + 1.
        grams: ids of trigrams, line after line, G.
        gram_at: line i has grams[gram_at[i]:gram_at[i + 1]], N + 1.
        first: id of each line's first word, N.
        last: id of each line's last word, N.
        counts: N x COUNTS: the characters of all words of a line by kind, and how many of its
            words are a doctor's title.
    """

    words: Ids
    word_at: Ids
    grams: Ids
    gram_at: Ids
    first: Ids
    last: Ids
    counts: Ids


class Tokenizer:
    """Hashes words and their trigrams to ids. All digits count as 0, upper case as lower case.

    It remembers the numbers of words that it has seen, which changes no result.

    Args:
        word_buckets: ids of words are below this.
        gram_buckets: ids of trigrams are below this.
    """

    def __init__(self, word_buckets: int, gram_buckets: int) -> None:
        self.word_buckets, self.gram_buckets = word_buckets, gram_buckets
        self._forget()

    def _forget(self) -> None:
        self._index: dict[str, int] = {}  # of each word the row of its numbers, see _analyse
        self._rows = np.zeros((0, 2 + MAX_GRAMS + len(COUNTS)), np.int64)
        self._new_rows: list[tuple[int, ...]] = []  # not yet in _rows

    def tokenize(self, texts: list[str]) -> Tokens:
        """The words of each text, at most the first MAX_WORDS (but the last one is `last`)."""
        if len(self._index) > _WORDS_KEPT:
            self._forget()
        lines = [_WORD.findall(text) or [_NO_WORD] for text in texts]
        lengths = np.fromiter(map(len, lines), np.int64, len(lines))
        ends = np.cumsum(lengths)
        begins = ends - lengths
        rows = self._rows_of([*chain.from_iterable(lines)])
        words, counts = rows[:, 0], rows[:, -len(COUNTS) :]
        kept = np.arange(len(rows)) - np.repeat(begins, lengths) < MAX_WORDS
        word_at = np.concatenate([[0], np.cumsum(np.minimum(lengths, MAX_WORDS))])
        gram_counts, grams = rows[kept, 1], rows[kept, 2 : 2 + MAX_GRAMS]
        return Tokens(
            words=words[kept],
            word_at=word_at,
            grams=grams[np.arange(MAX_GRAMS) < gram_counts[:, None]],
            gram_at=np.concatenate([[0], np.cumsum(gram_counts)])[word_at],
            first=words[begins],
            last=words[ends - 1],
            counts=np.add.reduceat(counts, begins) if len(lines) else counts,
        )

    def _rows_of(self, words: list[str]) -> Ids:
        """The numbers of each word, words x (2 + MAX_GRAMS + COUNTS), see `_analyse`."""
        index = self._index
        which = [at if (at := index.get(word)) is not None else self._add(word) for word in words]
        if self._new_rows:
            if len(index) > len(self._rows):  # doubled, so that growing costs little in all
                more = 2 * len(index) - len(self._rows)
                space = np.zeros((more, self._rows.shape[1]), np.int64)
                self._rows = np.concatenate([self._rows, space])
            self._rows[len(index) - len(self._new_rows) : len(index)] = self._new_rows
            self._new_rows.clear()
        return self._rows[np.array(which, np.int64)]

    def _add(self, word: str) -> int:
        """Gives a new word an index."""
        at = self._index[word] = len(self._index)
        self._new_rows.append(self._analyse(word))
        return at

    def _analyse(self, word: str) -> tuple[int, ...]:
        """A word's id, the number of its trigrams, their ids (padded to MAX_GRAMS), its COUNTS."""
        plain = _DIGIT.sub("0", word.lower())
        framed = f"<{plain}>"
        trigrams = {framed[i : i + 3] for i in range(len(framed) - 2)}
        grams = sorted(_bucket(trigram, self.gram_buckets) for trigram in trigrams)[:MAX_GRAMS]
        letters = [char for char in word if char.isalpha()]
        upper = sum(char.isupper() for char in letters)
        lower = sum(char.islower() for char in letters)
        digits = sum(char.isdigit() for char in word)
        signs = len(word) - len(letters) - digits
        doctor = plain in _DOCTORS_TITLES
        counts = len(word), digits, upper, lower, len(letters), signs, doctor
        padding = [0] * (MAX_GRAMS - len(grams))
        return (_bucket(plain, self.word_buckets), len(grams), *grams, *padding, *counts)


def _bucket(text: str, buckets: int) -> int:
    """The id of a text, 1 to buckets - 1, the same in every process."""
    return 1 + zlib.crc32(text.encode("utf-8", "replace")) % (buckets - 1)
