"""Titles: those of two lines, with numbers, with text behind them, and their kinds."""

from typing import Any

import pytest
from labelled import line, titles

from chartline.text.titles import section_kind


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
    assert titles(line("Résumé", "title"), line("Rien."), line("Divers", "title")) == [
        ("other", "Résumé", "Rien."),
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
        ("Traitement à la sortie (le 3)", "other"),
        ("Traitement de sortie (2)", "discharge_medication"),
        ("", "other"),
        ("HTA", "other"),
    ],
)
def test_kinds_of_titles(title: str, kind: str) -> None:
    assert section_kind(title) == kind
