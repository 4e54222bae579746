"""FHIR R4 (https://hl7.org/fhir/R4/): bundles in `*.json`, bulk export in `*.ndjson`.

Read are Patient, Encounter, Condition, Procedure, MedicationRequest and MedicationAdministration.
"""

from chartline.history.sources.fhir.reading import is_source, read

__all__ = ["is_source", "read"]
