"""Features of a line's own text: its characters, and whether it looks like a date, a phone, ..."""

import re

import numpy as np

from chartline.models.line_classifier.columns import Doubles, LineColumns
from chartline.models.line_classifier.tokens import Tokens

_BULLET = re.compile(r"[•●▪◦‣·○■□☐☒✓*>–—-]|\[[ xX]?\]|\d{1,2}[.)]\s|[a-z]\)\s")
_PHONE = re.compile(r"(?:\d{2}[ .-]?){4,}\d{2}|\(\d{3}\)|\+\d{2}|\d{3}[ .-]\d{3,4}[ .-]?\d{3,4}")
_PHONE_DIGITS = 6  # fewer digits are no phone number
_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\b(?:19|20)\d\d\b")
_DATE_DIGITS = 2  # as many or fewer are no date
_WEB_ADDRESS = re.compile(r"@|www\.|https?:|\.(?:fr|com|org|net|example)\b")
_LARGEST = 3  # features are clipped to this


def characters(lines: LineColumns, tokens: Tokens) -> Doubles:
    """What kinds of characters a line holds: N x 18 (6 amounts, 12 yes or no)."""
    texts, length = lines.text, lines.lengths()
    in_words, digits, upper, lower, letters, signs, _ = tokens.counts.T.astype(np.float64)
    some_characters, some_letters = np.maximum(length, 1), np.maximum(letters, 1)
    amounts = [
        np.log1p(length) / 5,
        np.log1p(np.maximum(length - in_words, 0)) / 3,  # spaces
        digits / some_characters,
        upper / some_letters,
        signs / some_characters,
        (lines.x1 - lines.x0) / np.maximum(lines.size * some_characters, 0.1),  # em a character
    ]
    flags = _flags(texts, digits, (lower == 0) & (upper > 1))
    columns = [*amounts, *(np.asarray(flag, np.float64) for flag in flags)]
    return np.clip(np.stack(columns, axis=1), 0, _LARGEST)


def _flags(texts: list[str], digits: Doubles, in_capitals: Doubles) -> list[object]:
    """Twelve columns of yes or no."""
    starts = [text[:1] for text in texts]
    with_digits = list(zip(digits, texts, strict=True))
    return [
        [text.endswith(".") for text in texts],
        [text.rstrip().endswith(":") for text in texts],
        [text.endswith((",", ";", "-")) for text in texts],
        [char.isupper() for char in starts],
        [char.islower() for char in starts],
        [char.isdigit() for char in starts],
        in_capitals,
        [":" in text for text in texts],
        [bool(_BULLET.match(text)) for text in texts],
        [count > _PHONE_DIGITS and bool(_PHONE.search(text)) for count, text in with_digits],
        [count > _DATE_DIGITS and bool(_DATE.search(text)) for count, text in with_digits],
        [bool(_WEB_ADDRESS.search(text)) for text in texts],
    ]
