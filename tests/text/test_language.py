"""The language of a text: seven of ours, others and what is no language as unknown; of sections."""

import random
from pathlib import Path

import polars as pl
import pytest

from chartline.text.language import document_language, language_of, with_languages

SENTENCES = Path(__file__).parent / "sentences"
LANGUAGES = ("de", "en", "es", "fr", "it", "nl", "pt")
WINDOWS = 200  # stretches of each language that are judged
RIGHT = {50: 0.9, 200: 0.99}  # least share of right ones by length in characters

GERMAN = "Der Patient wurde wegen zunehmender Atemnot aufgenommen und mit Sauerstoff behandelt."
FRENCH = "La patiente est sortie avec un traitement par furosémide et sera revue dans un mois."
SWEDISH = "Patienten mår bättre och får gå hem, men ska ringa om febern kommer tillbaka igen."


def lines_of(name: str) -> list[str]:
    return (SENTENCES / f"{name}.txt").read_text("utf-8").splitlines()


def windows(language: str, length: int) -> list[str]:
    rng = random.Random(length)
    lines = lines_of(language)
    found = []
    for _ in range(WINDOWS):
        text = " ".join(rng.sample(lines, len(lines)))
        begin = text.index(" ", rng.randrange(60)) + 1
        found.append(text[begin : begin + length])
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("length", RIGHT)
def test_sentences_that_the_model_never_saw(language: str, length: int) -> None:
    found = [language_of(text) for text in windows(language, length)]
    assert found.count(language) >= RIGHT[length] * WINDOWS
    assert sum(one not in (language, "und") for one in found) <= 0.05 * WINDOWS


def test_other_languages_are_unknown() -> None:
    found = [language_of(line) for line in lines_of("others")]
    assert found.count("und") >= len(found) - 1


def test_numbers_names_and_addresses_have_no_language() -> None:
    found = [language_of(line) for line in lines_of("none")]
    assert found.count("und") >= len(found) - 1


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Le patient est admis pour une dyspnée", "fr"),
        ("The patient was admitted with dyspnoea", "en"),
        ("LE PATIENT EST ADMIS POUR UNE DYSPNEE", "fr"),
        ("Herzinsuffizienz, Niereninsuffizienz, Vorhofflimmern, Zustand nach Schlaganfall", "de"),
        ("Hipertensión arterial, insuficiencia cardíaca, fibrilación auricular", "es"),
        ("Insuficiência cardíaca, doença renal crónica, fibrilhação auricular", "pt"),
        ("Scompenso cardiaco, ipertensione arteriosa, insufficienza renale cronica", "it"),
        ("Hartfalen, hoge bloeddruk, chronische nierschade, boezemfibrilleren", "nl"),
        ("", "und"),
        ("42 mg, 3/j", "und"),
        ("HTA", "und"),
        ("Больной поступил с одышкой", "und"),
        ("患者因呼吸困难入院", "und"),
    ],
)
def test_languages_of_short_texts(text: str, language: str) -> None:
    assert language_of(text) == language


def test_letters_with_accents_apart_are_read_as_one() -> None:
    apart = "Une femme a\u0300 jeun, opere\u0301e hier, la fie\u0300vre est tombe\u0301e"
    assert language_of(apart) == language_of("Une femme à jeun, opérée hier, la fièvre est tombée")


def test_a_long_text_is_read_at_its_beginning_middle_and_end() -> None:
    assert language_of(GERMAN * 40) == "de"
    assert language_of(" 12,5 " * 400 + FRENCH * 10) == "fr"


def sections_of(*texts: str) -> pl.DataFrame:
    return pl.DataFrame({"text": list(texts)})


def languages(*texts: str, stated: str | None = None) -> list[str]:
    return with_languages(sections_of(*texts), stated)["language"].to_list()


def test_each_section_has_its_own_language() -> None:
    assert languages(GERMAN, FRENCH) == ["de", "fr"]


def test_a_section_that_does_not_tell_has_the_language_of_the_document() -> None:
    assert languages(GERMAN, "Na 138, K 4,2", "HTA", "") == ["de"] * 4


def test_a_section_in_another_language_has_none() -> None:
    assert languages(GERMAN, SWEDISH * 2) == ["de", "und"]


def test_what_somebody_has_said_counts_for_all() -> None:
    assert languages(GERMAN, FRENCH, stated="nl") == ["nl", "nl"]


def test_short_sections_tell_together_what_none_tells_alone() -> None:
    assert languages("12", "13,5 mg") == ["und", "und"]
    assert document_language(with_languages(sections_of("12", FRENCH, GERMAN * 3))) == "de"
    assert document_language(sections_of("a").clear()) == "und"
