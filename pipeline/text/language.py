"""French or English, from the small words of a text."""

import re

from chartline.core.tables import UNKNOWN_LANGUAGE

_SMALL = {
    "fr": set(
        "le la les des du de un une et est pour dans sur avec au aux par que qui ne pas il elle en ce son sa ses sans nous".split()
    ),
    "en": set(
        "the of and is was for in on with to by that which not he she a an his her no this at were we are has had".split()
    ),
}


def language_of(text: str) -> str:
    """`fr`, `en`, or `und` where neither is clear.

    >>> language_of("Le patient est admis pour une dyspnée"), language_of("42")
    ('fr', 'und')
    """
    words = re.findall(r"[^\W\d_]+", text.lower())[:2000]
    counts = {name: sum(word in small for word in words) for name, small in _SMALL.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] and counts[best] > min(counts.values()) else UNKNOWN_LANGUAGE
