"""A table written part by part keeps the order of its rows; a failure leaves nothing behind."""

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from deltalake import DeltaTable

from chartline.core.errors import ChartlineError
from chartline.store.in_order import write_in_order

SETTINGS = {"delta.dataSkippingStatsColumns": "number"}


def part(first: int, rows: int) -> pl.DataFrame:
    numbers = range(first, first + rows)
    return pl.DataFrame({"number": numbers, "text": [f"patient {number}" for number in numbers]})


def numbers(folder: Path) -> list[int]:
    files = sorted(DeltaTable(folder).file_uris())
    return pl.concat([pl.read_parquet(file) for file in files])["number"].to_list()


def test_parts_keep_their_order_and_come_in_one_commit(tmp_path: Path) -> None:
    parts = (part(first, 40_000) for first in range(200_000, 0, -50_000))
    write_in_order(str(tmp_path / "table"), parts, {"content": "x"}, SETTINGS)
    table = DeltaTable(tmp_path / "table")
    assert table.version() == 0
    assert table.history(1)[0]["content"] == "x"
    assert table.metadata().configuration == SETTINGS
    expected = [n for first in range(200_000, 0, -50_000) for n in range(first, first + 40_000)]
    assert numbers(tmp_path / "table") == expected


def test_the_log_has_the_number_of_rows_and_no_text(tmp_path: Path) -> None:
    write_in_order(str(tmp_path), [part(0, 3), part(3, 4)], {}, SETTINGS)
    (log,) = (tmp_path / "_delta_log").glob("*.json")
    said = [json.loads(line) for line in log.read_text().splitlines()]
    added = [json.loads(line["add"]["stats"]) for line in said if "add" in line]
    assert sorted(one["numRecords"] for one in added) == [3, 4]
    assert "patient" not in log.read_text()


def test_the_next_write_takes_the_place_of_the_first(tmp_path: Path) -> None:
    write_in_order(str(tmp_path), [part(0, 3), part(3, 4)], {}, SETTINGS)
    write_in_order(str(tmp_path), [part(9, 2)], {"content": "y"}, {})
    table = DeltaTable(tmp_path)
    assert (table.version(), table.history(1)[0]["content"]) == (1, "y")
    assert numbers(tmp_path) == [9, 10]
    assert table.metadata().configuration == SETTINGS
    assert len(DeltaTable(tmp_path, version=0).to_pyarrow_table()) == 7


def test_columns_may_change(tmp_path: Path) -> None:
    write_in_order(str(tmp_path), [part(0, 3)], {}, SETTINGS)
    write_in_order(str(tmp_path), [part(0, 3).with_columns(more=1.5)], {}, {})
    assert DeltaTable(tmp_path).to_pyarrow_table()["more"].to_pylist() == [1.5] * 3


def test_a_failure_leaves_the_table_and_the_folder_as_they_were(tmp_path: Path) -> None:
    write_in_order(str(tmp_path), [part(0, 3)], {}, SETTINGS)
    files = sorted(tmp_path.rglob("*"))

    def broken() -> Iterator[pl.DataFrame]:
        yield part(0, 5)
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        write_in_order(str(tmp_path), broken(), {}, SETTINGS)
    assert sorted(tmp_path.rglob("*")) == files
    assert numbers(tmp_path) == [0, 1, 2]


def test_a_folder_that_cannot_be_made_is_said_in_our_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ChartlineError, match="cannot be written"):
        write_in_order(str(tmp_path / "file" / "table"), [part(0, 1)], {}, SETTINGS)
