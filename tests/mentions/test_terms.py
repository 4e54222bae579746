"""A term stands for one code, and a code has a name."""

import polars as pl
import pytest

from chartline.mentions.kinds import mention_kind
from chartline.mentions.names import names_of_codes
from chartline.mentions.terms import terms_by_code


def test_a_term_is_its_own_code_s_whatever_its_accents_and_case() -> None:
    own = (("Épilepsie", "LOCAL//1"), ("EPILEPSIE", "LOCAL//2"), ("mal  comitial", "LOCAL//1"))
    found = terms_by_code(own)
    assert found["LOCAL//1"] == ["Épilepsie", "mal  comitial"]
    assert "LOCAL//2" not in found
    assert found["ICD10//G40.9"] == ["epilepsy"]
    assert terms_by_code()["ICD10//G40.9"] == ["épilepsie", "epilepsy"]


def test_the_source_s_description_is_preferred_to_the_dictionary() -> None:
    codes = pl.DataFrame(
        {
            "code": ["ICD10//I10", "ICD10//G20", "LOCAL//1"],
            "description": ["Essential hypertension", None, "Ward round"],
        }
    )
    found = names_of_codes(codes)
    assert found["ICD10//I10"] == "Essential hypertension"
    assert found["ICD10//G20"] == "maladie de Parkinson"
    assert found["LOCAL//1"] == "Ward round"
    assert names_of_codes(None)["ICD10//I10"] == "hypertension artérielle"


@pytest.mark.parametrize(
    ("vocabulary", "code", "kind"),
    [
        ("ICD10", "R07.4", "sign"),
        ("ICD10", "I10", "condition"),
        ("ICD10CM", "R07.4", "condition"),
        ("RXNORM", "4603", "drug"),
        ("LOINC", "2160-0", "measurement"),
        ("CCAM", "DZQM006", "procedure"),
        ("LOCAL", "R1", "condition"),
    ],
)
def test_kinds_of_codes(vocabulary: str, code: str, kind: str) -> None:
    assert mention_kind(vocabulary, code) == kind
