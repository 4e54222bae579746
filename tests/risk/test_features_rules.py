"""Features of a few patients by hand: what is known when, how it is counted, how it is pooled."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from risk.small import day, event, events, person

from chartline.core.settings import FeatureSettings
from chartline.core.tables import UTC
from chartline.risk import features, tasks
from chartline.risk.pooling import code_matrix

TASK = tasks.load("heart_failure")
NOW = 1000.5  # noon
VECTORS = pl.DataFrame(
    {
        "code": ["A//x", "A//y", "A//z"],
        "vocabulary": ["A", "A", "A"],
        "count": [900, 99, 1],
        "vector": [[1.0, 0.0], [0.0, 1.0], [0.6, 0.8]],
    },
    schema_overrides={"vector": pl.List(pl.Float32)},
)


def predicted(*subjects: int, when: float = NOW) -> pl.DataFrame:
    """Rows of a cohort, all at one time."""
    rows = [(subject, day(when), True, "train", 1.0) for subject in subjects]
    types = {
        "subject_id": pl.Int64,
        "prediction_time": UTC,
        "boolean_value": pl.Boolean,
        "split": pl.String,
        "sampling_weight": pl.Float64,
    }
    return pl.DataFrame(rows, schema=types, orient="row")


def built(*rows: Any, subjects: tuple[int, ...] = (1,), **settings: Any) -> features.Built:
    chosen = FeatureSettings(**({"windows_days": [100], "prototypes": 2} | settings))
    return features.features(events(*rows), VECTORS, predicted(*subjects), TASK, chosen)


def pooled(pool: str, *rows: Any, **settings: Any) -> list[float]:
    """The two numbers that a pool makes of the first patient's events."""
    table = built(person(1), *rows, pools=[pool], **settings).table
    return list(table.select(pl.col(f"^{pool}_.*$")).row(0))


@pytest.mark.parametrize(
    ("when", "code", "known"),
    [
        (NOW - 1, "A//x", True),
        (NOW - 0.51, "A//x", True),  # the evening before
        (NOW - 0.49, "A//x", False),  # nothing of the prediction's own day
        (NOW - 1e-4, "A//x", False),
        (NOW, "A//x", False),
        (NOW + 1, "A//x", False),
        (NOW - 100, "A//x", True),
        (NOW - 100.001, "A//x", False),  # before the look-back window
        (None, "A//x", False),
        (NOW - 1, "SITE//B", False),  # a fact about the person
        (NOW - 1, "ICD10//I50.0", False),  # the outcome
        (NOW - 1, "ATC//C09DX04", False),  # a synonym of it
        (NOW - 1, "ATC//C09DX01", True),
    ],
)
def test_what_a_prediction_knows(when: float | None, code: str, known: bool) -> None:
    found = features.observed(events(event(1, when, code)), predicted(1), TASK, 100)
    assert len(found) == known
    other = features.observed(events(event(2, when, code)), predicted(1), TASK, 100)
    assert other.is_empty()


@pytest.mark.parametrize(
    ("when", "known_at", "known"),
    [
        (NOW - 1, NOW - 1, True),
        (NOW - 50, NOW - 0.51, True),
        (NOW - 50, NOW - 0.49, False),  # a document of the same day
        (NOW - 50, NOW + 9, False),
        (NOW + 1, NOW - 50, False),  # an appointment: that it took place is not known before it
        (NOW - 900, NOW - 50, True),  # an old condition, stated within the look-back window
        (NOW - 900, NOW - 101, False),
        (None, NOW - 50, True),  # past, without a date
        (None, NOW - 0.49, False),
    ],
)
def test_a_prediction_knows_what_became_known_before_its_day(
    when: float | None, known_at: float, known: bool
) -> None:
    stream = events(event(1, when, "A//x", known_at=day(known_at)))
    assert len(features.observed(stream, predicted(1), TASK, 100)) == known


@pytest.mark.parametrize(("certain", "known"), [(None, True), (True, True), (False, False)])
def test_provisional_events_are_not_observed(certain: bool | None, known: bool) -> None:
    stream = events(event(1, NOW - 1, "A//x", certain=certain))
    assert len(features.observed(stream, predicted(1), TASK, 100)) == known


def test_observed_events_have_their_row_and_age() -> None:
    stream = events(event(2, NOW - 3.5, "A//x"), event(1, NOW - 40, "A//y"))
    found = features.observed(stream, predicted(1, 2), TASK, 100).sort("row")
    assert found.select("row", "age_days", "code").rows() == [(0, 40, "A//y"), (1, 3, "A//x")]


def test_counts_are_of_each_window() -> None:
    table = built(
        person(1),
        event(1, NOW - 5, "A//x"),
        event(1, NOW - 20, "A//x", source="document", document_id="d"),
        event(1, NOW - 30, "A//other"),
        event(1, NOW - 31.5, "A//y"),
        windows_days=[30, 100],
        pools=["sum"],
    ).table
    names = ("events", "codes", "days_since_last", "from_documents")
    assert table.select(f"{name}_30d" for name in names).row(0) == (3, 2, 5, 1)
    assert table.select(f"{name}_100d" for name in names).row(0) == (4, 3, 5, 1)
    assert table.select("sum_30d_000", "sum_30d_001").row(0) == (2, 0)
    assert table.select("sum_100d_000", "sum_100d_001").row(0) == (2, 1)


