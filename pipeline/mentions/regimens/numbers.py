"""Numbers as doses write them: decimal commas, thousands, fractions and number words."""

import re

FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}
_SIGNS = "".join(FRACTIONS)
# One and a half as `1,5`, `1 1/2`, `1½`; thousands as `1 000` or `25.000`.
NUMBER = (
    rf"(?:\d{{1,3}}(?:[ ]\d{{3}})+(?!\d)|\d{{1,2}}\s?[{_SIGNS}]|[{_SIGNS}]"
    r"|\d{1,2} [1-3]/[2-4](?!\d)|[1-3]/[2-4](?![\d/])|\d+(?:[.,]\d+)*)"
)
_THOUSANDS = {
    "en": re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?"),
}
# Elsewhere a full stop before three digits parts thousands: 25.000 units.
_OTHER_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?")


def number_of(written: str, language: str) -> float | None:
    """The value of a number matched by `NUMBER`; None where it is no number.

    >>> number_of("1 1/2", "fr"), number_of("25.000", "de"), number_of("0.125", "de")
    (1.5, 25000.0, 0.125)
    """
    total = 0.0
    for sign, value in FRACTIONS.items():
        if sign in written:
            written, total = written.replace(sign, ""), value
    parts = written.split(" ")
    if len(parts) > 1 and all(len(part) == 3 and part.isdigit() for part in parts[1:]):
        parts = ["".join(parts)]
    values = [_plain(part, language) for part in parts if part]
    if None in values:
        return None
    return total + sum(value for value in values if value is not None)


def _plain(written: str, language: str) -> float | None:
    if "/" in written:
        above, below = written.split("/")
        return int(above) / int(below)
    if _THOUSANDS.get(language, _OTHER_THOUSANDS).fullmatch(written):
        mark = "," if language == "en" else "."
        written = written.replace(mark, "")
    try:
        return float(written.replace(",", "."))
    except ValueError:
        return None  # several marks, as in a date
