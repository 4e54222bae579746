"""Titles of sections: what kind of section a title means."""

import re
import unicodedata
from functools import cache, lru_cache

from chartline.core.lexicons import lexicon
from chartline.text.title_words import kind_by_words

OTHER = "other"  # the kind of a section whose title is not known
EXACT = 1.0  # confidence in the kind of a title that is listed
_DATED, _FIRST_OF_TWO = 0.95, 0.85  # of a listed title with a date behind it; of one with a second

_NUMBERING = re.compile(r"^(?:[IVX]+|\d+(?:\.\d+)*|[a-zA-Z])\s*[.)°/-]\s+")
_INLINE = re.compile(r"^([^\W\d_][^:;.]{2,45}?)\s*:\s*(?=\S|$)")
_DATE_WORDS = "vom|von|am|du|le|of|on|from|del|van|de|do|da|em|il|dd|dated|ab|seit|au|al|d"
_DATE = re.compile(rf"(?:\s+(?:{_DATE_WORDS}))*[\s,(]+\d[\d\s./:h-]*\S*.*$", re.IGNORECASE)
_PARENTHESIS = re.compile(r"\s*[(\[][^)\]]*[)\]]?")
_TWO_TITLES = re.compile(
    r"\s*(?:[/&+;|:,]|\s[–—-]\s|\b(?:und|et|and|y|e|ed|en|with|mit)\b)\s*", re.I
)
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "\u2019": "'", "`": "'", "´": "'"})
_TITLES_KEPT = 8192  # titles whose kinds are remembered, so that memory stays bounded
_LONGEST = 80  # characters of a title; what is longer is a sentence


def section_kind(title: str) -> str:
    """The kind of section that a title means; `other` where it is not known.

    Numbering, case, accents and punctuation do not matter. The kinds and their titles are listed in
    `titles.toml`, words that tell the kind of other titles in `title_words.toml`.

    >>> section_kind("2. ANTÉCÉDENTS MÉDICAUX :"), section_kind("Weather")
    ('history', 'other')
    """
    return kind_and_confidence(title)[0]


@lru_cache(maxsize=_TITLES_KEPT)
def kind_and_confidence(title: str) -> tuple[str, float | None]:
    """The kind of section that a title means, and how sure that is; null for `other`.

    >>> kind_and_confidence("Labor vom 12.03."), kind_and_confidence("Diagnosen")
    (('laboratory', 0.95), ('diagnosis', 1.0))
    """
    if len(title) > _LONGEST:
        return OTHER, None
    if kind := _listed(title):
        return kind, EXACT
    undated = _PARENTHESIS.sub("", _DATE.sub("", title)).strip()
    if kind := _listed(undated):
        return kind, _DATED
    kind, confidence = kind_by_words(plain(undated))
    parts = [part for part in _TWO_TITLES.split(_NUMBERING.sub("", undated)) if part]
    if len(parts) > 1 and (first := _listed(parts[0])) and confidence < _FIRST_OF_TWO:
        return first, _FIRST_OF_TWO
    if kind == OTHER and len(parts) > 1 and len(parts[0]) > 2:
        kind, confidence = kind_by_words(plain(parts[0]))
    return (kind, round(confidence, 2)) if kind != OTHER else (OTHER, None)


def loinc_code(kind: str) -> str | None:
    """The LOINC code of a kind of section; None where none fits.

    >>> loinc_code("medication"), loinc_code("other")
    ('10160-0', None)
    """
    of_kind = lexicon("chartline.text", "titles").get(kind, {})
    return str(of_kind["loinc"]) if "loinc" in of_kind else None


def plain(title: str) -> str:
    """A title in lower case, without numbering, accents, digits and punctuation.

    >>> plain("3) Maßnahmen, Körperlicher Befund :")
    'massnahmen korperlicher befund'
    """
    straight = _NUMBERING.sub("", title.strip()).casefold().translate(_LIGATURES)
    ascii_only = unicodedata.normalize("NFKD", straight).encode("ascii", "ignore").decode()
    return " ".join(re.sub(r"[^a-z' -]", " ", ascii_only).split()).strip(" -'")


def without_numbering(title: str) -> str:
    """A title without its number and final punctuation.

    >>> without_numbering("1.2 - Évolution.")
    'Évolution'
    """
    return _NUMBERING.sub("", title).rstrip(" :.")


def inline_title(text: str) -> tuple[str, str] | None:
    """The known title that a line begins with, up to a colon, and the text after it.

    >>> inline_title("Antécédents : HTA ancienne"), inline_title("Remarque : rien")
    (('Antécédents', 'HTA ancienne'), None)
    """
    opening = _INLINE.match(text)
    if opening is None or not _listed(opening.group(1)):
        return None
    return opening.group(1).strip(), text[opening.end() :]


def _listed(title: str) -> str | None:
    """The kind of a title that is listed, also with `ae` for `ä` and the like."""
    bare = plain(title)
    return _kinds().get(bare) or _kinds().get(re.sub("([aou])e", r"\1", bare))


@cache
def _kinds() -> dict[str, str]:
    return {
        plain(title): kind
        for kind, lists in lexicon("chartline.text", "titles").items()
        for language, titles in lists.items()
        if language != "loinc"
        for title in titles
    }
