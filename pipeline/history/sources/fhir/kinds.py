"""Types of FHIR resources that hold events, and the elements that say what and when."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """Elements of a type of resource.

    Attributes:
        times: When it began, the best first: dates, or periods of which the start is taken.
        ends: When it ended, where no period of `times` says so.
        known: When it became known, where that is not when it began.
        code: The element that says what it is.
    """

    times: tuple[str, ...]
    ends: tuple[str, ...] = ()
    known: str | None = None
    code: str = "code"


_ONSET = ("onsetDateTime", "onsetPeriod", "recordedDate")
_EFFECTIVE = ("effectiveDateTime", "effectiveInstant", "effectivePeriod")
_DRUG = "medicationCodeableConcept"
KINDS = {
    "Encounter": Kind(("period",), code="class"),
    "Condition": Kind(_ONSET, ("abatementDateTime", "abatementPeriod"), "recordedDate"),
    "Procedure": Kind(("performedDateTime", "performedPeriod")),
    "Observation": Kind((*_EFFECTIVE, "issued"), known="issued"),
    "DiagnosticReport": Kind((*_EFFECTIVE, "issued"), known="issued"),
    "AllergyIntolerance": Kind(_ONSET, known="recordedDate"),
    "Immunization": Kind(("occurrenceDateTime", "recorded"), known="recorded", code="vaccineCode"),
    "MedicationRequest": Kind(("authoredOn",), code=_DRUG),
    "MedicationAdministration": Kind(_EFFECTIVE, code=_DRUG),
    "MedicationStatement": Kind((*_EFFECTIVE, "dateAsserted"), known="dateAsserted", code=_DRUG),
    "MedicationDispense": Kind(("whenHandedOver", "whenPrepared"), code=_DRUG),
}
# Elements by which a resource of any type belongs to a patient
PATIENT_ELEMENTS = ("subject", "patient", "beneficiary", "for", "individual")
