"""One patient under two ids is found by the history, on both sides of the split or not."""

from datetime import timedelta

import polars as pl
import pytest
from risk.planted import population
from risk.small import event, events

from chartline.core.errors import LeakError
from chartline.risk.leaks_duplicates import no_patient_twice, same_history

AGAIN = 1000


def twins(stream: pl.DataFrame, *subjects: int) -> pl.DataFrame:
    """The events of these subjects under other ids."""
    chosen = stream.filter(pl.col("subject_id").is_in(list(subjects)))
    return chosen.with_columns(pl.col("subject_id") + AGAIN)


def test_no_two_patients_of_a_population_are_one() -> None:
    assert same_history(population()).is_empty()


def test_the_same_history_is_found_under_other_ids() -> None:
    stream = population()
    found = same_history(pl.concat([twins(stream, 7, 120), stream]))
    assert found.rows() == [(7 + AGAIN, 7), (120 + AGAIN, 120)]


def test_three_ids_of_one_patient_are_two_too_many() -> None:
    stream = population()
    third = twins(stream, 7).with_columns(pl.col("subject_id") + AGAIN)
    found = same_history(pl.concat([stream, twins(stream, 7), third]))
    assert found.rows() == [(7 + AGAIN, 7), (7 + 2 * AGAIN, 7)]


@pytest.mark.parametrize(("lost", "same"), [(1, True), (2, True), (5, False)])
def test_a_few_rows_may_be_lost_in_one_of_them(lost: int, same: bool) -> None:
    history = [event(1, 10.0 * n, f"A//{n}") for n in range(12)]
    stream = events(history, [one | {"subject_id": 2} for one in history[lost:]])
    assert len(same_history(stream)) == same


@pytest.mark.parametrize(("length", "same"), [(5, False), (6, True)])
def test_a_short_history_may_be_alike_by_chance(length: int, same: bool) -> None:
    history = [event(subject, 10.0 * n, f"A//{n}") for subject in (1, 2) for n in range(length)]
    assert len(same_history(events(history))) == same


@pytest.mark.parametrize(
    ("codes", "length", "same"), [(8, 20, True), (7, 20, False), (8, 19, False)]
)
def test_dates_may_be_shifted_in_long_histories(codes: int, length: int, same: bool) -> None:
    history = [event(1, 10.0 * n, f"A//{n % codes}") for n in range(length)]
    stream = events(history)
    later = stream.with_columns(pl.col("time") + timedelta(days=37), subject_id=pl.lit(2))
    assert len(same_history(pl.concat([stream, later.cast(stream.schema)]))) == same


def test_facts_and_equal_statements_do_not_count() -> None:
    facts = [event(subject, None, f"GENDER//{n}") for subject in (1, 2) for n in range(9)]
    visits = [event(subject, 1.0, "A//visit") for subject in (1, 2) for _ in range(9)]
    assert same_history(events(facts, visits)).is_empty()


def split(**subjects: str) -> pl.DataFrame:
    found = [(int(name[1:]), one) for name, one in subjects.items()]
    schema = {"subject_id": pl.Int64, "split": pl.String}
    return pl.DataFrame(found, schema=schema, orient="row")


def test_patients_on_both_sides_are_counted_and_those_on_one_side_pass() -> None:
    same = pl.DataFrame({"subject_id": [11, 12, 13], "first": [1, 2, 3]})
    sides = split(_1="train", _2="held_out", _3="train", _13="train")
    no_patient_twice(same, pl.concat([sides, split(_11="train", _12="held_out")]))
    with pytest.raises(LeakError, match=r"leak: 2 patients under two ids.*3 of 6 ids"):
        no_patient_twice(same, pl.concat([sides, split(_11="held_out", _12="train")]))
