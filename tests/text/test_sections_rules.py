"""Each rule of sections by itself: small pages in, the expected text out."""

from typing import Any

import polars as pl
import pytest

from chartline.core.tables import Lines, types_of
from chartline.text.sections import section_kind, sections

RIGHT = 400.0  # where full lines end


def line(text: str, label: str = "body", **place: Any) -> dict[str, Any]:
    """A line of 10 points; `place` overrides where and how it stands."""
    return {"text": text, "label": label, "page": 1, "x0": 50.0, "x1": RIGHT, "size": 10.0} | place


def page(*lines: dict[str, Any], step: float = 12.0) -> pl.DataFrame:
    """The lines table of these lines, `step` points below each other unless they say `top`."""
    rows = []
    for number, one in enumerate(lines):
        top = one.get("top", 100.0 + step * number)
        placed = {"document_id": "d", "line": number, "top": top, "bottom": top + 10.0}
        look = {"font": "F", "bold": False, "italic": False, "source": "native"}
        rows.append({"page_width": 595.0, "page_height": 842.0, **look, **placed, **one})
    return Lines.validate(pl.DataFrame(rows, schema=types_of(Lines)), cast=True)


def texts(*lines: dict[str, Any], step: float = 12.0) -> list[str]:
    return sections(page(*lines, step=step))["text"].to_list()


def titles(*lines: dict[str, Any], step: float = 12.0) -> list[tuple[str, str | None, str]]:
    return sections(page(*lines, step=step)).select("kind", "title", "text").rows()


# Paragraphs


@pytest.mark.parametrize(
    ("right", "ends"),
    [(RIGHT - 59, False), (RIGHT - 61, True), (RIGHT - 300, True), (RIGHT, False)],
)
def test_a_line_six_letters_short_ends_its_paragraph(right: float, ends: bool) -> None:
    text = texts(
        line("le bilan biologique de contrôle est joint"),
        line("au présent courrier.", x1=right),
        line("il a été revu"),
    )
    assert ("courrier.\nil" in text[0]) is ends


@pytest.mark.parametrize(
    ("short", "following", "ends"),
    [
        ("sans fait nouveau.", "il a été revu", True),
        ("sans fait nouveau !", "il a été revu", True),
        ("sans fait nouveau ? ", "il a été revu", True),
        ("sans fait nouveau :", "il a été revu", True),
        ("sans fait nouveau", "Il a été revu", True),
        ("sans fait nouveau", "il a été revu", False),
        ("sans fait nouveau, vu.", "Il a été revu", True),
    ],
)
def test_a_short_line_ends_a_paragraph_only_where_a_sentence_may_end(
    short: str, following: str, ends: bool
) -> None:
    text = texts(line("le bilan est joint"), line(short, x1=200.0), line(following))
    assert text == [f"le bilan est joint {short}" + ("\n" if ends else " ") + following]


def test_the_right_edge_is_that_of_body_lines_of_the_same_page() -> None:
    wide = line("Un titre large", "title", x1=560.0)
    other = line("corps de l'autre page", page=2, x1=560.0)
    note = line("note", "table", x1=560.0)
    found = texts(
        wide, line("le poids est stable.", x1=RIGHT - 50), line("il revient bientôt"), note, other
    )
    assert "stable. il" in found[0]


@pytest.mark.parametrize(("step", "ends"), [(12.0, False), (20.9, False), (21.1, True)])
def test_a_space_of_more_than_two_lines_ends_a_paragraph(step: float, ends: bool) -> None:
    (text,) = texts(line("le poids est"), line("stable sous"), step=step)
    assert text == "le poids est" + ("\n" if ends else " ") + "stable sous"


def test_the_space_between_lines_is_measured_by_the_first_lines_letters() -> None:
    (text,) = texts(line("le poids est", size=20.0), line("stable sous", size=10.0), step=30.0)
    assert text == "le poids est stable sous"


def test_a_line_above_the_last_or_on_the_next_page_goes_on() -> None:
    first = line("le poids est", top=700.0)
    assert texts(first, line("stable sous", top=100.0)) == ["le poids est stable sous"]
    assert texts(first, line("stable sous", top=760.0, page=2)) == ["le poids est stable sous"]


@pytest.mark.parametrize("bullet", ["•", "-", "–", "*", "→", "1.", "12)"])
def test_a_bullet_begins_a_paragraph(bullet: str) -> None:
    if bullet == "→":
        assert texts(line("on retient"), line("→ une HTA")) == ["on retient → une HTA"]
        return
    assert texts(line("on retient"), line(f"{bullet} une HTA")) == [f"on retient\n{bullet} une HTA"]


def test_a_number_without_dot_or_space_is_no_bullet() -> None:
    assert texts(line("une dose de"), line("12 mg"), line("-5 au total")) == [
        "une dose de 12 mg -5 au total"
    ]


