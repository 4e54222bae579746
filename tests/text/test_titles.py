"""Titles: those of two lines, with numbers, with text behind them, and their kinds."""

import tomllib
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from labelled import line, page, titles

from chartline.core.lexicons import lexicon
from chartline.text.sections import sections
from chartline.text.titles import kind_and_confidence, loinc_code, plain, section_kind

PHRASES = sorted((Path(__file__).parents[2] / "synthesis/pages/phrases").glob("*.toml"))


def test_a_title_of_two_lines_is_one_title() -> None:
    assert titles(
        line("Résumé des", "title"), line("événements récents", "title"), line("Rien.")
    ) == [("other", "Résumé des événements récents", "Rien.")]


@pytest.mark.parametrize(
    ("second", "what"),
    [
        (line("événements", "title", size=12.0), "of another size"),
        (line("événements", "title", page=2, top=112.0), "on another page"),
        (line("événements", "title", top=100.0), "at the same height"),
        (line("événements", "title", top=118.0), "too far below"),
        (line("événements", "title", top=90.0), "above"),
        (line("Conclusion", "title"), "known by itself"),
    ],
)
def test_two_titles_stay_two(second: dict[str, Any], what: str) -> None:
    found = titles(line("Résumé des", "title"), second, line("Rien.", page=second["page"]))
    assert [title for _, title, _ in found] == ["Résumé des", second["text"]], what


def test_a_title_just_near_enough_goes_on() -> None:
    found = titles(line("Résumé des", "title"), line("événements", "title", top=117.5))
    assert [title for _, title, _ in found] == ["Résumé des événements"]


def test_a_title_after_text_or_after_a_known_title_is_a_title_of_its_own() -> None:
    assert titles(line("Généralités", "title"), line("Rien."), line("Divers", "title")) == [
        ("other", "Généralités", "Rien."),
        ("other", "Divers", ""),
    ]
    assert titles(line("Conclusion", "title"), line("Divers", "title")) == [
        ("conclusion", "Conclusion", ""),
        ("other", "Divers", ""),
    ]
    assert titles(line("Rien à dire."), line("Divers", "title")) == [
        ("introduction", None, "Rien à dire."),
        ("other", "Divers", ""),
    ]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("2. Évolution :", "Évolution"),
        ("IV) Évolution", "Évolution"),
        ("a) Évolution", "Évolution"),
        ("1.2 - Évolution.", "Évolution"),
        ("3° Évolution", "Évolution"),
        ("2 Évolution", "2 Évolution"),
    ],
)
def test_numbers_and_colons_are_no_part_of_a_title(text: str, title: str) -> None:
    assert [found for _, found, _ in titles(line(text, "title"))] == [title]


def test_text_behind_a_known_title_belongs_to_its_section() -> None:
    expected = [("history", "Antécédents", "HTA ancienne")]
    assert titles(line("Antécédents : HTA ancienne", "title")) == expected
    assert titles(line("Antécédents : HTA ancienne")) == expected
    assert titles(line("Antécédents :"), line("HTA ancienne")) == expected
    assert titles(line("Remarque : rien", "title")) == [("other", "Remarque : rien", "")]
    assert titles(line("Antécédents : HTA", "table")) == [
        ("introduction", None, "Antécédents : HTA")
    ]


def test_only_a_title_before_the_first_stop_opens_a_section_within_body() -> None:
    for text in ("voir aussi. Antécédents : HTA", "Remarque : rien", ": HTA", "Il y a 3 : HTA"):
        assert titles(line(text)) == [("introduction", None, text)]


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("ANTÉCÉDENTS", "history"),
        ("  4) Antécédents  médicaux : ", "history"),
        ("- Antécédents chirurgicaux -", "surgical_history"),
        ("Motif d\u2019hospitalisation", "reason"),
        ("Motif d'hospitalisation", "reason"),
        ("Follow-up", "plan"),
        ("Traitement à la sortie (le 3)", "discharge_medication"),
        ("Traitement de sortie (2)", "discharge_medication"),
        ("", "other"),
        ("HTA", "other"),
        ("Diagnose/Verlauf", "diagnosis"),
        ("Beurteilung und weiteres Procedere", "conclusion"),
        ("Labor vom 12.03.", "laboratory"),
        ("Scanner thoracique du 12/03/2020", "imaging"),
        ("Chest X-ray 12 March 2020:", "imaging"),
        ("Koerperlicher Untersuchungsbefund", "examination"),
        ("Maßnahmen", "plan"),
        ("Traitement antalgique", "medication"),
        ("Terapia antibiotica", "medication"),
        ("Psychosoziale Anamnese", "lifestyle"),
        ("Service de cardiologie", "other"),
        ("Compte rendu d'hospitalisation", "other"),
        ("Discharge summary", "other"),
        ("Résumé des événements récents", "other"),
        ("Traitement " + "de ce patient " * 6, "other"),
    ],
)
def test_kinds_of_titles(title: str, kind: str) -> None:
    assert section_kind(title) == kind


