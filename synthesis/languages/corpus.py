"""The texts that the language model learns from: sentences and terms for each class."""

import csv
import random
import re
import tomllib
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path

from chartline.text.language_model import LANGUAGES, NO_LANGUAGE, OTHER

HERE = Path(__file__).parent
PHRASES = HERE.parent / "pages/phrases"
KINDS_OF_TERMS = ("conditions_a_to_i", "conditions_j_to_z", "drugs", "procedures", "signs")
SHORTEST, LONGEST = 14, 240  # characters of an example

_NO_SENTENCES = {"hospitals", "towns", "streets", "names", "drugs", "margin_words"}
_SLOT = re.compile(r"\{\w+\}")
_TERMS_SHARE = 0.2  # of the examples of a language: lists of terms, as in lists of diagnoses
_DOSES = ("", "", " 5 mg", " 40 mg", " 100 mg", " 1-0-1", " 2x", " (2018)", " 12/2019")
_JOINTS = (", ", "\n", "; ", " - ", " / ", "\n- ")

Writer = Callable[[random.Random], str]


def writers(without: frozenset[str] = frozenset()) -> dict[str, list[Writer]]:
    """For each class, functions that write one example of some language of that class.

    Args:
        without: names of files of other languages that are left out, to see how well the model
            knows a language as another that it has never seen.
    """
    ours: dict[str, list[Writer]] = {name: [_clinical(name)] for name in LANGUAGES}
    files = sorted((HERE / "others").glob("*.txt"))
    others = [file for file in files if file.stem != "none" and file.stem not in without]
    ours[OTHER] = [_running(_lines(file)) for file in others]
    nothing = _lines(HERE / "others/none.txt")
    ours[NO_LANGUAGE] = [_running(nothing), _words(nothing), *map(_letterhead, LANGUAGES)]
    return ours


def _clinical(language: str) -> Writer:
    terms = list(terms_of(language))
    sentences = _lines(HERE / f"texts/{language}.txt") * 2 + list(_phrases(language))
    running = _running(sentences)

    def write(rng: random.Random) -> str:
        if rng.random() < _TERMS_SHARE:
            return _list_of(terms, rng)
        return _SLOT.sub(lambda _: rng.choice(terms), running(rng))

    return write


def _running(lines: list[str]) -> Writer:
    """Writes a stretch of some sentences, from any word on, of any length."""

    def write(rng: random.Random) -> str:
        length = round(SHORTEST * (LONGEST / SHORTEST) ** rng.random())
        text = rng.choice(lines)
        if rng.random() < 0.5:
            text = text[_word_begin(text, rng) :]
        while len(text) < length:
            text += rng.choice(" \n ") + rng.choice(lines)
        text = text[:length]
        return text.upper() if rng.random() < 0.05 else text

    return write


def _words(lines: list[str]) -> Writer:
    """Writes some words of names, addresses and values in any order."""
    words = [word for line in lines for word in line.split()]
    return lambda rng: " ".join(rng.choice(words) for _ in range(rng.choice([2, 2, 3, 4, 6, 12])))


def _letterhead(language: str) -> Writer:
    """Writes a street and a town with their numbers."""
    content = tomllib.loads((PHRASES / f"{language}.toml").read_text("utf-8"))

    def write(rng: random.Random) -> str:
        street, town = rng.choice(content["streets"]), rng.choice(content["towns"])
        number, code = rng.randrange(1, 200), rng.randrange(1000, 99999)
        first = f"{number} {street}" if rng.random() < 0.5 else f"{street} {number}"
        return rng.choice([f"{first}, {code} {town}", f"{first}\n{code} {town}", first])

    return write


def _word_begin(text: str, rng: random.Random) -> int:
    return rng.choice([0, *(match.end() for match in re.finditer(r"\s", text[:-SHORTEST]))])


def _list_of(terms: list[str], rng: random.Random) -> str:
    joint = rng.choice(_JOINTS)
    return joint.join(
        rng.choice(terms) + rng.choice(_DOSES) for _ in range(rng.choice([2, 3, 4, 6, 8]))
    )[:LONGEST]


def _lines(file: Path) -> list[str]:
    return [line for line in file.read_text("utf-8").splitlines() if line]


def _phrases(language: str) -> Iterator[str]:
    content = tomllib.loads((PHRASES / f"{language}.toml").read_text("utf-8"))
    for name, values in content.items():
        if name not in _NO_SENTENCES and isinstance(values, list):
            yield from (value for value in values if isinstance(value, str) and " " in value)


def terms_of(language: str) -> Iterator[str]:
    """The terms of the package's core terminology in a language."""
    core = resources.files("chartline.mentions.terminologies") / "core"
    for kind in KINDS_OF_TERMS:
        for row in csv.DictReader((core / f"{kind}.csv").read_text("utf-8").splitlines()):
            yield from (term.strip("?") for term in row[language].split("|") if len(term) > 3)
