"""OMOP's tables become events, with the codes of the table concept where there is one."""

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import polars as pl
import pytest
from history.sources.rows import MARCH, faults, triples

from chartline.history.sources import read_source

TABLES = {
    "person": """person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth,care_site_id
1,8507,1950,6,,3
2,0,1960,,,
""",
    "visit_occurrence": """visit_occurrence_id,person_id,visit_concept_id,visit_start_date
9,1,9201,2020-03-01
""",
    "condition_occurrence": (
        "person_id,condition_concept_id,condition_source_concept_id,condition_source_value,"
        "condition_start_date,visit_occurrence_id\n"
        "1,316139,45,I50.9,2020-03-01,9\n"
        "1,0,0,Z-local,2020-03-01,\n"
        "2,316139,0,,soon,\n"
    ),
    "drug_exposure": """person_id,drug_concept_id,drug_exposure_start_date
1,1551,2020-03-01
""",
    "procedure_occurrence": """person_id,procedure_concept_id,procedure_date
1,77,2020-03-01
""",
}
CONCEPTS = """concept_id,concept_code,vocabulary_id,concept_name,concept_class_id
45,I50.9,ICD10CM,heart failure,4-char
316139,84114007,SNOMED,heart failure,Disorder
1551,200,RxNorm,a tablet,Clinical Drug
1500,100,RxNorm,an ingredient,Ingredient
77,93000,CPT4,ECG,CPT4
9201,IP,Visit,inpatient,Visit
"""
ANCESTORS = """ancestor_concept_id,descendant_concept_id
1500,1551
1551,1551
"""


def omop(folder: Path, suffix: str = "csv") -> None:
    for name, text in TABLES.items():
        frame = pl.read_csv(StringIO(text))
        getattr(frame, f"write_{suffix}")(folder / f"{name.upper()}.{suffix}")


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_omop_without_concepts(tmp_path: Path, suffix: str) -> None:
    omop(tmp_path, suffix)
    source = read_source(tmp_path)
    assert triples(source) == {
        (1, datetime(1950, 6, 1, tzinfo=UTC), "MEDS_BIRTH"),
        (2, datetime(1960, 1, 1, tzinfo=UTC), "MEDS_BIRTH"),
        (1, None, "GENDER//M"),
        (1, None, "SITE//3"),
        (1, MARCH, "OMOP//VISIT//9201"),
        (1, MARCH, "OMOP//45"),
        (1, MARCH, "SOURCE//CONDITION//Z-local"),
        (1, MARCH, "OMOP//1551"),
        (1, MARCH, "OMOP//77"),
    }
    assert faults(source) == {"sex unknown": (1, [2]), "the time cannot be read": (1, [3])}


def test_omop_with_concepts_names_codes_and_ingredients(tmp_path: Path) -> None:
    omop(tmp_path)
    (tmp_path / "concept.csv").write_text(CONCEPTS, "utf-8")
    (tmp_path / "concept_ancestor.csv").write_text(ANCESTORS, "utf-8")
    source = read_source(tmp_path)
    codes = {code for _, _, code in triples(source)}
    assert {
        "ICD10CM//I50.9",
        "RxNorm//200",
        "CPT4//93000",
        "Visit//IP",
        "SOURCE//CONDITION//Z-local",
    } <= codes
    assert source.codes is not None
    described = {code: (name, parents) for code, name, parents in source.codes.iter_rows()}
    assert described["RxNorm//200"] == ("a tablet", ["RxNorm//100"])
    assert described["ICD10CM//I50.9"] == ("heart failure", None)
