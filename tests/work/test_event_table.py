"""The events table is joined within bounded memory and lies in order on disk.

What is left out of it is counted.
"""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from deltalake import DeltaTable

from chartline.core.settings import EhrSettings
from chartline.history.sources import read_source
from chartline.store import Store
from chartline.work.event_table import join_events

TODAY = datetime(2024, 1, 1, tzinfo=UTC)
ONE, MANY = 10**9, 20_000  # events in memory together: all of the source, and some of it


def on_disk(store: Store) -> tuple[pl.DataFrame, int]:
    """The rows of the events table file by file, by name, nothing sorted; and how many files."""
    files = sorted(DeltaTable(store.uri("events")).file_uris())
    assert all("/part-" in file for file in files)
    return pl.concat([pl.read_parquet(file) for file in files]), len(files)


def test_events_lie_on_disk_by_subject_time_and_code_however_many_parts(
    ehr: Path, tmp_path: Path
) -> None:
    source = read_source(ehr, EhrSettings(), TODAY)
    found = []
    for size in (ONE, MANY, MANY):
        store = Store(tmp_path / f"out-{len(found)}")
        join_events(store, source, EhrSettings(shard_events=size))
        rows, files = on_disk(store)
        assert (files == 1) == (size == ONE)
        assert files == 1 or files > 3
        assert len(rows["subject_id"].rle()) == rows["subject_id"].n_unique()
        assert store.lazy("events").collect().equals(rows)  # as Chartline itself scans it
        found.append(rows)
    whole = found[0]
    assert whole.equals(whole.sort("subject_id", "time", "code", maintain_order=True))
    assert whole["time"].null_count()  # which come first
    assert all(rows.equals(whole) for rows in found[1:])


def test_compacting_does_not_mix_events(
    ehr: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chartline.store.delta._MANY_FILES", 1)
    store = Store(tmp_path)
    join_events(store, read_source(ehr, EhrSettings(), TODAY), EhrSettings(shard_events=MANY))
    before = on_disk(store)
    store.vacuum(0)
    after = on_disk(store)
    assert after[1] == before[1] > 1
    assert after[0].equals(before[0])


def test_changed_events_take_the_place_of_all_before(ehr: Path, tmp_path: Path) -> None:
    source, store = read_source(ehr, EhrSettings(), TODAY), Store(tmp_path)
    settings = EhrSettings(shard_events=MANY)
    assert join_events(store, source, settings)
    version = store.version("events")
    assert not join_events(store, source, settings)
    assert store.version("events") == version
    half = [frame.filter(pl.col("subject_id") % 2 == 0) for frame in source.events]
    assert join_events(store, replace(source, events=half), settings)
    rows, files = on_disk(store)
    assert files > 1
    assert rows.equals(rows.sort("subject_id", "time", "code", maintain_order=True))
    assert not (rows["subject_id"] % 2 == 1).any()


def test_a_subject_of_more_events_than_a_person_has_is_left_out_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though it is the only one: then no range of subjects divides the source."""
    rows = {"subject_id": [7] * 20, "time": ["2020-01-01"] * 20, "code": ["ICD10//I10"] * 20}
    pl.DataFrame(rows).write_csv(tmp_path / "ehr.csv")
    source = read_source(tmp_path / "ehr.csv", EhrSettings(), TODAY)
    store = Store(tmp_path / "out")
    join_events(store, source, EhrSettings())
    assert len(store.read("events")) == 20
    monkeypatch.setattr("chartline.history.events.MOST_EVENTS", 10)
    join_events(store, source, EhrSettings())
    assert store.read("events").is_empty()
    lost = store.read("event_faults").filter("lost")
    assert lost["count"].to_list() == [20]
