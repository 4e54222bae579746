"""Synthea's CSV export becomes events with encounters, values and descriptions."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from history.sources.rows import values

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


def test_other_tables_of_synthea(tmp_path: Path) -> None:
    more = {
        "immunizations": f"DATE,PATIENT,ENCOUNTER,CODE\n2020-03-01,{WHO},e1,140\n",
        "allergies": "START,STOP,PATIENT,ENCOUNTER,CODE,SYSTEM\n"
        f"2020-03-01,,{WHO},e1,111088007,SNOMED-CT\n2020-03-01,,{WHO},e1,7980,RxNorm\n"
        f"2020-03-01,,{WHO},e1,5,Unknown\n",
        "devices": f"START,STOP,PATIENT,ENCOUNTER,CODE\n2020-03-01,2020-03-04,{WHO},e1,72506001\n",
        "procedures": "START,STOP,PATIENT,ENCOUNTER,CODE\n"
        f"2020-03-01,2020-03-04,{WHO},e1,5880005\n",
        "observations": "DATE,PATIENT,ENCOUNTER,CODE,VALUE,UNITS,TYPE\n"
        f"2020-03-01,{WHO},e1,1,5.5,mg/dL,numeric\n2020-03-01,{WHO},e1,2,5,,text\n",
        "careplans": f"START,PATIENT,CODE\n2020-03-01,{WHO},1\n",
        "payers": "Id,NAME\n1,x\n",
    }
    for name, text in (TABLES | more).items():
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    source = read_source(tmp_path)
    found = values(source, "code", "end_time", "numeric_value", "text_value", "unit")
    fourth = datetime(2020, 3, 4, tzinfo=UTC)
    assert {
        ("CVX//140", None, None, None, None),
        ("ALLERGY//SNOMED//111088007", None, None, None, None),
        ("ALLERGY//RxNorm//7980", None, None, None, None),
        ("ALLERGY//SNOMED//5", None, None, None, None),
        ("SNOMED//72506001", fourth, None, None, None),
        ("SNOMED//5880005", fourth, None, None, None),
        ("LOINC//1", None, 5.5, None, "mg/dL"),
        ("LOINC//2", None, None, "5", None),
    } <= set(found)
    files = source.faults.with_columns(pl.col("file").str.split("/").list.last())
    assert files.select("file", "fault", "lost").rows() == [
        ("careplans.csv", "table not read", True),
        ("payers.csv", "table not read", False),
    ]