def test_a_listed_title_is_certain_and_words_are_less_so() -> None:
    assert kind_and_confidence("Diagnosen") == ("diagnosis", 1.0)
    assert kind_and_confidence("Diagnosen vom 3.4.2021") == ("diagnosis", 0.95)
    assert kind_and_confidence("Diagnose/Allerlei") == ("diagnosis", 0.85)
    kind, whole = kind_and_confidence("Seltene Unverträglichkeiten")
    _, part = kind_and_confidence("Sehr seltene schwere Unverträglichkeiten")
    assert kind == "allergies"
    assert whole is not None
    assert part is not None
    assert 0.5 < part < whole < 0.9
    assert kind_and_confidence("Weather") == ("other", None)


def test_the_confidence_stands_in_the_table() -> None:
    found = sections(
        page(
            line("Bonjour."),
            line("Conclusion", "title"),
            line("Rien."),
            line("Traitement antalgique", "title"),
            line("Rien."),
            line("Divers", "title"),
        )
    )
    assert found["kind"].to_list() == ["introduction", "conclusion", "medication", "other"]
    confidence = found["kind_confidence"]
    assert confidence.is_null().to_list() == [True, False, False, True]
    assert confidence[1] == 1.0
    assert 0.5 < float(confidence[2]) < 0.9
    assert found.schema["kind_confidence"] == pl.Float32


def test_a_second_line_in_lower_case_goes_on_with_a_title_known_by_its_words_only() -> None:
    two = [line("Traitement antalgique", "title"), line("pendant le séjour", "title")]
    assert [title for _, title, _ in titles(*two)] == ["Traitement antalgique pendant le séjour"]
    two = [line("Traitement", "title"), line("antalgique", "title")]
    assert [title for _, title, _ in titles(*two)] == ["Traitement", "antalgique"]


def test_a_title_known_by_its_words_only_opens_no_section_within_body() -> None:
    text = "Traitement antalgique : paracétamol"
    assert titles(line(text)) == [("introduction", None, text)]


@pytest.mark.parametrize("file", PHRASES, ids=lambda file: file.stem)
def test_titles_of_the_invented_pages_are_listed(file: Path) -> None:
    invented = tomllib.loads(file.read_text("utf-8"))["titles"]
    assert [title for title in invented if kind_and_confidence(title)[1] != 1.0] == []


def test_a_title_has_one_kind_and_all_languages_know_each_kind() -> None:
    lists = lexicon("chartline.text", "titles")
    listed = [
        (plain(title), kind)
        for kind, of_kind in lists.items()
        for name, of_language in of_kind.items()
        if name != "loinc"
        for title in of_language
    ]
    kinds: dict[str, set[str]] = {}
    for title, kind in listed:
        kinds.setdefault(title, set()).add(kind)
    assert {title: found for title, found in kinds.items() if len(found) > 1} == {}
    languages = {"fr", "en", "de", "es", "it", "nl", "pt"}
    assert [kind for kind, of in lists.items() if set(of) - {"loinc"} != languages] == []


def test_rules_of_words_lead_to_kinds_that_exist() -> None:
    rules = set(lexicon("chartline.text", "title_words")) - {"ignored", "occasions", "other"}
    assert rules <= set(lexicon("chartline.text", "titles"))


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("medication", "10160-0"),
        ("history", "11348-0"),
        ("allergies", "48765-2"),
        ("risk_factors", None),
        ("other", None),
        ("introduction", None),
    ],
)
def test_loinc_codes_of_kinds(kind: str, code: str | None) -> None:
    assert loinc_code(kind) == code
