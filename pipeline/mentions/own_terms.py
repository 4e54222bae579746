"""A caller's own terms, looked up before the terminology's."""

from functools import lru_cache

import marisa_trie

from chartline.mentions.keys import key_of
from chartline.mentions.kinds import mention_kind
from chartline.mentions.terminologies.loading import Concept

OwnTerms = tuple[tuple[str, str], ...]  # a term and its code (`ICD10//I50.9`)
_KEPT = 8  # lists of terms in a process, one for each caller and language


class OwnTrie:
    """Own terms as `lookup` reads them.

    Attributes:
        keys: see `keys.key_of`.
    """

    def __init__(self, own: OwnTerms, language: str) -> None:
        self._concepts: dict[str, Concept] = {}
        for term, code in own:
            key = key_of(term, language)
            vocabulary, _, inside = code.partition("//")
            kind = mention_kind(vocabulary, inside)
            self._concepts.setdefault(key, Concept(vocabulary, inside, kind, "own", term))
        self.keys = marisa_trie.Trie(self._concepts)

    def records(self, key: str) -> list[tuple[Concept, int]]:
        """The concept of a key, without flags: one's own terms count wherever they stand."""
        return [(self._concepts[key], 0)]


@lru_cache(_KEPT)
def own_terms_of(own: OwnTerms, language: str) -> OwnTrie | None:
    """Own terms in a language; None where there are none. A term counts in all languages."""
    return OwnTrie(own, language) if own else None
