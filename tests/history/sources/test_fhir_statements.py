"""Which FHIR resources are events, with which values and times; and which are none, and why."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from history.sources.rows import MARCH, faults, triples, values

from chartline.history.sources import read_source
from chartline.history.subjects import subject_id

Resource = dict[str, Any]
PATIENT = {"resourceType": "Patient", "id": "7", "gender": "female", "birthDate": "1950"}
BORN = {(7, datetime(1950, 1, 1, tzinfo=UTC), "MEDS_BIRTH"), (7, None, "GENDER//F")}
UCUM = "http://unitsofmeasure.org"


def coded(code: str, system: str = "http://snomed.info/sct") -> Resource:
    return {"coding": [{"system": system, "code": code}]}


def resource(kind: str, **elements: Any) -> Resource:
    """A resource of a patient, with the code 1."""
    of = "patient" if kind in ("AllergyIntolerance", "Immunization") else "subject"
    return {"resourceType": kind, of: {"reference": "Patient/7"}, "code": coded("1"), **elements}


def bundle(*resources: Resource) -> Resource:
    return {"resourceType": "Bundle", "entry": [{"resource": one} for one in resources]}


def write(file: Path, *resources: Resource) -> Path:
    file.write_text(json.dumps(bundle(*resources)), "utf-8")
    return file


def condition(**elements: Any) -> Resource:
    return resource("Condition", **{"onsetDateTime": "2020-03-01", **elements})


def observation(**elements: Any) -> Resource:
    return resource("Observation", **{"effectiveDateTime": "2020-03-01", **elements})


@pytest.mark.parametrize(
    ("kind", "elements", "code"),
    [
        ("Observation", {"effectiveDateTime": "2020-03-01"}, "SNOMED//1"),
        ("DiagnosticReport", {"effectivePeriod": {"start": "2020-03-01"}}, "SNOMED//1"),
        ("AllergyIntolerance", {"recordedDate": "2020-03-01"}, "ALLERGY//SNOMED//1"),
        (
            "Immunization",
            {
                "occurrenceDateTime": "2020-03-01",
                "vaccineCode": coded("8", "http://hl7.org/fhir/sid/cvx"),
            },
            "CVX//8",
        ),
        (
            "MedicationStatement",
            {"effectiveDateTime": "2020-03-01", "medicationCodeableConcept": coded("2")},
            "SNOMED//2",
        ),
        (
            "MedicationDispense",
            {"whenHandedOver": "2020-03-01", "medicationCodeableConcept": coded("2")},
            "SNOMED//2",
        ),
    ],
)
def test_kinds_of_resources(tmp_path: Path, kind: str, elements: Resource, code: str) -> None:
    source = read_source(write(tmp_path / "a.json", PATIENT, resource(kind, **elements)))
    assert triples(source) == BORN | {(7, MARCH, code)}
    assert source.faults.is_empty()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            {"valueQuantity": {"value": 5.5, "unit": "mmol", "system": UCUM, "code": "mmol/L"}},
            (5.5, "mmol/L", None),
        ),
        ({"valueQuantity": {"value": 5, "unit": "drops"}}, (5.0, "drops", None)),
        ({"valueQuantity": {"value": 5}}, (5.0, None, None)),
        ({"valueQuantity": {"value": 5, "comparator": "<"}}, (None, None, "<5")),
        ({"valueInteger": 3}, (3.0, None, None)),
        ({"valueString": "37"}, (None, None, "37")),
        ({"valueBoolean": True}, (None, None, "true")),
        ({"valueCodeableConcept": coded("9")}, (None, None, "SNOMED//9")),
        ({"valueRange": {"low": {"value": 1}}}, (None, None, None)),
    ],
)
def test_values(tmp_path: Path, value: Resource, expected: tuple[Any, ...]) -> None:
    source = read_source(write(tmp_path / "a.json", observation(**value)))
    assert values(source, "numeric_value", "unit", "text_value") == [expected]


def test_components_and_conclusions_are_events_of_their_own(tmp_path: Path) -> None:
    pressure = observation(
        component=[
            {"code": coded("2"), "valueQuantity": {"value": 120, "unit": "mmHg"}},
            {"code": coded("3"), "valueQuantity": {"value": 80, "unit": "mmHg"}},
        ]
    )
    report = resource("DiagnosticReport", issued="2020-03-01", conclusionCode=[coded("4")])
    source = read_source(write(tmp_path / "a.json", pressure, {**report, "code": coded("5")}))
    assert values(source, "code", "numeric_value") == [
        ("SNOMED//1", None),
        ("SNOMED//2", 120.0),
        ("SNOMED//3", 80.0),
        ("SNOMED//4", None),
        ("SNOMED//5", None),
    ]


def test_when_it_began_when_it_ended_and_when_it_was_known(tmp_path: Path) -> None:
    began, ended, written = "2020-03-01", "2020-03-09", "2020-03-05"
    fifth, ninth = (datetime(2020, 3, day, tzinfo=UTC) for day in (5, 9))
    resources = [
        condition(abatementDateTime=ended, recordedDate=written),
        resource("Procedure", performedPeriod={"start": began, "end": ended}),
        observation(issued=written),
        resource("Condition", recordedDate=began),
    ]
    source = read_source(write(tmp_path / "a.json", *resources))
    assert values(source, "time", "end_time", "known_at") == [
        (MARCH, None, None),
        (MARCH, None, fifth),
        (MARCH, ninth, None),
        (MARCH, ninth, fifth),
    ]


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (condition(verificationStatus=coded("refuted")), "refuted"),
        (
            condition(verificationStatus={"coding": [{"code": "x"}, {"code": "entered-in-error"}]}),
            "entered in error",
        ),
        (
            condition(verificationStatus=coded("differential")),
            "one of several possible diagnoses",
        ),
        (resource("MedicationRequest", authoredOn="2020-03-01", status="draft"), "a draft"),
        (resource("MedicationRequest", authoredOn="2020-03-01", intent="proposal"), "proposed"),
        (resource("MedicationRequest", authoredOn="2020-03-01", intent="plan"), "planned"),
        (
            resource("MedicationRequest", authoredOn="2020-03-01", doNotPerform=True),
            "not to be done",
        ),
        (
            resource("Procedure", performedDateTime="2020-03-01", status="preparation"),
            "in preparation",
        ),
        (resource("Encounter", period={"start": "2020-03-01"}, status="planned"), "planned"),
        (observation(status="cancelled"), "cancelled"),
        (observation(status="entered-in-error"), "entered in error"),
        (
            resource("AllergyIntolerance", recordedDate="2020-03-01", code=coded("716186003")),
            "no allergy",
        ),
    ],
)
def test_what_is_no_fact_is_no_event(tmp_path: Path, statement: Resource, fault: str) -> None:
    source = read_source(write(tmp_path / "a.json", PATIENT, statement))
    assert triples(source) == BORN
    assert faults(source) == {f"no fact: {fault}": (1, [2])}


@pytest.mark.parametrize("status", ["provisional", "unconfirmed"])
def test_a_provisional_diagnosis_is_kept_as_such(tmp_path: Path, status: str) -> None:
    sure = condition(verificationStatus=coded("confirmed"), code=coded("2"))
    source = read_source(
        write(tmp_path / "a.json", condition(verificationStatus=coded(status)), sure)
    )
    assert values(source, "code", "certain") == [("SNOMED//1", False), ("SNOMED//2", None)]


@pytest.mark.parametrize(
    "reference",
    ["Patient/7", "Patient/7/_history/3", "https://a.example/fhir/Patient/7/_history/3"],
)
def test_a_reference_may_name_a_version(tmp_path: Path, reference: str) -> None:
    source = read_source(write(tmp_path / "a.json", condition(subject={"reference": reference})))
    assert triples(source) == {(7, MARCH, "SNOMED//1")}


@pytest.mark.parametrize(
    ("reference", "fault"),
    [("Group/7", "the subject is no patient"), ("Patient?identifier=7", "no subject")],
)
def test_a_reference_to_others_is_no_patient(tmp_path: Path, reference: str, fault: str) -> None:
    source = read_source(
        write(tmp_path / "a.json", PATIENT, condition(subject={"reference": reference}))
    )
    assert triples(source) == BORN
    assert fault in faults(source)


def test_types_that_are_not_read_are_counted(tmp_path: Path) -> None:
    others = [resource("CarePlan"), resource("CarePlan"), {"resourceType": "Organization"}]
    (tmp_path / "notes.txt").write_text("x", "utf-8")
    write(tmp_path / "a.json", PATIENT, *others, {"resource": 1})
    found = read_source(tmp_path).faults.select("fault", "count", "lost").rows()
    assert set(found) == {
        ("resource type CarePlan not read", 2, True),
        ("resource type Organization not read", 1, False),
        ("no FHIR resource", 1, True),
        ("file not read", 1, True),
    }


def test_an_unknown_sex_and_an_undated_death_are_counted(tmp_path: Path) -> None:
    unclear = {**PATIENT, "gender": "unknown", "deceasedBoolean": True}
    source = read_source(write(tmp_path / "a.json", unclear))
    assert {code for _, _, code in triples(source)} == {"MEDS_BIRTH"}
    assert set(source.faults.select("fault", "lost").rows()) == {
        ("the sex is not known", False),
        ("a death without a date", True),
    }


def test_a_bundle_in_a_bundle(tmp_path: Path) -> None:
    file = write(tmp_path / "a.json", bundle(bundle(condition())), PATIENT)
    assert triples(read_source(file)) == BORN | {(7, MARCH, "SNOMED//1")}


def test_a_resource_without_an_id_has_that_of_its_entry(tmp_path: Path) -> None:
    entry = {"fullUrl": "urn:uuid:7", "resource": {**PATIENT}}
    del entry["resource"]["id"]
    content = {"resourceType": "Bundle", "entry": [entry]}
    (tmp_path / "a.json").write_text(json.dumps(content), "utf-8")
    assert triples(read_source(tmp_path)) == BORN


def test_compressed_files(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps(one) for one in (PATIENT, condition()))
    (tmp_path / "a.ndjson.gz").write_bytes(gzip.compress(lines.encode()))
    (tmp_path / "b.json.gz").write_bytes(gzip.compress(json.dumps(observation()).encode())[:-9])
    source = read_source(tmp_path)
    assert triples(source) == BORN | {(7, MARCH, "SNOMED//1")}
    assert faults(source) == {"the file cannot be read": (1, [1])}


def test_the_same_resource_counts_once_and_its_latest_version(tmp_path: Path) -> None:
    same = condition(id="c")
    old = condition(id="v", code=coded("2"), meta={"versionId": "9"})
    new = condition(id="v", code=coded("3"), meta={"versionId": "10"})
    wrong = {**new, "meta": {"versionId": "11"}, "verificationStatus": coded("entered-in-error")}
    write(tmp_path / "a.json", PATIENT, same, new)
    write(tmp_path / "b.json", PATIENT, same, old)
    assert triples(read_source(tmp_path)) == BORN | {
        (7, MARCH, "SNOMED//1"),
        (7, MARCH, "SNOMED//3"),
    }
    assert len(read_source(tmp_path).collected()) == 4
    write(tmp_path / "c.json", wrong)
    source = read_source(tmp_path)
    assert triples(source) == BORN | {(7, MARCH, "SNOMED//1")}
    again = source.faults.filter(fault="the same resource again, or an older version of it")
    assert again.select("count", "lost").sum().row(0) == (5, 0)  # a patient has two rows


def test_what_another_copy_of_a_patient_adds_is_kept(tmp_path: Path) -> None:
    write(tmp_path / "a.json", PATIENT)
    write(tmp_path / "b.json", {**PATIENT, "deceasedDateTime": "2020-03-01"})
    assert triples(read_source(tmp_path)) == BORN | {(7, MARCH, "MEDS_DEATH")}


def test_an_identifier_of_one_bundle_may_be_another_resources_in_another(tmp_path: Path) -> None:
    write(tmp_path / "a.json", condition(id="1"))
    write(tmp_path / "b.json", condition(id="1", code=coded("2")))
    write(tmp_path / "c.json", condition(id="1", subject={"reference": "Patient/8"}))
    source = read_source(tmp_path)
    assert triples(source) == {
        (7, MARCH, "SNOMED//1"),
        (7, MARCH, "SNOMED//2"),
        (8, MARCH, "SNOMED//1"),
    }


def test_what_is_nested_without_end_stops_nothing(tmp_path: Path) -> None:
    deep = "[" * 200_000 + "]" * 200_000
    lines = [json.dumps(PATIENT), f'{{"a": {deep}}}', json.dumps(condition())]
    (tmp_path / "a.ndjson").write_text("\n".join(lines), "utf-8")
    (tmp_path / "b.json").write_text('{"resourceType": "Bundle", "entry": ' + deep + "}", "utf-8")
    source = read_source(tmp_path)
    assert triples(source) == BORN | {(7, MARCH, "SNOMED//1")}
    assert source.faults.select("fault", "rows").rows() == [
        ("nested too deep", [2]),
        ("nested too deep", [1]),
    ]


@pytest.mark.parametrize(
    "odd", [{"id": 7}, {"code": {"coding": [{"code": 5}]}}, {"onsetDateTime": ["2020"]}]
)
def test_elements_of_other_types_stop_nothing(tmp_path: Path, odd: Resource) -> None:
    source = read_source(write(tmp_path / "a.json", PATIENT, condition(**odd), condition()))
    assert (7, MARCH, "SNOMED//1") in triples(source)
    assert len(source.collected()) + int(source.faults["count"].sum()) >= 4


def test_half_a_surrogate_pair_stops_nothing(tmp_path: Path) -> None:
    lines = [
        json.dumps(condition(id="\ud800", meta={"versionId": "\ud800"})),
        json.dumps(condition(subject={"reference": "\ud800"})),
    ]
    (tmp_path / "a.ndjson").write_text("\n".join(lines), "utf-8")
    source = read_source(tmp_path)
    assert triples(source) == {(7, MARCH, "SNOMED//1")}
    assert faults(source) == {"not as FHIR R4 has it": (1, [2])}


def test_identifiers_with_leading_zeros_stay(tmp_path: Path) -> None:
    source = read_source(
        write(tmp_path / "a.json", condition(subject={"reference": "Patient/007"}))
    )
    assert {subject for subject, _, _ in triples(source)} == {subject_id("007")} != {7}
