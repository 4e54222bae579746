"""Elements that resources share: codes, references, dates (https://hl7.org/fhir/R4/datatypes.html)."""

from typing import Any

SYSTEMS = {  # code system -> vocabulary, as it stands before // in a code
    "http://hl7.org/fhir/sid/icd-10": "ICD10",
    "http://hl7.org/fhir/sid/icd-10-cm": "ICD10CM",
    "http://hl7.org/fhir/sid/icd-9-cm": "ICD9CM",
    "http://fhir.de/CodeSystem/bfarm/icd-10-gm": "ICD10",
    "urn:oid:2.16.840.1.113883.6.90": "ICD10CM",
    "http://www.whocc.no/atc": "ATC",
    "http://fhir.de/CodeSystem/bfarm/atc": "ATC",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "RxNorm",
    "http://snomed.info/sct": "SNOMED",
    "http://loinc.org": "LOINC",
    "http://www.ama-assn.org/go/cpt": "CPT4",
    "http://www.cms.gov/Medicare/Coding/ICD10": "ICD10PCS",
    "http://hl7.org/fhir/sid/ndc": "NDC",
}


def concept(value: Any) -> tuple[str | None, str | None]:
    """A CodeableConcept's code (`vocabulary//code`) and display text.

    The first coding in a system of `SYSTEMS` is taken, else the first coding, with the last part
    of its system's address as vocabulary.

    >>> concept({"coding": [{"system": "http://loinc.org", "code": "2160-0"}]})
    ('LOINC//2160-0', None)
    """
    codings = [coding for coding in (value or {}).get("coding", []) if coding.get("code")]
    if not codings:
        return None, None
    known = [coding for coding in codings if coding.get("system") in SYSTEMS]
    chosen = (known or codings)[0]
    system = str(chosen.get("system") or "UNKNOWN")
    vocabulary = SYSTEMS.get(chosen.get("system"), system.rstrip("/").rsplit("/", 1)[-1])
    return f"{vocabulary}//{chosen['code']}", chosen.get("display")


def first_code(value: Any) -> str | None:
    """The code of a CodeableConcept's first coding, whatever its system."""
    return ((value or {}).get("coding") or [{}])[0].get("code")


def part(value: Any, name: str) -> str | None:
    """A part of an element, such as the `start` of a Period; None where there is none."""
    return value.get(name) if isinstance(value, dict) else None


def reference(value: Any) -> str | None:
    """The identifier that a Reference names.

    >>> reference({"reference": "https://a.example/fhir/Patient/7"}), reference(None)
    ('7', None)
    >>> reference({"reference": "urn:uuid:7"})
    '7'
    """
    text = part(value, "reference")
    return text.removeprefix("urn:uuid:").rsplit("/", 1)[-1] if text else None


def full_date(time: str | None) -> str | None:
    """A dateTime with month and day, since FHIR allows years and months alone: their first day.

    >>> full_date("2020"), full_date("2020-03"), full_date("2020-03-05")
    ('2020-01-01', '2020-03-01', '2020-03-05')
    """
    missing = {len("2020"): "-01-01", len("2020-03"): "-01"}
    return time + missing.get(len(time), "") if time else time
