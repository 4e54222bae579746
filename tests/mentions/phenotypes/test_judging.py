"""A phenotype is present where facts in the right sections say so; unknown is not absent."""

from pathlib import Path

import polars as pl
import pytest

from chartline.core.errors import UsageError
from chartline.core.tables import Sections, types_of
from chartline.mentions.matching import mentions
from chartline.mentions.phenotypes.declaring import Phenotype, load, shipped
from chartline.mentions.phenotypes.judging import judge


def sections(*rows: tuple[str, str, str, str]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "document_id": document,
                "section": number,
                "kind": kind,
                "language": language,
                "text": text,
                "first_page": 1,
                "last_page": 1,
                "spans": [],
            }
            for number, (document, kind, language, text) in enumerate(rows)
        ],
        schema=types_of(Sections),
    )


def present(phenotype: Phenotype, *rows: tuple[str, str, str, str]) -> dict[str, bool | None]:
    given = sections(*rows)
    found = judge(phenotype, given, mentions(given))
    return dict(found.select("document_id", "present").iter_rows())


INFECTION = [
    ("course", "en", "She has pneumonia.", True),
    ("history", "en", "Pneumonia in 2011.", False),
    ("course", "en", "No pneumonia.", False),
    ("course", "en", "Possible pneumonia.", False),
    ("family_history", "en", "Pneumonia.", False),
    ("course", "fr", "Pyélonéphrite aiguë traitée par ceftriaxone.", True),
    ("course", "fr", "Hépatite C chronique.", False),
    ("course", "en", "Fever. Ceftriaxone was started.", True),
    ("course", "en", "Fever. Paracetamol was started.", False),
    ("course", "und", "xyz", None),
]


@pytest.mark.parametrize(("kind", "language", "text", "expected"), INFECTION)
def test_acute_infection(kind: str, language: str, text: str, expected: bool | None) -> None:
    assert present(load("acute_infection"), ("d", kind, language, text)) == {"d": expected}


def test_evidence_leads_to_the_text() -> None:
    given = sections(("d", "course", "en", "Asthma and pneumonia."), ("e", "course", "en", "Well."))
    found = judge(load("acute_infection"), given, mentions(given))
    assert found["evidence"].to_list() == [
        [{"section": 0, "begin": 11, "end": 20, "code": "ICD10//J18.9"}],
        [],
    ]


@pytest.mark.parametrize("name", shipped())
def test_what_is_shipped_can_be_loaded(name: str) -> None:
    assert load(name).description


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("description: x\nany: [{code: [A]}]\n", "any.0.codes: Field required"),
        ("description: x\n", "neither `any` nor `together`"),
        ("- 1\n", "the file: Input should be"),
        ("a: [", "not YAML"),
    ],
)
def test_a_wrong_file_is_one_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "x.yaml").write_text(text)
    with pytest.raises(UsageError, match="x.yaml: " + message.replace(".", r"\.")) as error:
        load(tmp_path / "x.yaml")
    assert "\n" not in str(error.value)
    with pytest.raises(UsageError, match="there are acute_infection"):
        load(tmp_path / "absent.yaml")
