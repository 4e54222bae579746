"""FHIR R4 (https://hl7.org/fhir/R4/).

Bundles and resources in `*.json`, bulk export in `*.ndjson`; also compressed (`.gz`). Read are
Patient, the types of `kinds.KINDS`, and the codes of Medication; other types are counted.
"""

from chartline.history.sources.fhir.reading import is_source, read

__all__ = ["is_source", "read"]
