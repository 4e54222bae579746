"""FHIR resources to rows of a source table."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from chartline.history.sources.fhir.elements import (
    concept,
    first_code,
    full_date,
    part,
    reference,
)
from chartline.history.sources.fhir.files import Resource

_SEX = {"male": "M", "female": "F"}
_NOT_TRUE = ("refuted", "entered-in-error")
_NOT_DONE = ("not-done", "entered-in-error", "cancelled")
# A field of another type than FHIR's makes a reader of it raise one of these
_MALFORMED = (AttributeError, TypeError, KeyError, IndexError)


class Row(NamedTuple):
    """A row of a source table; `refusal` is the fault of a resource that is no event."""

    row: int
    subject: str | None = None
    time: str | None = None
    code: str | None = None
    encounter: str | None = None
    refusal: str | None = None
    description: str | None = None


def rows_of(number: int, resource: Resource | None, drugs: dict[str, Resource]) -> list[Row]:
    """The rows of a resource: none for a type that is not read.

    Args:
        number: Its number in the file.
        resource: None for what is no JSON object.
        drugs: Codes of Medication resources by reference, see `drug_codes`.
    """
    if resource is None:
        return [Row(number, refusal="not a JSON object")]
    try:
        kind = resource.get("resourceType")
        if kind == "Patient":
            return list(_patient(number, resource))
        if kind in ("MedicationRequest", "MedicationAdministration"):
            return [_medication(number, resource, drugs)]
        reader = _READERS.get(kind or "")
        return [reader(number, resource)] if reader else []
    except _MALFORMED:
        return [Row(number, refusal="not as FHIR R4 has it")]


def _patient(number: int, resource: Resource) -> Iterator[Row]:
    subject, born = resource.get("id"), resource.get("birthDate")
    fault = None if born else "no birth date"
    yield Row(number, subject, full_date(born), "MEDS_BIRTH", refusal=fault)
    sex = _SEX.get(resource.get("gender") or "")
    yield Row(number, subject, code=f"GENDER//{sex}", refusal=None if sex else "sex unknown")
    if died := resource.get("deceasedDateTime"):
        yield Row(number, subject, full_date(died), "MEDS_DEATH")


def _encounter(number: int, resource: Resource) -> Row:
    code = (resource.get("class") or {}).get("code")
    return _event(
        number,
        resource,
        part(resource.get("period"), "start"),
        (f"ENCOUNTER//{code}" if code else None, None),
        encounter=resource.get("id"),
    )


def _condition(number: int, resource: Resource) -> Row:
    time = (
        resource.get("onsetDateTime")
        or part(resource.get("onsetPeriod"), "start")
        or resource.get("recordedDate")
    )
    refuted = first_code(resource.get("verificationStatus")) in _NOT_TRUE
    refusal = "refuted or entered in error" if refuted else None
    return _event(number, resource, time, concept(resource.get("code")), refusal)


def _procedure(number: int, resource: Resource) -> Row:
    time = resource.get("performedDateTime") or part(resource.get("performedPeriod"), "start")
    return _event(number, resource, time, concept(resource.get("code")), _not_done(resource))


def _medication(number: int, resource: Resource, drugs: dict[str, Resource]) -> Row:
    time = (
        resource.get("authoredOn")
        or resource.get("effectiveDateTime")
        or part(resource.get("effectivePeriod"), "start")
    )
    code = concept(_drug(resource, drugs))
    return _event(number, resource, time, code, _not_done(resource))


_READERS: dict[str, Callable[[int, Resource], Row]] = {
    "Encounter": _encounter,
    "Condition": _condition,
    "Procedure": _procedure,
}


def _event(
    number: int,
    resource: Resource,
    time: str | None,
    coded: tuple[str | None, str | None],
    refusal: str | None = None,
    encounter: str | None = None,
) -> Row:
    """A dated row; `coded` is its code and description. Without a time it is refused."""
    code, description = coded
    return Row(
        number,
        reference(resource.get("subject") or resource.get("patient")),
        full_date(time),
        code,
        encounter or reference(resource.get("encounter") or resource.get("context")),
        refusal or (None if time else "no time"),
        description,
    )


def _not_done(resource: Resource) -> str | None:
    not_done = resource.get("status") in _NOT_DONE
    return "not done or entered in error" if not_done else None


def _drug(resource: Resource, drugs: dict[str, Resource]) -> Any:
    """The CodeableConcept of a drug: in the resource, in one that it contains, or referred to."""
    if resource.get("medicationCodeableConcept"):
        return resource["medicationCodeableConcept"]
    target = (resource.get("medicationReference") or {}).get("reference", "")
    for contained in resource.get("contained", []):
        if target == f"#{contained.get('id')}":
            return contained.get("code")
    return drugs.get(target)
