"""Sentences hold what lies near in time."""

import polars as pl

from chartline.models.concept_vectors.skipgram import sentences


def dated(rows: list[tuple[int, int, int]]) -> pl.DataFrame:
    return pl.DataFrame(
        rows, schema={"subject_id": pl.Int64, "day": pl.Int32, "code": pl.Int32}, orient="row"
    )


def test_windows_join_near_days_and_part_far_ones() -> None:
    found = sentences(
        dated([(1, 0, 0), (1, 10, 1), (1, 100, 2), (1, 101, 3)]), window_days=30, seed=1
    )
    together = {frozenset(codes) for codes in found["code"].to_list()}
    assert frozenset({0, 1}) in together
    assert all(not {0, 2} <= codes for codes in together)


def test_patients_are_never_joined() -> None:
    assert sentences(dated([(1, 0, 0), (2, 0, 1)]), window_days=30, seed=1).is_empty()


def test_the_order_within_a_day_is_the_seeds() -> None:
    rows = dated([(s, 0, c) for s in range(30) for c in range(4)])
    one, again, other = (sentences(rows, 0, seed)["code"].to_list() for seed in (1, 1, 2))
    assert one == again != other
    assert len({tuple(codes) for codes in one}) > 5


def test_sentences_of_ranges_of_subjects_are_those_of_all() -> None:
    rows = [(subject, day, day % 5) for subject in range(6) for day in range(0, 200, 7)]
    whole = sentences(dated(rows), 30, 1)
    parts = [
        sentences(dated([row for row in rows if row[0] in some]), 30, 1)
        for some in ((0, 1), (2, 3, 4), (5,))
    ]
    assert pl.concat(parts).equals(whole)
