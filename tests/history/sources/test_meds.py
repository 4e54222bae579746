"""A MEDS dataset is read with its shards, splits and encounters."""

from pathlib import Path

import polars as pl
from history.sources.rows import MARCH

from chartline.history.sources import read_source


def test_a_meds_dataset_is_read_with_its_splits_and_shards(ehr: Path) -> None:
    source = read_source(ehr)
    assert source.splits is not None
    assert set(source.splits["split"]) == {"train", "tuning", "held_out"}
    assert source.collected()["source"].unique().to_list() == ["ehr"]
    assert source.faults.is_empty()


def test_a_meds_dataset_keeps_its_encounters(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    pl.DataFrame(
        {"subject_id": [1], "time": [MARCH], "code": ["A"], "hadm_id": [77]}
    ).write_parquet(tmp_path / "data" / "0.parquet")
    assert read_source(tmp_path).collected()["encounter_id"].to_list() == ["77"]
