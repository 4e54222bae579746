"""Values of observations (https://hl7.org/fhir/R4/observation.html, Observation.value[x])."""

from typing import Any, NamedTuple

from chartline.history.sources.fhir.elements import concept


class Value(NamedTuple):
    """A number with its unit, or a text."""

    number: float | None = None
    unit: str | None = None
    text: str | None = None


def value_of(holder: dict[str, Any]) -> Value:
    """The value of an Observation or of one of its components; empty where there is none.

    A quantity with a comparator, such as < 5, is a text, since the number is not the value. Ranges,
    ratios, periods and samples have no value here.
    """
    if isinstance(quantity := holder.get("valueQuantity"), dict):
        return _quantity(quantity)
    integer = holder.get("valueInteger")
    if isinstance(integer, int) and not isinstance(integer, bool):
        return Value(float(integer))
    if isinstance(coded := holder.get("valueCodeableConcept"), dict):
        code, display = concept(coded)
        return Value(text=display or coded.get("text") or code)
    for name in ("valueString", "valueDateTime", "valueTime"):
        if isinstance(text := holder.get(name), str):
            return Value(text=text)
    if isinstance(flag := holder.get("valueBoolean"), bool):
        return Value(text=str(flag).lower())
    return Value()


def _quantity(quantity: dict[str, Any]) -> Value:
    number = quantity.get("value")
    if isinstance(number, bool) or not isinstance(number, int | float):
        return Value(text=number if isinstance(number, str) else None)
    if comparator := quantity.get("comparator"):
        return Value(text=f"{comparator}{number}")
    in_ucum = quantity.get("system") == "http://unitsofmeasure.org"
    unit = (quantity.get("code") if in_ucum else None) or quantity.get("unit")
    return Value(float(number), unit or quantity.get("code"))
