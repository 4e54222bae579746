"""One file of events: CSV or Parquet, its columns named by MEDS or by the settings."""

from pathlib import Path

import polars as pl
import pytest
from history.sources.rows import MARCH, faults

from chartline.core.errors import UsageError
from chartline.core.settings import EhrSettings
from chartline.core.tables import Events
from chartline.history.sources import read_source

ROWS = {
    "subject_id": ["2", "1"],
    "time": ["2020-01-02T00:00:00", None],
    "code": ["ICD10//I10", "SEX//F"],
}


def test_csv_and_parquet_read_alike(tmp_path: Path) -> None:
    frame = pl.DataFrame(ROWS)
    frame.write_csv(tmp_path / "a.csv")
    frame.with_columns(
        pl.col("time").str.to_datetime(), pl.col("subject_id").cast(pl.Int64)
    ).write_parquet(tmp_path / "a.parquet")
    one, other = (
        read_source(tmp_path / name).collected().sort("subject_id")
        for name in ("a.csv", "a.parquet")
    )
    assert one.equals(other)
    Events.validate(one)


def test_other_time_zones_are_converted(tmp_path: Path) -> None:
    time = pl.Series("time", [MARCH]).dt.convert_time_zone("Europe/Paris")
    pl.DataFrame({"subject_id": [1], "time": time, "code": ["A"]}).write_parquet(
        tmp_path / "a.parquet"
    )
    assert read_source(tmp_path / "a.parquet").collected()["time"].to_list() == [MARCH]


def test_a_plain_table_is_mapped_by_the_settings(tmp_path: Path) -> None:
    (tmp_path / "dx.csv").write_text(
        "PATNR;DAT;ICD;FALL\nP-7;01.03.2020;I10;F1\nP-7;31.02.2020;I10;F1\n", "utf-8"
    )
    settings = EhrSettings(
        columns={"subject_id": "PATNR", "time": "DAT", "code": "ICD", "encounter_id": "FALL"},
        vocabulary="ICD10",
        time_format="%d.%m.%Y",
        separator=";",
    )
    source = read_source(tmp_path / "dx.csv", settings)
    found = source.collected()
    assert found.select("time", "code", "encounter_id").rows() == [(MARCH, "ICD10//I10", "F1")]
    assert found["subject_id"][0] > 2**32  # P-7 is no number
    assert faults(source) == {"the time cannot be read": (1, [2])}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (EhrSettings(columns={"subject_id": "nobody"}), "no column 'nobody'"),
        (EhrSettings(columns={"patient": "subject_id"}), "setting ehr.columns.patient"),
        (EhrSettings(separator=";"), "no column 'subject_id'"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(
    tmp_path: Path, settings: EhrSettings, message: str
) -> None:
    pl.DataFrame(ROWS).write_csv(tmp_path / "a.csv")
    with pytest.raises(UsageError, match=message) as caught:
        read_source(tmp_path / "a.csv", settings)
    assert "\n" not in str(caught.value)
