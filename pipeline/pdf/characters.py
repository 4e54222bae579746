"""The text of a line as a person reads it: characters normalised, accents on their letters, runs in reading direction."""

import re
import unicodedata

_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
_CHARS = str.maketrans(
    {**{chr(k): v for k, v in _LIGATURES.items()}, "\uf0b7": "•", "\uf0a7": "▪", "\ufffe": "-"}
)
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SPACING_ACCENTS = dict(
    zip(
        "`´¨ˆ˜¯˘˙˚˝ˇ¸˛",
        map(
            chr,
            (
                0x300,
                0x301,
                0x308,
                0x302,
                0x303,
                0x304,
                0x306,
                0x307,
                0x30A,
                0x30B,
                0x30C,
                0x327,
                0x328,
            ),
        ),
        strict=True,
    )
)
_DOTLESS = {"ı": "i", "ȷ": "j"}
_MARK = re.compile(r"[\u0300-\u036f" + "".join(_SPACING_ACCENTS) + "]")
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_LEFT_TO_RIGHT_RUN = re.compile(
    r"[0-9A-Za-z\u00c0-\u024f](?:[^\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]*[0-9A-Za-z\u00c0-\u024f%])?"
)
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")


def normalise(text: str) -> str:
    r"""Text as a person reads it: NFC, ligatures split, no control characters, surrogate pairs joined, single spaces.

    A soft hyphen at the end becomes a hyphen, elsewhere it vanishes.

    >>> normalise("e\u0301\ufb01\u00adn  d'hospi\u00ad")
    "éfin d'hospi-"
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip(" ")
    if _SURROGATE.search(text):  # pdfium tells characters beyond the basic plane in two halves
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if text.endswith("\u00ad"):
        text = text[:-1] + "-"
    text = _CONTROL.sub("", text.translate(_CHARS).replace("\u00ad", ""))
    return " ".join(unicodedata.normalize("NFC", text).split())


def is_right_to_left(text: str) -> bool:
    """Whether Hebrew or Arabic letters are in the text."""
    return bool(_RIGHT_TO_LEFT.search(text))


def has_marks(text: str) -> bool:
    """Whether accents stand in the text as characters of their own."""
    return bool(_MARK.search(text))


def join_accents(chars: list[str], x0: list[float], x1: list[float]) -> list[str]:
    """Accents drawn as glyphs of their own (TeX, old typesetters) put on the letter that they stand over.

    `chars` are the glyphs of a line from left to right, `x0` and `x1` their edges; an accent that is joined leaves an
    empty string, so that the positions stay.
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
    r"""A line whose glyphs were taken from left to right, with Hebrew and Arabic runs turned into the order of reading.

    A simple inverse of the bidirectional algorithm (Unicode annex 9) for one level: enough for names and short notes.

    >>> reading_direction("patient \u05d0\u05d1\u05d2, 12 mg") == "patient \u05d2\u05d1\u05d0, 12 mg"
    True
    """
    if not _RIGHT_TO_LEFT.search(text):
        return text
    strong = len(re.findall(r"[^\W\d_]", text))
    if 2 * len(_RIGHT_TO_LEFT.findall(text)) >= strong:
        turned = _reverse(text)
        return _LEFT_TO_RIGHT_RUN.sub(lambda run: run.group()[::-1], turned)
    return re.sub(
        r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff](?:[^0-9A-Za-z\u00c0-\u024f]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff])?",
        lambda run: _reverse(run.group()),
        text,
    )


def _reverse(text: str) -> str:
    clusters: list[str] = []
    for char in text:
        if clusters and unicodedata.combining(char):
            clusters[-1] += char
        else:
            clusters.append(char)
    return "".join(reversed(clusters)).translate(_MIRRORED)
