"""Terms are found, coded and put into context, in French and in English."""

import polars as pl
import pytest

from chartline.core.tables import Sections
from chartline.mentions.matching import mentions
from chartline.mentions.own_terms import OwnTerm, OwnTerms

CASES = [
    ("fr", "Le patient présente une insuffisance cardiaque.", "I50.9", set()),
    ("fr", "Il n'y a pas d'embolie pulmonaire.", "I26.9", {"negated"}),
    ("fr", "Son père a présenté un infarctus du myocarde.", "I21.9", {"family"}),
    ("fr", "On suspecte une pneumopathie.", "J18.9", {"hypothetical"}),
    ("fr", "Antécédent d'accident vasculaire cérébral.", "I64", {"past"}),
    ("fr", "Traitement par furosémide 40 mg.", "C03CA01", set()),
    ("fr", "Son mari a une BPCO.", "J44.9", {"family"}),
    ("en", "The patient has heart failure.", "I50.9", set()),
    ("en", "There is no pulmonary embolism.", "I26.9", {"negated"}),
    ("en", "Her mother had breast cancer.", "C50.9", {"family"}),
    ("en", "Possible pneumonia was discussed.", "J18.9", {"hypothetical"}),
    ("en", "She was started on furosemide.", "C03CA01", set()),
]


def section(
    text: str, language: str | None = "fr", kind: str = "course", document: str = "d"
) -> dict[str, object]:
    return {
        "document_id": document,
        "section": 0,
        "kind": kind,
        "title": None,
        "text": text,
        "language": language,
        "first_page": 1,
        "last_page": 1,
        "spans": [],
    }


def table(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema={n: c.dtype for n, c in Sections.columns().items()})


@pytest.mark.parametrize(("language", "text", "code", "context"), CASES)
def test_a_fact_and_its_context(language: str, text: str, code: str, context: set[str]) -> None:
    found = mentions(table(section(text, language))).filter(pl.col("code") == code)
    assert len(found) == 1
    row = found.row(0, named=True)
    assert {name for name in ("negated", "hypothetical", "family", "past") if row[name]} == context
    assert text[row["begin"] : row["end"]] == row["text"]


@pytest.mark.parametrize(
    ("kind", "context"),
    [
        ("family_history", {"family"}),
        ("history", {"past"}),
        ("surgical_history", {"past"}),
        ("course", set()),
    ],
)
def test_the_section_is_context_too(kind: str, context: set[str]) -> None:
    (row,) = mentions(table(section("Diabète de type 2.", kind=kind))).to_dicts()
    assert row["code"] == "E11.9"
    assert {name for name in ("negated", "hypothetical", "family", "past") if row[name]} == context


@pytest.mark.parametrize("language", ["und", "sv", None])
def test_a_section_of_a_language_without_cues_has_no_mention(language: str | None) -> None:
    assert mentions(table(section("Hypertension. Asthma.", language))).is_empty()


def test_mentions_are_in_the_order_of_the_text() -> None:
    texts = ["HTA, BPCO et asthme.", "Asthme."]
    sections = table(section(texts[1], document="e"), section(texts[0], document="d"))
    found = mentions(sections)
    assert found.select("document_id", "text").rows() == [
        ("d", "HTA"),
        ("d", "BPCO"),
        ("d", "asthme"),
        ("e", "Asthme"),
    ]


def test_own_terms_are_found_beside_the_dictionary() -> None:
    own = OwnTerms([OwnTerm("syndrome de Lund", "7", "LOCAL"), OwnTerm("HTA", "8", "LOCAL", "fr")])
    found = mentions(table(section("Syndrome de Lund, HTA et BPCO.")), own)
    assert found.select("vocabulary", "code", "name").rows() == [
        ("LOCAL", "7", "syndrome de Lund"),
        ("LOCAL", "8", "HTA"),
        ("ICD10", "J44.9", "BPCO"),
    ]


def test_no_text_no_mention() -> None:
    assert mentions(table()).is_empty()
    assert mentions(table(section(""))).is_empty()


ALLERGIES = [
    ("en", "Penicillin allergy, needs another drug.", ["Penicillin"]),
    ("en", "Intolerance to codeine.", ["codeine"]),
    ("fr", "Allergies : codéine, amoxicilline.", ["codéine", "amoxicilline"]),
    ("de", "Unverträglichkeiten: Codein, Amoxicillin.", ["Codein", "Amoxicillin"]),
    ("es", "Alergia a penicilina y metamizol.", ["penicilina", "metamizol"]),
    ("it", "Allergia alla penicillina.", ["penicillina"]),
    ("nl", "Allergie voor penicilline.", ["penicilline"]),
    ("pt", "Alergia à penicilina.", ["penicilina"]),
]


@pytest.mark.parametrize(("language", "text", "drugs"), ALLERGIES)
def test_an_allergy_is_known_by_its_drug(language: str, text: str, drugs: list[str]) -> None:
    found = mentions(table(section(text, language)))
    assert found["text"].to_list() == drugs
    assert found["status"].to_list() == ["allergy"] * len(drugs)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "ST depression in V5."),
        ("fr", "Dépression du segment ST."),
        ("it", "Depressione ST in V4."),
        ("nl", "ST-depressie in V4."),
    ],
)
def test_a_word_of_another_meaning_is_no_fact(language: str, text: str) -> None:
    assert mentions(table(section(text, language))).is_empty()


def test_a_weak_word_is_a_diagnosis_in_capitals_alone() -> None:
    known = table(section("The patient was fit for discharge. MS since 2011.", "en", "history"))
    assert mentions(known)["text"].to_list() == ["MS"]
