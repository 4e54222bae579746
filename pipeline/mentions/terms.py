"""The terms that are searched for: those of `concepts.toml`, and a caller's own."""

import unicodedata

from chartline.core.lexicons import lexicon

OwnTerms = tuple[tuple[str, str], ...]  # a term and its code (`ICD10//I50.9`)


def dictionary() -> dict[str, list[str]]:
    """The terms of each code (`ICD10//I50.9`) in `concepts.toml`, the usual name first."""
    return {
        f"{vocabulary}//{code}": terms
        for vocabulary, codes in lexicon("chartline.mentions", "concepts").items()
        for code, terms in codes.items()
    }


def terms_by_code(own: OwnTerms = ()) -> dict[str, list[str]]:
    """The terms of each code, a caller's own and those of the dictionary.

    A term stands for one code only: the caller's, else the first of the dictionary that has it.

    >>> terms_by_code((("HTA", "LOCAL//1"),))["LOCAL//1"]
    ['HTA']
    """
    ours = [(term, code) for code, terms in dictionary().items() for term in terms]
    by_code: dict[str, list[str]] = {}
    seen = set()
    for term, code in [*own, *ours]:
        if (plain := _without_accents(term)) not in seen:
            seen.add(plain)
            by_code.setdefault(code, []).append(term)
    return by_code


def _without_accents(term: str) -> str:
    """A term as the matcher compares it: lower case, without accents, single spaces."""
    letters = unicodedata.normalize("NFD", " ".join(term.casefold().split()))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
