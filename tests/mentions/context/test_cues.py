"""The word lists: well-formed, without contradiction, and each cue can be found."""

from collections import Counter

import pytest

from chartline.core.lexicons import lexicon
from chartline.mentions.context import cues_of
from chartline.mentions.context.cues import Cue, find_cues
from chartline.mentions.inflection import LANGUAGES
from chartline.mentions.words import fold, passage

LEAST = 500  # cues a language
KEYS = {
    "small",
    "joins",
    "negators",
    "pseudo",
    "ends",
    "no_fact",
    "negated",
    "excluded",
    "affirmed",
    "hypothetical",
    "family",
    "past",
    "stopped",
    "started",
    "changed",
    "allergy",
}
SIDES = {
    "before",
    "after",
    "adjective",
    "condition",
    "clause",
    "contrast",
    "statement",
    "patient",
    "swap",
}


def phrases(language: str) -> list[tuple[str, str, str]]:
    """Meaning, side and phrase of every cue."""
    found = []
    for meaning, given in lexicon(cues_of.__name__, language).items():
        if meaning in ("small", "joins", "negators"):
            continue
        by_side = given if isinstance(given, dict) else {"": given}
        found += [(meaning, side, one) for side, ones in by_side.items() for one in ones]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lists_are_well_formed(language: str) -> None:
    lists = lexicon(cues_of.__name__, language)
    found = phrases(language)
    assert set(lists) == KEYS
    assert {side for _, side, _ in found} <= SIDES | {""}
    assert len(found) >= LEAST
    assert [one for _, _, one in found if fold(one) != one] == []
    for name in ("small", "joins", "negators"):
        assert [word for word in lists[name] if len(passage(word, language).words) != 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_cue_stands_twice_or_contradicts_a_pseudo_cue(language: str) -> None:
    found = phrases(language)
    assert [one for one, count in Counter(found).items() if count > 1] == []
    pseudo = {one for meaning, _, one in found if meaning == "pseudo"}
    assert [
        (meaning, one) for meaning, _, one in found if one in pseudo and meaning != "pseudo"
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_cue_is_found(language: str) -> None:
    missed = []
    for meaning, side, phrase in phrases(language):
        given = passage(phrase.replace("*", ""), language)
        if Cue(0, len(given.words), meaning, side) not in find_cues(given, []):
            missed.append((meaning, side, phrase))
    assert missed == []


def test_the_longest_cue_of_a_place_counts() -> None:
    (cue,) = find_cues(passage("no family history of", "en"), [])[1:]
    assert (cue.begin, cue.end, cue.meaning) == (1, 4, "family")


def test_a_cue_inside_a_term_is_none() -> None:
    given = passage("old stroke", "en")
    assert [cue.meaning for cue in find_cues(given, [])] == ["past"]
    assert find_cues(given, [(0, 1)]) == []


def test_a_phrase_at_the_beginning_of_a_term_is_one() -> None:
    given = passage("family history of cancer, stroke", "en")
    assert [cue.meaning for cue in find_cues(given, [(0, 3), (5, 5)])] == ["family"]


def test_a_cue_does_not_go_into_a_term() -> None:
    given = passage("no history of stroke", "en")
    assert [(cue.begin, cue.end) for cue in find_cues(given, [(1, 3)])] == [(0, 1), (1, 3)]


def test_hyphens_inside_words_do_not_matter() -> None:
    given = passage("peut-être une grippe", "fr")
    assert find_cues(given, [])[0][:2] == (0, 4)


def test_a_pronoun_behind_a_hyphen_is_no_condition() -> None:
    assert find_cues(passage("ausculta-se sopro", "pt"), []) == []
