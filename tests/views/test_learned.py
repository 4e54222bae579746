"""What the report says of what was learned: which codes, which curves, how many synonyms."""

from pathlib import Path
from typing import Any

import pytest
from views.tables import TIME, stored, table

from chartline.core.settings import load
from chartline.store import Store
from chartline.views.report import learned, plots

SETTINGS = load(None, {})


def scored(folder: Path, *models: str, synonyms: int = 0) -> Store:
    """A store with onset scores and curves of these classifiers."""
    names = ("auc", "auc_low", "auc_high", "auprc", "auprc_low", "auprc_high")
    numbers = dict.fromkeys((*names, "brier", "brier_low", "brier_high"), 0.5)
    scores = [
        {"outcome": "o", "source": "codes", "model": model, "rows": 2, "cases": 1, "kept": False}
        | numbers
        for model in models
    ]
    curves = [
        {"subject_id": n, "prediction_time": TIME, "source": "codes", "model": model}
        | {"boolean_value": n == 1, "risk": n / 2}
        for model in models
        for n in range(2)
    ]
    learning = [{"patients": count, "source": "codes", "auc": 0.5} for count in (10, 20)]
    found = {"why": "its name", "share": 0.25, "taken_out": False}
    codes = [{"code": f"A//{n:02d}", "carriers": n % 10} | found for n in range(synonyms)]
    tables = {"onset_scores": scores, "onset_curves": curves, "onset_learning": learning}
    return stored(folder, **tables, outcome_synonyms=codes)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The curves that plots are drawn from."""
    found: list[Any] = []
    monkeypatch.setattr(plots, "roc", lambda curves: found.append(curves) or "<svg/>")
    monkeypatch.setattr(plots, "calibration", lambda curves: found.append(curves) or "<svg/>")
    return found


def test_curves_are_those_of_logistic_regression_where_there_are_any(
    tmp_path: Path, drawn: list[Any]
) -> None:
    store = scored(tmp_path / "a", "logistic regression", "gradient boosting")
    values = learned.onset_of(store, SETTINGS)
    assert [set(curves["model"]) for curves in drawn] == [{"logistic regression"}] * 2
    assert values["roc"] == "<svg/>"
    assert len(values["scores"]) == 2
    assert values["question"].startswith("First heart failure")
    learned.onset_of(scored(tmp_path / "b", "gradient boosting"), SETTINGS)
    assert set(drawn[2]["model"]) == {"gradient boosting"}


def test_the_twelve_commonest_near_synonyms_are_shown(tmp_path: Path, drawn: list[Any]) -> None:
    store = scored(tmp_path / "out", "logistic regression", synonyms=13)
    store.overwrite("codes", table("codes", {"code": "A//09", "description": "sodium <b>"}))
    values = learned.cohort_of(store)
    assert values["synonyms_in_all"] == 13
    found = [row[0] for row in values["synonyms"]]
    assert len(found) == 12
    assert found[:3] == ["sodium <b> A//09", "A//08", "A//07"]
    assert "A//10" not in found
    assert values["synonyms"][0][1:] == ("its name", 9, 0.25, False)


def test_what_was_taken_out_is_told_first(tmp_path: Path) -> None:
    more = {"why": "its name", "share": 1.0}
    rare = {"code": "B//1", "carriers": 1, "taken_out": True} | more
    common = {"code": "A//1", "carriers": 90, "taken_out": False} | more
    after = common | {"code": "C//1", "carriers": 99, "why": "comes with the outcome or after it"}
    store = stored(tmp_path, outcome_synonyms=[after, common, rare])
    assert [row[0] for row in learned.cohort_of(store)["synonyms"]] == ["B//1", "A//1", "C//1"]


def test_who_is_in_the_cohort_is_told_in_order(tmp_path: Path) -> None:
    counts = [
        {"outcome": "o", "place": place, "what": what, "prediction_times": 9, "subjects": subjects}
        for place, what, subjects in [(2, "scored", 0), (1, "left out: x", 0), (0, "fit", 4)]
    ]
    found = learned.cohort_of(stored(tmp_path, cohort_counts=counts))["cohort"]
    assert found == [("fit", 9, 4), ("scored", 9, 0)]


def test_where_nothing_was_learned_nothing_is_said(tmp_path: Path) -> None:
    store = stored(tmp_path)
    assert learned.onset_of(store, SETTINGS) == {}
    assert learned.concepts_of(store, SETTINGS) == {}
    assert learned.dictionary_of(store) == {}
    vector = {"code": "A//1", "vocabulary": "A", "count": 3, "vector": [1.0, 0.0]}
    store.overwrite("concept_vectors", table("concept_vectors", vector))
    assert learned.concepts_of(store, SETTINGS) == {}


def test_common_codes_are_shown_with_their_neighbours(tmp_path: Path) -> None:
    vectors = [
        {"code": code, "vocabulary": "ICD10", "count": count, "vector": vector}
        for code, count, vector in [
            ("ICD10//I10", 9, [1.0, 0.0]),
            ("ICD10//I50.9", 3, [0.6, 0.8]),
            ("ICD10//E11", 5, [0.0, 1.0]),
        ]
    ]
    meaning = {"name": "age", "meaning": "years", "unit": "years", "source": "events"}
    store = stored(tmp_path, concept_vectors=vectors, feature_dictionary=[meaning])
    values = learned.concepts_of(store, SETTINGS)
    assert [code for code, _, _ in values["neighbours"]] == [
        "ICD10//I50.9",  # the outcome first
        "ICD10//I10",
        "ICD10//E11",
    ]
    near = values["neighbours"][1][2]
    assert [row[0] for row in near] == ["ICD10//I50.9", "ICD10//E11"]
    assert near[0][2] == pytest.approx(0.6, abs=1e-6)
    assert values["map"].startswith("<svg")
    assert len(values["judged"]) == 5
    assert learned.dictionary_of(store)["dictionary"] == [("age", "years", "years", None, "events")]
