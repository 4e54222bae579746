"""OMOP's tables become events, with the codes of the table concept where there is one."""

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import polars as pl
import pytest
from history.sources.rows import MARCH, faults, triples, values

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
    assert faults(source) == {"the sex is not known": (1, [2]), "the time cannot be read": (1, [3])}


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


def write(folder: Path, **tables: str) -> None:
    for name, text in {"person": "person_id,gender_concept_id\n1,8507\n", **tables}.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")


MEASUREMENTS = """person_id,measurement_concept_id,measurement_date,value_as_number,\
operator_concept_id,value_as_concept_id,unit_concept_id,unit_source_value,value_source_value
1,10,2020-03-01,5.5,4172703,0,8840,mg per dl,5.5
1,10,2020-03-01,5.5,4171756,0,8840,mg per dl,<5.5
1,10,2020-03-01,,,45884084,,,positive
1,10,2020-03-01,,,,,,not done
1,10,2020-03-01,7,,,,,
"""
UNITS = """concept_id,concept_code,vocabulary_id
10,2160-0,LOINC
8840,mg/dL,UCUM
45884084,LA6576-8,LOINC
"""


def test_measurements_have_numbers_texts_and_units(tmp_path: Path) -> None:
    write(tmp_path, measurement=MEASUREMENTS)
    columns = ("code", "numeric_value", "text_value", "unit")
    measured = [row for row in values(read_source(tmp_path), *columns) if row[0] == "OMOP//10"]
    assert measured == [
        ("OMOP//10", 5.5, None, "mg per dl"),
        ("OMOP//10", 7.0, None, None),
        ("OMOP//10", None, "<5.5", None),
        ("OMOP//10", None, "OMOP//45884084", None),
        ("OMOP//10", None, "not done", None),
    ]
    write(tmp_path, measurement=MEASUREMENTS, concept=UNITS)
    named = values(read_source(tmp_path), *columns)
    assert ("LOINC//2160-0", 5.5, None, "mg/dL") in named
    assert ("LOINC//2160-0", None, "LOINC//LA6576-8", None) in named


def test_observations_devices_and_ends(tmp_path: Path) -> None:
    write(
        tmp_path,
        observation="person_id,observation_concept_id,observation_date,value_as_string\n"
        "1,20,2020-03-01,smoker\n",
        device_exposure="person_id,device_concept_id,device_exposure_start_date,"
        "device_exposure_end_date\n1,30,2020-03-01,2020-03-04\n",
        condition_occurrence="person_id,condition_concept_id,condition_start_date,"
        "condition_end_date\n1,40,2020-03-01,2020-03-04\n",
    )
    fourth = datetime(2020, 3, 4, tzinfo=UTC)
    dated = [
        row
        for row in values(read_source(tmp_path), "code", "time", "end_time", "text_value")
        if row[1] == MARCH
    ]
    assert dated == [
        ("OMOP//20", MARCH, None, "smoker"),
        ("OMOP//30", MARCH, fourth, None),
        ("OMOP//40", MARCH, fourth, None),
    ]


def test_tables_that_are_not_read_are_counted(tmp_path: Path) -> None:
    write(tmp_path, note="note_id,person_id\n1,1\n2,1\n", vocabulary="vocabulary_id\nX\n")
    (tmp_path / "readme.txt").write_text("x", "utf-8")
    found = read_source(tmp_path).faults.with_columns(pl.col("file").str.split("/").list.last())
    assert {
        ("note.csv", "table not read", 2, True),
        ("vocabulary.csv", "table not read", 1, False),
        ("readme.txt", "file not read", 1, True),
    } <= set(found.select("file", "fault", "count", "lost").rows())


def test_pandas_floats_and_athenas_tab_separated_concepts(tmp_path: Path) -> None:
    (tmp_path / "person.csv").write_text(
        "person_id,gender_concept_id,year_of_birth,month_of_birth\n1.0,8507.0,1950.0,3.0\n",
        "utf-8",
    )
    (tmp_path / "condition_occurrence.csv").write_text(
        "person_id,condition_concept_id,condition_start_date,visit_occurrence_id\n"
        "1.0,319835.0,2020-03-01,9.0\n",
        "utf-8",
    )
    (tmp_path / "CONCEPT.csv").write_text(
        "concept_id\tconcept_name\tvocabulary_id\tconcept_code\n"
        '319835\t"heart failure\tSNOMED\t42343007\n',
        "utf-8",
    )
    source = read_source(tmp_path)
    assert triples(source) == {
        (1, datetime(1950, 3, 1, tzinfo=UTC), "MEDS_BIRTH"),
        (1, None, "GENDER//M"),
        (1, MARCH, "SNOMED//42343007"),
    }
    assert ("9",) in values(source, "encounter_id")


def test_a_sex_without_a_concept_is_the_hospitals_word(tmp_path: Path) -> None:
    write(
        tmp_path,
        person="person_id,gender_concept_id,gender_source_value\n1,0,homme\n2,0,X\n3,8521,\n",
    )
    source = read_source(tmp_path)
    assert (1, None, "GENDER//M") in triples(source)
    unknown = source.faults.filter(fault="the sex is not known")
    assert unknown.select("count", "lost").row(0) == (2, False)
