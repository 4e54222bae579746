"""Labelled lines to sections: furniture gone, hyphens undone, every character tied to its line."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from chartline.core.tables import Lines
from chartline.models.line_classifier.labels import CLINICAL, LABELS
from chartline.text.sections import sections
from chartline.text.titles import section_kind


def table(rows: list[tuple[int, str, str]], step: float = 12) -> pl.DataFrame:
    """Lines (page, label, text) one below the other."""
    counters: dict[int, int] = {}
    found = []
    for page, label, text in rows:
        number = counters[page] = counters.get(page, -1) + 1
        found.append(
            {
                "document_id": "d",
                "page": page,
                "line": number,
                "text": text,
                "x0": 50.0,
                "top": 50 + step * number,
                "x1": 50 + 5.0 * len(text),
                "bottom": 60 + step * number,
                "page_width": 595.0,
                "page_height": 842.0,
                "font": "F",
                "size": 10.0,
                "bold": False,
                "italic": False,
                "source": "native",
                "label": label,
                "confidence": 0.9,
            }
        )
    return Lines.validate(
        pl.DataFrame(found, schema={n: c.dtype for n, c in Lines.columns().items()}), cast=True
    )


def test_paragraph_goes_on_over_the_page_and_its_furniture() -> None:
    found = sections(
        table(
            [
                (1, "title", "Évolution"),
                (1, "body", "Le patient a reçu un traitement antibio-"),
                (1, "footer", "12 rue des Tilleuls"),
                (1, "page_number", "1/2"),
                (2, "header", "DUBRAY Anne, née le 01/02/1950"),
                (2, "body", "tique pendant sept jours."),
            ]
        )
    )
    assert found["text"].to_list() == [
        "Le patient a reçu un traitement antibiotique pendant sept jours."
    ]
    assert found.select("kind", "title", "first_page", "last_page").row(0) == (
        "course",
        "Évolution",
        1,
        2,
    )


def test_text_before_any_title_is_kept() -> None:
    found = sections(
        table(
            [
                (1, "body", "Cher confrère,"),
                (1, "title", "Conclusion"),
                (1, "body", "Tout va bien."),
            ]
        )
    )
    assert found.select("kind", "text").rows() == [
        ("introduction", "Cher confrère,"),
        ("conclusion", "Tout va bien."),
    ]


def test_known_title_with_colon_opens_a_section_within_body() -> None:
    found = sections(
        table(
            [(1, "body", "Antécédents : hypertension artérielle"), (1, "body", "Remarque : rien")]
        )
    )
    assert found["kind"].to_list() == ["introduction", "history"] or found["kind"].to_list() == [
        "history"
    ]
    assert found["text"].to_list()[-1].startswith("hypertension artérielle")


def test_cells_of_a_row_are_joined_by_tabs() -> None:
    lines = table(
        [
            (1, "table", "Sodium"),
            (1, "table", "140"),
            (1, "table", "Potassium"),
            (1, "table", "4.2"),
        ]
    )
    lines = lines.with_columns(
        x0=pl.Series([50, 200, 50, 200], dtype=pl.Float32),
        x1=pl.Series([90, 220, 100, 220], dtype=pl.Float32),
        top=pl.Series([50, 50, 62, 62], dtype=pl.Float32),
        bottom=pl.Series([60, 60, 72, 72], dtype=pl.Float32),
    )
    assert sections(lines)["text"].to_list() == ["Sodium\t140\nPotassium\t4.2"]


def test_titles_have_one_kind_in_both_languages() -> None:
    assert (
        section_kind("ANTÉCÉDENTS FAMILIAUX :")
        == section_kind("Family history")
        == "family_history"
    )
    assert (
        section_kind("3. Traitement de sortie")
        == section_kind("Discharge medications")
        == "discharge_medication"
    )
    assert section_kind("Météo") == "other"


words = st.text(st.characters(whitelist_categories=("Ll", "Lu", "Nd")), min_size=1, max_size=12)
rows = st.lists(
    st.tuples(
        st.integers(1, 3),
        st.sampled_from(LABELS),
        st.lists(words, min_size=1, max_size=6).map(" ".join),
    ),
    max_size=25,
)


@given(rows)
def test_every_character_leads_back_to_its_line(found: list[tuple[int, str, str]]) -> None:
    lines = table(sorted(found, key=lambda row: row[0]))
    by_place = {(row["page"], row["line"]): row for row in lines.to_dicts()}
    for section in sections(lines).to_dicts():
        covered = [False] * len(section["text"])
        for span in section["spans"]:
            source = by_place[span["page"], span["line"]]
            assert source["label"] in CLINICAL
            assert section["text"][span["begin"] : span["end"]] in source["text"]
            covered[span["begin"] : span["end"]] = [True] * (span["end"] - span["begin"])
        gaps = {char for char, hit in zip(section["text"], covered, strict=True) if not hit}
        assert gaps <= set(" \t\n")


@given(rows)
def test_no_clinical_text_is_lost(found: list[tuple[int, str, str]]) -> None:
    lines = table(sorted(found, key=lambda row: row[0]))
    out = "".join((row["title"] or "") + row["text"] for row in sections(lines).to_dicts())
    body = lines.filter(pl.col("label").is_in(["body", "table"]))["text"].to_list()
    letters = sum(char.isalnum() for char in out)
    assert letters >= sum(char.isalnum() for text in body for char in text)
