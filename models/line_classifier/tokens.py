"""Words to numbers: each distinct word is looked at once, lines are sums over their words."""

import re
import zlib
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]

MAX_WORDS, MAX_GRAMS = 32, 12  # of a line; of a word
COUNTS = ("length", "digits", "upper", "lower", "letters", "signs")
_KEPT = 60_000  # distinct words remembered
_DIGITS = re.compile(r"\d")
_WORD = re.compile(r"[^\W_]+|[^\w\s]|_")


@dataclass(frozen=True)
class Tokens:
    """N lines. `words` and `grams` are flat; line i holds `words[word_at[i]:word_at[i + 1]]`. `counts` (N x COUNTS) are
    of characters in all words of a line. Id 0 stands for nothing."""

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
        self._words: list[int] = []
        self._grams: list[tuple[int, ...]] = []
        self._counts: list[tuple[int, ...]] = []

    def tokens(self, texts: list[str]) -> Tokens:
        """The words of each line, at most MAX_WORDS of them (the last one always counts)."""
        if len(self._index) > _KEPT:
            self._forget()
        found = [_WORD.findall(text) or ["?"] for text in texts]
        index = self._index
        flat = [at if (at := index.get(word)) is not None else self._learn(word) for word in chain.from_iterable(found)]
        lengths = np.fromiter(map(len, found), np.int64, len(found))
        ends = np.cumsum(lengths)
        begins = ends - lengths
        which = np.array(flat, np.int64)
        counts = np.array([self._counts[at] for at in flat], np.int64).reshape(-1, len(COUNTS))
        sums = np.add.reduceat(counts, begins) if len(found) else np.zeros((0, len(COUNTS)), np.int64)
        words = np.array([self._words[at] for at in flat], np.int64)
        kept = np.arange(len(which)) - np.repeat(begins, lengths) < MAX_WORDS
        word_at = np.concatenate([[0], np.cumsum(np.minimum(lengths, MAX_WORDS))])
        grams = [self._grams[at] for at in which[kept].tolist()]
        sizes = np.concatenate([[0], np.cumsum(np.fromiter(map(len, grams), np.int64, len(grams)))])
        return Tokens(
            words[kept], word_at, np.fromiter(chain.from_iterable(grams), np.int64, int(sizes[-1])), sizes[word_at],
            words[begins] if len(found) else words, words[ends - 1] if len(found) else words, sums,
        )  # fmt: skip

    def _learn(self, word: str) -> int:
        at = len(self._words)
        plain = _DIGITS.sub("0", word.lower())
        framed = f"<{plain}>"
        triples = {framed[i : i + 3] for i in range(len(framed) - 2)}
        letters = [char for char in word if char.isalpha()]
        upper = sum(char.isupper() for char in letters)
        digits = sum(char.isdigit() for char in word)
        self._words.append(_bucket(plain, self.buckets[0]))
        self._grams.append(tuple(sorted(_bucket(triple, self.buckets[1]) for triple in triples)[:MAX_GRAMS]))
        lower = sum(char.islower() for char in letters)
        self._counts.append((len(word), digits, upper, lower, len(letters), len(word) - len(letters) - digits))
        self._index[word] = at
        return at


def _bucket(text: str, buckets: int) -> int:
    return 1 + zlib.crc32(text.encode("utf-8", "replace")) % (buckets - 1)
