"""The language of a text, of sections and of documents."""

import numpy as np
import polars as pl

from chartline.core.tables import UNKNOWN_LANGUAGE
from chartline.text.language_model import (
    CLASSES,
    LANGUAGES,
    OTHER,
    foreign_share,
    letters_of,
    probabilities,
)

_LEAST = 0.6  # probability of a language that is said
_SURE = 0.9  # probability from which a section has another language than its document
_ENOUGH = 8  # letters and spaces of a text that is judged at all: `HTA` is of several languages
_SHORT = 20  # characters of a text that cannot tell against its document
_FOREIGN = 0.5  # share of letters of other scripts from which a text is of another language


def language_of(text: str) -> str:
    """The language of a text: de, en, es, fr, it, nl or pt; `und` for others and where unsure.

    >>> language_of("Le patient est admis pour une dyspnée"), language_of("42")
    ('fr', 'und')
    """
    language, probability = _judged(text)
    return language if language in LANGUAGES and probability >= _LEAST else UNKNOWN_LANGUAGE


def with_languages(sections: pl.DataFrame, stated: str | None = None) -> pl.DataFrame:
    """Sections of one document with the language of each.

    A section whose own text does not tell has the language of the document; one that is clearly in
    a language that is not among ours has none.

    Args:
        sections: the sections table.
        stated: the document's language where somebody has said it; then it is that of all.
    """
    if stated:
        return sections.with_columns(language=pl.lit(stated))
    texts = sections["text"].to_list()
    judged = [_judged(text) for text in texts]
    whole = _most_common(texts, judged)
    found = [
        _of_section(one, whole) if len(text) >= _SHORT or whole == UNKNOWN_LANGUAGE else whole
        for text, one in zip(texts, judged, strict=True)
    ]
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


def _judged(text: str) -> tuple[str, float]:
    """The likeliest of CLASSES for a text and its probability; 0 where there is no text."""
    letters = letters_of(text)
    if len(letters) < _ENOUGH:
        return UNKNOWN_LANGUAGE, 0.0
    if foreign_share(letters) > _FOREIGN:
        return OTHER, 1.0
    found = probabilities(letters)
    best = int(np.argmax(found))
    return CLASSES[best], float(found[best])


def _most_common(texts: list[str], judged: list[tuple[str, float]]) -> str:
    """The language of most characters where sections tell theirs, else that of all together."""
    lengths: dict[str, int] = {}
    for text, (language, probability) in zip(texts, judged, strict=True):
        if language in LANGUAGES and probability >= _SURE:
            lengths[language] = lengths.get(language, 0) + len(text)
    if lengths:
        return max(lengths, key=lambda language: (lengths[language], language))
    return language_of("\n".join(texts))


def _of_section(judged: tuple[str, float], whole: str) -> str:
    language, probability = judged
    least = _LEAST if whole == UNKNOWN_LANGUAGE else _SURE
    if language in LANGUAGES and probability >= least:
        return language
    if language == OTHER and probability >= _SURE:
        return UNKNOWN_LANGUAGE
    return whole
