"""FHIR resources to rows of a source table."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from chartline.history.sex import UNKNOWN_SEX
from chartline.history.sources.fhir.elements import concept, full_date, is_of, part, reference
from chartline.history.sources.fhir.facts import is_uncertain, refusal
from chartline.history.sources.fhir.files import Resource
from chartline.history.sources.fhir.kinds import KINDS, PATIENT_ELEMENTS, Kind
from chartline.history.sources.fhir.values import Value, value_of

ALLERGY = "ALLERGY//"  # before the code of what a person is allergic to: it is no exposure
_SEX = {"male": "M", "female": "F"}
_TYPE = re.compile(r"[A-Z][A-Za-z]{2,39}")  # as FHIR names its types
# An element of another type than FHIR's makes a reader of it raise one of these
_MALFORMED = (AttributeError, TypeError, KeyError, IndexError, ValueError, OverflowError)
Coded = tuple[str | None, str | None]  # a code and its description


class Row(NamedTuple):
    """A row of a source table; `refusal` is the fault of a resource that is no event.

    `key` is the same for the same resource, the latest `version` of which counts.
    """

    row: int
    subject: str | None = None
    time: str | None = None
    code: str | None = None
    encounter: str | None = None
    refusal: str | None = None
    description: str | None = None
    numeric_value: float | None = None
    text_value: str | None = None
    unit: str | None = None
    end: str | None = None
    known: str | None = None
    certain: bool | None = None
    lost: bool = True
    key: str | None = None
    version: str | None = None


def rows_of(number: int, resource: Resource | str, drugs: dict[str, Any]) -> list[Row]:
    """The rows of a resource; none for a Medication, which is read for its code.

    Args:
        number: Its number in the file.
        resource: The resource, or the fault of what is none.
        drugs: Codes of Medication resources by their identifiers, see `drug_codes`.
    """
    if isinstance(resource, str):
        return [Row(number, refusal=resource)]
    try:
        rows = [_checked(row) for row in _rows(number, resource, drugs)]
    except _MALFORMED:
        return [Row(number, refusal="not as FHIR R4 has it")]
    return [_identified(row, resource) for row in rows]


def _rows(number: int, resource: Resource, drugs: dict[str, Any]) -> Iterator[Row]:
    kind = resource.get("resourceType")
    if kind == "Patient":
        yield from _patient(number, resource)
    elif kind in KINDS:
        yield from _events(number, resource, KINDS[kind], drugs)
    elif isinstance(kind, str) and _TYPE.fullmatch(kind):
        if kind != "Medication":  # it is read for its code
            lost = any(resource.get(name) for name in PATIENT_ELEMENTS)
            yield Row(number, refusal=f"resource type {kind} not read", lost=lost)
    else:
        yield Row(number, refusal="no FHIR resource")


def _patient(number: int, resource: Resource) -> Iterator[Row]:
    subject, born = resource.get("id"), resource.get("birthDate")
    fault = None if born else "no birth date"
    yield Row(number, subject, full_date(born), "MEDS_BIRTH", refusal=fault)
    sex = _SEX.get(resource.get("gender") or "")
    yield Row(
        number,
        subject,
        code=f"GENDER//{sex}",
        refusal=None if sex else UNKNOWN_SEX,
        lost=False,
    )
    if died := resource.get("deceasedDateTime"):
        yield Row(number, subject, full_date(died), "MEDS_DEATH")
    elif resource.get("deceasedBoolean") is True:
        yield Row(number, subject, refusal="a death without a date")


def _events(number: int, resource: Resource, kind: Kind, drugs: dict[str, Any]) -> Iterator[Row]:
    """The rows of a resource that states an event, one a code."""
    start, end = _period(resource, kind)
    who = resource.get("subject") or resource.get("patient")
    fault = refusal(resource) or (None if start else "no time")
    is_visit = resource.get("resourceType") == "Encounter"
    for (code, description), value in _codes(resource, kind, drugs):
        yield Row(
            number,
            reference(who),
            start,
            code,
            resource.get("id") if is_visit else _encounter(resource),
            fault if is_of(who, "Patient") else "the subject is no patient",
            description,
            value.number,
            value.text,
            value.unit,
            end,
            full_date(resource.get(kind.known)) if kind.known else None,
            certain=False if is_uncertain(resource) else None,
        )


def _encounter(resource: Resource) -> str | None:
    return reference(resource.get("encounter") or resource.get("context"))


def _codes(resource: Resource, kind: Kind, drugs: dict[str, Any]) -> Iterator[tuple[Coded, Value]]:
    """What a resource says: its code with its value, and those of its parts."""
    name = resource["resourceType"]
    if name == "Encounter":
        code = (resource.get("class") or {}).get("code")
        yield (f"ENCOUNTER//{code}" if code else None, None), Value()
    elif name == "AllergyIntolerance":
        code, description = concept(resource.get(kind.code))
        yield (ALLERGY + code if code else None, description), Value()
    elif name.startswith("Medication"):
        yield concept(_drug(resource, drugs)), Value()
    else:
        yield concept(resource.get(kind.code)), value_of(resource)
        for component in resource.get("component") or []:
            yield concept(component.get("code")), value_of(component)
        for conclusion in resource.get("conclusionCode") or []:
            yield concept(conclusion), Value()


def _period(resource: Resource, kind: Kind) -> tuple[str | None, str | None]:
    """When it began and ended; years and months alone are their first day."""
    start = end = None
    for name in kind.times:
        element = resource.get(name)
        start = part(element, "start") if isinstance(element, dict) else element
        if start:
            end = part(element, "end")
            break
    for name in kind.ends:
        element = resource.get(name)
        end = end or (part(element, "start") if isinstance(element, dict) else element)
    return full_date(start), full_date(end)


def _drug(resource: Resource, drugs: dict[str, Any]) -> Any:
    """The CodeableConcept of a drug: in the resource, in one that it contains, or referred to."""
    if resource.get("medicationCodeableConcept"):
        return resource["medicationCodeableConcept"]
    target = resource.get("medicationReference")
    for contained in resource.get("contained", []):
        if part(target, "reference") == f"#{contained.get('id')}":
            return contained.get("code")
    return drugs.get(reference(target) or "")


def _checked(row: Row) -> Row:
    """The row itself.

    Raises:
        TypeError: a field that should be text is none.
        ValueError: a text is no Unicode (half a surrogate pair).
    """
    texts = (*row[1:7], row.text_value, row.unit, row.end, row.known)
    if not all(text is None or isinstance(text, str) for text in texts):
        raise TypeError
    "".join(text for text in texts if text).encode()
    return row


def _identified(row: Row, resource: Resource) -> Row:
    """The row with what tells whether another row is of the same resource.

    Identifiers are often those of one bundle only. So a resource is the same as one of the same
    type, identifier and patient; and of the same code and time, where it has no version.
    """
    identifier, meta = resource.get("id"), resource.get("meta")
    if not isinstance(identifier, str):
        return row
    kind = str(resource.get("resourceType"))
    updated, version = (str(part(meta, name) or "") for name in ("lastUpdated", "versionId"))
    key = [kind, identifier, row.subject]
    if not (updated or version):
        key += [row.code, row.time]
    return row._replace(
        key=_unicode("\x00".join(part or "" for part in key)),
        version=_unicode(f"{updated}\x00{version:>12}"),
    )


def _unicode(text: str) -> str:
    """Text in which halves of surrogate pairs, which no table can hold, are question marks."""
    return text.encode(errors="replace").decode()
