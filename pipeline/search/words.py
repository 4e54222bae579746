"""Words of a text, and the two forms under which each is indexed and looked up.

One form is the stem by Snowball (Porter, 2001), which the library tantivy brings, then without
accents. It joins verbs, nouns and adjectives (`opérée`, `opération`), but reads accents, which many
people leave out when they type, and knows little of plurals in `-ões`, `-ari` or `-ies`. The other
is the form in which terms are compared in `chartline.mentions`: without accents and endings of
number and gender. A word of a query finds a word of a text where either form is the same.
"""

import re
from functools import cache, lru_cache

import tantivy

from chartline.core.tables import UNKNOWN_LANGUAGE
from chartline.mentions.inflection import reduced
from chartline.mentions.words import fold

STEMMED = {
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
}  # ISO 639-1 code -> Snowball's name; words of other languages keep their endings
_WORD = re.compile(r"[^\W_]+")
_LONGEST_WORD = 100  # characters: what is longer is no word, and nobody types it
_WORDS_KEPT = 1 << 18  # forms in memory; a few words are most of every text

Forms = tuple[str, str]  # stem, and word without endings of number and gender


def spans(text: str) -> list[tuple[int, int]]:
    """Where each word of a text begins and ends.

    >>> spans("l'œdème, 12,5 mg")
    [(0, 1), (2, 7), (9, 11), (12, 13), (14, 16)]
    """
    return [found.span() for found in _WORD.finditer(text)]


def words(text: str) -> list[str]:
    """The words of a text, as written."""
    return _WORD.findall(text)


@lru_cache(_WORDS_KEPT)
def forms(word: str, language: str) -> Forms:
    """The two forms of a word.

    Args:
        word: as written, without white space or marks.
        language: ISO 639-1 code; of others than the seven, endings stay.

    >>> forms("Opérées", "fr"), forms("operees", "fr"), forms("Opérées", "und")
    (('oper', 'opere'), ('opere', 'opere'), ('operees', 'operees'))
    """
    short = word[:_LONGEST_WORD]
    stem = _stems(language if language in STEMMED else UNKNOWN_LANGUAGE).analyze(short)[0]
    return stem, reduced(fold(short), language)


@cache
def _stems(language: str) -> tantivy.TextAnalyzer:
    stems = [tantivy.Filter.stemmer(STEMMED[language])] if language in STEMMED else []
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw())
    for one in (tantivy.Filter.lowercase(), *stems, tantivy.Filter.ascii_fold()):
        builder = builder.filter(one)
    return builder.build()
