"""Single Delta tables: rows by key, columns beyond a schema, causes that quote no library."""

import os
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from chartline.core.errors import ChartlineError
from chartline.store import deltalake_io
from chartline.store.deltalake_io import arrow, by_key, checked, quiet, typed, write

SYNONYMS = pl.DataFrame(
    {
        "code": ["B//2", "A//1"],
        "why": ["its name", "its name"],
        "carriers": [20, 10],
        "share": [1.0, 0.9],
        "taken_out": [True, True],
    }
)


def test_rows_are_ordered_by_their_first_eight_plain_columns() -> None:
    rows = pl.DataFrame({"vector": [[1], [2], [3]], "code": ["b", "a", "a"], "n": [1, 3, 2]})
    assert by_key(rows)["vector"].to_list() == [[3], [2], [1]]
    wide = pl.DataFrame({f"c{n}": [1, 1] for n in range(7)} | {"c7": [2, 1], "c8": [1, 0]})
    assert by_key(wide)["c7"].to_list() == [1, 2]
    same = pl.DataFrame({f"c{n}": [1, 1] for n in range(8)} | {"c8": [2, 1]})
    assert by_key(same)["c8"].to_list() == [2, 1]
    nested = pl.DataFrame({"vector": [[2], [1]]})
    assert by_key(nested).equals(nested)


def test_rows_that_were_read_have_the_declared_types() -> None:
    read = SYNONYMS.with_columns(pl.col("carriers").cast(pl.Int32), more=pl.lit(1))
    found = typed("outcome_synonyms", read)
    assert found["code"].to_list() == ["A//1", "B//2"]
    assert found["carriers"].dtype == pl.Int64
    assert "more" in found.columns
    assert typed("outcome_synonyms", SYNONYMS.select("code")).columns == ["code"]


def test_only_open_tables_keep_columns_beyond_their_schema() -> None:
    assert checked("outcome_synonyms", SYNONYMS.with_columns(more=pl.lit(1))).equals(SYNONYMS)
    rows = pl.DataFrame(
        {
            **{"subject_id": [1], "prediction_time": [datetime(2024, 1, 1, tzinfo=UTC)]},
            **{"outcome": ["o"], "boolean_value": [True], "split": ["train"]},
            **{"events_90d": [3.0], "age": [1.0], "male": [0.0]},
        }
    )
    found = checked("features", rows)
    assert found.columns[-1] == "events_90d"
    assert found.columns[:3] == ["subject_id", "prediction_time", "outcome"]


def test_what_is_written_carries_its_metadata(tmp_path: Path) -> None:
    uri = str(tmp_path / "t")
    write(uri, arrow(SYNONYMS), {"content": "x"}, mode="append")
    write(uri, arrow(SYNONYMS), {"content": "y"}, mode="append")
    assert len(pl.read_delta(uri)) == 4
    assert [commit["content"] for commit in DeltaTable(uri).history()] == ["y", "x"]


def test_a_table_that_cannot_be_written_is_named_without_the_librarys_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors = {
        "no space left on the disk": DeltaError("Jean DUPONT: No space left on device"),
        "DeltaError": DeltaError("Jean DUPONT"),
        "Permission denied": PermissionError(13, "Jean DUPONT"),
        "OSError": OSError("Jean DUPONT"),
    }
    for cause, error in errors.items():

        def fail(*args: object, error: Exception = error, **options: object) -> None:
            raise error

        monkeypatch.setattr(deltalake_io, "write_deltalake", fail)
        with pytest.raises(ChartlineError) as raised:
            write("uri", arrow(SYNONYMS), {})
        assert str(raised.value) == f"uri: cannot be written ({cause})"
        assert raised.value.__cause__ is None


def test_what_threads_print_meanwhile_is_hidden(capfd: pytest.CaptureFixture[str]) -> None:
    os.write(2, b"before ")
    with quiet():
        os.write(2, b"hidden ")
    os.write(2, b"after")
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        with quiet():
            pass
    assert len(os.listdir("/proc/self/fd")) == before
    assert capfd.readouterr().err == "before after"
