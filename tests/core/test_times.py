"""ISO 8601 in its usual forms, one instant."""

from datetime import UTC, datetime

import polars as pl
import pytest

from chartline.core.times import iso_times


@pytest.mark.parametrize(
    "text",
    [
        "2020-01-02T00:00:00",
        "2020-01-02",
        "2020-01-02 00:00",
        "2020-01-02T00:00:00.000000Z",
        "2020-01-02T01:00:00+01:00",
    ],
)
def test_forms_of_one_instant(text: str) -> None:
    assert iso_times(pl.Series([text])).to_list() == [datetime(2020, 1, 2, tzinfo=UTC)]


@pytest.mark.parametrize("text", ["", "soon", "02/01/2020", "2020-13-01", None])
def test_what_is_no_time_is_null(text: str | None) -> None:
    assert iso_times(pl.Series([text], dtype=pl.String)).to_list() == [None]
