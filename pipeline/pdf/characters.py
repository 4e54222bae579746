"""The text of a line: characters normalised, accents on their letters, in reading direction."""

import re
import unicodedata

_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
_CHARS = str.maketrans(
    {**{chr(k): v for k, v in _LIGATURES.items()}, "\uf0b7": "•", "\uf0a7": "▪", "\ufffe": "-"}
)
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SPACING_ACCENTS = {  # an accent of its own width, and the combining character for it
    "`": "\u0300",
    "´": "\u0301",
    "¨": "\u0308",
    "ˆ": "\u0302",
    "˜": "\u0303",
    "¯": "\u0304",
    "˘": "\u0306",
    "˙": "\u0307",
    "˚": "\u030a",
    "˝": "\u030b",
    "ˇ": "\u030c",
    "¸": "\u0327",
    "˛": "\u0328",
}
_DOTLESS = {"ı": "i", "ȷ": "j"}
_MARK = re.compile(r"[\u0300-\u036f" + "".join(_SPACING_ACCENTS) + "]")
_RTL = "\\u0590-\\u08ff\\ufb1d-\\ufdff\\ufe70-\\ufeff"  # Hebrew, Arabic and their neighbours
_LTR = "0-9A-Za-z\\u00c0-\\u024f"  # digits and Latin letters
_RIGHT_TO_LEFT = re.compile(f"[{_RTL}]")
_RIGHT_TO_LEFT_RUN = re.compile(f"[{_RTL}](?:[^{_LTR}]*[{_RTL}])?")
_LEFT_TO_RIGHT_RUN = re.compile(f"[{_LTR}](?:[^{_RTL}]*[{_LTR}%])?")
_LETTER = re.compile(r"[^\W\d_]")
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")


def normalise(text: str) -> str:
    r"""Text in normal form C, with single spaces between words.

    Ligatures are split, surrogate pairs joined and control characters dropped. A soft hyphen at the
    end becomes a hyphen, elsewhere it is dropped.

    >>> normalise("e\u0301\ufb01\u00adn  d'hospi\u00ad")
    "éfin d'hospi-"
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip(" ")
    if _SURROGATE.search(text):  # pdfium gives characters beyond the basic plane in two halves
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if text.endswith("\u00ad"):
        text = text[:-1] + "-"
    text = _CONTROL.sub("", text.translate(_CHARS).replace("\u00ad", ""))
    return " ".join(unicodedata.normalize("NFC", text).split())


def is_right_to_left(text: str) -> bool:
    """Whether Hebrew or Arabic letters are in the text."""
    return bool(_RIGHT_TO_LEFT.search(text))


def has_marks(text: str) -> bool:
    """Whether the text holds accents that are characters of their own."""
    return bool(_MARK.search(text))


def join_accents(chars: list[str], x0: list[float], x1: list[float]) -> list[str]:
    """Joins accents that are drawn as glyphs of their own (by TeX, for one) to their letters.

    Args:
        chars: the characters of a line from left to right.
        x0, x1: the edges of their glyphs in points.

    Returns:
        As many characters; an accent that was joined leaves an empty string.
    """
    out = list(chars)
    for at, char in enumerate(chars):
        mark = _SPACING_ACCENTS.get(
            char, char if len(char) == 1 and unicodedata.combining(char) else ""
        )
        if not mark:
            continue
        middle = (x0[at] + x1[at]) / 2
        beside = [i for i in (at - 1, at + 1) if 0 <= i < len(chars) and chars[i][:1].isalpha()]
        # a combining character follows its letter; a drawn accent stands over it
        under = (
            beside
            if mark == char
            else [i for i in beside if x0[i] - 0.01 <= middle <= x1[i] + 0.01]
        )
        if under:
            base = out[under[0]]
            composed = unicodedata.normalize("NFC", _DOTLESS.get(base, base) + mark)
            if len(composed) == 1 or mark == char:
                out[under[0]], out[at] = composed, ""
    return out


def reading_direction(text: str) -> str:
    r"""A line in reading order whose characters were taken from left to right.

    Turns Hebrew and Arabic runs. A simple inverse of the bidirectional algorithm (Unicode annex 9)
    for one level of nesting, which names and short notes need.

    >>> ascii(reading_direction("patient \u05d0\u05d1\u05d2, 12 mg"))
    "'patient \\u05d2\\u05d1\\u05d0, 12 mg'"
    """
    if not _RIGHT_TO_LEFT.search(text):
        return text
    if 2 * len(_RIGHT_TO_LEFT.findall(text)) >= len(_LETTER.findall(text)):
        return _LEFT_TO_RIGHT_RUN.sub(lambda run: run.group()[::-1], _reverse(text))
    return _RIGHT_TO_LEFT_RUN.sub(lambda run: _reverse(run.group()), text)


def _reverse(text: str) -> str:
    """The characters in reverse, combining ones behind their letters, brackets mirrored."""
    clusters: list[str] = []
    for char in text:
        if clusters and unicodedata.combining(char):
            clusters[-1] += char
        else:
            clusters.append(char)
    return "".join(reversed(clusters)).translate(_MIRRORED)
