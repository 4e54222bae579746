"""How a line is joined to the line before, rule by rule: small pages in, the expected text out."""

import pytest
from labelled import RIGHT, line, texts


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


@pytest.mark.parametrize(("step", "ends"), [(12.0, False), (21.0, False), (21.1, True)])
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
