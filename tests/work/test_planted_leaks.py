"""Planted leaks through the stages: each ends the run by its name, and its advice mends it."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from risk.planted import CASES, OTHERS, bearing, population
from risk.small import day, event

from chartline.core.errors import LeakError
from chartline.core.progress import silent
from chartline.core.settings import Settings, load
from chartline.core.tables import Events, cast_to
from chartline.store import Store
from chartline.views import summary
from chartline.work import stages

LITTLE = {
    "embedding.dimensions": 4,
    "features.prototypes": 4,
    "onset.classifiers": ["logistic regression"],
    "onset.baselines": [],
    "onset.seed": 1,
}
MARK, GERMAN = "MARK//1", "ICD10GM//I50.13"
Learn = Callable[..., Store]


class Passed(Exception):
    """All guards were passed: a model would be fitted now."""


@pytest.fixture
def learn(tmp_path: Path) -> Learn:
    """Writes events and runs the stages that learn; `advice` is TOML of the group onset."""

    def run(stream: pl.DataFrame, advice: str = "") -> Store:
        store = Store(tmp_path / "out")
        store.overwrite("events", cast_to(stream, Events))
        assert stages.learn(store, settings(tmp_path, advice), silent) is None
        return store

    return run


@pytest.fixture
def guarded(learn: Learn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Learn:
    """`learn` to where the models would be fitted, which takes most of the time."""

    def fit(*_: object) -> None:
        raise Passed

    def run(*given: Any) -> Store:
        with monkeypatch.context() as patch:
            patch.setattr("chartline.risk.onset.predict", fit)
            with pytest.raises(Passed):
                learn(*given)
        return Store(tmp_path / "out")

    return run


def settings(folder: Path, advice: str = "") -> Settings:
    (folder / "mine.toml").write_text(f"[onset]\n{advice}\n")
    tomllib.loads((folder / "mine.toml").read_text())
    return load(folder / "mine.toml", LITTLE)


def advised(error: LeakError, setting: str) -> str:
    """What the message says to write for a setting, word for word."""
    found = re.search(rf"{setting} = (\[.*?\]|\"\w+\")", str(error))
    assert found
    return found[0]


def test_nothing_is_found_where_nothing_is_planted(guarded: Learn) -> None:
    store = guarded(population())
    assert store.read("outcome_synonyms").is_empty()
    counts = dict(summary.cohort_counts(store).select("what", "subjects").rows())
    assert counts["drawn: cases"] == len(CASES)
    assert counts["drawn: controls"] == len(OTHERS)
    assert not [what for what in counts if what.startswith("left out: a synonym")]


@pytest.mark.parametrize("setting", ["left_out", "accepted"])
def test_a_code_of_cases_alone_ends_the_run_until_its_advice_is_followed(
    guarded: Learn, setting: str
) -> None:
    stream = population(bearing(MARK, CASES[:45]))
    with pytest.raises(LeakError, match=f"leak: {MARK} is borne") as stopped:
        guarded(stream)
    guarded(stream, advised(stopped.value, setting))


def test_a_leak_that_only_groups_show_ends_the_run(guarded: Learn) -> None:
    """Fifteen codes of one CCSR category, each of a few cases."""
    codes = [f"ICD10//M{number}.1" for number in range(10, 20)]
    each = [bearing(codes[subject % 10], [subject]) for subject in CASES]
    spread = population(
        each, [bearing(f"ICD10//A0{n % 10}.0", [one]) for n, one in enumerate(OTHERS)]
    )
    with pytest.raises(LeakError, match="leak: CCSR//MUS") as stopped:
        guarded(spread)
    guarded(spread, advised(stopped.value, "left_out"))


def test_a_leak_far_before_the_vectors_window_ends_the_run(guarded: Learn) -> None:
    old = [event(subject, -2000.0, MARK) for subject in CASES]
    with pytest.raises(LeakError, match=f"leak: {MARK}"):
        guarded(population(old))


def test_the_outcome_in_another_vocabulary_is_taken_out_and_makes_prevalent(guarded: Learn) -> None:
    stream = population(bearing(GERMAN, CASES[:20], 350.0), bearing(GERMAN, CASES[20:30], 600.0))
    store = guarded(stream)
    row = store.read("outcome_synonyms").row(0, named=True)
    assert (row["code"], row["why"], row["taken_out"]) == (GERMAN, "the outcome's stem", True)
    assert (row["carriers"], row["share"]) == (30, 1.0)
    counts = dict(summary.cohort_counts(store).select("what", "subjects").rows())
    assert counts["left out: a synonym of the outcome comes before"] == 20
    assert counts["drawn: cases"] == 40
    shown = summary.synonyms(store)
    assert shown["code"].to_list() == [GERMAN]


def test_one_patient_under_two_ids_ends_the_run_until_its_advice_is_followed(
    guarded: Learn,
) -> None:
    stream = population()
    twins = stream.filter(pl.col("subject_id") <= 280).with_columns(pl.col("subject_id") + 1000)
    both = pl.concat([stream, twins])
    with pytest.raises(LeakError, match=r"leak: \d+ patients under two ids") as stopped:
        guarded(both)
    store = guarded(both, advised(stopped.value, "duplicates"))
    assert store.read("features")["subject_id"].max() <= 280
    assert store.read("vector_subjects")["subject_id"].max() <= 280
    counts = dict(summary.cohort_counts(store).select("what", "subjects").rows())
    assert counts["left out: ids that repeat the history of another"] == len(CASES) + len(OTHERS)


def test_a_document_of_the_same_day_enters_no_feature(guarded: Learn) -> None:
    before = guarded(population()).read("features")
    letters: list[Any] = [
        event(subject, 0.0, MARK, source="document", known_at=day(400.3), document_id="d")
        for subject in CASES
    ]
    after = guarded(population(letters)).read("features")
    columns = ["events_1460d", "codes_1460d", "from_documents_1460d", "days_since_last_1460d"]
    at = pl.col("boolean_value").is_not_null()
    assert after.filter(at).select(columns).equals(before.filter(at).select(columns))


@pytest.mark.slow
@pytest.mark.parametrize("table", ["events", "features"])
def test_what_is_replaced_after_the_features_is_made_anew(learn: Learn, table: str) -> None:
    """Events of which the outcome moved to others, or labels turned round in the features."""
    store = learn(population())
    labels = store.read("features")["boolean_value"]
    if table == "events":
        outcome = pl.col("code") == "ICD10//I50.9"
        moved = pl.when(outcome).then(pl.col("subject_id") + 100).otherwise("subject_id")
        store.overwrite("events", store.read("events").with_columns(subject_id=moved))
    else:
        turned = store.read("features").with_columns(~pl.col("boolean_value"))
        store.overwrite("features", turned)
    stages.predict_onset(store, settings(store.root.parent), silent)
    again = store.read("features")["boolean_value"]
    assert again.equals(labels) is (table == "features")
    joined = store.read("predictions").join(
        store.read("features"), on=["subject_id", "prediction_time"], suffix="_made"
    )
    assert joined["boolean_value"].equals(joined["boolean_value_made"])
