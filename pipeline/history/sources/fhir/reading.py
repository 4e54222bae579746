"""FHIR R4: bundles (`*.json`) and bulk export (`*.ndjson`) of Patient, Encounter, Condition, Procedure, MedicationRequest and
MedicationAdministration (https://hl7.org/fhir/R4/).
"""

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl
from polars.io.plugins import register_io_source

from chartline.core.settings import EhrSettings
from chartline.history.sources.common import Part, Source, events_of

Resource = dict[str, Any]
Row = tuple[int, str | None, str | None, str | None, str | None, str | None, str | None]
_SCHEMA = {
    "row": pl.UInt32,
    "subject": pl.String,
    "time": pl.String,
    "code": pl.String,
    "encounter": pl.String,
    "refusal": pl.String,
    "description": pl.String,
}
_BATCH = 50_000
_SMALL = 2 * 2**30  # bytes of JSON, up to which their events are held in memory
SYSTEMS = {
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


def is_source(path: Path) -> bool:
    if path.is_file():
        return path.suffix.lower() in (".ndjson", ".json")
    return bool(_files(path))


def read(path: Path, settings: EhrSettings) -> Source:
    """Events of every file, read resource by resource (a bundle at a time). A resource without a code, statements that were
    refuted or entered in error and acts that were not done are counted as faults."""
    files = [path] if path.is_file() else _files(path)
    drugs = _medications(files)
    small = sum(file.stat().st_size for file in files) <= _SMALL
    parts = []
    for file in files:
        rows = register_io_source(_reader(file, drugs), schema=_SCHEMA)
        parts.append(
            Part(
                file,
                rows.collect().lazy() if small else rows,
                refused=pl.col("refusal"),
                timeless=True,
            )
        )
    events, faults = events_of(parts)
    named = (
        pl.concat([part.rows.select("code", "description") for part in parts])
        .drop_nulls()
        .unique("code", keep="first")
    )
    codes = (
        named.sort("code")
        .with_columns(parent_codes=pl.lit(None, pl.List(pl.String)))
        .collect(engine="streaming")
    )
    return Source(events, faults, None, codes)


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(
        file
        for file in folder.rglob("*")
        if file.suffix.lower() in (".ndjson", ".json") and file.is_file()
    )


def readable(file: Path) -> Iterator[tuple[int, Resource | None]]:
    """`resources`; a file that cannot be read is one resource that is none: it costs the others nothing, and no message names it, since
    files of one patient bear the patient's name.
    """
    try:
        yield from resources(file)
    except (OSError, ValueError):
        yield 1, None


def resources(file: Path) -> Iterator[tuple[int, Resource | None]]:
    """A file's resources with their numbers from 1; None for a line that is not JSON."""
    with file.open("rb") as lines:
        if file.suffix.lower() == ".ndjson":
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield number, _parsed(line)
            return
        top = json.load(lines)
    entries = (
        [entry.get("resource") for entry in top.get("entry", [])]
        if isinstance(top, dict) and top.get("resourceType") == "Bundle"
        else [top]
    )
    yield from enumerate((entry if isinstance(entry, dict) else None for entry in entries), 1)


def _parsed(line: bytes) -> Resource | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _reader(file: Path, drugs: dict[str, Resource]) -> Callable[..., Iterator[pl.DataFrame]]:
    def batches(
        with_columns: list[str] | None,
        predicate: pl.Expr | None,
        n_rows: int | None,
        batch_size: int | None,
    ) -> Iterator[pl.DataFrame]:
        if file.suffix.lower() == ".ndjson":
            numbered, known = readable(file), drugs
        else:  # a bundle is in memory as a whole anyhow
            whole = list(readable(file))
            numbered, known = iter(whole), drugs | _drugs_in(resource for _, resource in whole)
        rows = (
            row for number, resource in numbered for row in _rows_or_fault(number, resource, known)
        )
        while chunk := list(islice(rows, _BATCH)):
            frame = pl.DataFrame(chunk, schema=_SCHEMA, orient="row")
            if predicate is not None:
                frame = frame.filter(predicate)
            yield frame.select(with_columns) if with_columns else frame

    return batches


def _medications(files: Iterable[Path]) -> dict[str, Resource]:
    """Codes of a bulk export's Medication resources by reference: requests may point to them instead of carrying a code."""
    found: dict[str, Resource] = {}
    for file in files:
        if file.suffix.lower() == ".ndjson" and "medication" in file.name.lower():
            found |= _drugs_in(resource for _, resource in readable(file))
    return found


def _drugs_in(found: Iterable[Resource | None]) -> dict[str, Resource]:
    drugs = {}
    for resource in found:
        if (
            resource
            and resource.get("resourceType") == "Medication"
            and isinstance(resource.get("code"), dict)
        ):
            drugs[f"Medication/{resource.get('id')}"] = drugs[f"urn:uuid:{resource.get('id')}"] = (
                resource["code"]
            )
    return drugs


def _rows_or_fault(number: int, resource: Resource | None, drugs: dict[str, Resource]) -> list[Row]:
    try:
        return list(_rows(number, resource, drugs))
    except (
        AttributeError,
        TypeError,
        KeyError,
        IndexError,
    ):  # a field holds another type than FHIR's
        return [(number, None, None, None, None, "not as FHIR R4 has it", None)]


def _rows(number: int, resource: Resource | None, drugs: dict[str, Resource]) -> Iterator[Row]:
    if resource is None:
        yield number, None, None, None, None, "not a JSON object", None
        return
    kind = resource.get("resourceType")
    if kind == "Patient":
        yield from _patient(number, resource)
    elif kind == "Encounter":
        code = (resource.get("class") or {}).get("code")
        yield _row(
            number,
            resource,
            _of(resource.get("period"), "start"),
            f"ENCOUNTER//{code}" if code else None,
            None,
            resource.get("id"),
        )
    elif kind == "Condition":
        refuted = _coding(resource.get("verificationStatus"))[0] in ("refuted", "entered-in-error")
        time = (
            resource.get("onsetDateTime")
            or _of(resource.get("onsetPeriod"), "start")
            or resource.get("recordedDate")
        )
        yield _row(
            number,
            resource,
            time,
            *_concept(resource.get("code")),
            refusal="refuted or entered in error" if refuted else None,
        )
    elif kind == "Procedure":
        time = resource.get("performedDateTime") or _of(resource.get("performedPeriod"), "start")
        yield _row(
            number, resource, time, *_concept(resource.get("code")), refusal=_undone(resource)
        )
    elif kind in ("MedicationRequest", "MedicationAdministration"):
        time = (
            resource.get("authoredOn")
            or resource.get("effectiveDateTime")
            or _of(resource.get("effectivePeriod"), "start")
        )
        yield _row(
            number, resource, time, *_concept(_drug(resource, drugs)), refusal=_undone(resource)
        )


def _patient(number: int, resource: Resource) -> Iterator[Row]:
    subject = resource.get("id")
    yield (
        number,
        subject,
        _whole(resource.get("birthDate")),
        "MEDS_BIRTH",
        None,
        None if resource.get("birthDate") else "no birth date",
        None,
    )
    sex = {"male": "M", "female": "F"}.get(resource.get("gender") or "")
    yield number, subject, None, f"GENDER//{sex}", None, None if sex else "sex unknown", None
    if died := resource.get("deceasedDateTime"):
        yield number, subject, _whole(died), "MEDS_DEATH", None, None, None


def _row(
    number: int,
    resource: Resource,
    time: str | None,
    code: str | None,
    description: str | None,
    encounter: str | None = None,
    refusal: str | None = None,
) -> Row:
    encounter = encounter or _reference(resource.get("encounter") or resource.get("context"))
    refusal = refusal or (None if time else "no time")
    return (
        number,
        _reference(resource.get("subject") or resource.get("patient")),
        _whole(time),
        code,
        encounter,
        refusal,
        description,
    )


def _undone(resource: Resource) -> str | None:
    return (
        "not done or entered in error"
        if resource.get("status") in ("not-done", "entered-in-error", "cancelled")
        else None
    )


def _drug(resource: Resource, drugs: dict[str, Resource]) -> Resource | None:
    if resource.get("medicationCodeableConcept"):
        return resource["medicationCodeableConcept"]
    reference = (resource.get("medicationReference") or {}).get("reference", "")
    for contained in resource.get("contained", []):
        if reference == f"#{contained.get('id')}":
            return contained.get("code")
    return drugs.get(reference)


def _concept(value: Any) -> tuple[str | None, str | None]:
    """A codeable concept's first coding in a vocabulary that we know, else its first; and what it means."""
    codings = [coding for coding in (value or {}).get("coding", []) if coding.get("code")]
    known = [coding for coding in codings if coding.get("system") in SYSTEMS]
    if not codings:
        return None, None
    chosen = (known or codings)[0]
    vocabulary = SYSTEMS.get(
        chosen.get("system"), str(chosen.get("system") or "UNKNOWN").rstrip("/").rsplit("/", 1)[-1]
    )
    return f"{vocabulary}//{chosen['code']}", chosen.get("display")


def _coding(value: Any) -> tuple[str | None, str | None]:
    codings = (value or {}).get("coding") or [{}]
    return codings[0].get("code"), codings[0].get("display")


def _of(value: Any, name: str) -> str | None:
    return value.get(name) if isinstance(value, dict) else None


def _reference(value: Any) -> str | None:
    """`Patient/7`, `urn:uuid:7` and an absolute address all name 7."""
    text = _of(value, "reference")
    return text.removeprefix("urn:uuid:").rsplit("/", 1)[-1] if text else None


def _whole(time: str | None) -> str | None:
    """FHIR allows years and months alone: their first day."""
    return time + "-01-01"[3 * ((len(time) - 4) // 3) :] if time and len(time) in (4, 7) else time
