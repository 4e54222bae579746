"""The patterns around values, made from the words of a language; over folded text."""

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from chartline.core.lexicons import lexicon
from chartline.mentions.values.writing import NUMBER

_COMPARATORS = {"less": "<", "more": ">", "at_most": "<=", "at_least": ">="}
_SIGNS = {"<": "<", ">": ">", "≤": "<=", "≥": ">=", "<=": "<=", ">=": ">=", "=<": "<=", "=>": ">="}


class Around(NamedTuple):
    """What stands around values in a language.

    Attributes:
        links: all that may stand between a name and a value without a unit.
        comparator: a comparator, in words or as a sign, at the end of what precedes a number.
        comparators: the sign of each.
        between: the word before a range of values, at the end of what precedes it.
        earlier: the word before the first of two values (`from`), at the end of what precedes it.
        targets: words of a value that is aimed at.
        lost: words before a name that make it a change: `weight loss`.
        by: the words before a change, at the end of what precedes a number.
        counted: a word after a number that counts something else.
        reference: a reference range, from its bracket or word on.
        flag: a flag beside a value.
        then: what stands between values in the order of time.
        class_word: the word before a class, as in `stage III`.
    """

    links: re.Pattern[str]
    comparator: re.Pattern[str]
    comparators: dict[str, str]
    between: re.Pattern[str]
    earlier: re.Pattern[str]
    targets: frozenset[str]
    lost: frozenset[str]
    by: re.Pattern[str]
    counted: re.Pattern[str]
    reference: re.Pattern[str]
    flag: re.Pattern[str]
    then: re.Pattern[str]
    class_word: re.Pattern[str]


NUMERAL = NUMBER.pattern.removeprefix(r"(?<![\w.,])")  # a number, where another mark precedes it
RANGE = (
    rf"(?P<low>[-+]?{NUMERAL})[^\S\n]?(?:-{{1,2}}|a|à|to|bis|tot|al|ate|até|y|e|et|and|und|en|\.\.\.?)"
    rf"[^\S\n]?(?P<high>[-+]?{NUMERAL})"
)
BOUND = rf"(?P<bound><=|>=|=<|[<>≤≥])[^\S\n]?(?:ou =|o =|=)?[^\S\n]?(?P<limit>{NUMERAL})"
_FLAG_SIGNS = r"[↑↓▲▼⬆⬇]{1,2}|\*{1,3}|\+{1,3}|-{1,3}|!{1,2}"
_FLAG_LETTERS = r"hh|ll|hi|lo|h|l|\(h\)|\(l\)|\[h\]|\[l\]|\(\+\)|\(-\)|\(\*\)"


@cache
def around(language: str) -> Around:
    """The patterns of a language, compiled once in each process."""
    words = lexicon("chartline.mentions.values", "words")[language]
    comparators = _SIGNS | {
        word: sign for name, sign in _COMPARATORS.items() for word in words[name]
    }
    less = one_of(words["less"] + words["at_most"])
    more = one_of(words["more"] + words["at_least"])
    norms = one_of(words["norms"])
    return Around(
        links=re.compile(
            rf"(?:[\s:=~≈|]++|[.·_…]{{2,}}+|(?<=\w)\.|-(?=\s)|\([^()\d\n]{{0,30}}\)"
            rf"|(?:{one_of(words['links'])})(?![\w])){{0,24}}\(?\s?"
        ),
        comparator=re.compile(rf"(?:(?<!\w)(?:{less}|{more})|<=|>=|=<|=>|[<>≤≥])\s*$"),
        comparators=comparators,
        between=re.compile(rf"\b(?:{one_of(words['between'])})\s+$"),
        earlier=re.compile(rf"\b(?:{one_of(words['from'])})\s+$"),
        targets=frozenset(words["targets"]),
        lost=frozenset(words["lost"]),
        by=re.compile(rf"(?<!\w)(?:{one_of(words['by'])})\s+$"),
        counted=re.compile(rf"\s?(?:{one_of(words['counted'])})(?!\w)"),
        reference=re.compile(
            rf"[^\S\n]{{0,3}}(?P<open>[(\[])?[^\S\n]?(?:(?P<norm>{norms})(?!\w)[^\S\n]?[.:=]{{0,2}}"
            rf"[^\S\n]?)?(?:{RANGE}|{BOUND})",
        ),
        flag=re.compile(
            rf"[^\S\n]{{0,2}}(?P<flag>{_FLAG_SIGNS}|{_FLAG_LETTERS}|{one_of(words['flags'])})"
            rf"(?=[\s,;:)\]]|\.(?:\s|$)|$)"
        ),
        then=re.compile(
            rf"\s*(?:->|=>|→|➔|➜|>|(?:,\s*)?(?:{one_of(words['then'])})(?!\w)(?:\s+a)?)\s*"
        ),
        class_word=re.compile(rf"\b(?:{one_of(words['classes'])})\s+(?=[iv\d])"),
    )


@cache
def roles() -> dict[str, str]:
    """The role of each head of a column, by its folded words; the longest first."""
    heads = lexicon("chartline.mentions.values", "heads")
    pairs = [(word, role) for role, words in heads.items() for word in words]
    return dict(sorted(pairs, key=lambda pair: -len(pair[0])))


def one_of(words: Iterable[str]) -> str:
    """A pattern for any of some words, the longest first."""
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered)
