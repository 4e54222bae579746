"""The kind of a section from the words of its title."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from chartline.core.lexicons import lexicon

OTHER = "other"
_LEAST_SHARE = 0.35  # of a title's letters that a rule explains; with less, the rest decides
_LEAST_OF_HEAD = 0.2  # the same for the first word, or one of two: it names the section
_LEAST, _MOST = 0.5, 0.9  # confidence where a rule explains nothing, and the whole title
_WORD = re.compile(r"[a-z-]+")
_WORDS_KEPT = 8192  # words whose patterns are remembered, so that memory stays bounded
_FIRST = "^"  # before a word of a rule that has to be the first of the title


@dataclass(frozen=True)
class Rule:
    """A rule of `title_words.toml`.

    Attributes:
        kind: what it tells.
        patterns: of the words that a title needs.
        first: whether the first word of the title has to meet it.
    """

    kind: str
    patterns: tuple[str, ...]
    first: bool


def kind_by_words(title: str) -> tuple[str, float]:
    """The kind by the rule of `title_words.toml` that explains most letters of a title.

    Args:
        title: in lower case without accents.

    Returns:
        The kind and a confidence; `other` and 0 where no rule explains enough.

    >>> kind_by_words("traitement antalgique"), kind_by_words("visite de la mairie")
    (('medication', 0.7), ('other', 0.0))
    """
    words = [word for word in _WORD.findall(title) if word not in _listed("ignored")]
    if not words:
        return OTHER, 0.0
    met: dict[str, set[str]] = {}
    for word in words:
        for pattern in _met_by(word):
            met.setdefault(pattern, set()).add(word)
    best = (0, 0)
    kind, explained, enough = OTHER, set[str](), 0.0
    for rule in _rules_of(met):
        of_rule = _explained(rule, met, words[0])
        size = (sum(map(len, of_rule)), len(rule.patterns))
        if size > best:
            best, kind, explained = size, rule.kind, of_rule
            head = words[0] in of_rule or len(words) == 2
            enough = 0.0 if rule.first else _LEAST_OF_HEAD if head else _LEAST_SHARE
    to_explain = sum(len(word) for word in set(words) - (_listed("occasions") - explained))
    share = best[0] / max(to_explain, 1)
    if kind == OTHER or share < enough:
        return OTHER, 0.0
    return kind, round(_LEAST + (_MOST - _LEAST) * share, 2)


def _explained(rule: Rule, met: dict[str, set[str]], first: str) -> set[str]:
    """The words that meet a rule; none where one of its patterns is not met."""
    if rule.first:
        return {first} if first in met[rule.patterns[0]] else set()
    return set[str]().union(*(met[pattern] for pattern in rule.patterns))


def _rules_of(met: dict[str, set[str]]) -> list[Rule]:
    """The rules of which each pattern is met, in the order of the file."""
    numbers = {number for pattern in met for number in _numbers_of_rules().get(pattern, ())}
    rules = [_rules()[number] for number in sorted(numbers)]
    return [rule for rule in rules if all(pattern in met for pattern in rule.patterns)]


@lru_cache(maxsize=_WORDS_KEPT)
def _met_by(word: str) -> list[str]:
    return [pattern for pattern, compiled in _patterns().items() if compiled.fullmatch(word)]


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    patterns = {pattern for rule in _rules() for pattern in rule.patterns}
    return {
        pattern: re.compile(re.escape(pattern).replace(r"\*", "[a-z-]*"))
        for pattern in sorted(patterns)
    }


@cache
def _numbers_of_rules() -> dict[str, list[int]]:
    numbers: dict[str, list[int]] = {}
    for number, rule in enumerate(_rules()):
        for pattern in rule.patterns:
            numbers.setdefault(pattern, []).append(number)
    return numbers


@cache
def _rules() -> list[Rule]:
    content = lexicon("chartline.text", "title_words")
    return [
        Rule(kind, tuple(rule.removeprefix(_FIRST).split()), rule.startswith(_FIRST))
        for kind, rules in content.items()
        if kind not in ("ignored", "occasions")
        for rule in rules
    ]


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(lexicon("chartline.text", "title_words")[name])
