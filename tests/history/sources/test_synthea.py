"""Synthea's CSV export becomes events with encounters, values and descriptions."""

from pathlib import Path

import polars as pl
import pytest

from chartline.history.sources import read_source

WHO = "5c1e8b3a-0000-4000-8000-000000000001"
TABLES = {
    "patients": f"""Id,BIRTHDATE,DEATHDATE,GENDER
{WHO},1950-06-01,,F
""",
    "encounters": f"""Id,START,PATIENT,CODE,DESCRIPTION
e1,2020-03-01T00:00:00Z,{WHO},185349003,check up
""",
    "conditions": f"""START,STOP,PATIENT,ENCOUNTER,CODE,DESCRIPTION
2020-03-01,,{WHO},e1,84114007,heart failure
""",
    "medications": f"""START,PATIENT,ENCOUNTER,CODE,DESCRIPTION
2020-03-01T00:00:00Z,{WHO},e1,313988,furosemide
""",
    "observations": f"""DATE,PATIENT,ENCOUNTER,CODE,DESCRIPTION,VALUE
2020-03-01T00:00:00Z,{WHO},e1,2160-0,creatinine,1.1
""",
}


def test_synthea(tmp_path: Path) -> None:
    for name, text in TABLES.items():
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    source = read_source(tmp_path)
    found = source.collected()
    assert found["subject_id"].n_unique() == 1
    assert set(found["code"]) == {
        "MEDS_BIRTH",
        "GENDER//F",
        "SNOMED//185349003",
        "SNOMED//84114007",
        "RxNorm//313988",
        "LOINC//2160-0",
    }
    assert found.filter(pl.col("code") == "LOINC//2160-0")["numeric_value"].to_list() == [
        pytest.approx(1.1)
    ]
    assert found.filter(pl.col("code") == "SNOMED//84114007")["encounter_id"].to_list() == ["e1"]
    assert source.codes is not None
    assert (
        dict(source.codes.select("code", "description").iter_rows())["RxNorm//313988"]
        == "furosemide"
    )
