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
    "http://hl7.org/fhir/sid/cvx": "CVX",
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


def codes_in(value: Any) -> set[str]:
    """The codes of all codings of a CodeableConcept and its text, in lower case."""
    found = [coding.get("code") for coding in (value or {}).get("coding", [])]
    return {text.lower() for text in (*found, (value or {}).get("text")) if text}


def part(value: Any, name: str) -> str | None:
    """A part of an element, such as the `start` of a Period; None where there is none."""
    return value.get(name) if isinstance(value, dict) else None


def reference(value: Any) -> str | None:
    """The identifier that a Reference names, without a version.

    >>> reference({"reference": "https://a.example/fhir/Patient/7"}), reference(None)
    ('7', None)
    >>> reference({"reference": "urn:uuid:7"}), reference({"reference": "Patient/7/_history/3"})
    ('7', '7')
    """
    text = part(value, "reference")
    if not text or "?" in text:  # a search, which names nobody
        return None
    return text.split("/_history/")[0].removeprefix("urn:uuid:").rsplit("/", 1)[-1]


def is_of(value: Any, kind: str) -> bool:
    """Whether a Reference may name a resource of type `kind`.

    >>> is_of({"reference": "Group/1"}, "Patient"), is_of({"reference": "urn:uuid:1"}, "Patient")
    (False, True)
    """
    text = part(value, "reference") or ""
    steps = text.split("/_history/")[0].rsplit("/", 2)
    return len(steps) == 1 or steps[-2] == kind


def full_date(time: str | None) -> str | None:
    """A dateTime with month and day, since FHIR allows years and months alone: their first day.

    >>> full_date("2020"), full_date("2020-03"), full_date("2020-03-05")
    ('2020-01-01', '2020-03-01', '2020-03-05')
    """
    missing = {len("2020"): "-01-01", len("2020-03"): "-01"}
    return time + missing.get(len(time), "") if time else time
