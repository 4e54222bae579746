"""Every flag in sentences of seven languages."""

from pathlib import Path

import pytest
from mentions.context.judged import judged, spans_in

from chartline.mentions.inflection import LANGUAGES

FOLDER = Path(__file__).parent / "sentences_of"
LEAST = 40  # sentences a language


def cases(language: str) -> list[tuple[str, dict[str, str]]]:
    found = []
    for line in (FOLDER / f"{language}.txt").read_text("utf-8").splitlines()[1:]:
        text, _, terms = line.rpartition(" | ")
        pairs = dict(term.split("=") for term in terms.split("; "))
        found.append((text.replace("\\t", "\t"), pairs))
    return found


@pytest.mark.parametrize(
    ("language", "text", "terms"),
    [(language, *case) for language in LANGUAGES for case in cases(language)],
)
def test_a_sentence(language: str, text: str, terms: dict[str, str]) -> None:
    order = [span.name for span in spans_in(text, list(terms))]
    wanted = {term.removesuffix("*"): said for term, said in terms.items()}
    found = judged(text, language, *terms)
    assert dict(zip(order, found, strict=True)) == wanted


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_flag_has_sentences(language: str) -> None:
    said = {
        flag for _, terms in cases(language) for one in terms.values() for flag in one.split(",")
    }
    assert len(cases(language)) >= LEAST
    assert said == {
        "plain",
        "negated",
        "hypothetical",
        "family",
        "past",
        "none",
        "stopped",
        "started",
        "changed",
        "allergy",
    }
