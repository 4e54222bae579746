"""The language of a text, from its function words."""

import re

import polars as pl

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


def with_languages(sections: pl.DataFrame, stated: str | None = None) -> pl.DataFrame:
    """Sections of one document with the language of each.

    A section whose own text does not tell has the language of the document.

    Args:
        sections: the sections table.
        stated: the document's language where somebody has said it; then it is that of all.
    """
    if stated:
        return sections.with_columns(language=pl.lit(stated))
    texts = sections["text"].to_list()
    own = [language_of(text) for text in texts]
    whole = language_of("\n".join(texts))
    found = [whole if one == UNKNOWN_LANGUAGE else one for one in own]
    return sections.with_columns(language=pl.Series(found, dtype=pl.String))


def document_language(sections: pl.DataFrame) -> str:
    """The language of most characters of a document's sections; `und` where none is known.

    >>> document_language(pl.DataFrame({"text": ["abc", "a"], "language": ["fr", "en"]}))
    'fr'
    """
    if sections.is_empty():
        return UNKNOWN_LANGUAGE
    lengths = sections.group_by("language").agg(pl.col("text").str.len_chars().sum())
    return str(lengths.sort("text", "language", descending=True)["language"][0])