# Hyphens


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("un antibio-", "tique", "un antibiotique"),
        ("à Saint-", "Denis", "à Saint- Denis"),
        ("les années 10-", "onze", "les années 10- onze"),
        ("le dosage -", "normal", "le dosage - normal"),
        ("un antibio", "tique", "un antibio tique"),
    ],
)
def test_a_word_broken_at_a_lines_end_is_joined(first: str, second: str, joined: str) -> None:
    assert texts(line(first), line(second)) == [joined]


def test_spans_lead_to_the_text_also_where_a_hyphen_was_undone() -> None:
    found = sections(page(line("un antibio-"), line("tique, puis"), line("rien", page=2)))
    (section,) = found.to_dicts()
    assert section["text"] == "un antibiotique, puis rien"
    assert section["spans"] == [
        {"begin": 0, "end": 10, "page": 1, "line": 0},
        {"begin": 10, "end": 21, "page": 1, "line": 1},
        {"begin": 22, "end": 26, "page": 2, "line": 2},
    ]
    assert (section["first_page"], section["last_page"]) == (1, 2)


# Rows and tables


def cell(text: str, x0: float, x1: float, top: float, **more: Any) -> dict[str, Any]:
    return line(text, "table", x0=x0, x1=x1, top=top, **more)


@pytest.mark.parametrize(
    ("x0", "top", "glue"),
    [
        (120.0, 100.0, "\t"),
        (99.0, 100.0, "\t"),  # a cell may touch its neighbour, by a point
        (98.9, 100.0, "\n"),
        (120.0, 104.5, "\t"),  # their middles: less than half a letter apart
        (120.0, 106.0, "\n"),
    ],
)
def test_cells_of_one_row_are_joined_by_a_tab(x0: float, top: float, glue: str) -> None:
    assert texts(cell("Sodium", 50.0, 100.0, 100.0), cell("139", x0, 150.0, top)) == [
        f"Sodium{glue}139"
    ]


def test_cells_are_read_row_by_row_in_whatever_order_they_come() -> None:
    column = [cell("Sodium", 50, 90, 100.0), cell("Fer", 50, 80, 112.0), cell("Zinc", 50, 85, 124)]
    values = [cell("139", 200, 220, 102.0), cell("12", 200, 220, 110.0), cell("14", 200, 220, 126)]
    assert texts(*column, *values) == ["Sodium\t139\nFer\t12\nZinc\t14"]


def test_a_table_ends_with_its_page_and_where_other_text_stands() -> None:
    assert texts(
        cell("b", 200, 220, 100), cell("a", 50, 60, 100), line("le corps"), cell("c", 50, 60, 130)
    ) == ["a\tb\nle corps\nc"]
    assert texts(cell("b", 200, 220, 100), cell("a", 50, 60, 100, page=2)) == ["b\na"]


def test_body_and_table_are_apart_though_on_one_row() -> None:
    assert texts(line("le taux", x1=100.0, top=100.0), cell("139", 120, 140, 100.0)) == [
        "le taux\t139"
    ]
    assert texts(cell("139", 50, 70, 100.0), line("est bas", x0=120.0, top=120.0)) == [
        "139\nest bas"
    ]


def test_pieces_of_body_on_one_row_are_one_line() -> None:
    assert texts(line("vu le", x1=100.0, top=100.0), line("• 3 mai", x0=120.0, top=101.0)) == [
        "vu le • 3 mai"
    ]
    assert texts(line("vu le", x1=100.0), line("• 3 mai", x0=120.0, page=2, top=100.0)) == [
        "vu le\n• 3 mai"
    ]


# Titles


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


def test_a_section_shows_the_pages_of_its_title_and_text() -> None:
    found = sections(page(line("Évolution", "title"), line("Bonne.", page=2, top=100.0)))
    assert found.select("first_page", "last_page").row(0) == (1, 2)


# Documents and lines


def test_only_clinical_lines_count_each_document_for_itself_in_the_order_of_its_lines() -> None:
    furniture = ["front", "header", "footer", "note", "page_number", "signature", "other"]
    first = page(line("un"), line("deux"), *[line("(no)", label) for label in furniture])
    both = pl.concat([first, first.with_columns(document_id=pl.lit("e"))]).sort("text")
    found = sections(both).sort("document_id").select("document_id", "section", "text").rows()
    assert found == [("d", 0, "un deux"), ("e", 0, "un deux")]


def test_sections_of_a_document_are_numbered() -> None:
    found = sections(page(line("Bonjour."), line("Évolution", "title"), line("Bonne.")))
    assert found.select("section", "kind").rows() == [(0, "introduction"), (1, "course")]


def test_no_lines_no_sections() -> None:
    assert sections(page(line("un")).clear()).is_empty()


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
