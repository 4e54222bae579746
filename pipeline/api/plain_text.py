"""Any text to text that the matcher can read, with the way back to the places in the original."""

import re
import unicodedata
from array import array
from collections.abc import Iterator, Sequence

# Control characters but tab and newline, and halves of surrogate pairs, which no table can hold.
_UNREADABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_ACCENTED = re.compile(r"[^\W\d_][\u0300-\u036f]+")  # a letter and combining marks
PIECE = 20_000  # characters: the matcher's time and memory for one text grow faster than its length


def readable(text: str) -> tuple[str, Sequence[int] | None]:
    r"""`text` without control characters and with composed accents.

    Returns:
        The readable text, and for each of its characters (and its end) the place in `text`; None
        where all places are the same.

    >>> readable("a\x00b"), readable("e\u0301t")[1].tolist()
    (('a b', None), [0, 2, 3])
    """
    same_length = _UNREADABLE.sub(" ", text)
    if unicodedata.is_normalized("NFC", same_length):
        return same_length, None
    parts: list[str] = []
    places = array("q")
    at = 0
    for found in _ACCENTED.finditer(same_length):
        parts.append(same_length[at : found.start()])
        places.extend(range(at, found.start()))
        composed = unicodedata.normalize("NFC", found.group())
        parts.append(composed)
        # Marks that remain beside their letter keep their places, counted from the end.
        places.append(found.start())
        places.extend(range(found.end() - len(composed) + 1, found.end()))
        at = found.end()
    parts.append(same_length[at:])
    places.extend(range(at, len(same_length) + 1))
    return "".join(parts), places


def pieces(text: str, most: int = PIECE) -> Iterator[tuple[int, str]]:
    """Where each piece of `text` begins, and the piece: at most `most` characters.

    A piece ends at a line's end, else at a sentence's, else at white space, if there is one in its
    second half: context such as a negation reaches no further than its sentence.

    >>> list(pieces("Pas d'HTA. Asthme connu.", 16))
    [(0, "Pas d'HTA. "), (11, 'Asthme connu.')]
    """
    begin = 0
    while len(text) - begin > most:
        end = begin + most
        cuts = (text.rfind(mark, begin + most // 2, end) + len(mark) for mark in ("\n", ". ", " "))
        cut = next((cut for cut in cuts if cut > begin + most // 2), end)
        yield begin, text[begin:cut]
        begin = cut
    if begin < len(text):
        yield begin, text[begin:]
