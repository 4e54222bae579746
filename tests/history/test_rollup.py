"""Codes are rolled up by public maps, the source's parents or a file; without a rule they stay."""

from pathlib import Path

import polars as pl
import pytest

from chartline.core.errors import UsageError
from chartline.core.settings import RollupSettings
from chartline.history.rollup import category, ccs, rolled

CODES = pl.DataFrame(
    {"code": ["ICD10//I50.9", "ICD9CM//428.0", "ATC//C03CA01", "LOCAL//7", "LOINC//2160-0"]}
)


def groups(codes: pl.DataFrame | None = None, **rules: object) -> list[str]:
    return rolled(CODES, RollupSettings.model_validate(rules), codes)["code"].to_list()


def test_codes_stay_raw_by_default() -> None:
    assert groups() == CODES["code"].to_list()


def test_diagnoses_and_drugs() -> None:
    assert groups(diagnoses="category", drugs="atc3") == [
        "ICD10//I50",
        "ICD9CM//428",
        "ATC//C03C",
        "LOCAL//7",
        "LOINC//2160-0",
    ]
    assert groups(diagnoses="ccs", drugs="atc4")[:3] == ["CCSR//CIR019", "CCS//108", "ATC//C03CA"]


@pytest.mark.parametrize("code", ["ICD10CM//I50.23", "ICD10//I50", "ICD10//I5099"])
def test_finer_and_coarser_codes_find_their_category(code: str) -> None:
    assert ccs(code) == "CCSR//CIR019"


def test_a_code_that_no_map_knows_keeps_three_characters() -> None:
    assert ccs("ICD10//U9X.1") == category("ICD10//U9X.1") == "ICD10//U9X"


def test_parents_lead_on() -> None:
    codes = pl.DataFrame(
        {"code": ["LOCAL//7", "ATC//C03CA01"], "parent_codes": [["ATC/C03CA01"], None]}
    )
    assert groups(codes, parents=True)[3] == "ATC//C03CA01"
    assert groups(codes, parents=True, drugs="atc2")[3] == "ATC//C03"


def test_a_file_goes_first(tmp_path: Path) -> None:
    (tmp_path / "map.csv").write_text(
        "code,group\nLOINC//2160-0,kidney\nICD10//I50.9,heart\n", "utf-8"
    )
    assert groups(file=tmp_path / "map.csv", diagnoses="category") == [
        "heart",
        "ICD9CM//428",
        "ATC//C03CA01",
        "LOCAL//7",
        "kidney",
    ]
    (tmp_path / "map.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(UsageError, match="code, group"):
        groups(file=tmp_path / "map.csv")
