"""FHIR bundles and bulk exports become events; resources that are none are counted."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
from history.sources.rows import MARCH, faults, triples

from chartline.history.sources import read_source

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
        "no fact: refuted": (1, [4]),
        "no fact: not done": (1, [6]),
        "not as FHIR R4 has it": (1, [10]),
        "no time": (1, [11]),
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
