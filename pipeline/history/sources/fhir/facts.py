"""Which statements are no facts of care: planned, refuted, entered in error, not done.

Statuses are those of FHIR R4's value sets (https://hl7.org/fhir/R4/terminologies-valuesets.html).
"""

from chartline.history.sources.fhir.elements import codes_in
from chartline.history.sources.fhir.files import Resource

_NO_FACT = {  # status -> what it says
    "entered-in-error": "entered in error",
    "refuted": "refuted",
    "differential": "one of several possible diagnoses",
    "draft": "a draft",
    "proposed": "proposed",
    "registered": "registered, without a result",
    "not-done": "not done",
    "not-taken": "not taken",
    "declined": "declined",
    "cancelled": "cancelled",
    "planned": "planned",
    "intended": "planned",
    "preparation": "in preparation",
}
_NO_ORDER = {"proposal": "proposed", "plan": "planned", "option": "proposed"}  # intent of requests
_UNCERTAIN = {"provisional", "unconfirmed"}  # verification statuses
# SNOMED CT: no known allergy (to drugs, food, latex, the environment, animals); none of them is one
_NO_ALLERGY = {
    *("716186003", "409137002", "429625007", "1003774007", "428607008", "428197003"),
    "no-known-allergies",
}


def refusal(resource: Resource) -> str | None:
    """Why a resource states no fact of care; None where it does."""
    statuses = codes_in(resource.get("verificationStatus"))
    if isinstance(status := resource.get("status"), str):
        statuses.add(status.lower())
    for status, meaning in _NO_FACT.items():
        if status in statuses:
            return f"no fact: {meaning}"
    if order := _NO_ORDER.get(str(resource.get("intent"))):
        return f"no fact: {order}"
    if resource.get("doNotPerform") is True:
        return "no fact: not to be done"
    if resource.get("resourceType") == "AllergyIntolerance":
        return "no fact: no allergy" if codes_in(resource.get("code")) & _NO_ALLERGY else None
    return None


def is_uncertain(resource: Resource) -> bool:
    """Whether a diagnosis or an allergy is provisional or unconfirmed."""
    return bool(codes_in(resource.get("verificationStatus")) & _UNCERTAIN)
