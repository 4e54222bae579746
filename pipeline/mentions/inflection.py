"""Words without their endings of number and gender, in seven languages.

Not stems in the linguist's sense: a term and a text are reduced by the same few rules, so that
`cardiopathies ischémiques` meets `cardiopathie ischémique`. Words of up to four letters stay.
"""

import re
from collections.abc import Callable
from functools import lru_cache

_SHORTEST = 5  # letters that a word needs to lose an ending; shorter ones are often others' forms
_DOUBLED = re.compile(r"([a-z])\1$")
_LONG_VOWEL = re.compile(r"([aeou])\1")
_GERMAN_ENDINGS = ("en", "er", "es", "em", "e", "n", "s")
_WORDS_KEPT = 200_000  # in the cache of a process


def _english(word: str) -> str:
    word = word.replace("ae", "e").replace("oe", "e").replace("our", "or")
    if word.endswith("ies") and len(word) > _SHORTEST:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _french(word: str) -> str:
    if word.endswith("aux"):
        return word[:-3] + "al"
    word = word.removesuffix("x").removesuffix("s").removesuffix("e")
    return _DOUBLED.sub(r"\1", word)


def _spanish(word: str) -> str:
    if word.endswith("es") and word[-3] not in "aeou":
        word = word[:-2]
    return word.removesuffix("s").rstrip("aoe")


def _portuguese(word: str) -> str:
    if word.endswith(("oes", "aes", "aos")):
        return word[:-3].rstrip("aoe")
    if word.endswith("ais"):
        return word[:-2] + "l"
    if word.endswith("ns"):
        return word[:-2] + "m"
    if word.endswith("res"):
        return word[:-2]
    return word.removesuffix("s").rstrip("aoe")


def _italian(word: str) -> str:
    word = word.rstrip("aeio")
    return word[:-1] if word.endswith(("ch", "gh")) else word


def _german(word: str) -> str:
    word = word.replace("ae", "a").replace("oe", "o").replace("ue", "u")
    for _ in range(2):  # `Nierenversagens` has two endings
        for ending in _GERMAN_ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST - 1:
                word = word.removesuffix(ending)
                break
    return word


def _dutch(word: str) -> str:
    for ending in ("en", "s", "e"):
        kept = ending == "s" and word.endswith(("is", "us", "ss"))
        if word.endswith(ending) and not kept and len(word) - len(ending) >= _SHORTEST - 1:
            word = word.removesuffix(ending)
            break
    return _LONG_VOWEL.sub(r"\1", _DOUBLED.sub(r"\1", word))


_RULES: dict[str, Callable[[str], str]] = {
    "en": _english,
    "fr": _french,
    "de": _german,
    "es": _spanish,
    "it": _italian,
    "nl": _dutch,
    "pt": _portuguese,
}
LANGUAGES = tuple(_RULES)


@lru_cache(_WORDS_KEPT)
def reduced(word: str, language: str) -> str:
    """A folded word without its ending of number and gender.

    >>> reduced("ischemiques", "fr"), reduced("insuficiencias", "es"), reduced("nieren", "nl")
    ('ischemiqu', 'insuficienci', 'nier')
    >>> reduced("anaemias", "en") == reduced("anemia", "en")
    True
    """
    word = word.replace("œ", "oe").replace("æ", "ae").replace("ß", "ss")
    rule = _RULES.get(language)
    if rule is None or len(word) < _SHORTEST or not word.isalpha():
        return word
    return rule(word) or word
