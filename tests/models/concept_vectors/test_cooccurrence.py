"""Pairs within a window are counted as a double loop would; shards add up."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chartline.models.concept_vectors import cooccurrence
from chartline.models.concept_vectors.cooccurrence import Window, count
from chartline.models.concept_vectors.occurrences import occurrences

SIZE = 5
HISTORIES = st.lists(
    st.tuples(st.integers(1, 4), st.integers(0, 60), st.integers(0, SIZE - 1)),
    max_size=60,
    unique=True,
)


def frame(rows: list[tuple[int, int, int]]) -> pl.DataFrame:
    return pl.DataFrame(
        sorted(rows),
        schema={"subject_id": pl.Int64, "day": pl.Int32, "code": pl.Int32},
        orient="row",
    )


def by_hand(rows: list[tuple[int, int, int]], days: int, decay: float | None) -> np.ndarray:
    found = np.zeros((SIZE, SIZE))
    ordered = sorted(rows)
    for place, (subject, day, code) in enumerate(ordered):
        for other, later, beside in ordered[place + 1 :]:
            if other == subject and later - day <= days:
                weight = 1.0 if decay is None else 2.0 ** (-(later - day) / decay)
                found[code, beside] += weight
                found[beside, code] += weight
    return found


@given(HISTORIES, st.sampled_from([0, 1, 7, 30]), st.sampled_from([None, 3.0]))
def test_counts_are_those_of_a_double_loop(
    rows: list[tuple[int, int, int]], days: int, decay: float | None
) -> None:
    found = count(frame(rows), SIZE, Window(days, decay)).toarray()
    assert np.allclose(found, by_hand(rows, days, decay))


@pytest.mark.parametrize("limit", ["_PAIRS_AT_ONCE", "_DENSE_CELLS"])
def test_neither_chunks_nor_sorting_change_a_count(
    monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    rng = np.random.default_rng(1)
    rows = sorted(
        {
            (int(s), int(d), int(c))
            for s, d, c in zip(
                rng.integers(0, 20, 900),
                rng.integers(0, 90, 900),
                rng.integers(0, SIZE, 900),
                strict=True,
            )
        }
    )
    whole = count(frame(rows), SIZE, Window(30, 5.0)).toarray()
    monkeypatch.setattr(cooccurrence, limit, 16)
    assert np.allclose(count(frame(rows), SIZE, Window(30, 5.0)).toarray(), whole)


@given(HISTORIES)
def test_shards_of_subjects_add_up(rows: list[tuple[int, int, int]]) -> None:
    parts = [
        count(frame([row for row in rows if row[0] % 3 == shard]), SIZE, Window(30))
        for shard in range(3)
    ]
    assert np.allclose(
        sum(part.toarray() for part in parts), count(frame(rows), SIZE, Window(30)).toarray()
    )


def test_a_code_counts_once_a_day() -> None:
    day = datetime(2020, 1, 1, tzinfo=UTC)
    events = pl.DataFrame(
        {
            "subject_id": [1, 1, 1],
            "time": [day, day + timedelta(hours=5), None],
            "code": ["A", "A", "A"],
        }
    )
    assert len(occurrences(events.lazy(), pl.Series(["A"]))) == 1


def test_no_event_is_no_pair() -> None:
    assert count(frame([]), SIZE, Window(30)).nnz == 0
