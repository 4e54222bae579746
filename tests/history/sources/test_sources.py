"""Every kind of source is recognised and becomes MEDS events; a row that cannot be read is counted and named."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from chartline.core.errors import UsageError
from chartline.core.settings import EhrSettings
from chartline.core.tables import Events
from chartline.history.sources import Source, read_source
from chartline.store import Store
from chartline.work import job

MARCH = datetime(2020, 3, 1, tzinfo=UTC)
ROWS = {
    "subject_id": ["2", "1"],
    "time": ["2020-01-02T00:00:00", None],
    "code": ["ICD10//I10", "SEX//F"],
}


def csv(file: Path, rows: list[dict[str, Any]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(rows, infer_schema_length=None).write_csv(file)


def triples(source: Source) -> set[tuple[int, datetime | None, str]]:
    return set(source.collected().select("subject_id", "time", "code").iter_rows())


def faults(source: Source) -> dict[str, tuple[int, list[int]]]:
    return {
        fault: (count, rows)
        for fault, count, rows in source.faults.select("fault", "count", "rows").iter_rows()
    }


def test_csv_and_parquet_read_alike(tmp_path: Path) -> None:
    frame = pl.DataFrame(ROWS)
    frame.write_csv(tmp_path / "a.csv")
    frame.with_columns(
        pl.col("time").str.to_datetime(), pl.col("subject_id").cast(pl.Int64)
    ).write_parquet(tmp_path / "a.parquet")
    one, other = (
        read_source(tmp_path / name).collected().sort("subject_id")
        for name in ("a.csv", "a.parquet")
    )
    assert one.equals(other)
    Events.validate(one)


def test_other_time_zones_are_converted(tmp_path: Path) -> None:
    time = pl.Series("time", [MARCH]).dt.convert_time_zone("Europe/Paris")
    pl.DataFrame({"subject_id": [1], "time": time, "code": ["A"]}).write_parquet(
        tmp_path / "a.parquet"
    )
    assert read_source(tmp_path / "a.parquet").collected()["time"].to_list() == [MARCH]


def test_a_meds_dataset_is_read_with_its_splits_and_shards(ehr: Path) -> None:
    source = read_source(ehr)
    assert source.splits is not None
    assert set(source.splits["split"]) == {"train", "tuning", "held_out"}
    assert source.collected()["source"].unique().to_list() == ["ehr"]
    assert source.faults.is_empty()


def test_a_meds_dataset_keeps_its_encounters(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    pl.DataFrame(
        {"subject_id": [1], "time": [MARCH], "code": ["A"], "hadm_id": [77]}
    ).write_parquet(tmp_path / "data" / "0.parquet")
    assert read_source(tmp_path).collected()["encounter_id"].to_list() == ["77"]


def test_rows_that_cannot_be_read_are_counted_and_the_others_kept(tmp_path: Path) -> None:
    rows = [
        {"subject_id": "1", "time": "2020-03-01", "code": "A", "numeric_value": "1.5"},
        {"subject_id": "1", "time": "yesterday", "code": "B", "numeric_value": None},
        {"subject_id": None, "time": "2020-03-01", "code": "C", "numeric_value": None},
        {"subject_id": "2", "time": "2020-03-01", "code": None, "numeric_value": None},
        {"subject_id": "2", "time": "2020-03-01", "code": "D", "numeric_value": "many"},
        {"subject_id": "2", "time": "2020-13-01", "code": "E", "numeric_value": None},
    ]
    csv(tmp_path / "a.csv", rows)
    source = read_source(tmp_path / "a.csv")
    assert triples(source) == {(1, MARCH, "A")}
    assert faults(source) == {
        "the time cannot be read": (2, [2, 6]),
        "no subject": (1, [3]),
        "no code": (1, [4]),
        "the value is no number": (1, [5]),
    }
    assert source.faults["lost"].all()


def test_a_row_with_more_fields_than_the_header_is_told_and_kept(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "subject_id,time,code\n1,2020-03-01,A\n1,2020-03-01,B,C\n", "utf-8"
    )
    source = read_source(tmp_path / "a.csv")
    assert triples(source) == {(1, MARCH, "A"), (1, MARCH, "B")}
    assert source.faults.select("fault", "lost", "rows").rows() == [
        ("more fields than the header names", False, [2])
    ]


def test_a_plain_table_is_mapped_by_the_settings(tmp_path: Path) -> None:
    (tmp_path / "dx.csv").write_text(
        "PATNR;DAT;ICD;FALL\nP-7;01.03.2020;I10;F1\nP-7;31.02.2020;I10;F1\n", "utf-8"
    )
    settings = EhrSettings(
        columns={"subject_id": "PATNR", "time": "DAT", "code": "ICD", "encounter_id": "FALL"},
        vocabulary="ICD10",
        time_format="%d.%m.%Y",
        separator=";",
    )
    source = read_source(tmp_path / "dx.csv", settings)
    found = source.collected()
    assert found.select("time", "code", "encounter_id").rows() == [(MARCH, "ICD10//I10", "F1")]
    assert found["subject_id"][0] > 2**32  # P-7 is no number
    assert faults(source) == {"the time cannot be read": (1, [2])}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (EhrSettings(columns={"subject_id": "nobody"}), "no column 'nobody'"),
        (EhrSettings(columns={"patient": "subject_id"}), "setting ehr.columns.patient"),
        (EhrSettings(separator=";"), "no column 'subject_id'"),
    ],
)
def test_a_mapping_that_does_not_fit_is_told(
    tmp_path: Path, settings: EhrSettings, message: str
) -> None:
    pl.DataFrame(ROWS).write_csv(tmp_path / "a.csv")
    with pytest.raises(UsageError, match=message) as caught:
        read_source(tmp_path / "a.csv", settings)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["gone", "."])
def test_no_source_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"no such EHR source|no EHR source is recognised"):
        read_source(tmp_path / name)


def omop(folder: Path, suffix: str = "csv") -> None:
    tables: dict[str, list[dict[str, Any]]] = {
        "person": [
            {
                "person_id": 1,
                "gender_concept_id": 8507,
                "year_of_birth": 1950,
                "month_of_birth": 6,
                "day_of_birth": None,
                "care_site_id": 3,
            },
            {
                "person_id": 2,
                "gender_concept_id": 0,
                "year_of_birth": 1960,
                "month_of_birth": None,
                "day_of_birth": None,
                "care_site_id": None,
            },
        ],
        "visit_occurrence": [
            {
                "visit_occurrence_id": 9,
                "person_id": 1,
                "visit_concept_id": 9201,
                "visit_start_date": "2020-03-01",
            }
        ],
        "condition_occurrence": [
            {
                "person_id": 1,
                "condition_concept_id": 316139,
                "condition_source_concept_id": 45,
                "condition_source_value": "I50.9",
                "condition_start_date": "2020-03-01",
                "visit_occurrence_id": 9,
            },
            {
                "person_id": 1,
                "condition_concept_id": 0,
                "condition_source_concept_id": 0,
                "condition_source_value": "Z-local",
                "condition_start_date": "2020-03-01",
                "visit_occurrence_id": None,
            },
            {
                "person_id": 2,
                "condition_concept_id": 316139,
                "condition_source_concept_id": 0,
                "condition_source_value": None,
                "condition_start_date": "soon",
                "visit_occurrence_id": None,
            },
        ],
        "drug_exposure": [
            {"person_id": 1, "drug_concept_id": 1551, "drug_exposure_start_date": "2020-03-01"}
        ],
        "procedure_occurrence": [
            {"person_id": 1, "procedure_concept_id": 77, "procedure_date": "2020-03-01"}
        ],
    }
    for name, rows in tables.items():
        frame = pl.DataFrame(rows, infer_schema_length=None)
        folder.mkdir(exist_ok=True)
        getattr(frame, f"write_{suffix}")(folder / f"{name.upper()}.{suffix}")


CONCEPTS = [
    {
        "concept_id": 45,
        "concept_code": "I50.9",
        "vocabulary_id": "ICD10CM",
        "concept_name": "heart failure",
        "concept_class_id": "4-char",
    },
    {
        "concept_id": 316139,
        "concept_code": "84114007",
        "vocabulary_id": "SNOMED",
        "concept_name": "heart failure",
        "concept_class_id": "Disorder",
    },
    {
        "concept_id": 1551,
        "concept_code": "200",
        "vocabulary_id": "RxNorm",
        "concept_name": "a tablet",
        "concept_class_id": "Clinical Drug",
    },
    {
        "concept_id": 1500,
        "concept_code": "100",
        "vocabulary_id": "RxNorm",
        "concept_name": "an ingredient",
        "concept_class_id": "Ingredient",
    },
    {
        "concept_id": 77,
        "concept_code": "93000",
        "vocabulary_id": "CPT4",
        "concept_name": "ECG",
        "concept_class_id": "CPT4",
    },
    {
        "concept_id": 9201,
        "concept_code": "IP",
        "vocabulary_id": "Visit",
        "concept_name": "inpatient",
        "concept_class_id": "Visit",
    },
]


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
    csv(tmp_path / "concept.csv", CONCEPTS)
    csv(
        tmp_path / "concept_ancestor.csv",
        [
            {"ancestor_concept_id": 1500, "descendant_concept_id": 1551},
            {"ancestor_concept_id": 1551, "descendant_concept_id": 1551},
        ],
    )
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
    told = {code: (name, parents) for code, name, parents in source.codes.iter_rows()}
    assert told["RxNorm//200"] == ("a tablet", ["RxNorm//100"])
    assert told["ICD10CM//I50.9"] == ("heart failure", None)


def test_synthea(tmp_path: Path) -> None:
    who = "5c1e8b3a-0000-4000-8000-000000000001"
    csv(
        tmp_path / "patients.csv",
        [{"Id": who, "BIRTHDATE": "1950-06-01", "DEATHDATE": None, "GENDER": "F"}],
    )
    csv(
        tmp_path / "encounters.csv",
        [
            {
                "Id": "e1",
                "START": "2020-03-01T00:00:00Z",
                "PATIENT": who,
                "CODE": "185349003",
                "DESCRIPTION": "check up",
            }
        ],
    )
    csv(
        tmp_path / "conditions.csv",
        [
            {
                "START": "2020-03-01",
                "STOP": None,
                "PATIENT": who,
                "ENCOUNTER": "e1",
                "CODE": "84114007",
                "DESCRIPTION": "heart failure",
            }
        ],
    )
    csv(
        tmp_path / "medications.csv",
        [
            {
                "START": "2020-03-01T00:00:00Z",
                "PATIENT": who,
                "ENCOUNTER": "e1",
                "CODE": "313988",
                "DESCRIPTION": "furosemide",
            }
        ],
    )
    csv(
        tmp_path / "observations.csv",
        [
            {
                "DATE": "2020-03-01T00:00:00Z",
                "PATIENT": who,
                "ENCOUNTER": "e1",
                "CODE": "2160-0",
                "DESCRIPTION": "creatinine",
                "VALUE": "1.1",
            }
        ],
    )
    source = read_source(tmp_path)
    found = source.collected()
    assert found["subject_id"].n_unique() == 1
    assert set(found["code"]) == {
        "MEDS_BIRTH",
        "GENDER//F",
        "SNOMED//185349003",
        "SNOMED//84114007",
        "RxNorm//313988",
        "LOINC//2160-0",
    }
    assert found.filter(pl.col("code") == "LOINC//2160-0")["numeric_value"].to_list() == [
        pytest.approx(1.1)
    ]
    assert found.filter(pl.col("code") == "SNOMED//84114007")["encounter_id"].to_list() == ["e1"]
    assert source.codes is not None
    assert (
        dict(source.codes.select("code", "description").iter_rows())["RxNorm//313988"]
        == "furosemide"
    )


ICD = "http://hl7.org/fhir/sid/icd-10"
RESOURCES: list[dict[str, Any]] = [
    {"resourceType": "Patient", "id": "7", "gender": "female", "birthDate": "1950"},
    {
        "resourceType": "Encounter",
        "id": "e1",
        "class": {"code": "IMP"},
        "subject": {"reference": "Patient/7"},
        "period": {"start": "2020-03-01T01:00:00+01:00"},
    },
    {
        "resourceType": "Condition",
        "subject": {"reference": "Patient/7"},
        "encounter": {"reference": "Encounter/e1"},
        "recordedDate": "2020-03-01",
        "code": {
            "coding": [
                {"system": "http://elsewhere.example/x", "code": "?"},
                {"system": ICD, "code": "I50.9", "display": "heart failure"},
            ]
        },
    },
    {
        "resourceType": "Condition",
        "subject": {"reference": "Patient/7"},
        "recordedDate": "2020-03-01",
        "code": {"coding": [{"system": ICD, "code": "I10"}]},
        "verificationStatus": {"coding": [{"code": "refuted"}]},
    },
    {
        "resourceType": "Procedure",
        "status": "completed",
        "subject": {"reference": "urn:uuid:7"},
        "performedPeriod": {"start": "2020-03"},
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": "29303009"}]},
    },
    {
        "resourceType": "Procedure",
        "status": "not-done",
        "subject": {"reference": "Patient/7"},
        "performedDateTime": "2020-03-01",
        "code": {"coding": [{"code": "1"}]},
    },
    {
        "resourceType": "Medication",
        "id": "m1",
        "code": {"coding": [{"system": "http://www.whocc.no/atc", "code": "C03CA01"}]},
    },
    {
        "resourceType": "MedicationRequest",
        "status": "active",
        "subject": {"reference": "Patient/7"},
        "authoredOn": "2020-03-01",
        "medicationReference": {"reference": "Medication/m1"},
    },
    {
        "resourceType": "MedicationAdministration",
        "status": "completed",
        "subject": {"reference": "Patient/7"},
        "effectiveDateTime": "2020-03-01",
        "medicationCodeableConcept": {
            "coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "4603"}]
        },
    },
    {"resourceType": "Condition", "subject": "Patient/7", "code": "I10"},
    {"resourceType": "Observation", "subject": {"reference": "Patient/7"}},
]
EXPECTED = {
    (7, datetime(1950, 1, 1, tzinfo=UTC), "MEDS_BIRTH"),
    (7, None, "GENDER//F"),
    (7, MARCH, "ENCOUNTER//IMP"),
    (7, MARCH, "ICD10//I50.9"),
    (7, MARCH, "SNOMED//29303009"),
    (7, MARCH, "ATC//C03CA01"),
    (7, MARCH, "RxNorm//4603"),
}


def test_a_fhir_bundle(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text(
        json.dumps({"resourceType": "Bundle", "entry": [{"resource": one} for one in RESOURCES]}),
        "utf-8",
    )
    source = read_source(tmp_path)
    assert triples(source) == EXPECTED
    assert faults(source) == {
        "refuted or entered in error": (1, [4]),
        "not done or entered in error": (1, [6]),
        "not as FHIR R4 has it": (1, [10]),
    }
    assert source.collected().filter(pl.col("code") == "ICD10//I50.9")[
        "encounter_id"
    ].to_list() == ["e1"]


def test_fhir_bulk_export(tmp_path: Path) -> None:
    for kind in {one["resourceType"] for one in RESOURCES}:
        mine = [json.dumps(one) for one in RESOURCES if one["resourceType"] == kind]
        (tmp_path / f"{kind}.ndjson").write_text(
            "\n".join([*mine, "", "{broken"] if kind == "Procedure" else mine) + "\n", "utf-8"
        )
    source = read_source(tmp_path)
    assert triples(source) == EXPECTED
    assert faults(source)["not a JSON object"] == (1, [4])


def test_a_damaged_bundle_costs_the_others_nothing(tmp_path: Path) -> None:
    (tmp_path / "Jeanne.json").write_text('{"resourceType": "Bundle", "entry": [', "utf-8")
    (tmp_path / "b.json").write_text(
        json.dumps({"resourceType": "Bundle", "entry": [{"resource": one} for one in RESOURCES]}),
        "utf-8",
    )
    source = read_source(tmp_path)
    assert triples(source) == EXPECTED
    assert faults(source)["not a JSON object"] == (1, [1])


def test_no_message_names_a_patients_file(tmp_path: Path) -> None:
    (tmp_path / "fhir").mkdir()
    (tmp_path / "fhir" / "Jeanne.json").write_text("{", "utf-8")
    with pytest.raises(UsageError, match="1 rows were refused") as caught:
        job.join_events(Store(tmp_path / "out"), read_source(tmp_path / "fhir"), EhrSettings())
    assert "Jeanne" not in str(caught.value)


def test_what_a_fault_says_holds_no_value(tmp_path: Path) -> None:
    csv(tmp_path / "a.csv", [{"subject_id": "1", "time": "Canary Jeanne", "code": "A"}])
    assert "Canary" not in str(read_source(tmp_path / "a.csv").faults.to_dicts())
