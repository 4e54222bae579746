"""Titles of sections: what kind of section a title means."""

import re
import unicodedata
from functools import cache

from chartline.core.lexicons import lexicon

OTHER = "other"  # the kind of a section whose title is not known

_NUMBERING = re.compile(r"^(?:[IVX]+|\d+(?:\.\d+)*|[a-zA-Z])\s*[.)°/-]\s+")
_INLINE = re.compile(r"^([^\W\d_][^:;.]{2,45}?)\s*:\s*(?=\S|$)")


def section_kind(title: str) -> str:
    """The kind of section that a title means; `other` where it is not known.

    Numbering, case, accents and punctuation do not matter. The kinds and their titles are listed in
    `titles.toml`.

    >>> section_kind("2. ANTÉCÉDENTS MÉDICAUX :"), section_kind("Weather")
    ('history', 'other')
    """
    straight = _NUMBERING.sub("", title.strip()).replace("\u2019", "'")
    plain = unicodedata.normalize("NFKD", straight).encode("ascii", "ignore").decode().lower()
    plain = " ".join(re.sub(r"[^a-z' -]", " ", plain).split()).strip(" -'")
    return _kinds().get(plain, OTHER)


@cache
def _kinds() -> dict[str, str]:
    titles_of = lexicon("chartline.text", "titles")
    return {title: kind for kind, titles in titles_of.items() for title in titles}


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
    if opening is None or section_kind(opening.group(1)) == OTHER:
        return None
    return opening.group(1).strip(), text[opening.end() :]
