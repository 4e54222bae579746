"""The language of a text, from its function words."""

import re

from chartline.core.tables import UNKNOWN_LANGUAGE

_FUNCTION_WORDS = {
    "fr": set(
        "le la les des du de un une et est pour dans sur avec au aux par que qui ne pas il elle en "
        "ce son sa ses sans nous".split()
    ),
    "en": set(
        "the of and is was for in on with to by that which not he she a an his her no this at were "
        "we are has had".split()
    ),
}
_WORDS_READ = 2000  # the beginning of a document decides


def language_of(text: str) -> str:
    """The language of a text: `fr`, `en`, or `und` where neither has more of its function words.

    >>> language_of("Le patient est admis pour une dyspnée"), language_of("42")
    ('fr', 'und')
    """
    words = re.findall(r"[^\W\d_]+", text.lower())[:_WORDS_READ]
    counts = {
        language: sum(word in known for word in words)
        for language, known in _FUNCTION_WORDS.items()
    }
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] and counts[best] > min(counts.values()) else UNKNOWN_LANGUAGE
