"""The events table is joined within bounded memory; what is left out is counted."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from chartline.core.settings import EhrSettings
from chartline.history.sources import read_source
from chartline.store import Store
from chartline.work.event_table import join_events

TODAY = datetime(2024, 1, 1, tzinfo=UTC)


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