def test_without_events_counts_are_zero_and_the_last_is_a_window_ago() -> None:
    pools: list[Any] = ["presence", "sum", "mean", "recency", "frequency"]
    table = built(person(1), person(2), event(2, NOW - 1, "A//x"), pools=pools).table
    names = ("events", "codes", "days_since_last", "from_documents")
    assert table.select(f"{name}_100d" for name in names).row(0) == (0, 0, 100, 0)
    assert set(table.select(pl.col("^(presence|sum|mean|recency|frequency)_.*$")).row(0)) == {0.0}


def test_sum_and_mean_pool_the_vectors_of_codes() -> None:
    history = [
        event(1, NOW - n, code) for n, code in enumerate(["A//x", "A//x", "A//z", "A//?"], 1)
    ]
    assert pooled("sum", *history) == pytest.approx([2.6, 0.8])
    assert pooled("mean", *history) == pytest.approx([2.6 / 3, 0.8 / 3])


def test_recency_lets_an_event_count_half_after_a_half_life() -> None:
    history = [event(1, NOW - 10, "A//x"), event(1, NOW - 20, "A//y"), event(1, NOW - 40, "A//y")]
    assert pooled("recency", *history, half_life_days=10.0) == pytest.approx([0.5, 0.25 + 0.0625])


def test_frequency_lets_a_common_code_count_less() -> None:
    history = [event(1, NOW - 1, "A//x"), event(1, NOW - 1, "A//y"), event(1, NOW - 2, "A//y")]
    expected = [0.001 / (0.001 + 0.9), 2 * 0.001 / (0.001 + 0.099)]
    assert pooled("frequency", *history) == pytest.approx(expected)


def test_presence_says_which_groups_of_codes_are_there() -> None:
    only_x = pooled("presence", event(1, NOW - 1, "A//x"))
    only_y = pooled("presence", event(1, NOW - 1, "A//y"))
    assert max(only_x) > 0.7
    assert only_x.index(max(only_x)) != only_y.index(max(only_y))


def test_demographics_are_those_of_the_prediction_time() -> None:
    seen = [event(1, 5, "A//x"), event(2, 5, "A//x")]
    table = built(person(1, 60.0, "F"), person(2, 40.0, "M"), seen, subjects=(1, 2, 3)).table
    years = 1000 / 365.25
    assert table["age"].to_list()[:2] == pytest.approx([60 + years, 40 + years], abs=0.01)
    assert table["male"].to_list() == [0.0, 1.0, None]
    assert table["age"].to_list()[2] is None  # nothing is known of the third
    assert table["outcome"].unique().to_list() == ["heart_failure"]
    assert table.columns[:8] == [
        *("subject_id", "prediction_time", "outcome", "boolean_value", "split"),
        *("sampling_weight", "age", "male"),
    ]


def test_rows_in_any_order_keep_their_own_features() -> None:
    seen = [event(1, NOW - 1, "A//x"), event(2, 5, "A//x")]
    stream = events(person(1, 60.0), person(2, 40.0), seen)
    settings = FeatureSettings(windows_days=[100], pools=["sum"])
    table = features.features(stream, VECTORS, predicted(2, 1), TASK, settings).table
    assert table.select("subject_id", "events_100d", "sum_100d_000").rows() == [
        (1, 1, 1),
        (2, 0, 0),
    ]
    assert table["age"].to_list() == pytest.approx([62.7, 42.7], abs=0.1)


def test_the_dictionary_says_what_each_column_is() -> None:
    names = {"A//x": "sodium"}
    settings = FeatureSettings(windows_days=[100], prototypes=2, pools=["presence", "sum"])
    found = features.features(
        events(person(1)), VECTORS, predicted(1), TASK, settings, names
    ).dictionary
    by_name = {row["name"]: row for row in found.to_dicts()}
    assert by_name["days_since_last_100d"]["unit"] == "days"
    assert by_name["events_100d"] | {"meaning": ""} == {
        **{"name": "events_100d", "meaning": "", "unit": "events"},
        **{"window_days": 100, "source": "events"},
    }
    assert by_name["from_documents_100d"]["source"] == "documents"
    assert by_name["presence_100d_000"]["unit"] == "0 to 1"
    assert by_name["sum_100d_001"]["unit"] == ""
    assert by_name["sum_100d_001"]["meaning"] == "sum of the codes' vectors, axis 1"
    assert by_name["sum_100d_001"]["source"] == "concept vectors"
    assert by_name["age"]["window_days"] is None
    groups = [by_name[f"presence_100d_{n:03d}"]["meaning"] for n in range(2)]
    heads = sorted(one.removeprefix("presence of a group: ").split("; ")[0] for one in groups)
    assert heads[0] == "A//x sodium"
    assert heads[1] in ("A//y", "A//z")
    assert all(len(one.split("; ")) == 3 for one in groups)


def test_longer_windows_hold_all_that_shorter_ones_do() -> None:
    history = [event(1, NOW - days, "A//x") for days in (10, 99, 101, 399)]
    table = built(person(1), *history, windows_days=[100, 400], pools=["sum"]).table
    assert table.select("events_100d", "events_400d").row(0) == (2, 4)


def test_codes_are_counted_by_place_and_weight() -> None:
    within = pl.DataFrame(
        {"row": [1, 0, 1, 1], "code": ["b", "a", "b", "unknown"]},
        schema_overrides={"row": pl.UInt32},
    )
    codes = pl.Series(["a", "b", "c"])
    assert code_matrix(within, codes, 3).toarray().tolist() == [
        [1, 0, 0],
        [0, 2, 0],
        [0, 0, 0],
    ]
    weighted = code_matrix(within, codes, 2, np.array([0.5, 3.0, 0.25, 9.0]))
    assert weighted.toarray().tolist() == [[3, 0, 0], [0, 0.75, 0]]
